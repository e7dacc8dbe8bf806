"""How likely two entries are one organisation, branches of one, or strangers; and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import exp

from allmende.duplicates.data import HERE
from allmende.duplicates.evidence import gather
from allmende.duplicates.explaining import reasons
from allmende.duplicates.portraits import Portrait, Site
from allmende.duplicates.rarity import NOTHING_COUNTED, Rarity
from allmende.duplicates.reasons import Reason

__all__ = ["Judgement", "Portrait", "Rarity", "Reason", "Site", "Verdict", "compare"]


Weights = dict[str, dict[str, float]]


class Judgement(StrEnum):
    """What a comparison comes to. UNSURE is for people to decide."""

    SAME = "same"
    BRANCH = "branch"
    UNSURE = "unsure"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`score`: probability of being the same organisation, `branch`: of being branches of one; both 0 to 1."""

    judgement: Judgement
    score: float
    branch: float
    reasons: tuple[Reason, ...] = ()


SURE = 0.5  # more likely the same than everything else together
DOUBT = 0.25  # from here on people are asked


@cache
def weights() -> Weights:
    """What each fact counts, for "same" and for "branch" against "different"; fitted by tools/train_duplicates.py."""
    found: Weights = json.loads((HERE / "weights.json").read_text(encoding="utf-8"))
    return found


def probabilities(facts: Mapping[str, float], weights: Weights) -> tuple[float, float]:
    """How likely the same, how likely a branch: softmax over the weighted sums of the facts."""
    same, branch = (
        row.get("", 0.0) + sum(row.get(name, 0.0) * value for name, value in facts.items()) for row in (weights["same"], weights["branch"])
    )
    top = max(0.0, same, branch)
    powers = exp(same - top), exp(branch - top), exp(-top)
    total = sum(powers)
    return powers[0] / total, powers[1] / total


def judge(same: float, branch: float) -> Judgement:
    """The word for these probabilities. Where none of them leads, people are asked."""
    if same >= SURE:
        return Judgement.SAME
    if same >= DOUBT and same >= branch:
        return Judgement.UNSURE
    if branch > 1 - same - branch:
        return Judgement.BRANCH
    return Judgement.DIFFERENT


def compare(a: Portrait, b: Portrait, rarity: Rarity | None = None) -> Verdict:
    """Judge two entries and say why. Symmetric: who comes first makes no difference to the judgement."""
    evidence = gather(a, b, rarity or NOTHING_COUNTED)
    same, branch = probabilities(evidence.facts, weights())
    return Verdict(judge(same, branch), same, branch, reasons(evidence, a, b))


def quick(a: Portrait, b: Portrait, rarity: Rarity) -> tuple[float, float]:
    """Only the probabilities, for sorting hundreds of candidates."""
    return probabilities(gather(a, b, rarity).facts, weights())
