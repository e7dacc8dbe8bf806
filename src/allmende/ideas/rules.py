"""What is right about ideas, in plain Python: how long, which state may follow, what is much the same as another one."""

from collections.abc import Iterable

from allmende.arguments.rules import likeness, stems

LONGEST_TITLE = 120
LONGEST = 4_000
LONGEST_PERSONA = 120
LONGEST_ROLE = 120
LONGEST_WISH = 300
LONGEST_ANSWER = 2_000
LONGEST_REASON = 300
A_PAGE = 20
MOST_A_DAY = 20  # ideas of one person: more is no conversation
MOST_COMPARED = 2_000  # the newest ideas a new one is compared with
SIMILAR_FROM = 0.35
MOST_SIMILAR = 5

ANSWERED = ("open", "planned", "started", "done", "declined")
"""The states the administration sets, each with an answer; `open` takes an idea up again."""
ASKABLE = 3
"""So many letters of a title are enough to look for similar ones while it is typed."""
LIVE = ("open", "planned", "started")
"""An idea that can still be supported, merged into and made a proposal."""


def may_follow(before: str, after: str) -> bool:
    """Whether the administration may say this next. The same state again is a further answer, except for `open`."""
    return before in ANSWERED and after in ANSWERED and not before == after == "open"


def can_merge(source: str, target: str) -> bool:
    """Whether two ideas in these states can become one: both still on their way."""
    return source in LIVE and target in LIVE


def similar(text: str, others: Iterable[tuple[int, str]]) -> list[int]:
    """The numbers of ideas that say much the same, the most alike first."""
    own = stems(text)
    rated = [(likeness(own, stems(other)), number) for number, other in others]
    found = sorted((-rate, number) for rate, number in rated if rate >= SIMILAR_FROM)
    return [number for _rate, number in found[:MOST_SIMILAR]]


def story_fault(role: str, wish: str, benefit: str, persona: str) -> bool:
    """Whether a user story is begun and not told to its end: who and what belong together; what for may be left out."""
    is_begun = any((role, wish, benefit, persona))
    return is_begun and not (role and wish)
