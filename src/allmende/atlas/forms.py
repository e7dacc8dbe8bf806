"""The shape of what is asked of the map: query parameters in, `Filters` out. The same names on pages, API, feeds and dumps."""

import re
from collections.abc import Iterable
from dataclasses import fields
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.atlas.rules import Box, Filters, Near
from allmende.directory.models import Organisation, Source, Term, Tree
from allmende.ground.refusals import BadInput, Sentence, require
from allmende.ground.text import clean
from allmende.places import queries as places

TREES = tuple(tree for tree in Tree.values if tree != Tree.EXCHANGE)  # what entries are said by
MANY = (*TREES, "country", "source", "licence", "network")
SORTS = ("", "name", "new", "near")
FRESH: dict[str, Sentence] = {
    "3": gettext_lazy("confirmed in the last 3 months"),
    "6": gettext_lazy("confirmed in the last 6 months"),
    "12": gettext_lazy("confirmed in the last 12 months"),
    "older": gettext_lazy("confirmed longer ago"),
    "never": gettext_lazy("never confirmed by the organisation"),
}
_NUMBER = re.compile(r"\s*-?\d{1,10}(\.\d{0,20})?(e-?\d{1,2})?\s*", re.ASCII)
LONGEST = 200
MAX_KM = 1000.0
NAMES = frozenset(field.name for field in fields(Filters))


def parse(params: QueryDict, *, also: Iterable[str] = ()) -> Filters:
    """Filters from query parameters.

    Lists come repeated or with commas. `also` names parameters of the page itself (`page`, `view`). Raises `BadInput` with a
    sentence on an unknown parameter, an unknown key, or a number out of range.
    """
    unknown = sorted(set(params) - NAMES - set(also))
    if unknown:
        raise BadInput(_("Unknown parameter: %(name)s.") % {"name": ", ".join(unknown)[:80]})
    many = {name: _keys(params, name) for name in MANY}
    _known(many)
    place, km = _text(params, "place"), _number(params, "radius", 25.0, 0.1, MAX_KM)
    near = _near(params.get("near", ""), km) or _near_place(place, km)
    return Filters(
        q=_text(params, "q"),
        fresh=_choice(params, "fresh", ("", *FRESH)),
        place=place,
        radius=km,
        near=near,
        bbox=_box(params.get("bbox", "")),
        share_alike=_flag(params, "share_alike", True),
        online=_flag(params, "online", False),
        sort=_choice(params, "sort", SORTS),
        **many,
    )


def _keys(params: QueryDict, name: str) -> tuple[str, ...]:
    if name not in params:
        return ()
    keys = dict.fromkeys(part.strip() for value in params.getlist(name) for part in value.split(",") if part.strip())
    require(len(keys) <= 50, _("Too many values for %(name)s.") % {"name": name}, BadInput)
    for key in keys:
        require(
            re.fullmatch(r"[\w.:+-]{1,100}", key),
            _("%(name)s has a value that cannot be: %(key)s.") % {"name": name, "key": key[:60]},
            BadInput,
        )
    return tuple(key.upper() if name == "country" else key for key in keys)


def _known(many: dict[str, tuple[str, ...]]) -> None:
    """Refuse keys that the taxonomy, the sources or the networks do not know."""
    for name, keys in many.items():
        if not keys or name in {"country", "licence"}:
            continue
        if name == "source":
            known = set(Source.objects.filter(key__in=keys).values_list("key", flat=True))
        elif name == "network":
            known = set(Organisation.objects.filter(slug__in=keys, state="published").values_list("slug", flat=True))
        else:
            known = set(Term.objects.filter(tree=name, key__in=keys).values_list("key", flat=True))
        missing = [key for key in keys if key not in known]
        require(not missing, _("%(name)s: “%(key)s” is not known here.") % {"name": name, "key": (missing or [""])[0]}, BadInput)


def _text(params: QueryDict, name: str) -> str:
    if not params.get(name):
        return ""
    text = clean(params.get(name, "")).replace("\n", " ")
    require(len(text) <= LONGEST, _("Please search with at most %(n)d characters.") % {"n": LONGEST}, BadInput)
    return text


def _choice(params: QueryDict, name: str, allowed: Iterable[str]) -> str:
    value = params.get(name, "")
    if value == "":
        return value
    require(value in allowed, _("%(name)s has a value that cannot be: %(key)s.") % {"name": name, "key": value[:60]}, BadInput)
    return value


def _flag(params: QueryDict, name: str, default: bool) -> bool:
    value = params.get(name, "")
    if value == "":
        return default
    require(value in {"0", "1"}, _("%(name)s must be 0 or 1.") % {"name": name}, BadInput)
    return value == "1"


def _number(params: QueryDict, name: str, default: float, low: float, high: float) -> float:
    value = params.get(name, "").strip()
    if not value:
        return default
    number = _float(value, name)
    require(
        low <= number <= high, _("%(name)s must lie between %(low)g and %(high)g.") % {"name": name, "low": low, "high": high}, BadInput
    )
    return number


def _float(value: str, name: str) -> float:
    if not _NUMBER.fullmatch(value):
        raise BadInput(_("%(name)s must be a number.") % {"name": name})
    return float(value)


def _point(lat: float, lon: float, name: str) -> None:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadInput(_("%(name)s lies outside the Earth: latitude −90 to 90, longitude −180 to 180.") % {"name": name})


def _near(value: str, km: float) -> Near | None:
    if not value:
        return None
    parts = value.split(",")
    require(len(parts) == 2, _("near must be two numbers: latitude,longitude."), BadInput)
    lat, lon = (_float(part, "near") for part in parts)
    _point(lat, lon, "near")
    return Near(lat, lon, km)


def _near_place(text: str, km: float) -> Near | None:
    guess = places.find_place(text) if text else None
    return Near(guess.lat, guess.lon, km) if guess else None


def _box(value: str) -> Box | None:
    if not value:
        return None
    parts = value.split(",")
    require(len(parts) == 4, _("bbox must be four numbers: west,south,east,north."), BadInput)
    west, south, east, north = (_float(part, "bbox") for part in parts)
    _point(south, west, "bbox")
    _point(north, east, "bbox")
    require(south <= north, _("bbox: the south must not lie above the north."), BadInput)
    return Box(west, south, east, north)


def to_query(filters: Filters, **more: object) -> str:
    """The query string of filters, without `?` and without empty parts; `more` adds parameters of the page itself."""
    pairs: list[tuple[str, str]] = []
    if filters.q:
        pairs.append(("q", filters.q))
    pairs += [(name, ",".join(getattr(filters, name))) for name in MANY if getattr(filters, name)]
    if filters.place:
        pairs.append(("place", filters.place))
    elif filters.near:
        pairs.append(("near", f"{filters.near.lat:g},{filters.near.lon:g}"))
    if filters.near and filters.radius != Filters.radius:
        pairs.append(("radius", f"{filters.radius:g}"))
    if filters.bbox:
        box = filters.bbox
        pairs.append(("bbox", f"{box.west:g},{box.south:g},{box.east:g},{box.north:g}"))
    pairs += [(name, getattr(filters, name)) for name in ("fresh", "sort") if getattr(filters, name)]
    pairs += [("share_alike", "0")] if not filters.share_alike else []
    pairs += [("online", "1")] if filters.online else []
    pairs += [(name, str(value)) for name, value in more.items() if value not in (None, "")]
    return urlencode(pairs, safe=",:")


def describe(filters: Filters) -> list[tuple[str, str, str]]:
    """The active filters for people: (label, value, query string without this one)."""
    parts: list[tuple[str, str, str]] = []
    if filters.q:
        parts.append((_("Search word"), filters.q, to_query(filters.but(q=""))))
    for name in MANY:
        for key, shown in _named(name, getattr(filters, name)):
            rest = tuple(other for other in getattr(filters, name) if other != key)
            parts.append((str(LABELS[name]), shown, to_query(filters.but(**{name: rest}))))
    if filters.place or filters.near:
        where = filters.place or _("near me")
        shown = _("%(km)g km around %(place)s") % {"km": filters.radius, "place": where}
        parts.append((_("Place"), shown, to_query(filters.but(place="", near=None, radius=Filters.radius))))
    if filters.fresh:
        parts.append((_("Confirmed"), str(FRESH[filters.fresh]), to_query(filters.but(fresh=""))))
    if filters.bbox:
        parts.append((_("Area"), _("map section"), to_query(filters.but(bbox=None))))
    if filters.online:
        parts.append((_("Place"), _("online only"), to_query(filters.but(online=False))))
    if not filters.share_alike:
        parts.append((_("Licence"), _("without share-alike data"), to_query(filters.but(share_alike=True))))
    return parts


LABELS: dict[str, Sentence] = {
    "sector": gettext_lazy("Sector"),
    "activity": gettext_lazy("Activity"),
    "legal_form": gettext_lazy("Legal form"),
    "cooperation": gettext_lazy("Form of cooperation"),
    "sdg": gettext_lazy("Sustainable Development Goal"),
    "country": gettext_lazy("Country"),
    "source": gettext_lazy("Source"),
    "licence": gettext_lazy("Licence"),
    "network": gettext_lazy("Network"),
}


def _named(name: str, keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """Keys with what people call them."""
    if not keys:
        return []
    if name in TREES:
        names = {term.key: term.name for term in Term.objects.filter(tree=name, key__in=keys)}
    elif name == "country":
        from django.utils.translation import get_language

        names = {key: places.country_name(key, get_language() or "de") for key in keys}
    elif name == "source":
        names = dict(Source.objects.filter(key__in=keys).values_list("key", "name"))
    elif name == "network":
        names = dict(Organisation.objects.filter(slug__in=keys).values_list("slug", "name"))
    else:
        names = {}
    return [(key, names.get(key) or key) for key in keys]
