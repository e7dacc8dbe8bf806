"""Dots: everybody has the same number of dots to spread over the options; those with most dots win. Dots may be kept back."""

from dataclasses import dataclass
from typing import Any

from .approval import published_seats
from .places import Place, Seated, in_order, read_seats, seat
from .profiles import Grades, require
from .score import spreads
from .ties import Ties, read_ties


@dataclass(frozen=True, slots=True)
class DotsResult:
    """Dots for each option, how many people gave some, the places, who is elected."""

    options: tuple[str, ...]
    voters: int
    seats: int
    dots: int
    most: int | None
    totals: tuple[int, ...]
    supporters: tuple[int, ...]
    places: tuple[Place, ...]
    seated: Seated
    ties: Ties

    @property
    def outcome(self) -> str:
        """elected, tie, or rejected when nobody got a dot."""
        return "tie" if self.seated.open else ("elected" if self.seated.elected else "rejected")

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published."""
        words: list[dict[str, Any]] = [{"key": "dots", "dots": self.dots, "seats": self.seats}]
        if self.most is not None:
            words.append({"key": "dots.most", "most": self.most})
        return {
            "method": "dots",
            "outcome": self.outcome,
            "options": list(self.options),
            "voters": self.voters,
            "seats": self.seats,
            "rule": words,
            "totals": list(self.totals),
            "supporters": list(self.supporters),
            "kept": self.voters * self.dots - sum(self.totals),
            "places": [place.as_json() for place in self.places],
            **published_seats(self.seated, self.options, self.ties),
        }


def dots(profile: Grades, dots: int = 5, seats: int = 1, most: int | None = None, ties: Any = None) -> DotsResult:
    """Count dots; `most` is how many one option may get from one person. Raises CountError for a ballot with more dots than there are."""
    require(isinstance(profile, Grades), "Dots are counted from ballots with a number for each option.")
    read_seats(seats, len(profile.options))
    require(type(dots) is int and dots >= 1, "The number of dots is a whole number, at least 1.")
    require(most is None or (type(most) is int and most >= 1), "The most dots for one option are a whole number, at least 1.")
    for row, _ in profile.ballots:
        given = [number for number in row if number]
        require(sum(given) <= dots, f"A ballot gives more than {dots} dots.")
        require(min(given, default=1) > 0, "A ballot gives less than no dots.")
        require(most is None or max(given, default=0) <= most, f"A ballot gives one option more than {most} dots.")
    spread = spreads(profile)
    totals = [sum(grade * number for grade, number in own.items()) for own in spread]
    supporters = tuple(sum(number for grade, number in own.items() if grade) for own in spread)
    breaker = read_ties(ties, len(profile.options))
    places = in_order(totals)
    seated = seat([place for place in places if place.total], seats, breaker)
    return DotsResult(profile.options, profile.voters, seats, dots, most, tuple(totals), supporters, places, seated, breaker)
