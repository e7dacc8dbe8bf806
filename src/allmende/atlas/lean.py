"""A page of results for light clients: a small dict for each entry, made straight from its row, without an object of it."""

from datetime import UTC, datetime
from struct import Struct
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from allmende.atlas.engine.keys import SPOT
from allmende.atlas.export import DECIMALS
from allmende.atlas.rules import Near, unproject
from allmende.directory.rules import freshness
from allmende.ground.text import reads_english
from allmende.places.rules import distance_km

Small = dict[str, Any]

# A plus keeps SQLite from making moments and truth values of what it has read, which takes longer than all the rest.
_ROWS = """
    SELECT organisation_id, uuid, slug, name, town, region, country, sector, legal_form, summary, summary_en,
           {plain}confirmed_at, {plain}is_demo, {spots}
    FROM atlas_entry WHERE organisation_id IN ({marks})"""
_FIRST = f"substr(spots, 1, {SPOT.itemsize})"
_SPOT = Struct("<qII")  # engine.keys.SPOT, for one at a time


def entries(ids: list[int], near: Near | None = None) -> list[Small]:
    """The entries of these organisations in this order, each with its first place; with the distance of its nearest, where one asked."""
    if not ids:
        return []
    is_sqlite, now, english = connection.vendor == "sqlite", timezone.now(), reads_english()
    plain, spots = "+" if is_sqlite else "", "spots" if near else _FIRST
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(plain=plain, spots=spots, marks=", ".join(["%s"] * len(ids))), ids)
        found = {row[0]: _small(row, now, english, near) for row in cursor.fetchall()}
    return [found[one] for one in ids if one in found]


def _small(row: tuple[Any, ...], now: datetime, english: bool, near: Near | None) -> Small:
    _pk, uuid, slug, name, town, region, country, sector, legal_form, summary, summary_en, confirmed, is_demo, packed = row
    spots, confirmed_at = _spots(packed), _moment(confirmed)
    lat, lon = spots[0] if spots else (None, None)
    return {
        "id": str(uuid) if isinstance(uuid, UUID) else f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}",
        "slug": slug,
        "name": name,
        "town": town,
        "region": region,
        "country": country,
        "sector": sector,
        "legal_form": legal_form,
        "summary": (summary_en if english else "") or summary,
        "fresh": int(freshness(confirmed_at, now)),
        "confirmed_on": confirmed_at.date().isoformat() if confirmed_at else None,
        "lat": None if lat is None else round(lat, DECIMALS),
        "lon": None if lon is None else round(lon, DECIMALS),
        "distance_km": round(min(distance_km(near.lat, near.lon, *spot) for spot in spots), 3) if near and spots else None,
        "is_demo": bool(is_demo),
    }


def _spots(packed: bytes | None) -> list[tuple[float, float]]:
    """(lat, lon), the seat first. SQLite calls a part of nothing NULL."""
    return [unproject(x + 0.5, y + 0.5) for _key, x, y in _SPOT.iter_unpack(packed)] if packed else []


def _moment(value: "datetime | str | None") -> datetime | None:
    """SQLite hands over text and means UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
