"""The words of very many entries, the same as `portrait` and `fulltext` find them: what is known of a word is looked up once for all uses.

`portrait` asks for every word three times (how it is folded, its stems, how often it is counted); for millions of entries that is most
of the work. Texts with signs that change where words begin go the long way.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from allmende.atlas import portrait
from allmende.atlas.fulltext import EVERY
from allmende.ground.text import stems

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
MOST_REMEMBERED = 400_000


class Worded(NamedTuple):
    """What the index holds of an entry's texts: packed words, all stems, those of the name, the distinct words that are counted."""

    packed: bytes
    stems: str
    of_name: str
    counted: Iterable[str]


class Wording:
    """Remembers words. One per process and run."""

    def __init__(self) -> None:
        self.shown: dict[str, str] = {}
        self._known = _Known(self.shown)

    def of(self, texts: tuple[str, str, str], tokens: str) -> Worded:
        """The words of name, place and body (`portrait.texts`), and the tokens of the terms."""
        name, place, body = map(self._words, texts)
        every = {**body, **place, **name}
        of_name = " ".join(name.values())
        held = (" ".join(name), " ".join(place), tokens, " ".join(body))
        return Worded(portrait.pack(held), f"{' '.join(every.values())} {tokens} {EVERY}", of_name, every.keys())

    def _words(self, text: str) -> dict[str, str]:
        """The folded words of a text, each with its stems as they stand in the full text."""
        if len(text) <= portrait.MOST_WORDS and _is_plain(text):
            return dict(map(self._known.__getitem__, _WORD.findall(text)))
        found = portrait.spelled(text)
        self.shown.update(found)
        return {word: self._known.stems_of(word) for word in found}


class _Known(dict[str, tuple[str, str]]):
    """A word as it stands in a text, with its folded form and its stems."""

    def __init__(self, shown: dict[str, str]) -> None:
        self._shown = shown

    def __missing__(self, written: str) -> tuple[str, str]:
        ((folded, spoken),) = portrait.spelled(written).items()
        if len(self) >= MOST_REMEMBERED:
            self.clear()
            self._shown.clear()
        self._shown.setdefault(folded, spoken)
        self[written] = found = (folded, self.stems_of(folded))
        return found

    def stems_of(self, folded: str) -> str:
        """The stems of a folded word with blanks between."""
        return " ".join(stems(folded))


def _is_plain(text: str) -> bool:
    """Letters of Western Europe in their usual form: then words are what they are, each for itself."""
    if text.isascii():
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return unicodedata.is_normalized("NFKC", text)
