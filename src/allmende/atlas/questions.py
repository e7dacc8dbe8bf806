"""From what people type to a question for the index: stems, prefixes, compounds, and the nearest word for a typing error."""

from allmende.atlas.fulltext import Question
from allmende.atlas.vocabulary import Vocabulary
from allmende.ground.text import stems, words

MOST_WORDS = 10
LONGEST_WORD = 100  # letters: folding makes several of one (㌖), and PostgreSQL refuses words beyond 2,046 bytes


def _asked(q: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in words(q)[:MOST_WORDS]]


def exact(q: str) -> Question:
    """Every word by its stems: `Bürgerenergie Genossenschaften` asks for both, in any inflection."""
    return tuple(stems(word) for word in _asked(q))


def wide(q: str, vocabulary: Vocabulary) -> Question:
    """As `exact`, and also the compounds that hold a word: `Genossenschaft` finds `Wohnungsgenossenschaft`."""
    return tuple(
        tuple(dict.fromkeys((*stems(word), *(stem for compound in vocabulary.compounds(word) for stem in stems(compound)))))
        for word in _asked(q)
    )


def typed(q: str) -> Question:
    """As `exact`, with the last word as a beginning: for suggestions while typing."""
    asked = _asked(q)
    if not asked:
        return ()
    return (*(stems(word) for word in asked[:-1]), (f"{asked[-1]}*", *stems(asked[-1])))


def corrected(q: str, vocabulary: Vocabulary) -> str | None:
    """The text with unknown words replaced by the nearest known ones; None if there is nothing to correct."""
    asked = _asked(q)
    better = [vocabulary.shown[near] if word not in vocabulary.count and (near := vocabulary.nearest(word)) else word for word in asked]
    return " ".join(better) if better != asked else None
