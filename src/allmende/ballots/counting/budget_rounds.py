"""One run of the Method of Equal Shares: every voter starts with the same sum, project after project is paid.

The run is written twice. `exact` reckons in fractions and keeps every step; it is what a result is made of. `quick` reckons with floating
numbers and answers only when no decision in it was closer than a hundred-millionth; for a completion by raises it passes over hundreds of
runs whose outcome is not needed in every detail. Where it will not answer, `exact` does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from .committee_money import Money as Money
from .committee_money import price

NEAR = 1e-8  # decisions closer than this are left to fractions
SMALL = 1e-5  # what is left of a cost after the poor paid must not be smaller, or floating numbers lose too many digits


@dataclass(frozen=True, slots=True)
class Round:
    """One project that was paid: the greatest payment for a point, and the effective votes of every project that was still open then.

    `tied` are the projects with as many effective votes, `by` what decided between them: `cost`, `votes`, `lot`, or `order` (the order of
    the list, which means: nothing). `paid` is what a voter of each kind of ballot paid.
    """

    project: int
    price: Fraction
    effective: tuple[Fraction | None, ...]
    tied: tuple[int, ...]
    by: str
    paid: Mapping[int, Fraction]


@dataclass(frozen=True, slots=True)
class Run:
    """What was paid, in this order, when everybody started with `share`, and what is left to a voter of each kind of ballot."""

    share: Fraction
    rounds: tuple[Round, ...]
    left: tuple[Fraction, ...]

    @property
    def taken(self) -> tuple[int, ...]:
        """The paid projects."""
        return tuple(step.project for step in self.rounds)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a quick run knows: what was paid, and between whom only the order of the list decided."""

    taken: tuple[int, ...]
    undecided: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Supporters:
    """Who supports one project: kinds of ballots, their points, how many voters each; once more as arrays for the quick run."""

    kinds: tuple[int, ...]
    points: tuple[Money, ...]
    voters: tuple[int, ...]
    where: npt.NDArray[np.int64] = field(repr=False)
    weight: npt.NDArray[np.float64] = field(repr=False)
    many: npt.NDArray[np.float64] = field(repr=False)

    @classmethod
    def of(cls, rows: Sequence[tuple[int, Money, int]]) -> "Supporters":
        """From rows of kind, points and number of voters."""
        kinds, points, voters = tuple(zip(*rows, strict=True)) or ((), (), ())
        arrays = np.array(kinds, dtype=np.int64), np.array([float(one) for one in points]), np.array(voters, dtype=np.float64)
        return cls(kinds, points, voters, *arrays)

    @property
    def total(self) -> Fraction:
        """All points together."""
        return sum((Fraction(one) * voters for one, voters in zip(self.points, self.voters, strict=True)), Fraction(0))


@dataclass(frozen=True, slots=True)
class Market:
    """Projects that may be paid (`open`), their costs, their supporters, how to compare them, and the order that decides last."""

    costs: tuple[Fraction, ...]
    supporters: tuple[Supporters, ...]
    totals: tuple[Fraction, ...]
    open: tuple[int, ...]
    kinds: int
    by_cost: bool
    order: tuple[int, ...]
    by_lot: bool

    def scale(self, project: int) -> Fraction:
        """What a point is worth to a voter: the project's cost, or 1."""
        return self.costs[project] if self.by_cost else Fraction(1)

    def decide(self, tied: Iterable[int]) -> tuple[int, str]:
        """Lower cost, then more votes, then the lot; and which of these it was."""
        tied = list(tied)
        if len(tied) == 1:
            return tied[0], ""
        for by, value in (("cost", self.costs), ("votes", [-total for total in self.totals])):
            least = min(value[one] for one in tied)
            tied = [one for one in tied if value[one] == least]
            if len(tied) == 1:
                return tied[0], by
        return min(tied, key=self.order.index), "lot" if self.by_lot else "order"

    def undecided(self, tied: Iterable[int], taken: int) -> tuple[int, ...]:
        """Of equal projects those that only the order of the list keeps apart from the one that was taken."""
        like = self.costs[taken], self.totals[taken]
        return tuple(one for one in tied if (self.costs[one], self.totals[one]) == like)


# ---------------------------------------------------------------------------------------------------------------- exact


@dataclass(slots=True)
class _Purses:
    """What voters hold: ballots of one kind hold the same, and those with equal sums lie together.

    The sums are whole numbers of a coin so small that all payments so far are whole too: `unit` of them make 1. That is as exact as
    fractions and several times as fast.
    """

    unit: int
    sums: list[int]
    place: list[int]

    @classmethod
    def of(cls, market: Market, share: Fraction) -> "_Purses":
        """Everybody holds the same."""
        unit = lcm(share.denominator, *(cost.denominator for cost in market.costs))
        return cls(unit, [int(share * unit)], [0] * market.kinds)

    def held_by(self, supporters: Supporters) -> dict[tuple[int, Money], int]:
        """How many supporters hold a sum and gave so many points."""
        held: dict[tuple[int, Money], int] = {}
        for kind, points, voters in zip(supporters.kinds, supporters.points, supporters.voters, strict=True):
            key = self.place[kind], points
            held[key] = held.get(key, 0) + voters
        return held

    def price(self, cost: Fraction, supporters: Supporters) -> Fraction | None:
        """The greatest payment for a point, or None when the supporters cannot pay the project."""
        held, coins = self.held_by(supporters), int(cost * self.unit)
        if sum(self.sums[place] * voters for (place, _), voters in held.items()) < coins:
            return None
        rows = [(self.sums[place], points, voters) for (place, points), voters in held.items()]
        per_point = sorted((money if points == 1 else Fraction(money) / points, points * voters) for money, points, voters in rows)
        return price(coins, per_point, supporters.total) / self.unit

    def pay(self, supporters: Supporters, per_point: Fraction) -> dict[int, Fraction]:
        """Take the payments, and say who paid what."""
        amounts = self._in_coins({points: per_point * points for points in set(supporters.points)})
        known = {amount: place for place, amount in enumerate(self.sums)}
        after: dict[tuple[int, Money], tuple[int, Fraction]] = {}
        paid: dict[int, Fraction] = {}
        for kind, points in zip(supporters.kinds, supporters.points, strict=True):
            key = self.place[kind], points
            if key not in after:
                before = self.sums[key[0]]
                rest = max(0, before - amounts[points])
                after[key] = known.setdefault(rest, len(self.sums)), Fraction(before - rest, self.unit)
                if after[key][0] == len(self.sums):
                    self.sums.append(rest)
            self.place[kind], paid[kind] = after[key]
        return paid

    def _in_coins(self, amounts: dict[Money, Fraction]) -> dict[Money, int]:
        """Whole numbers of the coin; for that the coin becomes smaller where it must."""
        unit = lcm(self.unit, *(amount.denominator for amount in amounts.values()))
        self.sums, self.unit = [money * (unit // self.unit) for money in self.sums], unit
        return {points: int(amount * unit) for points, amount in amounts.items()}

    def left(self) -> tuple[Fraction, ...]:
        """What a voter of each kind still holds."""
        amounts = [Fraction(money, self.unit) for money in self.sums]
        return tuple(amounts[place] for place in self.place)


def exact(market: Market, share: Fraction, full: bool = False) -> Run:
    """Run in fractions. With `full` the effective votes of every project are known in every round, otherwise of those in question."""
    purses, open_projects, rounds = _Purses.of(market, share), set(market.open), list[Round]()
    floor = {one: market.costs[one] / market.totals[one] / market.scale(one) for one in market.open}  # prices only rise
    while True:
        prices: dict[int, Fraction] = {}
        best: Fraction | None = None
        for project in sorted(open_projects, key=lambda one: (floor[one], one)):
            if best is not None and floor[project] > best and not full:
                break
            amount = purses.price(market.costs[project], market.supporters[project])
            if amount is None:
                open_projects.discard(project)
                continue
            prices[project], floor[project] = amount, amount / market.scale(project)
            best = floor[project] if best is None else min(best, floor[project])
        if not prices:
            return Run(share, tuple(rounds), purses.left())
        tied = tuple(sorted(one for one in prices if floor[one] == best))
        project, by = market.decide(tied)
        effective = tuple(market.costs[one] / prices[one] if one in prices else None for one in range(len(market.costs)))
        paid = purses.pay(market.supporters[project], prices[project])
        rounds.append(Round(project, prices[project], effective, tied, by, paid))
        open_projects.discard(project)


# ---------------------------------------------------------------------------------------------------------------- quick


class _TooClose(Exception):
    """A decision was too close for floating numbers."""


@dataclass(slots=True)
class _Quick:
    """A run with floating numbers. `clear` holds projects whose supporters all pay in full: their price is known exactly."""

    market: Market
    left: npt.NDArray[np.float64]
    share: float
    clear: set[int] = field(default_factory=set)

    def price(self, project: int) -> float | None:
        """As in _Purses; raises _TooClose when it is not clear whether the project can be paid."""
        supporters, cost = self.market.supporters[project], float(self.market.costs[project])
        money = self.left[supporters.where]
        total = float(money @ supporters.many)
        if total < cost * (1 - NEAR):
            return None
        points = supporters.weight * supporters.many
        rich = cost / float(points.sum())
        ratio = money / supporters.weight
        self.clear.discard(project)
        if float(ratio.min()) > rich * (1 + NEAR):
            self.clear.add(project)
            return rich
        return self._shared(cost, total, ratio, points, money * supporters.many)

    def _shared(
        self,
        cost: float,
        total: float,
        ratio: npt.NDArray[np.float64],
        points: npt.NDArray[np.float64],
        money: npt.NDArray[np.float64],
    ) -> float:
        order = np.argsort(ratio)
        held, weight = money[order], points[order]
        missing = cost - np.concatenate([[0.0], np.cumsum(held)[:-1]])
        each = missing / np.cumsum(weight[::-1])[::-1]
        enough = np.flatnonzero(ratio[order] >= each)
        if total < cost * (1 + NEAR) or not len(enough) or missing[enough[0]] < SMALL * (cost + float(self.share * len(ratio))):
            raise _TooClose
        return float(each[enough[0]])

    def pay(self, project: int, per_point: float) -> None:
        """Take the payments."""
        supporters = self.market.supporters[project]
        money = self.left[supporters.where]
        self.left[supporters.where] = money - np.minimum(money, per_point * supporters.weight)

    def equal(self, near: list[int], best: int) -> list[int]:
        """Which of the projects near the best are exactly equal. Raises _TooClose when that cannot be known."""
        if len(near) > 1 and not self.clear.issuperset(near):
            raise _TooClose
        worth = {one: self.market.costs[one] / self.market.totals[one] / self.market.scale(one) for one in near}
        return [one for one in near if worth[one] == min(worth.values())] if len(near) > 1 else [best]


def quick(market: Market, share: Fraction) -> Outcome | None:
    """Run with floating numbers; None when a decision was too close."""
    run = _Quick(market, np.full(market.kinds, float(share)), float(share))
    try:
        return _quick(run, {one: float(market.costs[one] / market.totals[one] / market.scale(one)) for one in market.open})
    except _TooClose:
        return None


def _quick(run: _Quick, floor: dict[int, float]) -> Outcome:
    taken, undecided, scale = list[int](), list[tuple[int, ...]](), {one: float(run.market.scale(one)) for one in floor}
    while True:
        prices: dict[int, float] = {}
        best = float("inf")
        for project in sorted(floor, key=floor.__getitem__):
            if floor[project] > best * (1 + NEAR):
                break
            amount = run.price(project)
            if amount is None:
                del floor[project]
                continue
            prices[project], floor[project] = amount, amount / scale[project]
            best = min(best, floor[project])
        if not prices:
            return Outcome(tuple(taken), tuple(undecided))
        near = [one for one in prices if floor[one] <= best * (1 + NEAR)]
        tied = run.equal(near, near[0])
        project, by = run.market.decide(tied)
        if by == "order":
            undecided.append(run.market.undecided(tied, project))
        run.pay(project, prices[project])
        taken.append(project)
        del floor[project]
