"""How much a word says: rare words tell two entries apart, frequent ones tell nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log


@dataclass(frozen=True, slots=True)
class Rarity:
    """Counts of words in the names of this house, over a background of names from elsewhere so that a small house knows words too."""

    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0

    def weight(self, word: str) -> float:
        """Between 0 (in every name) and 1 (as rare as can be)."""
        return min(1.0, max(0.05, -log((self.counts.get(word, 0) + 0.5) / (self.total + 1.0)) / 10.0)) if self.total else 1.0
