"""What unites, what divides, what stands for a group: counts and tests of proportions (as in Polis, repness)."""

from dataclasses import dataclass
from math import prod, sqrt

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
SURE = 1.2816  # 90 percent, one side
MOST_SHOWN = 5


@dataclass(frozen=True)
class Count:
    """Answers to one statement in one group; `seen` includes those who passed."""

    agree: int
    disagree: int
    seen: int

    def __add__(self, other: "Count") -> "Count":
        return Count(self.agree + other.agree, self.disagree + other.disagree, self.seen + other.seen)


NOTHING = Count(0, 0, 0)


@dataclass(frozen=True)
class Standing:
    """Why a statement stands for a group: how likely there, how much likelier than elsewhere, and both tests."""

    statement: int
    agrees: bool
    successes: int
    trials: int
    likely: float
    likely_test: float
    ratio: float
    ratio_test: float

    @property
    def weight(self) -> float:
        return self.ratio * self.ratio_test * self.likely * self.likely_test


def counts(answers: Matrix) -> list[Count]:
    """Agreeing, disagreeing and all answers of each statement."""
    agree, disagree, seen = (answers == 1).sum(axis=0), (answers == -1).sum(axis=0), (~np.isnan(answers)).sum(axis=0)
    return [Count(int(a), int(d), int(s)) for a, d, s in zip(agree, disagree, seen, strict=True)]


def proportion_test(successes: int, trials: int) -> float:
    """How sure it is that more than half do; one success is added, so that few answers are not too sure."""
    return 2 * sqrt(trials + 1) * ((successes + 1) / (trials + 1) - 0.5)


def two_proportions_test(inside: int, outside: int, of_inside: int, of_outside: int) -> float:
    """How sure it is that the share inside is larger than outside."""
    inside, outside, of_inside, of_outside = inside + 1, outside + 1, of_inside + 1, of_outside + 1
    both = (inside + outside) / (of_inside + of_outside)
    if both == 1:
        return 0.0
    return (inside / of_inside - outside / of_outside) / sqrt(both * (1 - both) * (1 / of_inside + 1 / of_outside))


def likely(successes: int, seen: int) -> float:
    """The share with one success and one failure added."""
    return (successes + 1) / (seen + 2)


def consensus(groups: list[Count]) -> float:
    """Group-informed consensus: how likely it is that all groups agree, each counting the same whatever its size."""
    return prod(likely(one.agree, one.seen) for one in groups)


def spread(groups: list[Count]) -> float:
    """How far the groups are apart: the largest difference of two groups' shares of agreement."""
    shares = [likely(one.agree, one.seen) for one in groups]
    return max(shares) - min(shares) if shares else 0.0


def standing(statement: int, here: Count, elsewhere: Count, *, agrees: bool) -> Standing:
    """How a statement stands for a group, by agreement or by disagreement."""
    won, lost = (here.agree, elsewhere.agree) if agrees else (here.disagree, elsewhere.disagree)
    chance = likely(won, here.seen)
    return Standing(
        statement=statement,
        agrees=agrees,
        successes=won,
        trials=here.seen,
        likely=chance,
        likely_test=proportion_test(won, here.seen),
        ratio=chance / likely(lost, elsewhere.seen),
        ratio_test=two_proportions_test(won, lost, here.seen, elsewhere.seen),
    )


def representative(group: int, table: list[list[Count]], without: frozenset[int] = frozenset()) -> list[Standing]:
    """The up to five statements that stand for a group. `table` has one row of counts per group; `without` are left out.

    Both tests must be sure; the one most agreed upon comes along in any case. Agreement stands before disagreement.
    """
    sure: list[Standing] = []
    best: Standing | None = None
    liked: Standing | None = None
    for at, here in enumerate(table[group]):
        if at in without:
            continue
        elsewhere = sum((row[at] for number, row in enumerate(table) if number != group), NOTHING)
        yes, no = (standing(at, here, elsewhere, agrees=which) for which in (True, False))
        chosen = yes if yes.ratio_test > no.ratio_test else no
        if any(one.ratio_test > SURE and one.likely_test > SURE for one in (yes, no)):
            sure.append(chosen)
        if not sure and (best is None or max(yes.ratio_test, no.ratio_test) > best.ratio_test):
            best = chosen
        if here.agree + here.disagree and _likes_more(yes, liked):
            liked = yes
    return _chosen(sure, best, liked)


def _likes_more(one: Standing, best: Standing | None) -> bool:
    if best is None:
        return one.likely_test > SURE or (one.ratio > 1 and one.likely > 0.5)
    if best.ratio > 1:
        return one.weight > best.weight
    return one.likely * one.likely_test > best.likely * best.likely_test


def _chosen(sure: list[Standing], best: Standing | None, liked: Standing | None) -> list[Standing]:
    head = [one for one in (liked or best,) if one]
    if not sure:
        return head
    rest = sorted((one for one in sure if not liked or one.statement != liked.statement), key=lambda one: -one.weight)
    found = [*([liked] if liked else []), *rest][:MOST_SHOWN]
    return sorted(found, key=lambda one: not one.agrees)


def agreed_by_most(table: list[Count], *, agrees: bool, without: frozenset[int] = frozenset()) -> list[int]:
    """Statements that more than half of all surely agree (or disagree) with, the clearest five."""
    found = []
    for at, one in enumerate(table):
        won = one.agree if agrees else one.disagree
        chance, test = likely(won, one.seen), proportion_test(won, one.seen)
        if at not in without and chance > 0.5 and test > SURE:
            found.append((-chance * test, at))
    return [at for _weight, at in sorted(found)[:MOST_SHOWN]]
