"""Piles of the map as GeoJSON features."""

from typing import Any

from allmende.atlas.clusters import Pile
from allmende.atlas.models import Entry

DECIMALS = 6  # about 10 cm


def features(piles: list[Pile]) -> list[dict[str, Any]]:
    """One feature per pile: a pin where it is a single entry, otherwise the number and the box to zoom to."""
    return [_pin(pile, pile.entries[0]) if pile.count == 1 and pile.entries else _heap(pile) for pile in piles]


def _pin(pile: Pile, entry: Entry) -> dict[str, Any]:
    properties = {
        "slug": entry.slug,
        "name": entry.name,
        "town": entry.town,
        "sector": entry.sector,
        "legal_form": entry.legal_form,
        "fresh": int(entry.freshness),
        "summary": entry.shown_summary,
        "is_demo": entry.is_demo,
    }
    return {"type": "Feature", "id": str(entry.uuid), "geometry": _point(pile), "properties": properties}


def _heap(pile: Pile) -> dict[str, Any]:
    """`slugs` and `names` only where zooming in would not part them and there are few enough to name."""
    box = [round(part, DECIMALS) for part in (pile.box.west, pile.box.south, pile.box.east, pile.box.north)]
    properties: dict[str, Any] = {"count": pile.count, "bbox": box}
    if pile.entries:
        properties |= {"slugs": [entry.slug for entry in pile.entries], "names": [entry.name for entry in pile.entries]}
    return {"type": "Feature", "geometry": _point(pile), "properties": properties}


def _point(pile: Pile) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(pile.lon, DECIMALS), round(pile.lat, DECIMALS)]}
