"""Two entries side by side: what each says field by field, what differs, which one stays, and their places together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from allmende.directory import minimap
from allmende.directory.importers.merging import key
from allmende.directory.models import Organisation, Place, Precision, Tree, Visibility
from allmende.directory.portrait import country, language_name
from allmende.duplicates import rules
from allmende.duplicates.portraits import street_words
from allmende.places.rules import distance_km

NEAR_KM = 0.05
MAP_SIZE = (560, 300)
LETTERS = ("A", "B")

LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "legal_name": gettext_lazy("Registered name"),
    "kind": gettext_lazy("Kind"),
    "legal_form": gettext_lazy("Legal form"),
    "sector": gettext_lazy("Main sector"),
    "sectors": gettext_lazy("Sectors"),
    "activities": gettext_lazy("Activities"),
    "cooperation": gettext_lazy("Forms of cooperation"),
    "sdgs": gettext_lazy("Sustainable Development Goals"),
    "summary": gettext_lazy("In one sentence"),
    "summary_en": gettext_lazy("In one sentence (English)"),
    "description": gettext_lazy("Description"),
    "description_en": gettext_lazy("Description (English)"),
    "keywords": gettext_lazy("Keywords"),
    "languages": gettext_lazy("Languages"),
    "founded": gettext_lazy("Founded"),
    "ended": gettext_lazy("Ended"),
    "website": gettext_lazy("Website"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "register": gettext_lazy("Register and number"),
    "same_as": gettext_lazy("Same entry elsewhere"),
    "visibility": gettext_lazy("Who sees what"),
}
_TREES = {"sectors": Tree.SECTOR, "activities": Tree.ACTIVITY, "cooperation": Tree.COOPERATION, "sdgs": Tree.SDG}


@dataclass(frozen=True)
class Line:
    """One field of both entries. `is_choice`: somebody chooses whose value holds; `chosen` is the side (0 or 1) usually taken."""

    name: str
    label: str
    one: str
    other: str
    is_choice: bool
    chosen: int

    @property
    def differs(self) -> bool:
        """Whether the two say different things, be it that one says nothing."""
        return self.one != self.other

    @property
    def is_united(self) -> bool:
        """Whether both values hold after a merge."""
        return not self.is_choice and self.differs


def lines(one: Organisation, other: Organisation, stays: int) -> list[Line]:
    """All fields in which at least one of the two says something, as their reader may see them. `stays` is the number of the better one."""
    found = []
    for name, label in LABELS.items():
        said = (_text(one, name), _text(other, name))
        if any(said):
            better = 0 if one.pk == stays else 1
            chosen = better if said[better] else 1 - better
            found.append(Line(name, str(label), *said, is_choice=name in rules.SINGLE, chosen=chosen))
    return found


def _text(entry: Organisation, name: str) -> str:
    """What a reader reads in a field."""
    if name in _TREES:
        return ", ".join(term.name for term in entry.terms.all() if term.tree == _TREES[name])
    if name == "kind":
        return str(entry.get_kind_display())
    if name == "visibility":
        told = dict(Visibility.choices)
        return ", ".join(
            f"{LABELS.get(field, _('Address'))}: {told.get(circle, circle)}" for field, circle in sorted(entry.visibility.items())
        )
    value = getattr(entry, name)
    if name == "languages":
        return ", ".join(language_name(code) for code in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def addresses(entry: Organisation) -> list[str]:
    """The places of an entry, one line each."""
    return [_address(place) for place in entry.places.all()]


def _address(place: Place) -> str:
    town = f"{place.postcode} {place.town}".strip()
    return ", ".join(part for part in (place.label, place.street, town, country(place.country)) if part)


# ------------------------------------------------------------------------------------------------------------- places


def united_places(mine: Sequence[dict[str, Any]], theirs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The places of both without doubles. Of two that are one, the one that knows a street is kept; there is one seat."""
    found = list(mine)
    has_seat = any(place["is_seat"] for place in found)
    for place in theirs:
        at = next((number for number, here in enumerate(found) if _is_one_place(here, place)), None)
        if at is None:
            found.append({**place, "is_seat": place["is_seat"] and not has_seat})
            has_seat = has_seat or place["is_seat"]
        elif place["street"] and not found[at]["street"]:
            found[at] = {**place, "is_seat": found[at]["is_seat"], "label": found[at]["label"] or place["label"]}
    return found


def _is_one_place(here: dict[str, Any], there: dict[str, Any]) -> bool:
    if key(here) == key(there):
        return True
    streets = street_words(here["street"]), street_words(there["street"])
    if all(streets) and streets[0] != streets[1]:
        return False
    if _are_exact(here, there) and all(streets):
        return _apart(here, there) < NEAR_KM
    towns = {(here["town"].casefold(), here["country"]), (there["town"].casefold(), there["country"])}
    postcodes = {here["postcode"], there["postcode"]} - {""}
    if len(towns) == 1 and here["town"] and len(postcodes) < 2:
        # The same street in the same town; or one of the two says no more than the town.
        return all(streets) or not (_is_exact(here) and _is_exact(there)) or _apart(here, there) < NEAR_KM
    return _are_exact(here, there) and _apart(here, there) < NEAR_KM


def _is_exact(place: dict[str, Any]) -> bool:
    return place["lat"] is not None and place["precision"] == Precision.EXACT


def _are_exact(here: dict[str, Any], there: dict[str, Any]) -> bool:
    return _is_exact(here) and _is_exact(there)


def _apart(here: dict[str, Any], there: dict[str, Any]) -> float:
    return distance_km(here["lat"], here["lon"], there["lat"], there["lon"])


def apart_km(one: Organisation, other: Organisation) -> float | None:
    """How far the nearest places of the two are apart, as far as both know theirs better than their country."""
    here, there = _points(one), _points(other)
    return min((distance_km(*a, *b) for a in here for b in there), default=None)


def _points(entry: Organisation) -> list[tuple[float, float]]:
    return [(p.lat, p.lon) for p in entry.places.all() if p.lat is not None and p.lon is not None and p.precision != Precision.COUNTRY][:50]


def picture(one: Organisation, other: Organisation) -> str:
    """Both on one small map, with their letters; empty where neither has a point."""
    spots = [(lat, lon, letter) for entry, letter in zip((one, other), LETTERS, strict=True) for lat, lon in _points(entry)]
    if not spots:
        return ""
    title = _("Map: %(one)s (A) and %(other)s (B)") % {"one": one.name, "other": other.name}
    return minimap.svg([], *MAP_SIZE, title=title, letters=spots, names=True, alone=False)


# ------------------------------------------------------------------------------------------------------- which one stays


def standing(both: Iterable[Organisation]) -> tuple[rules.Standing, rules.Standing]:
    """What speaks for each of the two, in the order given."""
    pks = [entry.pk for entry in both]
    every = Organisation.objects.filter(pk__in=pks).select_related("legal_form", "sector").prefetch_related("terms")
    held = every.annotate(
        stewards=Count("stewardships", filter=Q(stewardships__until=None), distinct=True), sources=Count("records", distinct=True)
    )
    by_pk = {entry.pk: entry for entry in held}
    one, other = (_standing(by_pk[pk]) for pk in pks)
    return one, other


def _standing(entry: Any) -> rules.Standing:
    newest = entry.confirmations.order_by("-at").values_list("at", flat=True).first()
    filled = sum(1 for name in LABELS if _text(entry, name)) + entry.places.count()
    return rules.Standing(entry.pk, entry.state, entry.stewards, newest, filled, entry.sources, entry.created_at)


def left_words(left: Iterable[Sequence[str]]) -> list[str]:
    """What could not go back when a merge was undone, in words."""
    words = {
        "field": _("The field “%(name)s” was changed since."),
        "place": _("The place “%(name)s” was changed since."),
        "record": _("The record “%(name)s” belongs to another entry now."),
        "role": _("The role of somebody who looks after it was changed since."),
        "belonging": _("A membership in a network was ended since."),
        "branch": _("A branch was changed since."),
    }
    return [words[kind] % {"name": LABELS.get(name, name)} for kind, name in left if kind in words]


def history_address(entry: Organisation) -> str:
    """Where an entry's history stands. The room upstairs is not known here, but a public address is a promise."""
    return f"{'/en' if get_language() == 'en' else ''}/o/{entry.slug}/verlauf/"
