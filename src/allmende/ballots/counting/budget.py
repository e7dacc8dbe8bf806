"""Participatory budgets: which projects are paid from a sum of money.

Two ways. The Method of Equal Shares: every voter holds an equal share of the money, and a project is taken when its supporters can pay it;
first the one with most effective votes, that is, the one that costs its supporters the smallest part. Greedy: most votes first, as long as
the money lasts. Money is whole numbers (cents) or fractions; nothing is rounded while counting, only shown rounded beside the exact value.

Source: Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities" (2021), and equalshares.net, also for
the order of breaking ties: lower cost, then more votes, then a lot. Where no lot is given, the tie is reported as open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from .budget_result import (
    AFTER_STOP,
    FREE,
    NO_ROOM,
    NO_VOTES,
    SELECTED,
    TOO_DEAR,
    TOO_FEW,
    WITHDRAWN,
    BudgetResult,
    Line,
    Payment,
    Project,
    Tie,
)
from .budget_rounds import Market, Money, Outcome, Round, Run, Supporters, exact, quick
from .profiles import require

Ballots = Sequence[tuple[Mapping[int, Money], int]]

MOST_RUNS = 100_000  # after so many the last one counts; a greater step needs fewer
COST, ONE = "cost", "one"
ADD_ONE = "add-one"
STOP, SKIP = "stop", "skip"


def equal_shares(
    projects: Sequence[Project],
    ballots: Ballots,
    budget: Money,
    *,
    utility: str = COST,
    completion: str | None = ADD_ONE,
    raise_by: Money = 1,
    lot: Sequence[int] | None = None,
) -> BudgetResult:
    """The Method of Equal Shares. A ballot maps supported projects to points (1 for an approval) and says how often it was cast.

    With the utility `cost` a project is worth its cost to a supporter (for each point), with `one` it is worth 1. The completion
    `add-one` gives every voter `raise_by` more and counts again, until no supported project fits into the budget any more, or until the
    projects would cost more than the budget: then the run before counts. After 100,000 runs the last one counts; where money is in cents,
    raise by 100. Voters with an empty ballot hold their share too. Raises CountError for wrong ballots, costs or options.
    """
    require(utility in (COST, ONE), f"“{utility}” is not a utility; there are cost and one.")
    require(completion in (ADD_ONE, None), f"“{completion}” is not a completion of Equal Shares; there is add-one, or none.")
    require(_is_money(raise_by) and raise_by > 0, "The voters' money is raised by a number above 0.")
    count = _Count.of(projects, ballots, budget, lot)
    market = count.market(by_cost=utility == COST)
    share = count.budget / count.voters if count.voters else Fraction(0)
    series = _Series(count, market, share, Fraction(raise_by))
    final = series.last() if completion else series.only()
    rule = {"utility": utility, "completion": completion, "raise_by": str(raise_by) if completion else None}
    return replace(count.result_of_shares(exact(market, final, full=True), share, series), rule=rule)


@dataclass(slots=True)
class _Series:
    """One run after the other, each with more money for everybody."""

    count: "_Count"
    market: Market
    share: Fraction
    step: Fraction
    runs: int = 0
    ended: str | None = None
    beyond: tuple[int, ...] = ()
    ties: dict[tuple[int, ...], Tie] = field(default_factory=dict)

    def only(self) -> Fraction:
        """Count once."""
        self._note(self.share, _outcome(self.market, exact(self.market, self.share)))
        return self.share

    def last(self) -> Fraction:
        """With how much money for everybody the run that counts starts."""
        share, before = self.share, self.share
        while True:
            outcome = quick(self.market, share) or _outcome(self.market, exact(self.market, share))
            self._note(share, outcome)
            rest = self.count.rest(outcome.taken)
            if rest < 0:
                self.ended, self.beyond = "overspent", outcome.taken
                return before
            if all(self.market.costs[one] > rest for one in self.market.open if one not in outcome.taken):
                self.ended = "exhausted"
                return share
            if self.runs == MOST_RUNS:
                self.ended = "limit"
                return share
            before, share = share, share + self.step

    def _note(self, share: Fraction, outcome: Outcome) -> None:
        self.runs += 1
        for between in outcome.undecided:
            taken = min(between, key=self.market.order.index)
            self.ties.setdefault(between, Tie(between, taken, "order", share))


def _outcome(market: Market, run: Run) -> Outcome:
    undecided = tuple(market.undecided(step.tied, step.project) for step in run.rounds if step.by == "order")
    return Outcome(run.taken, undecided)


def greedy(
    projects: Sequence[Project],
    ballots: Ballots,
    budget: Money,
    *,
    unaffordable: str = SKIP,
    threshold: Money = 0,
    lot: Sequence[int] | None = None,
) -> BudgetResult:
    """Most votes (points) first. At the first project that does not fit, `stop` ends the count and `skip` looks at the next.

    Projects with fewer points than `threshold` are not taken, nor are those without any. Raises CountError for wrong input.
    """
    require(unaffordable in (STOP, SKIP), f"“{unaffordable}” is not known for a project that does not fit; there are stop and skip.")
    require(_is_money(threshold), "The threshold is a number of votes.")
    count = _Count.of(projects, ballots, budget, lot)
    rest, stopped, lines = count.budget, False, dict[int, Line]()
    taken = list[int]()
    for one in sorted(range(len(count.projects)), key=lambda one: (-count.points[one], count.projects[one].cost, count.order.index(one))):
        line, cost = count.line(one), Fraction(count.projects[one].cost)
        if count.projects[one].withdrawn or not count.votes[one]:
            lines[one] = line
        elif count.points[one] < threshold:
            lines[one] = replace(line, reason=TOO_FEW, missing=threshold - count.points[one])
        elif stopped:
            lines[one] = replace(line, reason=AFTER_STOP, missing=max(Fraction(0), cost - rest))
        elif cost > rest:
            lines[one] = replace(line, reason=NO_ROOM, missing=cost - rest)
            stopped = unaffordable == STOP
        else:
            taken.append(one)
            rest -= cost
            lines[one] = replace(line, reason=SELECTED, round=len(taken))
    ordered = tuple(lines[one] for one in range(len(count.projects)))
    facts = ("greedy", count.projects, count.budget, count.voters, tuple(taken), ordered)
    rule = {"unaffordable": unaffordable, "threshold": str(threshold)}
    return BudgetResult(*facts, ties=count.ties_of(ordered), lot=count.lot, rule=rule)


@dataclass(frozen=True, slots=True)
class _Count:
    """What is to be counted, checked: equal ballots lie together as kinds, in an order of their own."""

    projects: tuple[Project, ...]
    budget: Fraction
    kinds: tuple[tuple[Mapping[int, Money], int], ...]
    kind_of: tuple[int, ...]
    votes: tuple[int, ...]
    points: tuple[Fraction, ...]
    lot: tuple[int, ...] | None

    @classmethod
    def of(cls, projects: Sequence[Project], ballots: Ballots, budget: Money, lot: Sequence[int] | None) -> "_Count":
        _check(projects, ballots, budget, lot)
        keys = [tuple(sorted(points.items())) for points, _ in ballots]
        places = {key: place for place, key in enumerate(sorted(set(keys)))}
        times, votes, points = [0] * len(places), [0] * len(projects), [Fraction(0)] * len(projects)
        for key, (_, number) in zip(keys, ballots, strict=True):
            times[places[key]] += number
        kinds = tuple((dict(key), times[place]) for key, place in places.items())
        for given, number in kinds:
            for one, worth in given.items():
                votes[one] += number
                points[one] += worth * number
        kind_of = tuple(places[key] for key in keys)
        return cls(tuple(projects), Fraction(budget), kinds, kind_of, tuple(votes), tuple(points), None if lot is None else tuple(lot))

    @property
    def voters(self) -> int:
        return sum(number for _, number in self.kinds)

    @property
    def order(self) -> tuple[int, ...]:
        return self.lot or tuple(range(len(self.projects)))

    def market(self, by_cost: bool) -> Market:
        """The projects that cost something and have supporters."""
        rows: list[list[tuple[int, Money, int]]] = [[] for _ in self.projects]
        for kind, (given, number) in enumerate(self.kinds):
            for one, worth in given.items():
                rows[one].append((kind, worth, number))
        costs = tuple(Fraction(project.cost) for project in self.projects)
        able = tuple(one for one, project in enumerate(self.projects) if self.votes[one] and project.cost and not project.withdrawn)
        supporters = tuple(Supporters.of(row) for row in rows)
        return Market(costs, supporters, self.points, able, len(self.kinds), by_cost, self.order, self.lot is not None)

    def rest(self, taken: Sequence[int]) -> Fraction:
        """What is left of the budget; below 0 when these projects cost more."""
        return self.budget - sum((Fraction(self.projects[one].cost) for one in taken), Fraction(0))

    def line(self, one: int) -> Line:
        """What is known of a project before anything is taken."""
        project, votes = self.projects[one], self.votes[one]
        reason = WITHDRAWN if project.withdrawn else NO_VOTES if not votes else FREE if not project.cost else TOO_DEAR
        return Line(project, votes, self.points[one], reason)

    def result_of_shares(self, run: Run, share: Fraction, series: _Series) -> BudgetResult:
        """Put together the last run and what was noted on the way to it."""
        lines = [self.line(one) for one in range(len(self.projects))]
        for number, step in enumerate(run.rounds, 1):
            lines[step.project] = replace(
                lines[step.project],
                reason=SELECTED,
                round=number,
                price=step.price,
                effective_votes=step.effective[step.project],
                payments=self._payments(step),
            )
        for one, line in enumerate(lines):
            if line.reason == TOO_DEAR:
                held = sum((run.left[kind] * number for kind, (given, number) in enumerate(self.kinds) if one in given), Fraction(0))
                lines[one] = replace(line, missing=Fraction(line.project.cost) - held)
        free = tuple(one for one, line in enumerate(lines) if line.reason == FREE)
        shown = tuple(Tie(step.tied, step.project, step.by, run.share) for step in run.rounds if step.by not in ("", "order"))
        return BudgetResult(
            "equal-shares",
            self.projects,
            self.budget,
            self.voters,
            free + run.taken,
            tuple(lines),
            ties=shown + tuple(series.ties.values()),
            lot=self.lot,
            rounds=run.rounds,
            share=share,
            raised=run.share,
            runs=series.runs,
            ended=series.ended,
            beyond=series.beyond,
            paid=self._paid(run),
        )

    def _payments(self, step: Round) -> tuple[Payment, ...]:
        voters: dict[Fraction, int] = {}
        for kind, amount in step.paid.items():
            voters[amount] = voters.get(amount, 0) + self.kinds[kind][1]
        return tuple(Payment(amount, voters[amount]) for amount in sorted(voters, reverse=True))

    def _paid(self, run: Run) -> tuple[Mapping[int, Fraction], ...]:
        by_kind: list[dict[int, Fraction]] = [{} for _ in self.kinds]
        for step in run.rounds:
            for kind, amount in step.paid.items():
                by_kind[kind][step.project] = amount
        return tuple(by_kind[kind] for kind in self.kind_of)

    def ties_of(self, lines: Sequence[Line]) -> tuple[Tie, ...]:
        """Greedy: projects with equal votes of which some were taken and others were not."""
        groups: dict[Fraction, list[int]] = {}
        for one, line in enumerate(lines):
            if line.reason in (SELECTED, NO_ROOM, AFTER_STOP):
                groups.setdefault(line.points, []).append(one)
        return tuple(tie for group in groups.values() for tie in self._ties_among(group, lines))

    def _ties_among(self, group: list[int], lines: Sequence[Line]) -> list[Tie]:
        taken = [one for one in group if lines[one].selected]
        if not taken or len(taken) == len(group):
            return []
        last = max(taken, key=lambda one: lines[one].round or 0)
        costs = {Fraction(self.projects[one].cost) for one in group if not lines[one].selected}
        by = "cost" if Fraction(self.projects[last].cost) not in costs else "order" if self.lot is None else "lot"
        return [Tie(tuple(group), last, by)]


def _is_money(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _check(projects: Sequence[Project], ballots: Ballots, budget: Money, lot: Sequence[int] | None) -> None:
    require(_is_money(budget) and budget >= 0, "The budget is a whole number or a fraction, 0 or more.")
    ids = [project.id for project in projects]
    require(len(set(ids)) == len(ids), "Two projects have the same id.")
    require(all(_is_money(one.cost) and one.cost >= 0 for one in projects), "Costs are whole numbers or fractions, 0 or more.")
    for given, number in ballots:
        require(type(number) is int and number >= 1, "Every ballot needs a whole number of times, at least 1.")
        require(all(type(one) is int and 0 <= one < len(ids) for one in given), "A ballot names a project that is not on the list.")
        require(all(_is_money(worth) and worth > 0 for worth in given.values()), "Points are numbers above 0.")
    require(lot is None or sorted(lot) == list(range(len(ids))), "A lot names each project once.")
