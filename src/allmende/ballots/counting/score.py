"""Score: everybody gives each option a grade on the same scale; the highest sum, or the highest average, wins.

By sum, an option somebody says nothing about gets nothing from this person, as if it were the lowest grade of a scale that begins at 0.
By average, only those count who gave a grade; `least` says how many must have graded an option (a favourite of one is no favourite).
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any

from .approval import published_seats
from .places import Place, Seated, exact, in_order, read_seats, seat
from .profiles import Grades, Heap, by_times, require
from .ties import Ties, read_ties


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """Sum, number of grades and how often each grade was given, for each option; the places; who is elected."""

    options: tuple[str, ...]
    voters: int
    seats: int
    scale: tuple[int, int]
    by: str
    least: int
    sums: tuple[int, ...]
    graded: tuple[int, ...]
    spread: tuple[dict[int, int], ...]
    places: tuple[Place, ...]
    seated: Seated
    ties: Ties

    @property
    def outcome(self) -> str:
        """elected, tie, or rejected when no option was graded."""
        return "tie" if self.seated.open else ("elected" if self.seated.elected else "rejected")

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published."""
        low, high = self.scale
        return {
            "method": "score",
            "outcome": self.outcome,
            "options": list(self.options),
            "voters": self.voters,
            "seats": self.seats,
            "scale": [low, high],
            "rule": [{"key": f"score.{self.by}", "low": low, "high": high, "seats": self.seats, "least": self.least}],
            "sums": list(self.sums),
            "graded": list(self.graded),
            "averages": [exact(Fraction(total, number)) if number else None for total, number in zip(self.sums, self.graded, strict=True)],
            "spread": [{str(grade): own[grade] for grade in sorted(own)} for own in self.spread],
            "places": [place.as_json() for place in self.places],
            **published_seats(self.seated, self.options, self.ties),
        }


def spreads(profile: Grades) -> list[dict[int, int]]:
    """How often each grade was given to each option.

    Ballots cast equally often are taken together and column by column, which Counter does in C: a million different ballots in time.
    """
    if isinstance(profile.ballots, Heap):
        return [{grade: number for grade, number in own.items() if grade is not None} for own in profile.ballots.columns]
    spread: list[dict[int, int]] = [{} for _ in profile.options]
    for times, rows in by_times(profile.ballots).items():
        for own, column in zip(spread, zip(*rows, strict=True), strict=True):
            for grade, number in Counter(column).items():
                if grade is not None:
                    own[grade] = own.get(grade, 0) + number * times
    return spread


def read_scale(scale: Any) -> tuple[int, int]:
    """The lowest and the highest grade. Raises CountError."""
    require(isinstance(scale, list | tuple) and len(scale) == 2 and set(map(type, scale)) <= {int}, "A scale is two whole numbers: [0, 5].")
    require(scale[0] < scale[1], "The scale's first number is the lowest grade, the second the highest.")
    return int(scale[0]), int(scale[1])


def score(profile: Grades, seats: int = 1, scale: Any = (0, 5), by: str = "sum", least: int = 1, ties: Any = None) -> ScoreResult:
    """Count grades. Raises CountError for grades outside the scale and for rules that do not exist."""
    require(isinstance(profile, Grades), "Score counts ballots with a grade for each option.")
    read_seats(seats, len(profile.options))
    require(by in {"sum", "average"}, "Scores are compared by sum or by average.")
    low, high = read_scale(scale)
    spread = spreads(profile)
    given = set(chain.from_iterable(spread))
    require(all(low <= grade <= high for grade in given), f"A grade lies outside the scale from {low} to {high}.")
    sums = [sum(grade * number for grade, number in own.items()) for own in spread]
    graded = [sum(own.values()) for own in spread]
    breaker = read_ties(ties, len(profile.options))
    totals: list[Fraction | int | None] = [
        (total if by == "sum" else Fraction(total, number)) if number >= max(least, 1) else None
        for total, number in zip(sums, graded, strict=True)
    ]
    places = in_order(totals)
    seated = seat(places, seats, breaker)
    return ScoreResult(
        profile.options, profile.voters, seats, (low, high), by, least, tuple(sums), tuple(graded), tuple(spread), places, seated, breaker
    )
