"""Write src/allmende/matching/data/lexicon.txt.xz: which words mean nearly the same, in German and English.

    apt-get download mythes-de trans-de-en && for each: dpkg -x PACKAGE.deb unpacked
    PYTHONPATH=src .venv/bin/python tools/lexicon/build.py unpacked

Read are OpenThesaurus (groups of German synonyms, LGPL-2.1) and the dictionary of Ding (German and English side by side, GPL-2+), both
as Debian packages them. What comes out is derived from both and stands under GPL-2+ (data/README.md).

First come the parts of compounds, `word <tab> first <tab> last`: how many German compounds begin and end with it. After an empty line the
words, `root <tab> rarity <tab> other:strength ...`: as `ground.text.root` writes them, rarity 0 to 99 (how seldom the dictionary uses
it), and up to MOST related words with 1 to 90 percent.
"""

import lzma
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import log
from pathlib import Path

from allmende.ground.text import fold
from allmende.ground.text import root as key
from allmende.matching.words import LINKS, NO_PARTS

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "src" / "allmende" / "matching" / "data" / "lexicon.txt.xz"
MOST = 10
WEAKEST = 0.18
COMMON = 8
RARE_PART = 2
LARGEST = 14  # members of a group: larger ones hold loosely
# Marks of Ding for fields in which cooperatives rarely trade words; their terms only make common words ambiguous.
FOREIGN_FIELDS = set(
    "med. bot. zool. chem. min. astron. mil. geol. biochem. ornith. anat. biol. phys. math. relig. naut. aviat. hist. ling. lit. geogr. "
    "weapons pharm. meteo. stat. myc. mach. vulg. slang poet. obs. philos. statist. psych. phil. vet. ichth. entom. astrol. myth.".split()
)
STOP = set(
    "to a an the of for in on at by with from sth sb s be as or and one oneself up out off der die das ein eine einen einem einer des dem "
    "den und oder zu zum zur von vom fur mit auf im am bei nach aus sich etw jdn jdm jds jd etwas nicht sein haben werden".split()
)
_BRACKETS = re.compile(r"\{[^}]*\}|\([^)]*\)|/[^/]*/|<[^>]*>")
_MARK = re.compile(r"\[([^\]]*)\]")
_WORD = re.compile(r"[^\W\d_]+")
Terms = list[tuple[str, ...]]
Group = tuple[Terms, Terms]


def terms(texts: Iterable[str]) -> Terms:
    """Each as its folded words without brackets, marks and small words; longer than three words is a sentence."""
    found = []
    for text in texts:
        words = [fold(word) for word in _WORD.findall(_MARK.sub(" ", _BRACKETS.sub(" ", text)))]
        kept = tuple(word for word in words if word not in STOP)
        if 1 <= len(kept) <= 3:
            found.append(kept)
    return found


def ding(path: Path) -> Iterator[Group]:
    """Pairs of German and English terms that translate each other."""
    for line in path.read_text(encoding="utf-8").splitlines():
        german, arrow, english = line.partition("::")
        if line.startswith("#") or not arrow or FOREIGN_FIELDS & {mark.strip() for mark in _MARK.findall(german)}:
            continue
        sides = german.split("|"), english.split("|")
        if len(sides[0]) == len(sides[1]):
            for one, other in zip(*sides, strict=True):
                pair = terms(one.split(";")), terms(other.split(";"))
                if all(pair):
                    yield pair


def thesaurus(path: Path) -> Iterator[Group]:
    """Groups of German synonyms, and beside each the wider and narrower words."""
    seen = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("-|"):
            continue
        members, around = [], []
        for text in line[2:].split("|"):
            low = text.lower()
            if any(mark in low for mark in ("(derb", "(vulg", "antonym")):
                continue
            (around if any(mark in low for mark in ("oberbegriff", "unterbegriff", "assoziation")) else members).append(text)
        group = terms(members), terms(around)
        name = frozenset(group[0]), frozenset(group[1])
        if len(group[0]) + len(group[1]) > 1 and name not in seen:
            seen.add(name)
            yield group


def weighed(found: Terms) -> dict[str, float]:
    """Words of single-word terms count fully, both words of a phrase nearly half."""
    weights: dict[str, float] = {}
    for term in found:
        for word in term if len(term) < 3 else ():
            weights[key(word)] = max(weights.get(key(word), 0.0), 1.0 if len(term) == 1 else 0.45)
    return {word: weight for word, weight in weights.items() if len(word) > 1}


class Relations:
    """How strongly words are tied, summed over all groups; a word with many meanings ties each of them less."""

    def __init__(self) -> None:
        self.ties: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.meanings: Counter[str] = Counter()

    def add(self, members: dict[str, float], base: float) -> None:
        """All members of a group with each other."""
        if len(members) > LARGEST:
            return
        damp = base / (1 + 0.12 * max(0, len(members) - 2))
        for one, mine in members.items():
            self.meanings[one] += mine == 1.0
            for other, yours in members.items():
                if one != other:
                    self.ties[one][other] += damp * mine * yours

    def around(self, members: dict[str, float], wider: dict[str, float]) -> None:
        """Members with wider and narrower words, weaker than among themselves."""
        for one, mine in members.items():
            for other, yours in wider.items():
                if one != other:
                    self.ties[one][other] += 0.35 * mine * yours / (1 + 0.1 * len(wider))
                    self.ties[other][one] += 0.25 * mine * yours / (1 + 0.1 * len(wider))

    def strongest(self, word: str) -> list[tuple[float, str]]:
        """What a word is tied to."""
        meanings = max(1, self.meanings[word]) ** 0.6
        found = sorted(((min(0.9, weight / meanings), other) for other, weight in self.ties[word].items()), reverse=True)
        return [one for one in found if one[0] >= WEAKEST]


def productivity(words: set[str]) -> tuple[Counter[str], Counter[str]]:
    """How many words begin and end with another one, joined by a linking letter or none."""
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    parts = {word for word in words if 3 <= len(word) <= 14 and word not in NO_PARTS}
    for word in words:
        for cut in range(3, len(word) - 2):
            head = word[cut:]
            if head in parts and (tail := _modifier(word[:cut], parts)):
                first[tail] += 1
                last[head] += 1
    return first, last


def _modifier(start: str, parts: set[str]) -> str:
    for link in LINKS:
        bare = start[: len(start) - len(link)] if link and start.endswith(link) else start if not link else ""
        if bare in parts:
            return bare
        if not link and f"{bare}en" in parts:  # Leih-: leihen
            return bare
    return ""


def main(folder: Path) -> None:
    """Read both, write one file."""
    pairs = list(ding(folder / "usr/share/trans/de-en"))
    groups = list(thesaurus(folder / "usr/share/mythes/th_de_DE_v2.dat"))
    german = {term[0] for side, _english in pairs for term in side if len(term) == 1}
    german |= {term[0] for members, around in groups for term in members + around if len(term) == 1}
    first, last = productivity(german)
    uses: Counter[str] = Counter()
    relations = Relations()
    for one, other in pairs:
        uses.update({key(word) for term in one + other for word in term})
        both = weighed(one)
        for word, weight in weighed(other).items():
            both[word] = max(both.get(word, 0.0), weight)
        relations.add(both, 0.8)
    for members, around in groups:
        inner = weighed(members)
        relations.add(inner, 0.9)
        relations.around(inner, weighed(around))
    write(relations, uses, len(pairs), first, last)


def write(relations: Relations, uses: Counter[str], pairs: int, first: Counter[str], last: Counter[str]) -> None:
    """Compounds of two known parts are left out: they are found by their parts."""
    parts = sorted({word for word in first | last if first[word] + last[word] >= RARE_PART})
    kept = {word for word in relations.ties if uses[word] >= COMMON or not is_compound(word, first, last)}
    lines = [f"{word}\t{first[word]}\t{last[word]}" for word in parts] + [""]
    for word in sorted(kept):
        tied = [(weight, other) for weight, other in relations.strongest(word) if other in kept][:MOST]
        rarity = round(99 * max(0.0, log(pairs / (1 + uses[word])) / log(pairs)))
        if tied:
            lines.append(f"{word}\t{rarity}\t" + " ".join(f"{other}:{round(100 * weight)}" for weight, other in tied))
    TARGET.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(parts)} parts, {len(lines) - len(parts) - 1} words, {TARGET.stat().st_size} bytes")


def is_compound(word: str, first: Counter[str], last: Counter[str]) -> bool:
    """Whether a root is plainly made of two words that make many others, too."""
    return any(last[word[cut:]] >= COMMON and _is_start(word[:cut], first) for cut in range(4, len(word) - 3))


def _is_start(start: str, first: Counter[str]) -> bool:
    bare = {start, *(start[: -len(link)] for link in LINKS if link and start.endswith(link))}
    return any(first[one] >= COMMON for one in bare)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
