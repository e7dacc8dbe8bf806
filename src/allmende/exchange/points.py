"""Offers and needs on the map: what guests see, with the filters of the list; little as a whole, much in tiles with heaps.

Speaks as `atlas` does, so that the same map element draws it: a listing is an entry whose slug is its number.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, F, FloatField, Max, Min, QuerySet, Value
from django.db.models.functions import Floor
from django.urls import reverse

from allmende.atlas import mvt
from allmende.atlas.rules import DEEPEST, MAX_ZOOM, project, unproject
from allmende.exchange import queries
from allmende.exchange.models import Direction, Listing
from allmende.exchange.queries import Filters
from allmende.people.queries import GUEST
from allmende.web.answers import json

LAYER = "entries"  # as the element calls it
LITTLE = 500  # points that a map gets at once
SINGLES = 60  # points of one tile that are drawn singly
CELLS = 12  # heaps in a row of a tile
KEPT = 60  # seconds
SYMBOLS = {Direction.OFFER: "blatt wiese", Direction.NEED: "raute raps"}
COLUMNS = ("pk", "lat", "lon", "title", "direction", "town", "organisation__name")


def _found(filters: Filters) -> QuerySet[Listing]:
    return queries.listings(GUEST, filters.but(sort="")).filter(lat__isnull=False).order_by()


def whole(filters: Filters) -> bytes:
    """All points as GeoJSON; where these are too many, none and `complete` false: then there are tiles."""
    rows = list(_found(filters).values(*COLUMNS)[: LITTLE + 1])
    is_complete = len(rows) <= LITTLE
    features = [
        {"type": "Feature", "geometry": {"type": "MultiPoint", "coordinates": [[row["lon"], row["lat"]]]}, "properties": _facts(row)}
        for row in (rows if is_complete else [])
    ]
    return json({"type": "FeatureCollection", "features": features, "complete": is_complete})


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """What pin and card show. `sector` chooses the symbol; `fresh` is said so that no pin looks doubtful."""
    return {
        "slug": str(row["pk"]),
        "name": row["title"],
        "sector": row["direction"],
        "summary": f"{Direction(row['direction']).label} · {row['organisation__name']}",
        "summary_en": "",
        "town": row["town"],
        "legal_form": "",
        "fresh": 4,
    }


def tile(filters: Filters, z: int, x: int, y: int) -> bytes:
    """One tile of the map as vectors: single points, or heaps by cells where these are many; remembered for a minute."""
    key = f"exchange.tile:{blake2b(repr((filters.to_query(), z, x, y)).encode(), digest_size=12).hexdigest()}"
    found: bytes | None = cache.get(key)
    if found is None:
        found = _tile(filters, z, x, y)
        cache.set(key, found, KEPT)
    return found


def _tile(filters: Filters, z: int, x: int, y: int) -> bytes:
    side = 1 << (DEEPEST - z)
    north, west = unproject(x * side, y * side)
    south, east = unproject((x + 1) * side, (y + 1) * side)
    inside = _found(filters).filter(lat__gt=south, lat__lte=north, lon__gte=west, lon__lt=east)
    rows = list(inside.values(*COLUMNS)[: SINGLES + 1])
    if len(rows) <= SINGLES:
        facts = [_facts(row) for row in rows]
        columns = {name: [one[name] for one in facts] for name in facts[0]} if facts else {}
        return mvt.layer(LAYER, _points(((row["lat"], row["lon"]) for row in rows), x, y, side, columns), extent=side)
    heaps = list(_heaps(inside, (east - west) / CELLS))
    columns = {name: [one[name] for one in heaps] for name in ("count", "west", "south", "east", "north")}
    return mvt.layer(LAYER, _points(((one["lat"], one["lon"]) for one in heaps), x, y, side, columns), extent=side)


def _heaps(inside: QuerySet[Listing], cell: float) -> Iterable[dict[str, Any]]:
    """How many lie in each cell of so many degrees, where on average, and the box around them."""
    across = Floor(F("lon") / Value(cell), output_field=FloatField())
    down = Floor(F("lat") / Value(cell), output_field=FloatField())
    grouped = inside.annotate(across=across, down=down).values("across", "down")
    told = grouped.annotate(n=Count("pk"), y=Avg("lat"), x=Avg("lon"), w=Min("lon"), s=Min("lat"), e=Max("lon"), t=Max("lat"))
    for one in told.order_by("across", "down"):
        yield {
            "count": one["n"],
            "lat": one["y"],
            "lon": one["x"],
            "west": one["w"],
            "south": one["s"],
            "east": one["e"],
            "north": one["t"],
        }


def _points(spots: Iterable[tuple[float, float]], x: int, y: int, side: int, columns: Mapping[str, mvt.Column]) -> mvt.Points:
    placed = [project(lat, lon) for lat, lon in spots]
    return mvt.Points([px - x * side for px, _py in placed], [py - y * side for _px, py in placed], columns)


def is_on_the_map(z: int, x: int, y: int) -> bool:
    """Whether there is such a tile."""
    return 0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z


def settings_of(filters: Filters) -> dict[str, Any]:
    """What the map element of the page is told."""
    sample = reverse("exchange-api:tile", args=[0, 0, 0])
    return {
        "query": filters.but(sort="", box=None).to_query(),
        "places": reverse("exchange-api:points"),
        "entries": sample.replace("/0/0/0.mvt", "/{z}/{x}/{y}.mvt"),
        "entry": reverse("exchange:found", args=[0]).replace("/0/", "/SLUG/"),
        "little": LITTLE,
        "symbols": json({str(key): css for key, css in SYMBOLS.items()}).decode(),
        "extent": _extent(filters),
    }


def _extent(filters: Filters) -> str:
    """The box around what is found, for the first look."""
    edges = _found(filters.but(box=None)).aggregate(w=Min("lon"), s=Min("lat"), e=Max("lon"), n=Max("lat")) if not filters.is_empty else {}
    return "{w:.5f},{s:.5f},{e:.5f},{n:.5f}".format(**edges) if edges.get("w") is not None else ""
