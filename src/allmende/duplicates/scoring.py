"""How likely two entries are one organisation, branches of one, or strangers; and why."""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.fuzz import token_sort_ratio

from allmende.duplicates.portraits import Portrait, Site, host
from allmende.duplicates.rarity import Rarity
from allmende.duplicates.reasons import Reason
from allmende.ground.text import fold

__all__ = ["Judgement", "Portrait", "Rarity", "Reason", "Site", "Verdict", "compare"]


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


def compare(a: Portrait, b: Portrait, rarity: Rarity | None = None) -> Verdict:
    """Judge two entries. Symmetric: who comes first makes no difference."""
    ratio = token_sort_ratio(fold(a.name), fold(b.name)) / 100
    reasons = [Reason("name_same", speaks_for=1)] if ratio == 1 else []
    if host(a.website) and host(a.website) == host(b.website):
        reasons.append(Reason("website_same", {"host": host(a.website)}, 1))
        ratio = min(1.0, ratio + 0.1)
    judgement = Judgement.SAME if ratio >= 0.9 else Judgement.UNSURE if ratio >= 0.8 else Judgement.DIFFERENT
    return Verdict(judgement, ratio, 0.0, tuple(reasons))
