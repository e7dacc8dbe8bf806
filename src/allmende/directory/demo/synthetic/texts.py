"""Names and texts of a part of the invented organisations, drawn from the words of their language."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allmende.directory.demo.synthetic.drawing import Drawn, Ints
from allmende.directory.demo.synthetic.language import Language, coined, language
from allmende.directory.demo.synthetic.towns import LANGUAGES, every

SUMMARY = (7, 13)  # words
TEXT = (13, 28)
SENTENCE = 9
WITH_TOWN = 0.4
IN_ENGLISH = 0.25  # of the German ones have a summary in English as well
ENGLISH = LANGUAGES.index("en")


@dataclass
class Texts:
    """One element for each organisation of the part."""

    names: list[str]
    coined: list[str]
    summaries: list[str]
    descriptions: list[str]
    in_english: list[str]


def texts(part: Drawn, forms: list[str], chance: np.random.Generator) -> Texts:
    """Names end with the words of `forms`, the legal form as it is spoken."""
    size, known = len(part), every()
    spoken = known.language[part.home]
    towns = known.names[part.home].tolist()
    proper = coined()[chance.integers(0, len(coined()), size)].tolist()
    found = Texts([""] * size, proper, [""] * size, [""] * size, [""] * size)
    with_town = chance.random(size) < WITH_TOWN
    for number, code in enumerate(LANGUAGES):
        rows = np.flatnonzero(spoken == number)
        words = language(code)
        named = zip(rows.tolist(), _names(words, len(rows), chance), with_town[rows].tolist(), strict=True)
        for row, (adjective, trade), has_town in named:
            name = words.name.format(adjective=adjective, trade=trade, coined=proper[row])
            found.names[row] = f"{name} {towns[row]} {forms[row]}" if has_town else f"{name} {forms[row]}"
        for row, text in zip(rows.tolist(), _texts(words, len(rows), SUMMARY, chance), strict=True):
            found.summaries[row] = f"{text[:-1]} {words.there.format(town=towns[row])}."
        for row, text in zip(rows.tolist(), _texts(words, len(rows), TEXT, chance), strict=True):
            found.descriptions[row] = text
    rows = np.flatnonzero((spoken != ENGLISH) & (chance.random(size) < IN_ENGLISH))
    for row, text in zip(rows.tolist(), _texts(language("en"), len(rows), SUMMARY, chance), strict=True):
        found.in_english[row] = text
    return found


def _names(words: Language, size: int, chance: np.random.Generator) -> Iterator[tuple[str, str]]:
    """Adjectives and trades, the first ones more often."""
    return zip(_mostly_first(words.adjectives, size, chance), _mostly_first(words.trades, size, chance), strict=True)


def _mostly_first(choices: tuple[str, ...], size: int, chance: np.random.Generator) -> Iterator[str]:
    return map(choices.__getitem__, (chance.random(size) ** 1.5 * len(choices)).astype(int).tolist())


def _texts(words: Language, size: int, lengths: tuple[int, int], chance: np.random.Generator) -> Iterator[str]:
    counts = chance.integers(lengths[0], lengths[1], size)
    drawn = _draw(words, int(counts.sum()), chance)
    start = 0
    for end in np.cumsum(counts).tolist():
        yield _sentences(drawn[start:end])
        start = end


def _draw(words: Language, size: int, chance: np.random.Generator) -> list[str]:
    found: list[str] = words.words[words.reach.searchsorted(chance.random(size))].tolist()
    return found


def _sentences(words: list[str]) -> str:
    """Full stops after every few words."""
    if len(words) <= SENTENCE + 4:
        text = " ".join(words)
        return f"{text[0].upper()}{text[1:]}."
    return f"{_sentences(words[:SENTENCE])} {_sentences(words[SENTENCE:])}"


def counted(flags: NDArray[np.bool_]) -> Ints:
    """How many of these come before each, and how many there are in all."""
    return np.concatenate([[0], np.cumsum(flags)])
