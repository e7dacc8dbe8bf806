"""Participatory budgets: which projects are paid from a sum of money.

Two ways: the Method of Equal Shares, where every voter holds an equal share of the money and pays for projects she supports, and greedy by
votes. Money is whole numbers (cents) or fractions; nothing is rounded while counting. Sources: Peters and Skowron, equalshares.net;
for the order of breaking ties the recommendation there: lower cost, then more votes, then a lot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Project:
    """What can be paid: its id (unique), its cost, its name."""

    id: str
    cost: int | Fraction
    name: str = ""


@dataclass(frozen=True, slots=True)
class BudgetResult:
    """Which projects are paid, and why."""

    selected: tuple[int, ...]


Ballots = Sequence[tuple[Mapping[int, int], int]]


def equal_shares(
    projects: Sequence[Project],
    ballots: Ballots,
    budget: int | Fraction,
    *,
    utility: str = "cost",
    completion: str | None = "add-one",
    lot: Sequence[int] | None = None,
) -> BudgetResult:
    """Method of Equal Shares. Ballots: for each supported project its points (1 for approval), and how often the ballot was cast."""
    raise NotImplementedError


def greedy(
    projects: Sequence[Project],
    ballots: Ballots,
    budget: int | Fraction,
    *,
    unaffordable: str = "skip",
    threshold: int = 0,
    lot: Sequence[int] | None = None,
) -> BudgetResult:
    """Most votes first; at a project that does not fit `stop` or `skip` it."""
    raise NotImplementedError
