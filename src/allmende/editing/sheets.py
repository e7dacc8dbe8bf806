"""An entry as the form shows it, and back: what a draft says becomes the form's initial values, what was changed becomes a draft again.

Only what somebody has changed is said. So whoever opens a form and saves it writes nothing, and what others changed meanwhile stays.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.directory.importers.base import BLANK, PLACE_BLANK
from allmende.directory.importers.checking import DECIMALS
from allmende.directory.rules import HIDEABLE
from allmende.editing.forms import LABELS, PlaceSheet, Sheet
from allmende.editing.rules import SHOWN_PLACES, keeps_point
from allmende.places.queries import country_name, locate

State = dict[str, Any]
PLAIN = ("name", "kind", "legal_form", "summary", "description", "website", "email", "phone", "legal_name", "register", "summary_en",
         "description_en", "founded")  # fmt: skip
LISTS = ("activities", "cooperation", "sdgs", "languages", "keywords", "same_as")
MOST_PLACES = SHOWN_PLACES + 3


def initial(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of a draft."""
    shown = {name: state[name] for name in (*PLAIN, "sector", "sectors", "activities", "cooperation", "languages")}
    shown["sectors"] = [key for key in state["sectors"] if key != state["sector"]]
    shown["sdgs"] = [str(number) for number in state["sdgs"]]
    shown["keywords"] = ("; " if any("," in word for word in state["keywords"]) else ", ").join(state["keywords"])
    shown["same_as"] = "\n".join(state["same_as"])
    shown |= {f"show_{name}": state["visibility"].get(name, "") for name in HIDEABLE}
    return shown


def place_initial(place: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of a place: its point only where it is exact; other points follow from the address."""
    shown = {name: place[name] for name in ("label", "street", "postcode", "town")}
    shown["country"] = country_name(place["country"], get_language() or "de") if place["country"] else ""
    is_exact = place["precision"] == "exact" and place["lat"] is not None
    return {**shown, "was": mark(place), "lat": repr(place["lat"]) if is_exact else "", "lon": repr(place["lon"]) if is_exact else ""}


def mark(place: Mapping[str, Any]) -> str:
    """By what a form knows its place again: a short word made from all the place says."""
    said = json.dumps([place[name] for name in PLACE_BLANK if name != "is_seat"], sort_keys=True)
    return blake2b(said.encode(), digest_size=9).hexdigest()


@dataclass
class Filled:
    """A form with its places as one thing. `state` is what the entry said when the form was opened; BLANK for a new one."""

    sheet: Sheet
    places: list[PlaceSheet]
    state: State
    seat: str = ""
    shown: list[State] = field(default_factory=list)  # the entry's places that this form speaks of
    rest: list[State] = field(default_factory=list)  # those on other pages of the form
    start: int = 0

    @property
    def is_old(self) -> bool:
        """Whether the entry is here already."""
        return bool(self.state["name"])

    @property
    def work_is_open(self) -> bool:
        """Whether something in the folded part about the work must be looked at again."""
        return any(self.sheet[name].errors for name in ("activities", "cooperation", "sdgs", "sectors"))

    @property
    def more_is_open(self) -> bool:
        """The same for the part with everything else."""
        names = ("languages", "keywords", "founded", "register", "legal_name", "same_as", "summary_en", "description_en")
        return any(self.sheet[name].errors for name in names)

    @property
    def has_many(self) -> bool:
        """Whether there is a choice of places."""
        return len(self.places) + len(self.rest) > 1 or (self.is_old and bool(self.shown))

    @property
    def kept(self) -> list[tuple[PlaceSheet, State | None]]:
        """The places that stay, each with what it said before; one whose fields were all emptied is taken away."""
        before = {mark(place): place for place in self.shown}
        found = [(one, before.get(one["was"].value() or "")) for one in self.places if not one["remove"].value()]
        return [(one, was) for one, was in found if one.said_anything or (was and not one.changed(place_initial(was)))]

    def is_valid(self) -> bool:
        """Whether all that was changed is right; what nobody touched is not judged."""
        sheet = self.sheet
        sheet.forget_errors(*(name for name in list(sheet.errors) if self.is_old and name not in sheet.changed_data))
        if sheet["online_only"].value() and self.kept:
            sheet.add_error("online_only", _("Either there is a place, or you work online only. Remove the place or this tick."))
        if not self.is_old and not self.kept and not sheet["online_only"].value():
            sheet.add_error("online_only", _("Where does one find you? Give at least a town, or say that you work online only."))
        right = [one.is_valid() for one, was in self.kept if was is None or one.changed(place_initial(was))]
        return sheet.is_valid() and all(right)

    def quiet(self) -> "Filled":
        """Only shown again, not judged yet."""
        self.sheet.quiet()
        for place in self.places:
            place.quiet()
        return self

    def said(self) -> State:
        """What was changed, in the shape of a draft."""
        changed, data = set(self.sheet.changed_data), self.sheet.cleaned_data
        found = {name: data[name] for name in PLAIN if name in changed}
        if "founded" in found:
            found["founded"] = found["founded"] or None
        found |= {name: _in_order(name, data[name], self.state[name]) for name in LISTS if name in changed}
        if {"sector", "sectors"} & changed:
            found |= {"sector": data.get("sector", ""), "sectors": sorted({data.get("sector", ""), *data["sectors"]} - {""})}
        if any(f"show_{name}" in changed for name in HIDEABLE):
            found["visibility"] = {name: value for name in HIDEABLE if (value := data[f"show_{name}"])}
        places = self._places()
        return {**found, "places": places} if places != self.state["places"] else found

    def _places(self) -> list[State]:
        """All places as they are now said, with at most one seat."""
        found = [{**place_said(one, was), "is_seat": one.prefix == self.seat} for one, was in self.kept]
        rest = self.rest
        if any(place["is_seat"] for place in found):
            rest = [{**place, "is_seat": False} for place in rest]
        elif found and not self.is_old:
            found[0]["is_seat"] = True
        return [*rest[: self.start], *found, *rest[self.start :]]


def _in_order(name: str, chosen: list[Any], before: list[Any]) -> list[Any]:
    """Words that were there keep their order; terms are sorted as the entry keeps them."""
    if name in {"languages"}:
        return [one for one in before if one in chosen] + [one for one in chosen if one not in before]
    if name == "sdgs":
        return sorted(map(int, chosen))
    return sorted(chosen) if name in {"activities", "cooperation"} else chosen


def place_said(one: PlaceSheet, was: State | None) -> State:
    """A place as the form says it. Its point is what was typed, else what the address gives; an unchanged place stays to the letter."""
    changed = one.changed(place_initial(was)) if was else {"town", *one.changed({})}
    if was and not changed:
        return dict(was)
    data = one.cleaned_data
    said = {**(was or PLACE_BLANK), **{name: data[name] for name in ("label", "street", "postcode", "town", "country")}}
    if {"lat", "lon"} & changed and data["lat"] not in (None, ""):
        said |= {"lat": round(data["lat"], DECIMALS), "lon": round(data["lon"], DECIMALS), "precision": "exact"}
    elif {"lat", "lon"} & changed or not keeps_point(changed):
        said |= point_of(said)
    if not keeps_point(changed):
        said |= _land_of(said)
    return said


def point_of(place: Mapping[str, Any]) -> State:
    """The most honest point of an address."""
    guess = locate(place["street"], place["postcode"], place["town"], place["country"])
    if guess is None:
        return {"lat": None, "lon": None, "precision": ""}
    return {"lat": round(guess.lat, DECIMALS), "lon": round(guess.lon, DECIMALS), "precision": str(guess.precision)}


def _land_of(place: Mapping[str, Any]) -> State:
    """The country, where none was typed, and the state an address lies in, in German as the caretakers' areas have it."""
    guess = locate(place["street"], place["postcode"], place["town"], place["country"])
    if guess is None:
        return {"region": ""}
    return {"region": guess.region, "country": place["country"] or guess.country}


def blank() -> State:
    """What a new entry says before anybody has typed."""
    return {**BLANK, "places": []}


def filled(
    kind: type[Sheet], state: State, data: Any = None, *, ruled: dict[str, str] | None = None, start: int = 0, more: int = 0
) -> Filled:
    """The form on this state, with what was typed into it where `data` is given, and room for `more` places.

    A form that comes back says itself by its marks which places it speaks of: their order may have changed meanwhile.
    """
    shown = state["places"][start : start + SHOWN_PLACES] if data is None else _marked(state["places"], data)
    rest = [place for place in state["places"] if not any(place is one for one in shown)]
    first_values = {**initial(state), "online_only": bool(state["name"]) and not state["places"]}
    sheets = _place_sheets(shown, data, more)
    was_seat = next((f"place-{number}" for number, place in enumerate(shown) if place["is_seat"]), "")
    seat = str(data.get("seat", "")) if data is not None else was_seat
    return Filled(kind(data, initial=first_values, ruled=ruled), sheets, state, seat, shown, rest, start)


def _marked(places: list[State], data: Any) -> list[State]:
    marks = {data.get(f"place-{number}-was", "") for number in range(MOST_PLACES)}
    return [place for place in places if mark(place) in marks]


def _place_sheets(shown: list[State], data: Any, more: int) -> list[PlaceSheet]:
    home = {"country": country_name("DE", get_language() or "de")}
    if data is None:
        firsts = [*map(place_initial, shown), *[home] * (more or int(not shown))]
        return [PlaceSheet(prefix=f"place-{number}", initial=first) for number, first in enumerate(firsts[:MOST_PLACES])]
    sent = [number for number in range(MOST_PLACES) if f"place-{number}-town" in data]
    found = [PlaceSheet(data, prefix=f"place-{number}") for number in sent]
    free = [number for number in range(MOST_PLACES) if number not in sent]
    return found + [PlaceSheet(prefix=f"place-{number}", initial=home) for number in free[: more or int(not found)]]


def typed(data: Any) -> list[tuple[str, str]]:
    """What somebody typed, field by field with its label, to be copied from where it could not be saved. Nothing else is in it."""
    found = [(str(LABELS[name]), "; ".join(data.getlist(name))) for name in LABELS if name in data and data.get(name)]
    numbers = sorted({name.split("-")[1] for name in data if name.startswith("place-") and name.count("-") == 2})
    for number in numbers[:MOST_PLACES]:
        parts = (data.get(f"place-{number}-{name}", "") for name in ("label", "street", "postcode", "town", "country"))
        if address := ", ".join(part for part in parts if part):
            found.append((str(LABELS["address"]), address))
    return [(label, text[:20_000]) for label, text in found]
