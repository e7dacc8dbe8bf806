"""What comes out of a participatory budget: each project with its reason, its round, and what its supporters paid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .budget_rounds import Money, Round

SELECTED, FREE, NO_VOTES, TOO_DEAR = "selected", "free", "no_votes", "supporters_cannot_pay"
NO_ROOM, AFTER_STOP, TOO_FEW, WITHDRAWN = "does_not_fit", "after_the_first_that_did_not_fit", "too_few_votes", "withdrawn"


@dataclass(frozen=True, slots=True)
class Project:
    """What can be paid: its id (each once), what it costs, its name; withdrawn projects are listed and never taken."""

    id: str
    cost: Money
    name: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """So many voters paid this amount each. `about` is the amount rounded to two places."""

    amount: Fraction
    voters: int

    @property
    def about(self) -> str:
        """The amount with two places, halves up."""
        hundredths = int(self.amount * 100 + Fraction(1, 2))
        return f"{hundredths // 100}.{hundredths % 100:02d}"

    def as_json(self) -> dict[str, Any]:
        """As it is published."""
        return {"amount": str(self.amount), "about": self.about, "voters": self.voters}


@dataclass(frozen=True, slots=True)
class Line:
    """One project in the result: how many supporters and points, in which round it was taken or why not, and who paid what.

    `price` is the greatest payment for one point, `effective_votes` the cost divided by it. `missing` is what was lacking in the end: in
    the purses of the supporters, or in the budget when the project's turn came.
    """

    project: Project
    votes: int
    points: Fraction
    reason: str
    round: int | None = None
    price: Fraction | None = None
    effective_votes: Fraction | None = None
    payments: tuple[Payment, ...] = ()
    missing: Fraction | None = None

    @property
    def selected(self) -> bool:
        """Whether the project is paid."""
        return self.reason in (SELECTED, FREE)

    def as_json(self) -> dict[str, Any]:
        """As it is published."""
        return {
            "id": self.project.id,
            "name": self.project.name,
            "cost": str(Fraction(self.project.cost)),
            "votes": self.votes,
            "points": str(self.points),
            "selected": self.selected,
            "reason": self.reason,
            "round": self.round,
            "price": _text(self.price),
            "effective_votes": _text(self.effective_votes),
            "payments": [payment.as_json() for payment in self.payments],
            "missing": _text(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Tie:
    """Equal projects, who was taken, and by what: cost, votes, lot or order. `share` is what the voters held in that run."""

    between: tuple[int, ...]
    taken: int
    by: str
    share: Fraction | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is published."""
        return {"between": list(self.between), "taken": self.taken, "by": self.by, "share": _text(self.share)}


@dataclass(frozen=True, slots=True)
class BudgetResult:
    """Which projects are paid, in the order in which they were taken, and why each was or was not.

    Equal Shares: `share` is the budget divided by the voters, `raised` what each was given in the run that counts, `runs` how many runs
    there were, `ended` why the raising stopped: `exhausted` (no supported project fits any more), `overspent` (the next raise would take
    the projects in `beyond`, which cost too much) or `limit` (after 100,000 runs). `paid[b]` says what a voter of ballot b pays for which
    project; money that is left to voters stays in the budget. `rule` are the options it was counted by. As long as `open_ties` is not
    empty, a lot has to be drawn.
    """

    method: str
    projects: tuple[Project, ...]
    budget: Fraction
    voters: int
    selected: tuple[int, ...]
    lines: tuple[Line, ...]
    ties: tuple[Tie, ...] = ()
    lot: tuple[int, ...] | None = None
    rounds: tuple[Round, ...] = ()
    share: Fraction | None = None
    raised: Fraction | None = None
    runs: int = 1
    ended: str | None = None
    beyond: tuple[int, ...] = ()
    paid: tuple[Mapping[int, Fraction], ...] = ()
    rule: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def spent(self) -> Fraction:
        """What the selected projects cost together."""
        return sum((Fraction(self.projects[one].cost) for one in self.selected), Fraction(0))

    @property
    def open_ties(self) -> tuple[Tie, ...]:
        """Ties that only the order of the list decided, so nothing."""
        return tuple(tie for tie in self.ties if tie.by == "order")

    @property
    def outcome(self) -> str:
        """tie, elected, or rejected when nothing is paid."""
        return "tie" if self.open_ties else "elected" if self.selected else "rejected"

    def as_json(self) -> dict[str, Any]:
        """Everything, to be published; fractions are text, projects places in the list from 0."""
        return {
            "method": self.method,
            "outcome": self.outcome,
            "rule": dict(self.rule),
            "budget": str(self.budget),
            "voters": self.voters,
            "selected": list(self.selected),
            "selected_ids": [self.projects[one].id for one in self.selected],
            "spent": str(self.spent),
            "left": str(self.budget - self.spent),
            "share": _text(self.share),
            "raised": _text(self.raised),
            "runs": self.runs,
            "ended": self.ended,
            "beyond": list(self.beyond),
            "lot": None if self.lot is None else list(self.lot),
            "ties": [tie.as_json() for tie in self.ties],
            "projects": [line.as_json() for line in self.lines],
            "rounds": [_round_as_json(number, step) for number, step in enumerate(self.rounds, 1)],
        }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _round_as_json(number: int, step: Round) -> dict[str, Any]:
    effective = [_text(value) for value in step.effective]
    return {"round": number, "taken": step.project, "price": str(step.price), "tied": list(step.tied), "effective_votes": effective}
