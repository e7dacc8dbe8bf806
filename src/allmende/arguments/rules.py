"""What is right about arguments, in plain Python: how long, how many, in which order, what is much the same as something said before."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allmende.ground.text import root, words

LONGEST = 1_000
LONGEST_ANSWER = 2_000
LONGEST_REASON = 300
SHOWN_FIRST = 3  # per side beside a thing; the others are one link away
A_PAGE = 50
CHANGE_WITHIN = timedelta(minutes=30)
"""So long slips of the pen can be mended; afterwards others have shared what stood there."""
FORGET_AFTER = timedelta(days=1)
"""After that a withdrawn argument is gone for good; until then its author can bring it back."""
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 20  # arguments of one person, wherever
SIMILAR_FROM = 0.4
MOST_SIMILAR = 5
MOST_COMPARED = 1_000  # the newest of a side; beyond that nobody reads them all

_EMPTY = frozenset(
    (
        "der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine ist sind war wird werden wir ihr sie "
        "ich du er es uns euch mit von vom zu zum zur in im an am auf aus bei fur gegen als wie was wer wenn dass auch nur noch schon so "
        "sich hat haben kann konnen soll sollen muss mussen man mehr sehr the a and or but not no is are was be we you they it of to "
        "on at for with by that this have has can should must more"
    ).split()
)


def may_change(created_at: datetime, now: datetime) -> bool:
    """Whether an argument is young enough to be put in other words."""
    return now - created_at <= CHANGE_WITHIN


def may_restore(withdrawn_at: datetime | None, now: datetime) -> bool:
    """Whether a withdrawn argument can still be brought back."""
    return withdrawn_at is not None and now - withdrawn_at <= FORGET_AFTER


def is_flood(last_hour: int) -> bool:
    """Whether somebody has written so much in an hour that the next one has to wait."""
    return last_hour >= MOST_AN_HOUR


def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings.

    >>> sorted(stems("Die gemeinsamen Server senken Kosten"))
    ['gemeinsam', 'kost', 'senk', 'serv']
    """
    return frozenset(root(word) for word in words(text) if word not in _EMPTY and len(word) > 1)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """0 to 1: how much of the shorter text's words stand in the other one, tempered by how different their lengths are."""
    common = len(one & other)
    return 0.5 * common / min(len(one), len(other)) + 0.5 * common / len(one | other) if common else 0.0


def similar(text: str, others: Iterable[tuple[int, str]]) -> list[int]:
    """The numbers of texts that say much the same, the most alike first."""
    own = stems(text)
    rated = [(likeness(own, stems(other)), number) for number, other in others]
    found = sorted((-rate, number) for rate, number in rated if rate >= SIMILAR_FROM)
    return [number for _rate, number in found[:MOST_SIMILAR]]
