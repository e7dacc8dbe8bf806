"""What a listing is about, as numbers: roots of its words with weights.

    portrait(title="Lastenrad gesucht", text="", tags=["Transport"], names=("Fahrräder",))  ->  {root: weight}

A word weighs by where it stands (title and keywords more than text), by how rare it is, and only once however often it is said. Parts of
compounds weigh less than whole words; what says nothing about the matter (data/words.tsv) weighs nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import sqrt

from allmende.ground.text import root, words
from allmende.matching.words import is_silent, lexicon, parts, related

TITLE, TAGS, TEXT, NAMES = 1.0, 0.9, 0.45, 0.35
PART = 0.6
MOST_WORDS = 400  # of a text: what matters is said before
MOST_ROOTS = 60  # the weightiest are kept
RELATED = 0.85  # how much a related word counts of its nearness

Portrait = dict[str, float]


def portrait(title: str, text: str, tags: Iterable[str], names: Iterable[str] = ()) -> Portrait:
    """Roots with weights; `names` are those of its category, in both languages."""
    found: Portrait = {}
    for said, weight in ((title, TITLE), (" ".join(tags), TAGS), (text, TEXT), (" ".join(names), NAMES)):
        for word in words(said)[:MOST_WORDS]:
            for stem, share in roots(word):
                found[stem] = max(found.get(stem, 0.0), share * weight * lexicon().rarity(stem) ** 2)
    strongest = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_ROOTS]
    return dict(strongest)


def roots(word: str) -> Iterator[tuple[str, float]]:
    """What a folded word is found by, and how much each counts: itself and the parts of a compound, without what says nothing."""
    stem = root(word)
    if len(stem) < 2 or word.isdigit() or is_silent(stem):
        return
    yield stem, 1.0
    for part in parts(word):
        piece = root(part)
        if piece != stem and not is_silent(piece):
            yield piece, PART


def widened(known: Mapping[str, float]) -> Portrait:
    """The same with the words that mean nearly the same, each with its nearness: what to look for in others."""
    wide = dict(known)
    for stem, weight in known.items():
        for other, nearness in related(stem):
            if not is_silent(other):
                wide[other] = max(wide.get(other, 0.0), RELATED * nearness * weight)
    return wide


def length(known: Mapping[str, float]) -> float:
    """How much a portrait says in all; 1 for an empty one, so that one can divide by it."""
    return sqrt(sum(weight * weight for weight in known.values())) or 1.0


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike two portraits are, 0 to about 1, the same from both sides: what each says of what the other looks for."""
    found = _found(widened(one), other) + _found(widened(other), one)
    return found / 2 / (length(one) * length(other))


def _found(wanted: Mapping[str, float], there: Mapping[str, float]) -> float:
    return sum(wanted[stem] * weight for stem, weight in there.items() if stem in wanted)
