"""Profiles for GeoJSON and CSV with OpenStreetMap-like keys: SUSY, TransforMap and the maps around them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from allmende.directory.importers import reading, values
from allmende.directory.importers.base import Profile, Raw, Rough, Row

# Keys whose `key=value` may be a code of the taxonomy.
CODED = (
    "shop",
    "amenity",
    "office",
    "craft",
    "leisure",
    "landuse",
    "club",
    "topic",
    "tourism",
    "social_facility",
    "garden:type",
    "provides",
)
# Keys whose values are words for people.
WORDED = ("free_keywords", "free_tags", "POI_TYPE", "identity", "provides", "main tag")
KINDS = {
    "office=association": "association",
    "office=ngo": "association",
    "office=foundation": "foundation",
    "office=government": "public_body",
    "office=company": "company",
}
_LEGAL = (
    (re.compile(r"\be\.?\s?G\.?(?=$|[\s,)-])"), "eG", "cooperative"),
    (re.compile(r"\be\.\s?V\.|\beV\b"), "e.V.", "association"),
    (re.compile(r"\bgGmbH\b"), "gGmbH", "company"),
    (re.compile(r"\bGmbH\b"), "GmbH", "company"),
    (re.compile(r"\bAG\b"), "AG", "company"),
    (re.compile(r"\b(?:Stiftung|Foundation)\b"), "Stiftung", "foundation"),
)


def legal_form(name: str) -> tuple[str, str]:
    """(legal form, kind) that a name itself states, e.g. `Fairkauf eG`; empty strings where it states none."""
    return next(((form, kind) for pattern, form, kind in _LEGAL if pattern.search(name)), ("", ""))


class OsmGeoJson(Profile):
    """A FeatureCollection whose properties are OSM-like keys. The id is `_id`, `@id` or the feature's own."""

    key = "osm-geojson"
    label = gettext_lazy("GeoJSON with OpenStreetMap-like keys (SUSY, TransforMap)")
    kind = "initiative"

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.json_rows(path, "features.item")

    def rough(self, raw: Raw) -> Rough:
        tags = raw.get("properties")
        tags = tags if isinstance(tags, dict) else {}
        point = values.centre(raw.get("geometry"))
        own_id = next((one for one in (tags.get("_id"), tags.get("@id"), raw.get("id"), tags.get("id")) if one not in (None, "")), None)
        return {**from_tags(tags, point), "remote_id": own_id}


class TransforMapCsv(Profile):
    """The same keys as columns, with `lat` and `lon`; rows have no id, so the name is it."""

    key = "transformap-csv"
    label = gettext_lazy("CSV with OpenStreetMap-like keys (TransforMap)")
    kind = "initiative"
    REQUIRED: ClassVar[tuple[str, ...]] = ("name", "lat", "lon", "addr:city")

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.csv_rows(path, self.REQUIRED)

    def notes(self, path: Path) -> list[str]:
        return reading.encoding_notes(path)

    def rough(self, raw: Raw) -> Rough:
        point = (raw["lat"], raw["lon"]) if raw["lat"] or raw["lon"] else None
        return {**from_tags(raw, point), "remote_id": raw.get("@id") or raw.get("id") or raw["name"]}


def from_tags(tags: Raw, point: tuple[Any, Any] | None) -> Rough:
    """An entry from OSM-like keys."""
    name = values.text(tags.get("name"))
    form, kind = legal_form(name)
    coded = [f"{key}={value}" for key in CODED for value in values.words(tags.get(key))]
    text = tags.get("description:de") or tags.get("description_de") or tags.get("description") or tags.get("short description")
    return {
        "name": name,
        "legal_name": tags.get("official_name"),
        "kind": kind or next((KINDS[code] for code in coded if code in KINDS), None),
        "legal_form": form or None,
        "description": text,
        "description_en": tags.get("description:en"),
        "codes": [*values.words(tags.get("type_of_initiative")), *coded],
        "tags": [word for key in WORDED for word in values.words(tags.get(key)) if word != "yes"],
        "founded": tags.get("start_date"),
        "website": tags.get("contact:website") or tags.get("website"),
        "email": tags.get("contact:email") or tags.get("email"),
        "phone": tags.get("contact:phone") or tags.get("phone"),
        "same_as": _same_as(tags),
        "url": tags.get("_uri"),
        "places": [_place(tags, point)],
    }


def _place(tags: Raw, point: tuple[Any, Any] | None) -> Rough:
    street = " ".join(part for part in (values.text(tags.get("addr:street")), values.text(tags.get("addr:housenumber"))) if part)
    house = values.text(tags.get("addr:housename"))
    return {
        "street": ", ".join(part for part in (house, street or values.text(tags.get("addr:orig_street"))) if part),
        "postcode": tags.get("addr:postcode"),
        "town": tags.get("addr:city"),
        "country": tags.get("addr:country"),
        "lat": point[0] if point else None,
        "lon": point[1] if point else None,
    }


def _same_as(tags: Raw) -> list[str]:
    wikidata = values.text(tags.get("wikidata"))
    links = [tags.get("osm"), f"https://www.wikidata.org/wiki/{wikidata}" if wikidata else None]
    return [link for link in links if isinstance(link, str) and link]
