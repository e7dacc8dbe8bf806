"""From a profile's rough row to a draft: the one place that judges foreign values.

A row is refused only without a name, without an id, or with a point that is not on earth. Every other value that cannot be
right is left out and noted; nothing is guessed.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import orjson
from django.utils.translation import gettext as _

from allmende.directory import taxonomy
from allmende.directory.importers import values
from allmende.directory.importers.base import BLANK, PLACE_BLANK, TERM_LISTS, Draft, Note, Profile, Rejected, Rough, Row
from allmende.directory.models import Kind, Precision, State, Visibility
from allmende.directory.rules import HIDEABLE
from allmende.ground.text import shorten
from allmende.places.queries import country_code, locate

LICENCES = frozenset(
    "CC0-1.0 ODbL-1.0 ODC-By-1.0 PDDL-1.0 CC-BY-4.0 CC-BY-3.0 CC-BY-SA-4.0 CC-BY-SA-3.0 MIT DL-DE-BY-2.0 DL-DE-ZERO-2.0 "
    "Public-Domain".split()
)
LIMITS = {"legal_name": 250, "summary": 300, "summary_en": 300, "description": 20_000, "description_en": 20_000, "register": 120}
PLACE_LIMITS = {"label": 120, "street": 200, "postcode": 20, "town": 120, "region": 120}
CHOICES = {
    "kind": frozenset(Kind.values),
    "state": frozenset({State.PUBLISHED, State.ARCHIVED, State.DRAFT}),
}
WORDS = {"keywords": (60, 40), "languages": (20, 20), "same_as": (500, 40)}  # longest word, most words
ID_LIMIT = 200
DECIMALS = 6  # of a degree: as the export rounds


class Checker:
    """Judges the rows of one import; keeps what it looked up."""

    def __init__(self, profile: Profile, today: date) -> None:
        self.profile = profile
        self.latest_year = today.year + 1
        self.term = lru_cache(maxsize=20_000)(_term_key)
        self.country = lru_cache(maxsize=2_000)(country_code)
        self.locate = lru_cache(maxsize=20_000)(locate)

    def draft(self, row: Row) -> Draft:
        """The row as a draft. Raises Rejected with the field and the reason."""
        if row.error:
            raise Rejected("", row.error)
        try:
            return self._draft(row)
        except (TypeError, ValueError, KeyError, AttributeError) as error:  # a list where a word belongs, and the like
            raise Rejected("", _("cannot be understood: %(error)s") % {"error": error}) from error

    def _draft(self, row: Row) -> Draft:
        rough = self.profile.rough(row.raw)
        draft = Draft(row.line, self._id(rough), {**BLANK, "kind": self.profile.kind}, [], row.raw)
        if self.profile.adds_places:
            draft.owners, draft.owner_name = rough.get("owners", []), values.text(rough.get("owner_name"))
        else:
            draft.owners = [(source, draft.remote_id) for source in self.profile.joins]
            self._fill(draft, rough)
        self._places(draft, rough)
        self._origin(draft, rough)
        draft.close()
        _seal(draft)
        return draft

    def _id(self, rough: Rough) -> str:
        remote_id = values.text(rough.get("remote_id"))
        if not remote_id:
            raise Rejected("id", _("is missing"))
        if len(remote_id) > ID_LIMIT:
            raise Rejected("id", _("is longer than %(limit)d characters") % {"limit": ID_LIMIT})
        return remote_id

    def _fill(self, draft: Draft, rough: Rough) -> None:
        self._name(draft, rough)
        draft.said = _said(rough)
        for field, limit in LIMITS.items():
            if rough.get(field):
                draft.data[field] = self._text(draft, field, rough[field], limit)
        if draft.data["legal_name"] == draft.data["name"]:
            draft.data["legal_name"] = ""
        if not rough.get("as_is"):
            _summarise(draft.data)
        for field, judge in (("website", values.url), ("email", values.email), ("phone", values.phone)):
            self._judged(draft, field, rough, judge)
        for field in ("founded", "ended"):
            self._judged(draft, field, rough, lambda value: values.year(value, self.latest_year))
        self._choices(draft, rough)
        self._terms(draft, rough)
        self._words(draft, rough)

    def _name(self, draft: Draft, rough: Rough) -> None:
        name = self._text(draft, "name", rough.get("name"), 2_000).replace("\n", " ")
        if not any(letter.isalnum() for letter in name):
            raise Rejected("name", _("is missing"))
        if len(name) > 200:
            draft.notes.append(Note("name", _("is longer than 200 characters and was cut"), name))
            draft.data["legal_name"] = shorten(name, 250)
            name = shorten(name, 200)
        draft.data["name"] = name

    def _text(self, draft: Draft, field: str, value: Any, limit: int) -> str:
        if values.has_control(value):
            draft.notes.append(Note(field, _("had control characters, which were removed"), repr(value)))
        if values.has_html(value):
            draft.notes.append(Note(field, _("had HTML, which was removed"), str(value)))
        text = values.text(value)
        if len(text) > limit:
            draft.notes.append(Note(field, _("is longer than %(limit)d characters and was cut") % {"limit": limit}, text))
        return shorten(text, limit)

    def _judged(self, draft: Draft, field: str, rough: Rough, judge: Callable[[str], Any]) -> None:
        """A value that is kept only if `judge` finds it right."""
        text = values.text(rough.get(field))
        if text:
            right = judge(text)
            if right is None:
                draft.notes.append(Note(field, _("is not valid and was left out"), text))
            else:
                draft.data[field] = right

    def _choices(self, draft: Draft, rough: Rough) -> None:
        for field, allowed in CHOICES.items():
            value = rough.get(field)
            if value in allowed:
                draft.data[field] = str(value)
            elif value:
                draft.notes.append(Note(field, _("is not valid and was left out"), str(value)))
        wished = rough.get("visibility") or {}
        draft.data["visibility"] = {field: str(wished[field]) for field in HIDEABLE if wished.get(field) in Visibility.values}
        draft.data["is_demo"] = rough.get("is_demo") is True

    def _terms(self, draft: Draft, rough: Rough) -> None:
        data = draft.data
        data["legal_form"] = next(iter(self._keys(draft, "legal_form", "legal_form", rough)), "")
        main = self._keys(draft, "sector", "sector", rough)
        data["sector"] = main[0] if main else ""
        for field, tree in TERM_LISTS.items():
            found = {*self._keys(draft, field, tree, rough), *(main if field == "sectors" else ())}
            data[field] = sorted(map(int, found)) if tree == "sdg" else sorted(found)
        if not data["sector"] and len(data["sectors"]) == 1:
            data["sector"] = data["sectors"][0]

    def _keys(self, draft: Draft, field: str, tree: str, rough: Rough) -> list[str]:
        """The keys of words that are classifications by name; unknown ones are noted."""
        keys: dict[str, None] = {}
        value = rough.get(field)
        for word in [value] if isinstance(value, str | int) else value or []:
            if key := self.term(tree, str(word).strip()):
                keys[key] = None
            elif str(word).strip():
                draft.notes.append(Note(field, _("is not in the taxonomy and was left out"), str(word)))
        return list(keys)

    def _words(self, draft: Draft, rough: Rough) -> None:
        """Keywords, languages, links; `codes` may be terms, `tags` are words that may be terms and else are keywords."""
        for field, (longest, most) in WORDS.items():
            found = values.words(rough.get(field))
            kept = [word for word in found if len(word) <= longest][:most]
            if len(kept) < len(found):
                draft.notes.append(Note(field, _("is too long and was cut"), "; ".join(found)))
            draft.data[field] = kept
        draft.data["same_as"] = [link for link in draft.data["same_as"] if values.url(link) == link]
        for code in values.words(rough.get("codes")):
            self._tag(draft.data, code)
        for word in values.words(rough.get("tags")):
            if not self._tag(draft.data, word):
                _add_keyword(draft.data["keywords"], word)

    def _tag(self, data: dict[str, Any], word: str) -> bool:
        """Files the entry under the terms this word or code stands for; False if it stands for none."""
        hits = [(field, key) for field, tree in TERM_LISTS.items() if tree != "sdg" and (key := self.term(tree, word))]
        for field, key in hits:
            if key not in data[field]:
                data[field] = sorted([*data[field], key])
            if field == "sectors" and not data["sector"]:
                data["sector"] = key
        return bool(hits)

    def _places(self, draft: Draft, rough: Rough) -> None:
        as_is = rough.get("as_is") is True
        draft.places = [place for one in rough.get("places", []) if (place := self._place(draft, one, as_is))]
        seats = [place for place in draft.places if place["is_seat"]]
        for place in seats[1:]:
            place["is_seat"] = False
        if draft.places and not seats and not self.profile.adds_places and not as_is:
            draft.places[0]["is_seat"] = True
        if self.profile.adds_places and not draft.places:
            raise Rejected("places", _("is missing"))

    def _place(self, draft: Draft, rough: Rough, as_is: bool) -> dict[str, Any] | None:
        place = dict(PLACE_BLANK)
        for field, limit in PLACE_LIMITS.items():
            if rough.get(field):
                place[field] = shorten(values.address(rough[field]), limit)
        if country := values.text(rough.get("country")):
            place["country"] = self.country(country)
            if not place["country"]:
                draft.notes.append(Note("country", _("is not known and was left out"), country))
        self._point(draft, place, rough, as_is)
        place["is_seat"] = rough.get("is_seat") is True
        return place if any(place[field] for field in ("street", "postcode", "town", "region", "precision", "label")) else None

    def _point(self, draft: Draft, place: dict[str, Any], rough: Rough, as_is: bool) -> None:
        if point := self._coordinates(draft, rough.get("lat"), rough.get("lon")):
            place["lat"], place["lon"] = point
            precision = rough.get("precision") or self.profile.precision
            place["precision"] = precision if precision in Precision.values else self.profile.precision
        elif not as_is:  # what an export leaves open stays open
            guess = self.locate(place["street"], place["postcode"], place["town"], place["country"])
            if guess:
                place["lat"], place["lon"], place["precision"] = (
                    round(guess.lat, DECIMALS),
                    round(guess.lon, DECIMALS),
                    str(guess.precision),
                )

    def _coordinates(self, draft: Draft, raw_lat: Any, raw_lon: Any) -> tuple[float, float] | None:
        if raw_lat in (None, "") and raw_lon in (None, ""):
            return None
        lat, lon = values.degrees(raw_lat), values.degrees(raw_lon)
        said = f"{raw_lat}, {raw_lon}"
        if lat is None or lon is None:
            draft.notes.append(Note("lat/lon", _("is not a pair of numbers and was left out"), said))
            return None
        if abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180:
            raise Rejected("lat/lon", _("is impossible: %(said)s. Are latitude and longitude swapped?") % {"said": said})
        if abs(lat) > 90 or abs(lon) > 180:
            raise Rejected("lat/lon", _("is impossible: %(said)s") % {"said": said})
        if abs(lat) < 1e-6 and abs(lon) < 1e-6:
            draft.notes.append(Note("lat/lon", _("is 0, 0, which stands for unknown, and was left out"), said))
            return None
        return round(lat, DECIMALS), round(lon, DECIMALS)

    def _origin(self, draft: Draft, rough: Rough) -> None:
        draft.url = values.url(str(rough["url"])) or "" if rough.get("url") else ""
        if licence := values.text(rough.get("licence")):
            if licence in LICENCES:
                draft.licence = licence
            else:
                draft.notes.append(Note("licence", _("is not known; the licence of the source applies"), licence))
        for field in ("uuid", "slug", "changed_at", "confirmed_on", "networks", "origins"):
            if rough.get(field):
                setattr(draft, field, rough[field])


def _seal(draft: Draft) -> None:
    """Give the draft the fingerprint of its values and its row: equal means that nothing has changed since."""
    try:
        text = _canonical(draft)
    except TypeError:
        text = b"\\u0000"
    if b"\\u0000" in text:
        draft.raw = values.storable(draft.raw)
        text = _canonical(draft)
    draft.digest = hashlib.sha256(text).hexdigest()


def _canonical(draft: Draft) -> bytes:
    return orjson.dumps([draft.kept, draft.url, draft.licence, draft.raw], option=orjson.OPT_SORT_KEYS)


def _said(rough: Rough) -> set[str]:
    """The fields of which the row says something, be it that they are empty. None says nothing."""
    given = {name for name, value in rough.items() if value is not None}
    said = (given & BLANK.keys()) - {"visibility"}  # who sees what in an entry that is here is its own matter
    if given & {"codes", "tags", "sector"}:
        said |= {"sector", "sectors", "activities", "cooperation"}
    if "tags" in given:
        said.add("keywords")
    return said | {name for name, text in (("summary", "description"), ("summary_en", "description_en")) if text in said}


def _add_keyword(keywords: list[str], word: str) -> None:
    longest, most = WORDS["keywords"]
    if len(word) <= longest and len(keywords) < most and word not in keywords:
        keywords.append(word)


def _summarise(data: dict[str, Any]) -> None:
    """A short description is the summary; of a long one the first sentence."""
    for summary, description in (("summary", "description"), ("summary_en", "description_en")):
        if data[description] and not data[summary]:
            if len(data[description]) <= 300 and "\n" not in data[description]:
                data[summary], data[description] = data[description], ""
            else:
                data[summary] = shorten(values.first_sentence(data[description]), 300)


def _term_key(tree: str, word: str) -> str:
    found = taxonomy.match(tree, word)
    return found.key if found else ""
