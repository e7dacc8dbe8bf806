"""Rules that give every committee a score: a ballot counts for each of its options that sits in the committee, the second less than the
first, and so on (Thiele 1895).

PAV asks for the best of all committees and tries them all; the sequential rules add the option by which the score grows most, seat by
seat; the reverse rule takes away the option that is missed least.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import chain, combinations, islice
from math import comb

import numpy as np

from .committee_search import MOST_COMMITTEES, Ballots, Members, Move
from .profiles import require

MOST_COMBINATIONS = 200_000  # so many committees are tried at most,
MOST_COMPARISONS = 1_000_000_000  # and so many times is a committee held against a ballot

# What the j-th option of a ballot that sits in the committee adds to its score, j from 1.
WEIGHTS: dict[str, Callable[[int], Fraction]] = {
    "av": lambda j: Fraction(1),
    "pav": lambda j: Fraction(1, j),
    "slav": lambda j: Fraction(1, 2 * j - 1),
    "cc": lambda j: Fraction(int(j == 1)),
    "geom2": lambda j: Fraction(1, 2**j),
}
BEST = ("pav", "slav", "cc", "geom2")
SEQUENTIAL = {"seqpav": "pav", "seqslav": "slav", "seqcc": "cc"}
SEPARABLE = ("av", "sav")


def gains(ballots: Ballots, options: int, members: Members, weight: Callable[[int], Fraction]) -> list[Fraction]:
    """By how much the score would grow with each option; 0 for members."""
    sitting = frozenset(members)
    totals: list[dict[int, int]] = [{} for _ in range(options)]
    for approved, times in ballots:
        place = len(approved & sitting) + 1
        for option in approved - sitting:
            totals[option][place] = totals[option].get(place, 0) + times
    return [sum((weight(place) * times for place, times in places.items()), Fraction(0)) for places in totals]


def losses(ballots: Ballots, options: int, members: Members, weight: Callable[[int], Fraction]) -> list[Fraction]:
    """By how much the score would shrink without each member."""
    sitting = frozenset(members)
    totals: list[dict[int, int]] = [{} for _ in range(options)]
    for approved, times in ballots:
        here = approved & sitting
        for option in here:
            totals[option][len(here)] = totals[option].get(len(here), 0) + times
    return [sum((weight(place) * times for place, times in places.items()), Fraction(0)) for places in totals]


def score(ballots: Ballots, members: Iterable[int], weight: Callable[[int], Fraction]) -> Fraction:
    """The score of a committee."""
    sitting, sizes = frozenset(members), dict[int, int]()
    for approved, times in ballots:
        size = len(approved & sitting)
        sizes[size] = sizes.get(size, 0) + times
    return sum((weight(j) * times for size, times in sizes.items() for j in range(1, size + 1)), Fraction(0))


def approvals(ballots: Ballots, options: int) -> list[Fraction]:
    """How often each option was approved."""
    return gains(ballots, options, (), WEIGHTS["av"])


def satisfaction(ballots: Ballots, options: int) -> list[Fraction]:
    """Each ballot is one vote, divided equally among the options it approves."""
    parts: list[dict[int, int]] = [{} for _ in range(options)]
    for approved, times in ballots:
        for option in approved:
            parts[option][len(approved)] = parts[option].get(len(approved), 0) + times
    return [sum((Fraction(times, size) for size, times in sizes.items()), Fraction(0)) for sizes in parts]


def adding(ballots: Ballots, options: int, seats: int, rule: str) -> Callable[[Members], Move[Members] | None]:
    """The next seat of a sequential rule."""

    def moves(members: Members) -> Move[Members] | None:
        if len(members) == seats:
            return None
        grown = gains(ballots, options, members, WEIGHTS[SEQUENTIAL[rule]])
        values = tuple(None if option in members else gain for option, gain in enumerate(grown))
        return Move("gain", values, _ways(values, max(value for value in values if value is not None), members))

    return moves


def removing(ballots: Ballots, options: int, seats: int) -> Callable[[Members], Move[Members] | None]:
    """The next option that leaves by reverse sequential PAV."""

    def moves(members: Members) -> Move[Members] | None:
        if len(members) == seats:
            return None
        shrunk = losses(ballots, options, members, WEIGHTS["pav"])
        values = tuple(shrunk[option] if option in members else None for option in range(options))
        least = min(value for value in values if value is not None)
        leavers = [option for option, value in enumerate(values) if value == least]
        return Move("loss", values, tuple((one, tuple(other for other in members if other != one)) for one in leavers))

    return moves


def _ways(values: tuple[Fraction | None, ...], best: Fraction, members: Members) -> tuple[tuple[int, Members], ...]:
    return tuple((option, tuple(sorted((*members, option)))) for option, value in enumerate(values) if value == best)


def most(values: list[Fraction], seats: int, taken: Members = ()) -> tuple[list[Members], bool]:
    """All committees that fill the seats beside those taken by the greatest values, and whether these are all there are."""
    free = sorted((option for option in range(len(values)) if option not in taken), key=lambda option: -values[option])
    open_seats = seats - len(taken)
    if not open_seats:
        return [taken], True
    edge = values[free[open_seats - 1]]
    sure = [option for option in free if values[option] > edge]
    equal = [option for option in free if values[option] == edge]
    ways = islice(combinations(equal, open_seats - len(sure)), MOST_COMMITTEES)
    found = sorted(tuple(sorted((*taken, *sure, *way))) for way in ways)
    return found, comb(len(equal), open_seats - len(sure)) <= MOST_COMMITTEES


def best(ballots: Ballots, options: int, seats: int, rule: str) -> tuple[list[Members], bool, Fraction]:
    """All committees with the greatest score, by trying every one. Raises CountError when there are too many.

    The scores are first reckoned with floating numbers; every committee that comes within a billionth of the best is reckoned again in
    fractions, so that the answer is exact.
    """
    number = comb(options, seats)
    sentence = (
        f"There are {number:,} possible committees of {seats} out of {options} options, too many to try them all "
        f"(at most {MOST_COMBINATIONS:,}, with {len(ballots):,} different ballots at most "
        f"{min(MOST_COMBINATIONS, MOST_COMPARISONS // max(1, len(ballots))):,}). Use a sequential rule."
    )
    require(number <= MOST_COMBINATIONS and number * len(ballots) <= MOST_COMPARISONS, sentence)
    exact = {members: score(ballots, members, WEIGHTS[rule]) for members in _promising(ballots, options, seats, WEIGHTS[rule])}
    top = max(exact.values())
    found = sorted(members for members, points in exact.items() if points == top)
    return found[:MOST_COMMITTEES], len(found) <= MOST_COMMITTEES, top


def _promising(ballots: Ballots, options: int, seats: int, weight: Callable[[int], Fraction]) -> Iterator[Members]:
    approved = np.zeros((max(1, len(ballots)), options))
    for row, (ballot, _) in enumerate(ballots):
        approved[row, list(ballot)] = 1
    times = np.array([float(number) for _, number in ballots] or [0.0])
    worth = np.concatenate([[0.0], np.cumsum([float(weight(j)) for j in range(1, seats + 1)])])
    members = np.fromiter(chain.from_iterable(combinations(range(options), seats)), dtype=np.int64).reshape(-1, seats)
    step = max(1, 4_000_000 // len(approved))
    parts = []
    for start in range(0, len(members), step):
        part = members[start : start + step]
        sitting = np.zeros((options, len(part)))
        sitting[part, np.arange(len(part))[:, None]] = 1
        parts.append(times @ worth[(approved @ sitting).astype(np.int64)])
    scores = np.concatenate(parts)
    for place in np.flatnonzero(scores >= scores.max() - 1e-9 * max(1.0, scores.max())):
        yield tuple(int(option) for option in members[place])
