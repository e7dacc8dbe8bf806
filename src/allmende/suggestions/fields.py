"""What can be proposed of an entry: which fields, how they are read from it, shown to people and written back into a draft.

The parts of the seat's address stand flat beside the other fields: `street`, `postcode`, `town`, `country`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from allmende.directory import rules as directory_rules
from allmende.directory import taxonomy
from allmende.directory.importers.base import BLANK, PLACE_BLANK
from allmende.directory.models import Organisation, Term
from allmende.ground.refusals import Sentence
from allmende.ground.text import reads_english
from allmende.places.queries import country_name, locate, region_at
from allmende.suggestions.rules import SEAT

Values = dict[str, Any]

LABELS: dict[str, Sentence] = {
    "name": _("Name"),
    "summary": _("In one sentence"),
    "summary_en": _("In one sentence, in English"),
    "description": _("Description"),
    "description_en": _("Description in English"),
    "website": _("Website"),
    "email": _("E-mail of the organisation"),
    "phone": _("Phone"),
    "street": _("Street and number"),
    "postcode": _("Postcode"),
    "town": _("Town"),
    "country": _("Country"),
    "seat": _("Address of the seat"),
    "sector": _("Sector"),
    "legal_form": _("Legal form"),
    "founded": _("Founded"),
    "ended": _("Ended"),
}
HIDES = {
    "description": ("description", "description_en"),
    "website": ("website",),
    "email": ("email",),
    "phone": ("phone",),
    "address": ("street", "postcode"),
    "founded": ("founded",),
}
TERMS = ("sector", "legal_form")
DECIMALS = 6


def names() -> list[str]:
    """The fields in the order of the form; who reads English proposes the English texts."""
    english = {"summary": "summary_en", "description": "description_en"} if reads_english() else {}
    every = ("name", "summary", "description", "website", "email", "phone", *SEAT, "sector", "legal_form", "founded", "ended")
    return [english.get(name, name) for name in every]


def blank(name: str) -> Any:
    """What a field says that says nothing."""
    return PLACE_BLANK[name] if name in SEAT else BLANK[name]


def shown(item: Organisation) -> Values:
    """What this copy of an entry says, narrowed to a viewer or not (queries.shown_to)."""
    seat = next((place for place in item.places.all()), None)
    found = {name: getattr(item, name) for name in LABELS if name not in (*SEAT, *TERMS, "seat")}
    found |= {name: getattr(seat, name, "") for name in SEAT}
    return found | {name: term.key if (term := getattr(item, name)) else "" for name in TERMS}


def concealed(item: Organisation, circle: str) -> frozenset[str]:
    """The fields that somebody in this circle does not see: offered empty, whatever they say."""
    hidden = directory_rules.hidden(circle, item.visibility, getattr(item, "ruled", None))
    return frozenset(name for field in hidden for name in HIDES.get(field, ()))


def current(state: Mapping[str, Any]) -> Values:
    """The same of a state in the shape of a draft with `places`."""
    places = state["places"]
    seat = places[_seat(places)] if places else PLACE_BLANK
    return {name: seat[name] if name in SEAT else state[name] for name in LABELS if name != "seat"}


def display(name: str, value: Any) -> str:
    """A value in words: the label of a term, the name of a country; empty where it says nothing."""
    if value in (None, ""):
        return ""
    if name in TERMS:
        try:
            return str(taxonomy.by_key(name, value))
        except Term.DoesNotExist:
            return str(value)
    return country_name(value, get_language() or "de") if name == "country" else str(value)


def told(unit: str, values: Mapping[str, Any]) -> str:
    """What values say about a unit (rules.units): the value itself, or the address in one line."""
    if unit != "seat":
        return display(unit, values.get(unit))
    town = " ".join(str(values.get(part, "")) for part in ("postcode", "town")).strip()
    parts = (str(values.get("street", "")), town, display("country", values.get("country")))
    return ", ".join(part for part in parts if part)


def written(state: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be written of an entry that says `state` so that it says these values: fields of a draft, `places` included."""
    said = {name: value for name, value in taken.items() if name not in SEAT}
    if "sector" in said:
        kept = {one for one in state["sectors"] if one != state["sector"]}
        said["sectors"] = sorted(kept | ({said["sector"]} if said["sector"] else set()))
    if parts := {name: taken[name] for name in SEAT if name in taken}:
        said["places"] = _moved(list(state["places"]), parts)
    return said


def new(values: Mapping[str, Any]) -> dict[str, Any]:
    """A new entry from these values, in the shape of a draft."""
    return written({**BLANK, "places": []}, {name: value for name, value in values.items() if value not in (None, "")})


def region_of(values: Mapping[str, Any]) -> str:
    """The state in which an address lies, by the words of the directory; empty where nobody knows."""
    return str(_placed({**PLACE_BLANK, **{name: values.get(name, "") for name in SEAT}})["region"])


def _seat(places: list[dict[str, Any]]) -> int:
    return next((number for number, place in enumerate(places) if place["is_seat"]), 0)


def _moved(places: list[dict[str, Any]], parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The places with the seat at another address; without any the seat is the first."""
    if not places:
        return [_placed({**PLACE_BLANK, **parts, "is_seat": True})]
    at = _seat(places)
    old = places[at]
    if all(old[name] == value for name, value in parts.items()):
        return places
    return [*places[:at], _placed({**old, **parts}), *places[at + 1 :]]


def _placed(place: dict[str, Any]) -> dict[str, Any]:
    """The place with the most honest point for its address: the old point was that of the old address."""
    guess = locate(place["street"], place["postcode"], place["town"], place["country"])
    if guess is None:
        return {**place, "region": "", "lat": None, "lon": None, "precision": ""}
    region = guess.region or region_at(guess.lat, guess.lon)[1]
    point = {"lat": round(guess.lat, DECIMALS), "lon": round(guess.lon, DECIMALS), "precision": str(guess.precision)}
    return {**place, "country": place["country"] or guess.country, "region": region, **point}


def labels(units: Iterable[str]) -> list[str]:
    """The labels of these units in the reader's language."""
    return [str(LABELS[unit]) for unit in units if unit in LABELS]


REMOVABLE = ("summary", "summary_en", "description", "description_en", "website", "email", "phone", "keywords", "same_as", "address")
_MORE_LABELS: dict[str, Sentence] = {
    "keywords": _("Keywords"),
    "same_as": _("Links to the same entry elsewhere"),
    "address": _("Address: only the town is shown"),
}


def removable() -> list[tuple[str, str]]:
    """What a decision can remove, in the reader's language."""
    return [(name, str(_MORE_LABELS.get(name, LABELS.get(name, name)))) for name in REMOVABLE]
