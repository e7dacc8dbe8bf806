"""What is right for proposals: which step follows which, how a text becomes paragraphs, and how these are known again."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from uuid import UUID, uuid4

from allmende.ballots import rules as ballots

TITLE_LIMIT = 200
SUMMARY_LIMIT = 1_000
TEXT_LIMIT = 120_000
PARAGRAPH_LIMIT = 8_000
RATIONALE_LIMIT = 20_000
PARAGRAPHS = 300
AUTHORS = 20
MOST_SUPPORTERS = 100_000
ALIKE = 0.5
"""From this share of common words a changed paragraph is taken for the same one."""
COMPARED_AT_MOST = 40_000
"""So many pairs of paragraphs are compared; in larger rewritten stretches paragraphs are paired by their place."""

DRAFT, COLLECTING, DELIBERATION, DECISION = "draft", "collecting", "deliberation", "decision"
ACCEPTED, REJECTED, WITHDRAWN = "accepted", "rejected", "withdrawn"
STEPS: dict[str, frozenset[str]] = {
    DRAFT: frozenset({COLLECTING, DELIBERATION, WITHDRAWN}),
    COLLECTING: frozenset({DRAFT, DELIBERATION, WITHDRAWN}),
    DELIBERATION: frozenset({DECISION, WITHDRAWN}),
    DECISION: frozenset({DELIBERATION, ACCEPTED, REJECTED}),
    ACCEPTED: frozenset(),
    REJECTED: frozenset({DELIBERATION}),
    WITHDRAWN: frozenset({DRAFT}),
}
"""From which state one may come to which. A rejected proposal can be taken up again: a new round of deliberation."""


@dataclass(frozen=True)
class Part:
    """One paragraph of a text: its key stays when its words change. `origin` is the number of the amendment its words come from."""

    text: str
    key: UUID
    origin: int | None = None


def can_go(state: str, to: str) -> bool:
    """Whether this step exists."""
    return to in STEPS.get(state, frozenset())


def first_step(supporters_needed: int, needs_admission: bool) -> str:
    """Where a draft goes when its authors bring it in."""
    return COLLECTING if supporters_needed or needs_admission else DELIBERATION


def has_enough(supporters: int, needed: int) -> bool:
    """Whether the threshold is reached."""
    return supporters >= needed


def says_yes_or_no(rule: Mapping[str, object]) -> bool:
    """Whether a ballot by this rule decides about a proposal itself; by all others a part of it is decided (who moves first)."""
    return rule.get("method") in ballots.ANSWERED


def after_count(outcome: str, state: str) -> str:
    """Where a proposal goes when a decision about it is counted; without a clear yes or no it is deliberated again."""
    if state != DECISION:
        return state
    return {"accepted": ACCEPTED, "rejected": REJECTED}.get(outcome, DELIBERATION)


# ------------------------------------------------------------------------------------------------------------ paragraphs


def paragraphs(text: str) -> list[str]:
    """A text as paragraphs: an empty line ends one; lines within a paragraph stay.

    >>> paragraphs("Erstens.\\n\\nZweitens\\nmit zwei Zeilen.\\n\\n\\n")
    ['Erstens.', 'Zweitens\\nmit zwei Zeilen.']
    """
    blocks = re.split(r"\n[^\S\n]*(?:\n[^\S\n]*)+", text.strip())
    return [block for block in ("\n".join(line.strip() for line in one.strip().split("\n")) for one in blocks) if block]


def joined(parts: Sequence[str]) -> str:
    """Paragraphs as one text for a field."""
    return "\n\n".join(parts)


def numbered(parts: Sequence[str]) -> str:
    """Paragraphs as a list of Markdown, with the numbers they are cited by; further lines of a paragraph stay in it."""
    return "\n\n".join(f"{n}. " + part.replace("\n", "\n" + " " * (len(str(n)) + 2)) for n, part in enumerate(parts, 1))


def keyed(old: Sequence[Part], new: Sequence[str]) -> list[Part]:
    """New words with the keys of the old paragraphs they continue; what is new gets a key of its own.

    Paragraphs that did not change keep key and origin, also when they moved; changed ones keep the key by the words they share.
    """
    found: list[Part | None] = [None] * len(new)
    left: set[int] = set()
    for what, i, j, k, m in SequenceMatcher(None, [one.text for one in old], list(new), autojunk=False).get_opcodes():
        if what == "equal":
            found[k:m] = old[i:j]
            continue
        left.update(range(i, j))
        for a, b in _alike([one.text for one in old[i:j]], new[k:m]):
            found[k + b] = Part(new[k + b], old[i + a].key)
            left.discard(i + a)
    moved: dict[str, int | None] = {old[i].text: i for i in sorted(left, reverse=True)}
    for n, text in enumerate(new):
        if found[n] is None and (place := moved.pop(text, None)) is not None:
            found[n] = old[place]
    return [one or Part(text, uuid4()) for one, text in zip(found, new, strict=True)]


def _alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which of the new texts continue which of the old ones, in order: the pairs with the most in common."""
    if not old or not new:
        return []
    if len(old) * len(new) > COMPARED_AT_MOST:
        return [(n, n) for n in range(min(len(old), len(new)))]
    before, after = [_words(one) for one in old], [_words(one) for one in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_share(a, b) for b in after] for a in before]
    for i in range(len(old) - 1, -1, -1):
        for k in range(len(new) - 1, -1, -1):
            together = alike[i][k] + best[i + 1][k + 1] if alike[i][k] >= ALIKE else 0.0
            best[i][k] = max(best[i + 1][k], best[i][k + 1], together)
    return list(_walk(best, alike))


def _walk(best: list[list[float]], alike: list[list[float]]) -> list[tuple[int, int]]:
    pairs, i, k = [], 0, 0
    while i < len(alike) and k < len(alike[0]) and best[i][k] > 0:
        if alike[i][k] >= ALIKE and best[i][k] == alike[i][k] + best[i + 1][k + 1]:
            pairs.append((i, k))
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            i += 1
        else:
            k += 1
    return pairs


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _share(one: Counter[str], other: Counter[str]) -> float:
    """The Dice coefficient of two bags of words: 1 for the same words."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


# ---------------------------------------------------------------------------------------------------------- comparing


@dataclass(frozen=True)
class Step:
    """What became of one paragraph between two versions; numbers count from 1, None where it was not there."""

    kind: str  # same, changed, added, removed, moved
    before: str
    after: str
    old_number: int | None
    new_number: int | None
    origin: int | None = None


def compared(old: Sequence[Part], new: Sequence[Part]) -> list[Step]:
    """The paragraphs of both versions in the order of the new one; removed ones stand where they stood."""
    places = {one.key: n for n, one in enumerate(old, 1)}
    kept = {one.key for one in new}
    stay = _in_order([places[one.key] for one in new if one.key in places])
    steps = [_step(old, one, n, places.get(one.key), stay) for n, one in enumerate(new, 1)]
    removed = [(n, one) for n, one in enumerate(old, 1) if one.key not in kept]
    for n, one in removed:
        at = next((i + 1 for i in range(len(steps) - 1, -1, -1) if (steps[i].old_number or 0) in range(1, n)), 0)
        steps.insert(at, Step("removed", one.text, "", n, None))
    return steps


def _step(old: Sequence[Part], part: Part, number: int, place: int | None, stay: Collection[int]) -> Step:
    if place is None:
        return Step("added", "", part.text, None, number, part.origin)
    before = old[place - 1].text
    kind = "changed" if before != part.text else "same" if place in stay else "moved"
    return Step(kind, before, part.text, place, number, part.origin)


def _in_order(places: Sequence[int]) -> frozenset[int]:
    """The longest run of places that stand in their old order: those did not move."""
    if all(a < b for a, b in pairwise(places)):
        return frozenset(places)
    ordered = sorted(places)
    blocks = SequenceMatcher(None, list(places), ordered, autojunk=False).get_matching_blocks()
    return frozenset(places[n] for block in blocks for n in range(block.a, block.a + block.size))
