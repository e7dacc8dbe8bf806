"""Committees from approvals: who sits together so that large and small groups are heard in proportion.

A rule may leave several committees equal; then all of them are returned, and nobody is elected until a lot was drawn and recorded. All
numbers are whole or fractions: nothing is rounded anywhere. Sources: Lackner and Skowron, "Multi-Winner Voting with Approval Preferences"
(2023), from where the names of the rules come; Scottish or German law knows none of these rules, a statute has to name one.

>>> count("seqpav", ["Anna", "Ben", "Cem"], [(frozenset({0, 1}), 3), (frozenset({2}), 2)], 2, lot=[0, 1, 2]).elected
(0, 2)
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb, gcd, lcm

from .profiles import require

Ballots = Sequence[tuple[frozenset[int], int]]
Members = tuple[int, ...]

MOST_COMMITTEES = 1_000  # more equal committees are not listed: it is said that there are more
MOST_STATES = 20_000  # nor are more ways to get there followed
MOST_COMBINATIONS = 200_000  # up to here every committee is tried by the rules that look for the best of all
MOST_RISES = 20_000  # so often the money of the voters is raised to fill the committee


@dataclass(frozen=True, slots=True)
class Stage:
    """One seat: who was equal, who took it, and the number by which all were compared.

    `values` has one number for each option, None where it could not be taken. What it says depends on the phase: for `gain` the growth of
    the score (most wins), for `load` the greatest load on a supporter afterwards (least wins), for `price` what a supporter pays at most
    (least wins), for `approvals` their number, for `loss` what the score loses when the option leaves (least leaves), for `score` there are
    no values.
    """

    phase: str
    taken: int
    tied: Members
    values: tuple[Fraction | None, ...] = ()
    left: Fraction | None = None

    def as_json(self) -> dict[str, object]:
        """Plain values for JSON, fractions as text."""
        values = [None if value is None else str(value) for value in self.values]
        left = None if self.left is None else str(self.left)
        return {"phase": self.phase, "taken": self.taken, "tied": list(self.tied), "values": values, "left": left}


@dataclass(frozen=True, slots=True)
class CommitteeResult:
    """All equal committees, and the one that is elected: the only one, or the one the lot leads to, otherwise None.

    `decided_by` is `rule`, `lot` or `open`. `complete` is False when there are more equal committees than are listed. The stages lead to
    the elected committee, or, as long as that is open, to the first of the list. `share` is what each voter had to spend, in seats.
    """

    rule: str
    options: tuple[str, ...]
    seats: int
    voters: int
    committees: tuple[Members, ...]
    complete: bool
    elected: Members | None
    decided_by: str
    stages: tuple[Stage, ...]
    lot: Members | None = None
    score: Fraction | None = None
    share: Fraction | None = None

    @property
    def certain(self) -> Members:
        """Who sits in every one of the equal committees."""
        return tuple(sorted(set(self.committees[0]).intersection(*self.committees[1:]))) if self.complete and self.committees else ()

    @property
    def contested(self) -> Members:
        """Who sits in some of the equal committees only."""
        return tuple(sorted(set().union(*self.committees) - set(self.certain)))

    def as_json(self) -> dict[str, object]:
        """Plain values for JSON, fractions as text. Options are their places in `options`, from 0."""
        return {
            "rule": self.rule, "options": list(self.options), "seats": self.seats, "voters": self.voters,
            "committees": [list(members) for members in self.committees], "complete": self.complete,
            "elected": None if self.elected is None else list(self.elected), "decided_by": self.decided_by,
            "certain": list(self.certain), "contested": list(self.contested), "lot": None if self.lot is None else list(self.lot),
            "score": None if self.score is None else str(self.score), "share": None if self.share is None else str(self.share),
            "stages": [stage.as_json() for stage in self.stages],
        }  # fmt: skip


def count(rule: str, options: Sequence[str], ballots: Ballots, seats: int, *, lot: Sequence[int] | None = None) -> CommitteeResult:
    """Fill `seats` seats. `ballots` are sets of approved options with how often each was cast; `lot` is an order of all options.

    Raises CountError for an unknown rule, wrong ballots, seats or lot, and when the rule would have to try too many committees.
    """
    raise NotImplementedError
