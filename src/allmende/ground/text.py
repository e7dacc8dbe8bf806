"""Folding, stemming and cutting of text: one place, so that search, matching and addresses agree.

Folding forgives how people write: case, accents, umlauts (`ü` or `ue`), `ß` or `ss`.
"""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer
from django.utils.text import slugify
from django.utils.translation import get_language

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_DIGRAPH = re.compile(r"(?<![aeioqu])([aou])e(?![aeiou])")  # `ue` in Buero is ü; in `neue`, `Quelle`, `Aue` it is not
_LETTERS = {
    ord(letter): plain
    for letter, plain in {"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}.items()
}

_DOTS = re.compile("[.\u3002\uff0e\uff61]")  # what counts as a dot in a domain (RFC 3490, 3.1)
_KEPT_APART = re.compile("([ßς\u200c\u200d])")
_SPELLED = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


def fold(text: str) -> str:
    """Lower case without accents: `Bürger` becomes `burger`, `Straße` becomes `strasse`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=65_536)
def _fold_word(word: str) -> str:
    return fold(word)


def words(text: str) -> list[str]:
    """The folded words of a text in order; digits count as words."""
    return _WORD.findall(fold(text))


def spellings(text: str, limit: int = 2_000) -> dict[str, str]:
    """Folded word to how it stands in the text (lower case): `{"burger": "bürger"}`; at most `limit` words are read."""
    return {_fold_word(word): word.casefold() for word in _WORD.findall(unicodedata.normalize("NFC", text))[:limit]}


class _Stemmers(threading.local):
    """German and English. Each keeps the word at hand in itself, so every thread has its own pair."""

    def __init__(self) -> None:
        self.both = snowballstemmer.stemmer("german"), snowballstemmer.stemmer("english")


_STEMMERS = _Stemmers()


@lru_cache(maxsize=262_144)
def stems(word: str) -> tuple[str, ...]:
    """What a folded word is found by: its German and English stems, and those of its spelling with `ae/oe/ue` as umlaut.

    >>> stems("genossenschaften")
    ('genossenschaft', 'genossenschaften')
    """
    spellings = [word]
    if len(word) > 4 and (contracted := _DIGRAPH.sub(r"\1", word)) != word:
        spellings.append(contracted)
    found = dict.fromkeys(stemmer.stemWord(spelling) for spelling in spellings for stemmer in _STEMMERS.both)
    return tuple(found)


@lru_cache(maxsize=262_144)
def root(word: str) -> str:
    """One key for all inflections of a folded word in either language: `bikes` and `bike`, `übersetzerin` and `übersetzung`.

    The English stem of the German stem; not always a word, and coarser than `stems`.
    """
    spelling = _DIGRAPH.sub(r"\1", word) if len(word) > 4 else word
    german, english = _STEMMERS.both
    return str(english.stemWord(german.stemWord(spelling)))


def stemmed(text: str, limit: int = 2_000) -> str:
    """All stems of a text as one string for a full-text index; at most `limit` words are read."""
    return " ".join(stem for word in words(text)[:limit] for stem in stems(word))


def reads_english() -> bool:
    """Whether the reader of this moment reads English; all others read German."""
    return (get_language() or "de").startswith("en")


def slug(text: str, limit: int = 80) -> str:
    """An address part: `Bürgerwerke eG` becomes `buergerwerke-eg`. May be empty where no Latin letter is left."""
    spelled = text.casefold().translate(_SPELLED)
    return slugify(spelled)[:limit].strip("-")


def ascii_domain(domain: str) -> str:
    """A host in the spelling machines use, empty where it has none: `bäcker.de` is `xn--bcker-gra.de`.

    Python's own codec still follows IDNA 2003, for which `straße.de` is `strasse.de`: since 2010 these are two domains with two
    owners (RFC 5891; `ς` too), and mail or a claim must not go to the other one.
    """
    labels = _DOTS.split(unicodedata.normalize("NFKC", domain).strip().lower())
    try:
        return ".".join(_ascii_label(label) for label in labels).rstrip(".")
    except UnicodeError:
        return ""


def _ascii_label(label: str) -> str:
    if not _KEPT_APART.search(label):
        return label.encode("idna").decode("ascii")
    if "\u200c" in label or "\u200d" in label:
        raise UnicodeError("An invisible joiner is in the domain.")
    plain = "".join(part if _KEPT_APART.fullmatch(part) else part.encode("idna").decode("idna") for part in _KEPT_APART.split(label))
    coded = f"xn--{plain.encode('punycode').decode('ascii')}"
    if len(coded) > 63:
        raise UnicodeError("A part of the domain is too long.")
    return coded


def clean(text: str) -> str:
    """Text as people meant it: NFC, no NUL and other control characters, single blanks, lines kept."""
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(letter for letter in normal if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"})
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words and marked by `…`."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:.–- ") + "…"


def defused(cell: str) -> str:
    """A cell of a table that no spreadsheet takes for a formula: what begins with one of certain signs gets an apostrophe."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
