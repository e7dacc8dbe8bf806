"""A page of results for light clients: a small dict for each entry, made straight from its row, without an object of it."""

from datetime import UTC, datetime
from struct import Struct
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.utils import timezone

from allmende.atlas.engine.keys import SPOT
from allmende.atlas.export import DECIMALS
from allmende.atlas.rules import SIZE, Filters, holds, unproject
from allmende.directory.rules import freshness
from allmende.ground.text import reads_english
from allmende.places.rules import distance_km

Small = dict[str, Any]
Row = tuple[Any, ...]

# A plus keeps SQLite from making moments and truth values of what it has read, which takes longer than all the rest.
_ROWS = """
    SELECT organisation_id, uuid, slug, name, town, region, country, sector, legal_form, summary, summary_en,
           {plain}confirmed_at, {plain}is_demo, {spots}
    FROM atlas_entry WHERE organisation_id IN ({marks})"""
_FIRST = f"substr(spots, 1, {SPOT.itemsize})"
SPOT_BYTES = Struct("<qII")  # engine.keys.SPOT, for one at a time


def entries(ids: list[int], filters: Filters) -> list[Small]:
    """The entries of these organisations in this order, each with its first place; with the distance of its nearest, where one asked."""
    if not ids:
        return []
    plain, spots = "+" if connection.vendor == "sqlite" else "", "spots" if filters.near else _FIRST
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(plain=plain, spots=spots, marks=", ".join(["%s"] * len(ids))), ids)
        rows: list[Row] = cursor.fetchall()
    packed = [row[-1] or b"" for row in rows]  # SQLite calls a part of nothing NULL
    told = zip(rows, _firsts(packed), (_distance(one, filters) for one in packed), strict=True)
    teller = _Teller()
    found = {row[0]: teller.small(row, first, distance) for row, first, distance in told}
    return [found[one] for one in ids if one in found]


class _Teller:
    """Knows the moment and the reader."""

    def __init__(self) -> None:
        self.now, self.english = timezone.now(), reads_english()

    def small(self, row: Row, first: "tuple[float, float] | tuple[None, None]", distance: float | None) -> Small:
        """One entry."""
        _pk, uuid, slug, name, town, region, country, sector, legal_form, summary, summary_en, confirmed, is_demo, _packed = row
        confirmed_at = _moment(confirmed) if confirmed else None
        return {
            "id": uuid if isinstance(uuid, UUID) else f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}",
            "slug": slug,
            "name": name,
            "town": town,
            "region": region,
            "country": country,
            "sector": sector,
            "legal_form": legal_form,
            "summary": (summary_en if self.english else "") or summary,
            "fresh": int(freshness(confirmed_at, self.now)) if confirmed_at else 0,
            "confirmed_on": confirmed_at.date() if confirmed_at else None,
            "lat": first[0],
            "lon": first[1],
            "distance_km": distance,
            "is_demo": bool(is_demo),
        }


def _firsts(packed: list[bytes]) -> "list[tuple[float, float] | tuple[None, None]]":
    """(lat, lon) of the first place of each; all at once, because the projection is quicker on arrays."""
    held = np.frombuffer(b"".join(one[: SPOT.itemsize] for one in packed), SPOT)
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (held["y"] + 0.5) / SIZE)))).round(DECIMALS)
    lon = ((held["x"] + 0.5) / SIZE * 360 - 180).round(DECIMALS)
    points = iter(zip(lat.tolist(), lon.tolist(), strict=True))
    return [next(points) if one else (None, None) for one in packed]


def _distance(packed: bytes, filters: Filters) -> float | None:
    """Kilometres to the nearest place of those asked for."""
    near = filters.near
    if near is None:
        return None
    spots = (unproject(x + 0.5, y + 0.5) for _key, x, y in SPOT_BYTES.iter_unpack(packed))
    there = (spot for spot in spots if filters.bbox is None or holds(filters.bbox, *spot))
    nearest = min((distance_km(near.lat, near.lon, *spot) for spot in there), default=None)
    return None if nearest is None else round(nearest, 3)


def _moment(value: "datetime | str") -> datetime:
    """SQLite hands over text and means UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
