"""Approval: everybody names all options they can support; those with most approvals win.

With a threshold an option needs that share of all ballots too ("more than half of those who voted"), so seats may stay empty.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any

from .places import Place, Seated, exact, in_order, read_fraction, read_seats, seat
from .profiles import Approvals, by_times, require
from .ties import Ties, read_ties


@dataclass(frozen=True, slots=True)
class ApprovalResult:
    """Approvals for each option, the places, who is elected."""

    options: tuple[str, ...]
    voters: int
    seats: int
    approvals: tuple[int, ...]
    places: tuple[Place, ...]
    seated: Seated
    ties: Ties
    threshold: Fraction | None
    strict: bool

    @property
    def outcome(self) -> str:
        """elected, tie, or rejected when nobody reached what was needed."""
        return "tie" if self.seated.open else ("elected" if self.seated.elected else "rejected")

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published."""
        return {
            "method": "approval",
            "outcome": self.outcome,
            "options": list(self.options),
            "voters": self.voters,
            "seats": self.seats,
            "rule": rule_words(self.seats, self.threshold, self.strict),
            "approvals": list(self.approvals),
            "places": [place.as_json() for place in self.places],
            **published_seats(self.seated, self.options, self.ties),
        }


def published_seats(seated: Seated, options: tuple[str, ...], ties: Ties) -> dict[str, Any]:
    """Who is elected and how ties were broken, the same for every method that fills seats."""
    return {
        "elected": list(seated.elected),
        "elected_names": [options[option] for option in seated.elected],
        "ties": ties.as_json() | {"broken": [tie.as_json() for tie in seated.broken]},
        "tie": seated.open.as_json() if seated.open else None,
    }


def rule_words(seats: int, threshold: Fraction | None, strict: bool) -> list[dict[str, Any]]:
    """The rule as keys of words (words.py) with their facts."""
    words: list[dict[str, Any]] = [{"key": "approval", "seats": seats}]
    if threshold is not None:
        words.append({"key": "approval.more_than" if strict else "approval.at_least", "threshold": exact(threshold)})
    return words


def tally(profile: Approvals) -> list[int]:
    """How many ballots approve each option. Ballots cast equally often are taken together, which Counter does in C."""
    totals: Counter[int] = Counter()
    for times, rows in by_times(profile.ballots).items():
        for option, number in Counter(chain.from_iterable(rows)).items():
            totals[option] += number * times
    return [totals[option] for option in range(len(profile.options))]


def approval(profile: Approvals, seats: int = 1, threshold: Any = None, strict: bool | None = None, ties: Any = None) -> ApprovalResult:
    """Count approvals. Raises CountError for a wrong number of seats, a threshold that is no share, or an unknown rule for ties."""
    require(isinstance(profile, Approvals), "Approval counts ballots that name the approved options.")
    read_seats(seats, len(profile.options))
    share = None if threshold is None else read_fraction(threshold, "The threshold")
    strict = share == Fraction(1, 2) if strict is None else strict
    totals = tally(profile)

    def reaches(total: int) -> bool:
        needed = (share or 0) * profile.voters
        return total > 0 and (share is None or (total > needed if strict else total >= needed))

    breaker = read_ties(ties, len(profile.options))
    places = in_order(totals)
    seated = seat([place for place in places if reaches(int(place.total))], seats, breaker)
    return ApprovalResult(profile.options, profile.voters, seats, tuple(totals), places, seated, breaker, share, strict)
