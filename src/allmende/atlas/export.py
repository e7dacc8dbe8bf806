"""What the world may read of the map: single entries and piles as GeoJSON features (RFC 7946)."""

from collections.abc import Callable
from typing import Any

from allmende.atlas.clusters import Pile
from allmende.atlas.models import Entry

DECIMALS = 6  # about 10 cm

Properties = dict[str, Any]


def read(entry: Entry) -> Properties:
    """What is told of an entry in the reader's language."""
    return {**_known(entry), "summary": entry.shown_summary, "is_demo": entry.is_demo}


def both(entry: Entry) -> Properties:
    """What is told of an entry to readers of any language: one copy serves all."""
    return {**_known(entry), "summary": entry.summary, "summary_en": entry.summary_en, "is_demo": entry.is_demo}


def _known(entry: Entry) -> Properties:
    return {
        "slug": entry.slug,
        "name": entry.name,
        "town": entry.town,
        "sector": entry.sector,
        "legal_form": entry.legal_form,
        "fresh": int(entry.freshness),
    }


def collection(features: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Features as one document."""
    return {"type": "FeatureCollection", **more, "features": features}


def features(piles: list[Pile], told: Callable[[Entry], Properties] = read) -> list[dict[str, Any]]:
    """One feature per pile: a pin where it is a single entry, otherwise the number and the box to zoom to."""
    return [_pin(pile, told) if pile.count == 1 and pile.entries else _heap(pile) for pile in piles]


def _pin(pile: Pile, told: Callable[[Entry], Properties]) -> dict[str, Any]:
    entry = pile.entries[0]
    return {"type": "Feature", "id": str(entry.uuid), "geometry": _point(pile), "properties": told(entry)}


def _heap(pile: Pile) -> dict[str, Any]:
    """`slugs` and `names` only where zooming in would not part them and there are few enough to name."""
    box = [round(part, DECIMALS) for part in (pile.box.west, pile.box.south, pile.box.east, pile.box.north)]
    properties: Properties = {"count": pile.count, "bbox": box}
    if pile.entries:
        properties |= {"slugs": [entry.slug for entry in pile.entries], "names": [entry.name for entry in pile.entries]}
    return {"type": "Feature", "geometry": _point(pile), "properties": properties}


def _point(pile: Pile) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(pile.lon, DECIMALS), round(pile.lat, DECIMALS)]}


def everywhere(entry: Entry, spots: list[tuple[float, float]]) -> dict[str, Any]:
    """One entry with all its places, (lat, lon), as one feature."""
    places = [[round(lon, DECIMALS), round(lat, DECIMALS)] for lat, lon in spots]
    return {"type": "Feature", "id": str(entry.uuid), "geometry": {"type": "MultiPoint", "coordinates": places}, "properties": both(entry)}
