"""Words as matching reads them: their roots, the parts of compounds, how telling they are, and which others mean nearly the same.

What it knows of German and English lies in data/lexicon.txt.xz (tools/lexicon/build.py writes it, data/README.md says from what), what
it knows of cooperatives in data/words.tsv. Both are read on first use, once per process.
"""

import lzma
from functools import cache, lru_cache
from math import log
from pathlib import Path

from allmende.ground.text import fold, root

DATA = Path(__file__).parent / "data"
LINKS = ("", "s", "es", "n", "en", "er", "e", "ns")
"""What German puts between the parts of a compound: `Arbeit-s-vertrag`, `Last-en-rad`."""
LONGEST_LINK = max(map(len, LINKS))
NO_PARTS = frozenset(
    "ung end innen rinnen esten los haft artig sch her hin vor ein aus auf abs ens ers ter ten nen lich ver ent zer erin ern ant isch "
    "ige igen iger eren beit ert tes tel sel ste ster lade".split()
)
SHORTEST = 3
LONGEST_PART = 14
UNKNOWN = 0.9  # rarity of a word no dictionary has: names, new words

Related = tuple[tuple[str, float], ...]


class Lexicon:
    """The read file: `parts` how many compounds begin and end with a word, `rarity` 0 to 1, `related` words with 0 to 1."""

    def __init__(self) -> None:
        parts, _empty, lines = lzma.decompress((DATA / "lexicon.txt.xz").read_bytes()).decode().partition("\n\n")
        self.parts = {word: (int(first), int(last)) for word, first, last in (line.split("\t") for line in parts.split("\n"))}
        self.lines = {line[: line.index("\t")]: line for line in lines.split("\n")}

    def rarity(self, word: str) -> float:
        """How telling a root is, 0 to 1."""
        line = self.lines.get(word)
        return int(line.split("\t", 2)[1]) / 99 if line else UNKNOWN

    def related(self, word: str) -> Related:
        """Which roots mean nearly the same, and how nearly."""
        line = self.lines.get(word)
        if line is None:
            return ()
        pairs = (said.rpartition(":") for said in line.split("\t", 2)[2].split(" "))
        return tuple((other, int(percent) / 100) for other, _colon, percent in pairs)


@cache
def lexicon() -> Lexicon:
    """The words of both languages."""
    return Lexicon()


@lru_cache(maxsize=65_536)
def parts(word: str) -> tuple[str, ...]:
    """The parts of a folded compound, or nothing where it is none: `lastenrad` is `last`, `rad`.

    Of all ways the one with the fewest and most usual parts is taken.
    """
    if len(word) < 2 * SHORTEST + 1:
        return ()
    found = _split(word, 3)
    return found[1] if found and len(found[1]) > 1 else ()


def _split(word: str, most: int) -> tuple[float, tuple[str, ...]] | None:
    """Cheapest way to read a word as parts, the last of which stands at its end."""
    known = lexicon().parts
    best: tuple[float, tuple[str, ...]] | None = None
    if _is_part(word) and word in known and known[word][1]:
        best = (_cost(known[word][1]), (word,))
    if most == 1:
        return best
    # What is longer is no part: a "word" of a hundred thousand letters costs no more than a long one.
    for cut in range(SHORTEST, min(len(word) - SHORTEST, LONGEST_PART + LONGEST_LINK) + 1):
        start = _modifier(word[:cut])
        rest = _split(word[cut:], most - 1) if start else None
        if start and rest:
            cost = _cost(known[start][0]) + rest[0]
            if best is None or cost < best[0]:
                best = (cost, (start, *rest[1]))
    return best


def _modifier(start: str) -> str:
    """The word at the beginning of a compound without its linking letters; empty where it is none."""
    known, best = lexicon().parts, ""
    for link in LINKS:
        bare = start if not link else start[: -len(link)] if start.endswith(link) else ""
        for word in (bare, f"{bare}en") if not link else (bare,):
            if _is_part(word) and known.get(word, (0, 0))[0] > known.get(best, (0, 0))[0]:
                best = word
    return best


def _is_part(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST_PART and word not in NO_PARTS


def _cost(uses: int) -> float:
    return 1 + 3 / log(2 + uses)


@cache
def _own() -> tuple[frozenset[str], dict[str, Related]]:
    """data/words.tsv: words that say nothing here, and groups of words that mean the same among cooperatives."""
    silent: set[str] = set()
    groups: dict[str, list[tuple[str, float]]] = {}
    for line in (DATA / "words.tsv").read_text(encoding="utf-8").splitlines():
        kind, _tab, said = line.partition("\t")
        if kind == "silent":
            silent.update(root(fold(word)) for word in said.split())
        elif kind and not kind.startswith("#"):
            members = [root(fold(word)) for word in said.split()]
            for one in members:
                groups.setdefault(one, []).extend((other, int(kind) / 100) for other in members if other != one)
    return frozenset(silent), {word: tuple(others) for word, others in groups.items()}


def is_silent(word: str) -> bool:
    """Whether a root says nothing about what is offered or needed: `suchen`, `Genossenschaft`, `please`."""
    return word in _own()[0]


@lru_cache(maxsize=32_768)
def related(word: str) -> Related:
    """Which roots mean nearly the same, and how nearly, 0 to 1; each once, the nearest meaning counts."""
    found = dict(lexicon().related(word))
    for other, nearness in _own()[1].get(word, ()):
        found[other] = max(nearness, found.get(other, 0.0))
    return tuple(found.items())
