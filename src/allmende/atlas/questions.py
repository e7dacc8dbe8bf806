"""From what people type to a question for the index: stems, words of the taxonomy, compounds, and the nearest word for a typing error."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from allmende.atlas.engine.choose import Words
from allmende.atlas.fulltext import Group, Question, country_token, term_token
from allmende.atlas.vocabulary import Vocabulary
from allmende.directory.models import Term
from allmende.ground.text import stems, words
from allmende.places.gazetteer import countries

MOST_WORDS = 10
LONGEST_WORD = 100  # letters: folding makes several of one (㌖), and PostgreSQL refuses words beyond 2,046 bytes
MAX_AGE = 60.0  # seconds until a change of the taxonomy is known that came without a change of the index


def asked(q: str, vocabulary: Vocabulary) -> Words | None:
    """What is asked of the text, None where no word is in it: then nothing can be found by it."""
    question = exact(q)
    return Words(question, wide(q, vocabulary)) if question else None


def _asked(q: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in words(q)[:MOST_WORDS]]


def exact(q: str) -> Question:
    """Every word by its stems, or by what is called so in the taxonomy: `Strom` finds what is tagged as energy."""
    return tuple(_group(word) for word in _asked(q))


def _group(word: str) -> Group:
    found = stems(word)
    return tuple(dict.fromkeys((*found, *(token for stem in found for token in _tokens().get(stem, ())))))


def wide(q: str, vocabulary: Vocabulary) -> Question:
    """As `exact`, and also the compounds that hold a word: `Genossenschaft` finds `Wohnungsgenossenschaft`."""
    return tuple(
        tuple(dict.fromkeys((*_group(word), *(stem for compound in vocabulary.compounds(word) for stem in _group(compound)))))
        for word in _asked(q)
    )


def typed(q: str) -> Question:
    """The words' stems, with the last word as a beginning: for suggestions while typing."""
    asked_for = _asked(q)
    if not asked_for:
        return ()
    return (*(stems(word) for word in asked_for[:-1]), (f"{asked_for[-1]}*", *stems(asked_for[-1])))


def corrected(q: str, vocabulary: Vocabulary) -> str | None:
    """The text with unknown words replaced by the nearest known ones; None if there is nothing to correct."""
    said = _asked(q)
    better = [vocabulary.shown[near] if word not in vocabulary.count and (near := vocabulary.nearest(word)) else word for word in said]
    return " ".join(better) if better != said else None


@dataclass
class _Names:
    """Which tokens the stems of names and synonyms lead to, and when that was read."""

    read_at: float = float("-inf")
    tokens: dict[str, tuple[str, ...]] = field(default_factory=dict)


_held = _Names()


def forget() -> None:
    """Read the taxonomy again at the next question (tests)."""
    global _held  # one copy per process is the purpose
    _held = _Names()


def _tokens() -> dict[str, tuple[str, ...]]:
    global _held
    if time.monotonic() - _held.read_at > MAX_AGE:
        _held = _Names(time.monotonic(), _read())
    return _held.tokens


def _read() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for pk, name_de, name_en, synonyms in Term.objects.values_list("pk", "name_de", "name_en", "synonyms"):
        for stem in _stems_of(" ".join((name_de, name_en, *synonyms))):
            found[stem][term_token(pk)] = None
    for stem, token in _countries():
        found[stem][token] = None
    return {stem: tuple(tokens) for stem, tokens in found.items()}


@lru_cache(maxsize=1)
def _countries() -> tuple[tuple[str, str], ...]:
    return tuple((stem, country_token(code)) for code, names in countries().names.items() for name in names for stem in _stems_of(name))


def _stems_of(text: str) -> set[str]:
    return {stem for word in words(text) for stem in stems(word)}
