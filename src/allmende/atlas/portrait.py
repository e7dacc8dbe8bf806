"""What the index holds of an entry, made from what guests may read of it: tags, points and words. No database."""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from allmende.atlas.fulltext import Words, country_token, term_token
from allmende.atlas.rules import project
from allmende.directory.models import Term
from allmende.directory.rules import is_share_alike
from allmende.ground.text import fold, words

MOST_WORDS = 2_000  # of one field; more are not read
LONGEST_WORD = 100  # letters; questions are cut at the same length (questions.py)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
# Blocks of Unicode with accents of their own; Latin, Greek, Cyrillic and punctuation are outside and need no second look.
_MAY_COMBINE = re.compile("[\u0300-\u036f\u0483-\u1dff\u20d0-\u20ff\u2cef-\U0010ffff]")
_TREES = (("sectors", "sector"), ("activities", "activity"), ("cooperation", "cooperation"), ("sdgs", "sdg"))

Tags = set[tuple[str, str]]


@dataclass(slots=True)
class Portrait:
    """An entry's facts (`directory.lean`), its tags, its points on the map (the seat first), its words and how they are written."""

    facts: dict[str, Any]
    tags: Tags
    points: list[tuple[int, int]]
    words: Words
    spelled: dict[str, str]


class Node(NamedTuple):
    """A term as far as the index needs it: one changed entry must not pay for all names and synonyms."""

    pk: int
    tree: str
    key: str
    parent_id: int | None


class Terms:
    """The taxonomy with its ancestors, read once per run: tags and tokens of the lines of many entries are the same."""

    def __init__(self, terms: "Iterable[Node | Term] | None" = None) -> None:
        held: list[Node | Term] = list(map(Node._make, Term.objects.order_by().values_list(*Node._fields)) if terms is None else terms)
        self._terms = {(str(term.tree), term.key): term for term in held}
        self._by_pk = {term.pk: term for term in held}
        self._lines: dict[tuple[str, str], list[Node | Term]] = {}

    def line(self, tree: str, key: str) -> "list[Node | Term]":
        """The term and its ancestors, nearest first."""
        known = self._lines.get((tree, key))
        if known is None:
            known = self._lines[tree, key] = list(self._up(self._terms.get((tree, key))))
        return known

    def _up(self, term: "Node | Term | None") -> "Iterator[Node | Term]":
        while term is not None:
            yield term
            term = self._by_pk.get(term.parent_id) if term.parent_id else None

    def of(self, facts: dict[str, Any]) -> "dict[int, Node | Term]":
        """All terms an entry is filed under, ancestors included."""
        lines = [self.line(tree, str(key)) for name, tree in _TREES for key in facts[name]]
        lines += [self.line("sector", facts["sector"]), self.line("legal_form", facts["legal_form"])]
        return {term.pk: term for term in chain.from_iterable(lines)}


def portrait(facts: dict[str, Any], terms: Terms) -> Portrait:
    """What the index holds of an entry of `directory.lean.facts`."""
    lines = terms.of(facts)
    held, spelled = _words(facts, lines)
    return Portrait(facts, tags(facts, lines), points(facts), held, spelled)


def points(facts: dict[str, Any]) -> list[tuple[int, int]]:
    """The places of an entry that are known as points, as zoom-30 integers."""
    return [project(place["lat"], place["lon"]) for place in facts["places"] if place["lat"] is not None and place["lon"] is not None]


def tags(facts: dict[str, Any], lines: "dict[int, Node | Term]") -> Tags:
    """All that an entry can be filtered by; `lines` are its terms with their ancestors."""
    found = {(str(term.tree), term.key) for term in lines.values()}
    for place in facts["places"]:
        if place["country"]:
            found.add(("country", place["country"]))
        if place["region"]:
            found.add(("region", f"{place['country']}:{place['region']}"[:100]))
    found.update(("source", source) for source in facts["sources"])
    found.update(("network", slug) for slug in facts["networks"])
    if facts["licence"]:
        found.add(("licence", facts["licence"]))
    if is_share_alike(facts["licence"]):
        found.add(("share_alike", "1"))
    if facts["founded"]:
        found.add(("decade", str(facts["founded"] // 10 * 10)))
    if facts["is_demo"]:
        found.add(("demo", "1"))
    return found


def _words(facts: dict[str, Any], lines: "dict[int, Node | Term]") -> tuple[Words, dict[str, str]]:
    name, place, body = map(spelled, texts(facts))
    return (" ".join(name), " ".join(place), tokens(facts, lines), " ".join(body)), {**body, **place, **name}


def texts(facts: dict[str, Any]) -> tuple[str, str, str]:
    """What of an entry is read as name, as place and as body."""
    place = " ".join(f"{one['town']} {one['postcode']} {one['region']}" for one in facts["places"])
    body = " ".join((facts["summary"], facts["summary_en"], facts["description"], facts["description_en"], *map(str, facts["keywords"])))
    return f"{facts['name']} {facts['legal_name']}", place, body


def tokens(facts: dict[str, Any], lines: Iterable[int]) -> str:
    """What stands for the terms and countries of an entry."""
    countries = dict.fromkeys(country_token(one["country"]) for one in facts["places"] if one["country"])
    return " ".join((*map(term_token, lines), *countries))


def spelled(text: str) -> dict[str, str]:
    """The folded words of a text, each once, in order, with how they stand there (lower case): `{"burger": "bürger"}`."""
    if text.isascii():
        found = _WORD.findall(text.lower())[:MOST_WORDS]
        held = dict(zip(found, found, strict=True))
    else:
        held = _spelled(unicodedata.normalize("NFC", text))
    if held and max(map(len, held)) > LONGEST_WORD:
        return {word[:LONGEST_WORD]: written[:LONGEST_WORD] for word, written in held.items()}
    return held


def _spelled(text: str) -> dict[str, str]:
    held: dict[str, str] = {}
    for written in _WORD.findall(text)[:MOST_WORDS]:
        held.update(_folded(written))
    if unicodedata.is_normalized("NFKC", text) and not (_MAY_COMBINE.search(text) and any(map(unicodedata.combining, text))):
        return held
    # Signs that folding spells out (`™`, `½`) and accents beside their letters change where words begin: fold first, as questions do.
    return {word: held.get(word, word) for word in words(text)[:MOST_WORDS]}


@lru_cache(maxsize=131_072)
def _folded(written: str) -> tuple[tuple[str, str], ...]:
    """A word folded, with how it is written. Folding makes two of a few (`½` is `1` and `2`)."""
    folded = fold(written)
    if _WORD.fullmatch(folded):
        return ((folded, written.casefold()),)
    return tuple((part, part) for part in _WORD.findall(folded))


def pack(held: Words) -> bytes:
    """Words as Entry.words keeps them."""
    return zlib.compress("\n".join(held).encode())


def unpack(blob: bytes | memoryview) -> Words:
    """The words of Entry.words."""
    if not blob:
        return ("", "", "", "")
    name, place, terms, body = zlib.decompress(blob).decode().split("\n")
    return name, place, terms, body


def counted(held: Words) -> list[str]:
    """The distinct words an entry counts for in the vocabulary: all but the tokens of its terms."""
    name, place, _terms, body = held
    return list(dict.fromkeys(f"{name} {place} {body}".split()))
