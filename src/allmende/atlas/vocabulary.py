"""The words of the index in memory: finds compounds that hold a word, and the nearest word for a typing error.

One copy per process, read again when the index has changed, but at most every ten seconds, and rarer where it is large.
"""

import hashlib
import threading
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

from django.db import connection
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from allmende.atlas.models import Tag, Version, Word
from allmende.atlas.portrait import spelled
from allmende.directory.models import Term
from allmende.ground.text import stems
from allmende.places.queries import country_name

COMPOUND_FROM = 4  # letters: shorter parts are in too many words by chance
MOST_COMPOUNDS = 60
MAX_AGE = 10.0
LONG = 0.3  # seconds: what takes longer to read keeps nobody waiting
MOST_WORDS = 150_000  # held in memory: about 25 MB; rarer ones are found all the same, but nothing is corrected to them
LONGEST = 80  # letters of a word in the table
FORMAT = 1  # one more whenever what the index holds of an entry changes its meaning: `prepare` then builds it again


@dataclass
class Vocabulary:
    """All words with how they are written and how many entries use them."""

    version: int = -1
    read_at: float = 0.0
    took: float = 0.0
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

    def beginning(self, part: str, limit: int = 20) -> list[str]:
        """The most used words that begin so. Together they ask for less than the beginning itself where that is long."""
        at = bisect_left(self.words, part)
        found = self.words[at : bisect_left(self.words, f"{part}\U0010ffff", at)]
        return sorted(found, key=lambda word: (-self.count[word], word))[:limit]

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
_reading = threading.Lock()


def current() -> Vocabulary:
    """The vocabulary of the index as it stands. Where reading takes long, the one at hand is given and the new one is read aside."""
    if _held.version >= 0 and time.monotonic() - _held.read_at < max(MAX_AGE, 60 * _held.took):
        return _held
    if _held.took < LONG:
        _renew()
    elif _reading.acquire(blocking=False):
        threading.Thread(target=_renew_aside, name="vocabulary", daemon=True).start()
    return _held


def forget() -> None:
    """Read again at the next question (tests, rebuilds)."""
    global _held
    _held = Vocabulary()


def _renew() -> None:
    global _held  # one copy per process is the purpose
    start = time.monotonic()
    version = Version.objects.values_list("number", flat=True).first() or 0
    if version != _held.version:
        _held = _read(version)
        _held.took = time.monotonic() - start
    _held.read_at = time.monotonic()


def _renew_aside() -> None:
    try:
        _renew()
    finally:
        _reading.release()
        connection.close()


def _read(version: int) -> Vocabulary:
    """The words most used, and those of the taxonomy and the countries that entries are filed under."""
    # In no transaction: it would take the lock of a writer, and what two statements say of two moments does no harm here.
    rows = list(Word.objects.filter(entries__gt=0).order_by("-entries", "word").values_list("word", "shown", "entries")[:MOST_WORDS])
    common = spelled(" ".join(_common_words()))
    shown = {**common, **{word: written for word, written, _ in rows}}
    count = {**dict.fromkeys(common, 1), **{word: entries for word, _, entries in rows}}
    names = sorted(shown)
    return Vocabulary(
        version=version,
        shown=shown,
        count=count,
        words=names,
        joined="\n".join(names),
        starts=[0, *accumulate(len(word) + 1 for word in names)][: len(names)],
    )


def _common_words() -> Iterable[str]:
    """Names and synonyms of all terms, and names of all countries, in use: they are not in the text of entries, but people ask for them."""
    used = set(Tag.objects.values_list("kind", "key"))
    for term in Term.objects.all():
        if (term.tree, term.key) in used:
            yield from (term.name_de, term.name_en, *term.synonyms)
    for kind, key in used:
        if kind == "country":
            yield from (country_name(key, "de"), country_name(key, "en"))


# ------------------------------------------------------------------------------------------------------------- counting


def count(changes: Mapping[str, int], written: Mapping[str, str], suffix: str = "") -> None:
    """Add to the counts; `written` says how new words stand in the text. In one order always, whoever writes."""
    total: Counter[str] = Counter()
    for word, n in changes.items():
        total[word[:LONGEST]] += n
    rows = [(word, written.get(word, word)[:LONGEST], n) for word, n in sorted(total.items()) if n]
    grow = f"ON CONFLICT (word) DO UPDATE SET entries = atlas_word{suffix}.entries + excluded.entries"
    rows.append((how_made(), "", 0))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"INSERT INTO atlas_word{suffix} (word, shown, entries) VALUES (%s, %s, %s) {grow}", rows)
        else:
            cursor.execute(
                f"INSERT INTO atlas_word{suffix} (word, shown, entries) SELECT * FROM unnest(%s::text[], %s::text[], %s::int[]) {grow}",
                [list(column) for column in zip(*rows, strict=True)],
            )


@cache
def how_made() -> str:
    """A mark of how words are folded and stemmed, kept among the words: after a newer stemmer the index must be built again.

    No word has a colon, and used by no entry it is never read.
    """
    sample = "genossenschaften bürgerenergie straßen häuser neues wohnungsbau cooperatives housing energies repairing bicycles œuvre øst"
    made = [stems(word) for word in (*spelled(sample), *(word + ending for word in ("hof", "koop") for ending in ("es", "en", "s", "ing")))]
    return f":{hashlib.sha256(repr((FORMAT, made)).encode()).hexdigest()[:16]}"


def is_outdated() -> bool:
    """Whether words in the index were made in another way than they would be today."""
    return Word.objects.filter(word__startswith=":").exclude(word=how_made()).exists()
