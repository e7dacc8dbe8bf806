"""The words of the index in memory: finds compounds that hold a word, and the nearest word for a typing error.

One copy per process, read again when the index has changed, but at most every ten seconds.
"""

import time
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from django.db import transaction
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from allmende.atlas.models import Version, Word

COMPOUND_FROM = 4  # letters: shorter parts are in too many words by chance
MOST_COMPOUNDS = 60
MAX_AGE = 10.0


@dataclass
class Vocabulary:
    """All words with how they are written and how many entries use them."""

    version: int = -1
    read_at: float = 0.0
    shown: dict[str, str] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    joined: str = ""
    starts: list[int] = field(default_factory=list)

    def compounds(self, part: str) -> list[str]:
        """Words that hold this one (`genossenschaft` in `wohnungsgenossenschaft`), the most used first."""
        if len(part) < COMPOUND_FROM:
            return []
        found: dict[str, None] = {}
        at = self.joined.find(part)
        while at >= 0:
            index = bisect_right(self.starts, at) - 1
            found[self.words[index]] = None
            at = self.joined.find(part, self.starts[index] + len(self.words[index]))
        found.pop(part, None)
        return sorted(found, key=lambda word: (-self.count[word], word))[:MOST_COMPOUNDS]

    def nearest(self, word: str) -> str | None:
        """The best known word for a typing error; None if nothing is near.

        One slip up to 5 letters, two up to 9, three beyond; swapped neighbours are one slip (optimal string alignment).
        """
        slips = 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3
        if len(word) < 4:
            return None
        near = process.extract(word, self.words, scorer=OSA.distance, score_cutoff=slips, limit=20)
        if not near:
            return None
        return min(near, key=lambda hit: (hit[1], hit[0][0] != word[0], -self.count[hit[0]], -fuzz.ratio(hit[0], word), hit[0]))[0]


_held = Vocabulary()


def current() -> Vocabulary:
    """The vocabulary of the index as it stands."""
    global _held  # one copy per process is the purpose
    now = time.monotonic()
    if _held.version >= 0 and now - _held.read_at < MAX_AGE:
        return _held
    version = Version.objects.values_list("number", flat=True).first() or 0
    if version != _held.version:
        _held = _read(version)
    _held.read_at = now
    return _held


def forget() -> None:
    """Read again at the next question (tests, rebuilds)."""
    global _held
    _held = Vocabulary()


def _read(version: int) -> Vocabulary:
    with transaction.atomic():
        rows = list(Word.objects.filter(entries__gt=0).order_by("word").values_list("word", "shown", "entries"))
    names = [row[0] for row in rows]
    return Vocabulary(
        version=version,
        shown={word: shown for word, shown, _ in rows},
        count={word: entries for word, _, entries in rows},
        words=names,
        joined="\n".join(names),
        starts=[0, *accumulate(len(word) + 1 for word in names)][: len(names)],
    )
