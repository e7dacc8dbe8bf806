"""Cooperatives of businesses: several votes count only up to a tenth of the votes present (§ 43 III Nr. 2 sentence 2 GenG).

Present are those whose papers lie in the box, abstentions too. The tenth is taken of what counts in the end, so nobody is above it by
cutting the others down; one vote everybody keeps, however few are there.
"""

from collections.abc import Iterable, Mapping
from typing import Any


def most_of(votes: Mapping[int, int]) -> int:
    """The most votes one member can cast: `votes` says how many members have how many.

    >>> most_of({50: 1, 1: 27})
    3
    """

    def fits(cap: int) -> bool:
        return cap * 10 <= sum(min(one, cap) * times for one, times in votes.items())

    least, beyond = 1, max(votes, default=1) + 1
    while beyond - least > 1:
        middle = (least + beyond) // 2
        least, beyond = (middle, beyond) if fits(middle) else (least, middle)
    return least


def held_to(cap: int, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Published ballots with no more votes than the cap."""
    return [row if row.get("votes", 1) <= cap else {**row, "votes": cap} for row in rows]
