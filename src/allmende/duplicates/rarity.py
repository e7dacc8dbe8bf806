"""How much a word says: rare words tell two entries apart, frequent ones tell nothing.

A small house has seen too few names to know which words are frequent; it leans on `data/words.tsv`, counted in open directories.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import log

from allmende.duplicates.data import HERE

BACKGROUND = 10_000  # as many names the background counts for against the names of the house
UNKNOWN = 0.3 / BACKGROUND  # share of names with a word that the background has never seen
RAREST = -log(UNKNOWN)


@cache
def background() -> dict[str, float]:
    """Share of names with this word, in the language that uses it most."""
    lines = (HERE / "words.tsv").read_text(encoding="utf-8").splitlines()
    return {word: float(share) for word, share in (line.split("\t") for line in lines if line and not line.startswith("#"))}


@dataclass(frozen=True, slots=True)
class Rarity:
    """What the words of names and the hosts of websites are worth in this house.

    `words` and `hosts` say how many of `total` entries have one; what is not in them is taken as not counted, not as absent.
    """

    words: Mapping[str, int] = field(default_factory=dict)
    hosts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0

    def share(self, word: str) -> float:
        """The share of names with this word, in this house and elsewhere; the higher of the two mixed and elsewhere counts."""
        elsewhere = background().get(word, UNKNOWN)
        counted = self.words.get(word)
        if counted is None or not self.total:
            return elsewhere
        return max(elsewhere, (max(counted - 1, 0) + BACKGROUND * elsewhere) / (self.total + BACKGROUND))

    def weight(self, word: str) -> float:
        """0.05 (in every name) to 1 (as rare as can be)."""
        return min(1.0, max(0.05, -log(self.share(word)) / RAREST))


NOTHING_COUNTED = Rarity()
