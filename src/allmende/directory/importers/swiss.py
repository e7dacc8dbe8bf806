"""Profiles for the map of Swiss housing co-operatives: owners, and their buildings as places.

The first file gives the owners with their Wikidata ids; the second gives buildings of OpenStreetMap that lead to them.
"""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy

from allmende.directory.importers import reading, values
from allmende.directory.importers.base import Profile, Raw, Rough, Row


class SwissHousing(Profile):
    """Owners of co-operative housing. They have no address of their own; their buildings give the places."""

    key = "swiss-housing"
    label = gettext_lazy("Swiss housing co-operatives: owners (JSON)")
    source = "swiss-housing"

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.json_rows(path, "item")

    def rough(self, raw: Raw) -> Rough:
        uid = values.text(raw.get("swiss_business_uid"))
        wikidata = values.text(raw.get("wikidata"))
        return {
            "remote_id": wikidata,
            "name": raw.get("name"),
            "codes": ["ICA210", "OS70"],
            "keywords": values.words([raw.get("abbr"), raw.get("short")]),
            "founded": raw.get("start_date"),
            "website": raw.get("website"),
            "register": f"UID {uid}" if uid else "",
            "same_as": [f"https://www.wikidata.org/wiki/{wikidata}"] if wikidata else [],
        }


class SwissBuildings(Profile):
    """Buildings: places of the owner with that Wikidata id, or of the operator where no owner is known, or of that name."""

    key = "swiss-housing-buildings"
    label = gettext_lazy("Swiss housing co-operatives: buildings (GeoJSON), as places of their owners")
    source = "swiss-housing-buildings"
    adds_places = True

    def rows(self, path: Path) -> Iterator[Row]:
        return reading.json_rows(path, "features.item")

    def rough(self, raw: Raw) -> Rough:
        tags = raw.get("properties")
        tags = tags if isinstance(tags, dict) else {}
        ids = [values.text(tags.get(key)) for key in ("owner:wikidata", "operator:wikidata")]
        osm_id = values.text(raw.get("id") or tags.get("id"))
        return {
            "remote_id": osm_id,
            "owners": [("swiss-housing", one) for one in ids if one],
            "owner_name": tags.get("owner") or tags.get("operator"),
            "url": f"https://www.openstreetmap.org/{osm_id}" if osm_id else "",
            "places": [self._place(tags, values.centre(raw.get("geometry")))],
        }

    def _place(self, tags: Raw, point: tuple[float, float] | None) -> Rough:
        listed = tags.get("addr")
        addresses = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)] or [tags]
        first = addresses[0]
        numbers = values.words([one.get("addr:housenumber") for one in addresses if one.get("addr:street") == first.get("addr:street")])
        street = values.text(first.get("addr:street"))
        return {
            "label": tags.get("name"),
            "street": f"{street} {', '.join(numbers)}".strip() if street else tags.get("addr:place"),
            "postcode": first.get("addr:postcode"),
            "town": first.get("addr:city"),
            "country": "CH",
            "lat": point[0] if point else None,
            "lon": point[1] if point else None,
        }
