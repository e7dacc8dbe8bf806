"""Committees and budgets as methods like the others: from a profile and options to the functions of committee.py and budget.py."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .profiles import Approvals, Grades, Profile, require
from .ties import read_ties

WAYS = {"pav": "seqpav", "mes": "equal-shares"}
"""What a rule of the house calls its ways to form a committee."""


def _lot(ties: Any, options: int) -> tuple[int, ...] | None:
    return read_ties(ties, options).lot or None


def committee_by(rule: str) -> Callable[..., Any]:
    """A committee by this rule: `committee_by("seqpav")(profile, seats=3)`. `way` ("pav", "mes") chooses another one."""

    def counted(profile: Profile, seats: int = 1, way: str | None = None, ties: Any = None) -> Any:
        from . import committee

        require(isinstance(profile, Approvals), "A committee is counted from ballots that name the approved options.")
        require(way is None or way in WAYS, f"A committee is formed by one of these ways: {', '.join(WAYS)}.")
        lot = _lot(ties, len(profile.options))
        return committee.count(WAYS[way] if way else rule, profile.options, profile.ballots, seats, lot=lot)

    return counted


def _points(profile: Approvals | Grades) -> list[tuple[Mapping[int, int], int]]:
    if isinstance(profile, Approvals):
        return [(dict.fromkeys(sorted(approved), 1), times) for approved, times in profile.ballots]
    return [({option: points for option, points in enumerate(row) if points}, times) for row, times in profile.ballots]


def budget_by(rule: str) -> Callable[..., Any]:
    """A budget by this rule: `budget_by("mes")(profile, budget=500_000)`, costs and budget in the same unit."""

    def counted(profile: Profile, budget: int | Fraction | None = None, ties: Any = None, **options: Any) -> Any:
        from . import budget as budgets

        require(isinstance(profile, Approvals | Grades), "A budget is counted from ballots that name the supported projects.")
        require(bool(profile.costs), "Every project needs its cost.")
        require(budget is not None and budget >= 0, "A budget needs its sum.")
        names = zip(profile.options, profile.costs, strict=True)
        projects = [budgets.Project(str(number), cost, name) for number, (name, cost) in enumerate(names, 1)]
        way = budgets.equal_shares if rule == "mes" else budgets.greedy
        return way(projects, _points(profile), budget or 0, lot=_lot(ties, len(projects)), **options)

    return counted
