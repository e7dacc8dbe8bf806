"""Schulze: whoever wins every comparison of two wins; where comparisons run in a circle, the strongest chains of comparisons decide.

A comparison counts on how many ballots one option stands above the other; options that are not ranked stand below all that are, equal
among themselves. A chain is as strong as its weakest comparison, and a comparison as strong as its winning votes.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .approval import published_seats
from .places import Place, Seated, read_seats, seat
from .profiles import Rankings, require
from .ties import Ties, read_ties

Table = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class SchulzeResult:
    """All comparisons, all strongest chains, the order, who is elected."""

    options: tuple[str, ...]
    ballots: int
    seats: int
    pairs: Table
    chains: Table
    places: tuple[tuple[int, ...], ...]
    condorcet: int | None
    seated: Seated
    ties: Ties

    @property
    def outcome(self) -> str:
        """elected, tie, or rejected when there were no ballots."""
        return "tie" if self.seated.open else ("elected" if self.seated.elected else "rejected")

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published: pairs[i][j] is how many prefer i to j, chains[i][j] the strongest chain from i to j."""
        number, places = 1, []
        for options in self.places:
            places.append({"place": number, "options": list(options)})
            number += len(options)
        return {
            "method": "schulze",
            "outcome": self.outcome,
            "options": list(self.options),
            "ballots": self.ballots,
            "seats": self.seats,
            "rule": [{"key": "schulze", "seats": self.seats}],
            "pairs": [list(row) for row in self.pairs],
            "chains": [list(row) for row in self.chains],
            "condorcet_winner": self.condorcet,
            "places": places,
            **published_seats(self.seated, self.options, self.ties),
        }


def compare(profile: Rankings) -> list[list[int]]:
    """On how many ballots each option stands above each other one."""
    size = len(profile.options)
    pairs = [[0] * size for _ in range(size)]
    for ranking, times in profile.ballots:
        below = set(range(size))
        for place in ranking:
            below.difference_update(place)
            for better in place:
                row = pairs[better]
                for worse in below:
                    row[worse] += times
    return pairs


def strongest(pairs: list[list[int]], standing: list[int]) -> list[list[int]]:
    """The strength of the strongest chain between all options (Floyd and Warshall)."""
    size = len(pairs)
    chains = [[pairs[i][j] if pairs[i][j] > pairs[j][i] else 0 for j in range(size)] for i in range(size)]
    for between in standing:
        step = chains[between]
        for start in standing:
            row = chains[start]
            reach = row[between]
            if not reach or start == between:
                continue
            for end in standing:
                link = step[end] if step[end] < reach else reach
                if end not in (start, between) and link > row[end]:
                    row[end] = link
    return chains


def _places(chains: list[list[int]], standing: list[int]) -> list[tuple[int, ...]]:
    """Who is beaten by nobody comes first, then who is beaten by nobody of the rest, and so on."""
    left, places = list(standing), []
    while left:
        first = tuple(one for one in left if all(chains[one][other] >= chains[other][one] for other in left))
        places.append(first)
        left = [one for one in left if one not in first]
    return places


def schulze(profile: Rankings, seats: int = 1, ties: Any = None) -> SchulzeResult:
    """Count. Those who withdrew take no part. Raises CountError for other ballots than rankings or a wrong number of seats."""
    require(isinstance(profile, Rankings), "Schulze is counted from rankings.")
    read_seats(seats, len(profile.options))
    standing = [option for option in range(len(profile.options)) if option not in profile.withdrawn]
    pairs = compare(profile)
    chains = strongest(pairs, standing)
    places = _places(chains, standing) if profile.voters else []
    breaker = read_ties(ties, len(profile.options))
    seated = seat([Place(1, options, Fraction()) for options in places], seats, breaker)
    best = [one for one in standing if profile.voters and all(pairs[one][other] > pairs[other][one] for other in standing if other != one)]
    return SchulzeResult(
        profile.options,
        profile.voters,
        seats,
        tuple(map(tuple, pairs)),
        tuple(map(tuple, chains)),
        tuple(places),
        best[0] if best else None,
        seated,
        breaker,
    )
