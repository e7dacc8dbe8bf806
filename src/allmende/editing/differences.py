"""What changed, in words people read: labels for fields, words for keys, addresses for places, and the words that are new or gone."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from allmende.directory import taxonomy
from allmende.directory.models import Kind, Precision, State, Term, Visibility
from allmende.directory.portrait import country, language_name
from allmende.directory.rules import HIDEABLE
from allmende.editing.forms import LABELS, TREES
from allmende.editing.rules import pairs

LONGEST = 6_000  # words; longer texts are compared as a whole
_WORDS = re.compile(r"\s+|[^\s]+")
_CHOICES: dict[str, Any] = {"kind": Kind, "state": State}


class Part(NamedTuple):
    """A piece of text: `same`, `new` or `gone`."""

    how: str
    text: str


class Difference(NamedTuple):
    """One field with its label and its pieces in reading order."""

    name: str
    label: str
    parts: list[Part]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The fields of a revision, or of two whole states, that differ; in the order of the form."""
    found = []
    for name, label in LABELS.items():
        if name == "places":
            found += _places(before, after)
        elif (
            name != "seat" and name in after and before.get(name) != after[name] and (parts := _parts(name, before.get(name), after[name]))
        ):
            found.append(Difference(name, str(label), parts))
    return found


def labels(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of the fields that differ."""
    return list(dict.fromkeys(one.label for one in differences(before, after)))


def named(names: Iterable[str]) -> str:
    """Fields by their labels, in a row."""
    return ", ".join(str(LABELS[name]) for name in LABELS if name in set(names))


def in_words(name: str, value: Any) -> str:
    """A value as people say it; empty for nothing."""
    return ", ".join(_words(name, value)) if name != "visibility" else "; ".join(_words(name, value))


def address(place: Mapping[str, Any] | None) -> str:
    """A place in one line; its point where it is exact."""
    if not place:
        return ""
    town = f"{place.get('postcode', '')} {place.get('town', '')}".strip()
    parts = [place.get("label", ""), place.get("street", ""), town, country(place.get("country", ""))]
    if place.get("precision") == Precision.EXACT and place.get("lat") is not None:
        parts.append(f"{place['lat']:.5f}, {place['lon']:.5f}")
    return ", ".join(part for part in parts if part) or _("a place without an address")


def word_parts(before: str, after: str) -> list[Part]:
    """Two texts word by word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not old or not new or len(old) + len(new) > LONGEST:
        return [part for part in (Part("gone", before), Part("new", after)) if part.text]
    found: list[Part] = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Part("same", "".join(old[a:b])))
        else:
            found += [part for part in (Part("gone", "".join(old[a:b])), Part("new", "".join(new[c:d]))) if part.text]
    return found


def _parts(name: str, before: Any, after: Any) -> list[Part]:
    if isinstance(before or after, list) or name == "visibility":
        return _list_parts(_words(name, before), _words(name, after))
    old, new = in_words(name, before), in_words(name, after)
    if name in {"description", "description_en", "summary", "summary_en"}:
        return word_parts(old, new)
    return [part for part in (Part("gone", old), Part("new", new)) if part.text]


def _list_parts(before: list[str], after: list[str]) -> list[Part]:
    marked = [Part("same" if word in after else "gone", word) for word in before] + [
        Part("new", word) for word in after if word not in before
    ]
    return [Part(how, word + (", " if number < len(marked) - 1 else "")) for number, (how, word) in enumerate(marked)]


def _words(name: str, value: Any) -> list[str]:
    if value in (None, "", [], {}):
        return []
    if name == "visibility":
        return [f"{LABELS[field]}: {_circle(value[field])}" for field in HIDEABLE if value.get(field)]
    if name in TREES:
        return [_term(TREES[name], str(key)) for key in (value if isinstance(value, list) else [value])]
    if name in _CHOICES:
        return [str(_CHOICES[name](value).label) if value in _CHOICES[name].values else str(value)]
    if name == "languages":
        return [language_name(code) for code in value]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _circle(value: str) -> str:
    return str(Visibility(value).label) if value in Visibility.values else value


def _term(tree: str, key: str) -> str:
    try:
        return taxonomy.by_key(tree, key).name
    except Term.DoesNotExist:
        return key


def _places(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    label, found = str(LABELS["places"]), []
    told = [(address(old), address(new)) for old, new in (pairs(before, after) if "places" in after else ())]
    for old, new in told:
        if old != new:
            found.append(Difference("places", label, word_parts(old, new)))
    seats = _seat(before.get("seat")), _seat(after.get("seat"))
    if seats[0] != seats[1] and seats not in told:  # a seat that only changed its words is told already
        parts = [part for part in (Part("gone", seats[0]), Part("new", seats[1])) if part.text]
        found.append(Difference("seat", str(LABELS["seat"]), parts))
    return found


def _seat(kept: list[Any] | None) -> str:
    names = ("label", "street", "postcode", "town", "region", "country", "lat", "lon", "precision")
    return address(dict(zip(names, kept, strict=False))) if kept else ""
