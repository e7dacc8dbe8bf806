"""Totals in order: equal totals are equal places, and seats go to the best of them. Shared by approval, score and dots."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .profiles import require
from .ties import Broken, OpenTie, Ties


def exact(number: Fraction | int) -> str:
    """A fraction as it is published: "3/4", "12"."""
    return str(Fraction(number))


def read_fraction(value: Any, what: str = "A share") -> Fraction:
    """A share from "3/4", 1 or a Fraction. Floats and percentages are refused, for they are not exact. Raises CountError."""
    require(isinstance(value, str | int | Fraction) and not isinstance(value, bool), f"{what} is a fraction such as 3/4.")
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        require(False, f"{what} is a fraction such as 3/4, not “{value}”.")
        raise


def read_seats(value: Any, options: int) -> int:
    """How many are to be chosen: a whole number from 1. More seats than options leave seats empty. Raises CountError."""
    require(type(value) is int and value >= 1, "The number of seats is a whole number, at least 1.")
    require(options >= 1, "There are no options to choose from.")
    return int(value)


@dataclass(frozen=True, slots=True)
class Place:
    """Everybody with the same total; the number is what the first of them reached ("1, 2, 2, 4")."""

    number: int
    options: tuple[int, ...]
    total: Fraction

    def as_json(self) -> dict[str, Any]:
        """As it is published."""
        return {"place": self.number, "options": list(self.options), "total": exact(self.total)}


def in_order(totals: Sequence[Fraction | int | None]) -> tuple[Place, ...]:
    """Places by total, best first; None takes no part."""
    places: list[Place] = []
    passed = 0
    for total in sorted({total for total in totals if total is not None}, reverse=True):
        equal = tuple(option for option, own in enumerate(totals) if own == total)
        places.append(Place(passed + 1, equal, Fraction(total)))
        passed += len(equal)
    return tuple(places)


@dataclass(frozen=True, slots=True)
class Seated:
    """Who got a seat, which ties there were, and the one that was left open."""

    elected: tuple[int, ...]
    broken: tuple[Broken, ...] = ()
    open: Broken | None = None


def seat(places: Sequence[Place], seats: int, ties: Ties) -> Seated:
    """Give the seats to the best places. At the border between in and out equal totals need a lot or stay open."""
    elected: list[int] = []
    for place in places:
        left = seats - len(elected)
        if left <= 0:
            break
        if len(place.options) <= left:
            elected += place.options
            continue
        try:
            taken, broken = ties.drawn(place.options, left)
        except OpenTie as tie:
            return Seated(tuple(elected), (), tie.tie)
        return Seated((*elected, *taken), tuple(broken))
    return Seated(tuple(elected))
