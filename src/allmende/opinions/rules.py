"""What is right for opinion landscapes: who is enough to be shown, which statement comes next, which ones are nearly the same."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from rapidfuzz import fuzz

from allmende.ground.text import fold

LEAST_PEOPLE = 10  # nothing is shown at all before so many people have answered
LEAST_GROUP = 5  # smaller groups, and smaller numbers of answers of a group, are not shown: neighbours could guess who it is
LEAST_NEW = 5  # people who answered since the last picture: one more person alone would show by the difference what they answered
MOST_STATEMENTS = 500
MOST_OWN = 10  # statements one person may add to one landscape
LONGEST = 200
SHORTEST = 10
ALIKE = 82  # of 100: from here on two statements are shown as nearly the same
MOST_ALIKE = 5

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
AGREE, PASS, DISAGREE = 1, 0, -1
WORDS = {"agree": AGREE, "pass": PASS, "disagree": DISAGREE}


def is_answerable(state: str, starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> bool:
    """Whether answers are taken at this moment, as far as the landscape itself says so."""
    return state == OPEN and (starts_at is None or starts_at <= now) and (ends_at is None or now < ends_at)


def is_over(state: str, ends_at: datetime | None, now: datetime) -> bool:
    """Whether an open landscape has reached its end."""
    return state == OPEN and ends_at is not None and ends_at <= now


def is_due(state: str, people_since: int, *, has_picture: bool, is_final: bool) -> bool:
    """Whether a new picture is to be computed: five people answered since the last one; or it is over and the last word is missing."""
    if state == CLOSED:
        return not is_final
    return state == OPEN and people_since >= (LEAST_NEW if has_picture else LEAST_PEOPLE)


def next_of(open_ones: Sequence[int], person: int) -> int | None:
    """The statement asked next, of those still open: in an order of its own for each person, so that all are answered about as often."""
    return min(open_ones, key=lambda number: _lot(person, number), default=None)


def _lot(person: int, number: int) -> bytes:
    return blake2b(f"{person}:{number}".encode(), digest_size=8).digest()


def alike(text: str, others: Mapping[int, str]) -> list[int]:
    """The numbers of statements that say nearly the same, the nearest first. Small words in another order do not make another statement."""
    said = fold(text)
    if len(said) < SHORTEST:
        return []
    found = sorted((-_likeness(said, fold(other)), number) for number, other in others.items())
    return [number for score, number in found if -score >= ALIKE][:MOST_ALIKE]


def _likeness(one: str, other: str) -> float:
    """0 to 100; a sentence that is a part of a longer one counts a little less than the same words in another order."""
    return max(fuzz.token_sort_ratio(one, other), fuzz.token_set_ratio(one, other) - 6)
