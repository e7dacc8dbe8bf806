"""What was voted: the options and the ballots, grouped, as every way of counting takes them.

Options are known by their place in `options`, from 0. Equal ballots lie together with the number of times they were cast. No method
looks at their order, so a profile says nothing about who voted when.

>>> Approvals.of(["Anna", "Ben"], [{0}, {0, 1}, {0}]).ballots
((frozenset({0}), 2), (frozenset({0, 1}), 1))
"""

import gc
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar

YES, NO, ABSTAIN = "yes", "no", "abstain"
ANSWERS = (YES, NO, ABSTAIN)
CONSENT_ANSWERS = ("consent", "concern", "objection", "aside")

SAMPLE = 50_000

Kind = TypeVar("Kind", bound=Hashable)
Ranking = tuple[tuple[int, ...], ...]
GradeRow = tuple[int | None, ...]


class CountError(ValueError):
    """What was given cannot be counted. The sentence says what is wrong, for the person who gave it."""


def require(condition: bool, sentence: str) -> None:
    """Go on only when the condition holds, otherwise a CountError with this sentence."""
    if not condition:
        raise CountError(sentence)


@contextmanager
def unhurried() -> Iterator[None]:
    """Let the collector of garbage wait. Looking through a million new tuples again and again would take longer than to count them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _are_alike(ballots: Sequence[Iterable[Any]], kind: Callable[[Iterable[Any]], Hashable] = frozenset) -> bool:
    """Whether many ballots are the same, judged by some of them from everywhere."""
    some = [kind(row) for row in ballots[:: len(ballots) // SAMPLE + 1]]
    return len(set(some)) < len(some) * 3 // 4


def _grouped(pairs: Iterable[tuple[Kind, int]]) -> tuple[tuple[Kind, int], ...]:
    groups: dict[Kind, int] = {}
    for ballot, times in pairs:
        groups[ballot] = groups.get(ballot, 0) + times
    return tuple(groups.items())


def by_times(ballots: Iterable[tuple[Kind, int]]) -> dict[int, list[Kind]]:
    """The ballots that were cast once, those that were cast twice, and so on."""
    found: dict[int, list[Kind]] = {}
    for ballot, times in ballots:
        if times in found:
            found[times].append(ballot)
        else:
            found[times] = [ballot]
    return found


def _check_times(ballots: Sequence[tuple[Hashable, int]]) -> None:
    times = [number for _, number in ballots]
    require(set(map(type, times)) <= {int} and min(times, default=1) >= 1, "Every ballot needs a whole number of times, at least 1.")


def _check_options(numbers: set[int], options: Sequence[str]) -> None:
    require(set(map(type, numbers)) <= {int}, "A ballot names an option by something that is not a number.")
    require(not numbers or (min(numbers) >= 0 and max(numbers) < len(options)), "A ballot names an option that is not on the list.")


@dataclass(frozen=True, slots=True)
class Cast:
    """Equal answers to one question: what, how often, with how many votes each, by members of which class."""

    answer: str
    times: int = 1
    weight: int = 1
    group: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """One question, answered with yes, no or abstention. Raises CountError for other answers and for weights below 0."""

    ballots: tuple[Cast, ...]
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for cast in self.ballots:
            require(cast.answer in ANSWERS, f"“{cast.answer}” is not an answer; there are yes, no and abstain.")
            require(type(cast.times) is int and cast.times >= 1, "Every ballot needs a whole number of times, at least 1.")
            require(type(cast.weight) is int and cast.weight >= 0, "Every ballot needs a whole number of votes, 0 or more.")

    @classmethod
    def of(cls, answers: Iterable[str | tuple[str, int] | tuple[str, int, str]], options: Sequence[str] = ()) -> "Choices":
        """Group raw answers: `"yes"`, or `("yes", weight)`, or `("yes", weight, class)`."""
        rows = Counter(answers)
        full = (((row,) if isinstance(row, str) else row, times) for row, times in rows.items())
        return cls(tuple(Cast(row[0], times, *row[1:]) for row, times in full), tuple(options))

    @property
    def voters(self) -> int:
        """How many ballots lie here."""
        return sum(cast.times for cast in self.ballots)


@dataclass(frozen=True, slots=True)
class Positions:
    """A round of consent: (position, reason, times). Raises CountError for a position that does not exist."""

    ballots: tuple[tuple[str, str, int], ...]
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for answer, reason, times in self.ballots:
            require(answer in CONSENT_ANSWERS, f"“{answer}” is not a position; there are {', '.join(CONSENT_ANSWERS)}.")
            require(isinstance(reason, str), "A reason is a text.")
            require(type(times) is int and times >= 1, "Every ballot needs a whole number of times, at least 1.")

    @classmethod
    def of(cls, answers: Iterable[str | tuple[str, str]]) -> "Positions":
        """Group raw positions: `"consent"`, or `("objection", reason)`."""
        rows = Counter((answer, "") if isinstance(answer, str) else answer for answer in answers)
        return cls(tuple((*row, times) for row, times in rows.items()))

    @property
    def voters(self) -> int:
        """How many positions lie here."""
        return sum(times for _, _, times in self.ballots)


@dataclass(frozen=True, slots=True)
class Rankings:
    """Ranked options. A ballot is a tuple of places, best first, each a tuple of options that are equally good; what is not named was
    not ranked. Raises CountError when an option is named twice in a ballot or does not exist."""

    options: tuple[str, ...]
    ballots: tuple[tuple[Ranking, int], ...]
    withdrawn: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        _check_times(self.ballots)
        for ranking, _ in self.ballots:
            named = list(chain.from_iterable(ranking))
            require(len(set(named)) == len(named), "A ballot names an option twice.")
            require(all(ranking), "A ballot has an empty place.")
            _check_options(set(named), self.options)
        _check_options(set(self.withdrawn), self.options)

    @classmethod
    def of(
        cls,
        options: Sequence[str],
        ballots: Iterable[Sequence[int | Sequence[int]]] | Mapping[Ranking, int],
        withdrawn: Iterable[int] = (),
    ) -> "Rankings":
        """Group raw rankings: `[2, 0]` or, with equals, `[2, [0, 1]]`; or take them with their numbers from a mapping."""
        if isinstance(ballots, Mapping):
            return cls(tuple(options), tuple(ballots.items()), frozenset(withdrawn))
        rows: Counter[Ranking] = Counter(
            tuple((place,) if isinstance(place, int) else tuple(sorted(place)) for place in row) for row in ballots
        )
        return cls(tuple(options), tuple(rows.items()), frozenset(withdrawn))

    @property
    def voters(self) -> int:
        """How many ballots lie here."""
        return sum(times for _, times in self.ballots)


@dataclass(frozen=True, slots=True)
class Approvals:
    """Approved options. `costs` belongs to budgets only: what each option costs, in whole cents. Raises CountError for unknown options."""

    options: tuple[str, ...]
    ballots: tuple[tuple[frozenset[int], int], ...]
    costs: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        _check_times(self.ballots)
        _check_options(set().union(*(approved for approved, _ in self.ballots)), self.options)
        require(not self.costs or len(self.costs) == len(self.options), "Every option needs its cost.")
        require(all(type(cost) is int and cost >= 0 for cost in self.costs), "Costs are whole numbers, 0 or more.")

    @classmethod
    def of(
        cls, options: Sequence[str], ballots: Iterable[Iterable[int]] | Mapping[frozenset[int], int], costs: Sequence[int] = ()
    ) -> "Approvals":
        """Group raw approvals (any iterables of places), or take them with their numbers from a mapping."""
        if isinstance(ballots, Mapping):
            return cls(tuple(options), tuple(ballots.items()), tuple(costs))
        with unhurried():
            raw = ballots if isinstance(ballots, list | tuple) else list(ballots)
            if _are_alike(raw):  # much faster than to make a set of each of a million ballots
                groups = _grouped((frozenset(row), times) for row, times in Counter(map(tuple, raw)).items())
            else:
                groups = tuple(Counter(map(frozenset, raw)).items())
            return cls(tuple(options), groups, tuple(costs))

    @property
    def voters(self) -> int:
        """How many ballots lie here."""
        return sum(times for _, times in self.ballots)


class Heap(Sequence[tuple[GradeRow, int]]):
    """Ballots of which nearly each is different: not grouped, but counted column by column at once. `columns`: grade to number."""

    __slots__ = ("columns", "rows")

    def __init__(self, rows: Sequence[Sequence[int | None]], width: int) -> None:
        require(set(map(len, rows)) <= {width}, WRONG_WIDTH)
        self.rows = rows
        self.columns: list[dict[int | None, int]] = [Counter(column) for column in zip(*rows, strict=True)]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple((tuple(row), 1) for row in self.rows[place])
        return tuple(self.rows[place]), 1


WRONG_WIDTH = "A ballot does not have one grade for each option."


@dataclass(frozen=True, slots=True)
class Grades:
    """A whole number for each option, or None where the voter said nothing. Raises CountError for rows of another length."""

    options: tuple[str, ...]
    ballots: Sequence[tuple[GradeRow, int]]
    costs: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        if isinstance(self.ballots, Heap):
            given: set[int | None] = set().union(*self.ballots.columns)
        else:
            _check_times(self.ballots)
            rows = [row for row, _ in self.ballots]
            require(set(map(len, rows)) <= {len(self.options)}, WRONG_WIDTH)
            given = set(chain.from_iterable(rows))
        require(set(map(type, given)) <= {int, type(None)}, "A grade is a whole number or nothing.")

    @classmethod
    def of(cls, options: Sequence[str], ballots: Iterable[Sequence[int | None]] | Mapping[GradeRow, int]) -> "Grades":
        """Group raw rows of grades, or take them with their numbers from a mapping."""
        if isinstance(ballots, Mapping):
            return cls(tuple(options), tuple(ballots.items()))
        raw = ballots if isinstance(ballots, list | tuple) else list(ballots)
        with unhurried():
            if len(raw) > SAMPLE and not _are_alike(raw, tuple):
                return cls(tuple(options), Heap(raw, len(options)))
            return cls(tuple(options), tuple(Counter(map(tuple, raw)).items()))

    @property
    def voters(self) -> int:
        """How many ballots lie here."""
        return len(self.ballots) if isinstance(self.ballots, Heap) else sum(times for _, times in self.ballots)


Profile = Choices | Positions | Rankings | Approvals | Grades
