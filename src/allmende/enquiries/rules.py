"""What is right for conversations about offers and needs. Plain Python; `now` is passed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

ASKER, OWNER = "asker", "owner"
OPEN, ANSWERED, AGREED, NOT_AGREED = "open", "answered", "agreed", "not_agreed"
WITHDRAWN, ENDED = "withdrawn", "ended"
STILL_OPEN = "still_open"

RUNNING = (OPEN, ANSWERED)
WRITABLE = (OPEN, ANSWERED, AGREED)
"""Who has agreed still has things to arrange. All else has ended; saying "still open" goes on."""
MOVABLE = (OPEN, ANSWERED, AGREED, NOT_AGREED)
"""What both sides say decides about these; what was withdrawn or lost its second side stays so."""

LONGEST = 5_000
A_DAY = 20  # new conversations of one organisation a day: whoever writes to more people sends advertising
A_DAY_ALONE = 5  # and of one member in their own name
OBJECT_WITHIN = timedelta(days=14)
SILENCE = timedelta(days=21)
YEAR = timedelta(days=365)
FEWEST = 5  # a figure of fewer conversations would tell about single ones
MAILED = 400  # so much of a message goes along in a mail


def other(side: str) -> str:
    """The side across the table."""
    return OWNER if side == ASKER else ASKER


@dataclass(frozen=True)
class Said:
    """What one side says became of it, and since when."""

    outcome: str
    at: datetime


def settled(words: Iterable[Said], now: datetime) -> str:
    """The outcome that counts: both say it, or one does and the other says nothing else for 14 days. Empty while nothing counts.

    Whoever said "still open" before has not objected to what the other says later.
    """
    said = sorted(words, key=lambda word: word.at)
    if not said or said[-1].outcome == STILL_OPEN:
        return ""
    first, last = said[0], said[-1]
    if len(said) > 1 and first.outcome == last.outcome:
        return last.outcome
    objects = len(said) > 1 and first.outcome != STILL_OPEN
    return last.outcome if not objects and now - last.at >= OBJECT_WITHIN else ""


def state_of(words: Iterable[Said], is_answered: bool, now: datetime) -> str:
    """Where a conversation stands by what both sides said."""
    return settled(words, now) or (ANSWERED if is_answered else OPEN)


def is_silent(last_at: datetime, now: datetime) -> bool:
    """Whether nobody has said anything for three weeks."""
    return now - last_at >= SILENCE


def may_ask_today(today: int, *, alone: bool) -> bool:
    """Whether one more conversation may begin after so many within a day."""
    return today < (A_DAY_ALONE if alone else A_DAY)


@dataclass(frozen=True)
class Begun:
    """A conversation as the figures see it."""

    direction: str
    state: str
    opened_at: datetime
    first_answer_at: datetime | None


@dataclass(frozen=True)
class Share:
    """A part of a whole; None where the whole is too small to be told."""

    part: int | None
    whole: int | None


def share(part: int, whole: int) -> Share:
    """So many of so many, but nothing of fewer than five."""
    return Share(part, whole) if whole >= FEWEST else Share(None, None)


def are_tellable(parts: Iterable[int]) -> bool:
    """Whether the parts of a whole may stand beside it: each is nothing or enough, for a missing one could be worked out from the rest."""
    found = list(parts)
    return sum(found) >= FEWEST and all(part == 0 or part >= FEWEST for part in found)


def hours_to_answer(begun: Iterable[Begun]) -> float | None:
    """The median of the hours until the first answer; None from fewer than five answers."""
    hours = [(one.first_answer_at - one.opened_at) / timedelta(hours=1) for one in begun if one.first_answer_at]
    return round(median(hours), 1) if len(hours) >= FEWEST else None
