"""Committees and budgets as methods like the others: from a profile and options to the functions of committee.py and budget.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import committee
from .budget import equal_shares, greedy
from .budget_result import BudgetResult, Project
from .budget_rounds import Money
from .profiles import Approvals, CountError, Grades, Profile, require
from .ties import read_ties

WAYS = {"pav": "seqpav", "mes": "equal-shares"}
"""What a rule of the house calls its ways to form a committee."""


def _lot(ties: Any, options: int) -> tuple[int, ...] | None:
    return read_ties(ties, options).lot or None


def committee_by(rule: str) -> Callable[..., Any]:
    """A committee by this rule: `committee_by("seqpav")(profile, seats=3)`. `way` ("pav", "mes") chooses another one."""

    def counted(profile: Profile, seats: int = 1, way: str | None = None, ties: Any = None) -> Any:
        if not isinstance(profile, Approvals):
            raise CountError("A committee is counted from ballots that name the approved options.")
        require(way is None or way in WAYS, f"A committee is formed by one of these ways: {', '.join(WAYS)}.")
        lot = _lot(ties, len(profile.options))
        return committee.count(WAYS[way] if way else rule, profile.options, profile.ballots, seats, lot=lot)

    return counted


@dataclass(frozen=True, slots=True)
class Pool:
    """A budget as a file describes it: projects with costs that need not be whole, ballots with points."""

    options: tuple[str, ...]
    projects: tuple[Project, ...]
    ballots: tuple[tuple[Mapping[int, Money], int], ...]

    @property
    def voters(self) -> int:
        """How many ballots lie here."""
        return sum(times for _, times in self.ballots)


def _pool(profile: Approvals | Grades) -> Pool:
    require(bool(profile.costs), "Every project needs its cost.")
    names = zip(profile.options, profile.costs, strict=True)
    projects = tuple(Project(str(number), cost, name) for number, (name, cost) in enumerate(names, 1))
    return Pool(profile.options, projects, tuple(_points(profile)))


def _points(profile: Approvals | Grades) -> list[tuple[Mapping[int, Money], int]]:
    if isinstance(profile, Approvals):
        return [(dict.fromkeys(sorted(approved), 1), times) for approved, times in profile.ballots]
    return [({option: points for option, points in enumerate(row) if points}, times) for row, times in profile.ballots]


def budget_by(rule: str) -> Callable[..., Any]:
    """A budget by this rule: `budget_by("mes")(profile, budget=500_000)`, costs and budget in the same unit."""

    def counted(profile: Profile | Pool, budget: Money | None = None, ties: Any = None, **options: Any) -> BudgetResult:
        if not isinstance(profile, Approvals | Grades | Pool):
            raise CountError("A budget is counted from ballots that name the supported projects.")
        pool = profile if isinstance(profile, Pool) else _pool(profile)
        if budget is None or budget < 0:
            raise CountError("A budget needs its sum.")
        way: Callable[..., BudgetResult] = equal_shares if rule == "mes" else greedy
        return way(pool.projects, pool.ballots, budget, lot=_lot(ties, len(pool.projects)), **options)

    return counted
