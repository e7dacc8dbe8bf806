"""The score of a need and an offer, 0 to 100, and its parts. Plain Python on plain values, so that it can be followed at a table.

    40 category + 20 keywords or text + 20 nearness + 10 common goals (SDGs) + 10 same network or recommended by a member

Nobody can buy or earn a place: neither payment nor popularity counts. Ties go to the newer one that can still be answered.
"""

from collections.abc import Set
from dataclasses import dataclass

from allmende.places.rules import distance_km

CATEGORY, TEXT, NEARNESS, GOALS, NETWORK = 40.0, 20.0, 20.0, 10.0, 10.0
FULL_LIKENESS = 0.5
"""Texts this alike count as the same: of two that mean the same but were written by two people, half are less alike than 0.2."""
COMMON_WORDS = 0.1
"""From this likeness on two texts have words in common that mean something."""
CLEAR_WORDS = 0.2  # so alike that the other category is probably a matter of taste
SHOWN_FROM = 25.0  # less is chance
GOOD = 60.0  # from here on both sides are told
GOOD_ELSEWHERE = 40.0  # and from here on where the words clearly agree though the categories do not: 60 are all they can have
SHOWN = 5


@dataclass(frozen=True)
class Side:
    """What of a listing counts beside its text. `networks`: those its organisation is in, and itself if it is one."""

    category: int
    tags: Set[str] = frozenset()  # roots of the keywords
    is_remote: bool = False
    lat: float | None = None
    lon: float | None = None
    radius: float = 50.0  # km
    goals: Set[int] = frozenset()
    networks: Set[int] = frozenset()


@dataclass(frozen=True)
class Score:
    """The five parts in points. `km` is None where distance does not matter or is not known; `likeness` of the texts is 0 to 1."""

    category: float
    text: float
    nearness: float
    goals: float
    network: float
    likeness: float = 0.0
    km: float | None = None

    @property
    def total(self) -> float:
        """0 to 100."""
        return self.category + self.text + self.nearness + self.goals + self.network

    @property
    def has_common_words(self) -> bool:
        """Whether keywords or texts say something of the same kind; without that only the category speaks for it."""
        return self.text > 0 and (self.likeness >= COMMON_WORDS or self.text > TEXT * self.likeness / FULL_LIKENESS)

    @property
    def is_candidate(self) -> bool:
        """Nearness and a common network alone are no match."""
        return self.category > 0 or self.has_common_words

    @property
    def is_good(self) -> bool:
        """Whether both sides are told of it."""
        least = GOOD_ELSEWHERE if not self.category and self.likeness >= CLEAR_WORDS else GOOD
        return self.has_common_words and self.total >= least


def score(need: Side, offer: Side, likeness: float, is_recommended: bool = False) -> Score:
    """How well an offer fits a need; it does not matter which of both is which. `likeness` of their texts is 0 to 1.

    Example of the specification: same category, 1 of 3 keywords, 25 km of 100, 1 of 2 goals, same network: 76.67.
    """
    km = distance(need, offer)
    return Score(
        category=CATEGORY if need.category == offer.category else 0.0,
        text=TEXT * max(overlap(need.tags, offer.tags), min(1.0, likeness / FULL_LIKENESS)),
        nearness=NEARNESS * nearness(need, offer, km),
        goals=GOALS * overlap(need.goals, offer.goals),
        network=NETWORK if need.networks & offer.networks or is_recommended else 0.0,
        likeness=likeness,
        km=km,
    )


def overlap(one: Set[object], other: Set[object]) -> float:
    """Which part of all that either names is named by both, 0 to 1 (Jaccard); 0 where nobody names anything."""
    both = one | other
    return len(one & other) / len(both) if both else 0.0


def distance(one: Side, other: Side) -> float | None:
    """Kilometres; None where one works from a distance or a place is not known."""
    if one.is_remote or other.is_remote or one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return distance_km(one.lat, one.lon, other.lat, other.lon)


def nearness(one: Side, other: Side, km: float | None) -> float:
    """1 where one of both works from a distance, else falling to 0 at the larger radius. Unknown places count nothing."""
    if one.is_remote or other.is_remote:
        return 1.0
    return 0.0 if km is None else max(0.0, 1 - km / max(1.0, one.radius, other.radius))
