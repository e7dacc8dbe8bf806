"""What counts in rounds share: ballots as sequences, a look backward through the stages, and what an open tie could lead to."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from .profiles import Rankings
from .ties import Broken, OpenTie, Ties

ASSUMED = "assumed"
BRANCHES = 64

Outcome = TypeVar("Outcome")


def sequences(profile: Rankings) -> tuple[list[tuple[tuple[int, ...], int]], int]:
    """Each ballot as options one after the other, without those who withdrew, and how many ballots say nothing.

    A place with several options says nobody's next choice, so the ballot ends there; gaps between places mean nothing.
    """
    gone = profile.withdrawn
    found: dict[tuple[int, ...], int] = {}
    empty = 0
    for ranking, times in profile.ballots:
        sequence: list[int] = []
        for place in ranking:
            standing = place if not gone else [option for option in place if option not in gone]
            if len(standing) > 1:
                break
            sequence += standing
        if sequence:
            key = tuple(sequence)
            found[key] = found.get(key, 0) + times
        else:
            empty += times
    return list(found.items()), empty


def backward(history: Sequence[Sequence[int]], lowest: bool) -> Callable[[set[int]], set[int]]:
    """Who differed at the most recent earlier stage: those who were lowest (or highest) there, and so on back to the first stage."""

    def narrow(tied: set[int]) -> set[int]:
        left = tied
        for votes in reversed(history):
            edge = (min if lowest else max)(votes[option] for option in left)
            left = {option for option in left if votes[option] == edge}
            if len(left) == 1:
                break
        return left

    return narrow


class Breaker:
    """Breaks the ties of one count and writes them down. `assumed` says what open ties are taken to end with, one after the other."""

    def __init__(self, ties: Ties, assumed: Sequence[int] = ()) -> None:
        self.ties = ties
        self.assumed = list(assumed)
        self.broken: list[Broken] = []

    def take(self, tied: set[int], about: str, history: Sequence[Sequence[int]], lowest: bool) -> int:
        """The one of these to take. Raises OpenTie."""
        try:
            taken, record = self.ties.take(tied, about, backward(history, lowest))
        except OpenTie as tie:
            if not self.assumed:
                raise
            taken = self.assumed.pop(0)
            record = Broken(tie.tie.between, about, ASSUMED, taken)
        self.broken += [record] if record else []
        return taken


def followed(count: Callable[[Sequence[int]], tuple[Outcome, Broken | None]]) -> Outcome:
    """One way to the end: of those who are equal always the first on the list, written down as assumed. For ties that change nothing."""
    assumed: tuple[int, ...] = ()
    while True:
        found, tie = count(assumed)
        if tie is None:
            return found
        assumed = (*assumed, tie.between[0])


def possible(count: Callable[[Sequence[int]], tuple[tuple[int, ...], Broken | None]]) -> list[tuple[int, ...]] | None:
    """Everybody who could be elected, whatever way the open ties went; None when there are too many ways to try."""
    found: set[tuple[int, ...]] = set()
    waiting: list[tuple[int, ...]] = [()]
    tried = 0
    while waiting:
        assumed = waiting.pop()
        tried += 1
        if tried > BRANCHES:
            return None
        elected, tie = count(assumed)
        if tie is None:
            found.add(tuple(sorted(elected)))
        else:
            waiting += [(*assumed, option) for option in tie.between]
    return sorted(found)
