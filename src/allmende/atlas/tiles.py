"""What maps ask for: what lies in one tile, as vectors or GeoJSON; everything at once where it is little.

An answer is the same for everybody and in every language. It is kept for ever by whoever got it under the present version (`v`), and
for a minute otherwise.
"""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.atlas import export, forms, mvt, queries
from allmende.atlas.clusters import Pile, tile
from allmende.atlas.rules import DEEPEST, MAX_ZOOM, Filters, project
from allmende.ground import replicas
from allmende.ground.refusals import BadInput, require
from allmende.web.answers import GEOJSON, LEVEL, holds, json, reads_gzip, tag

LAYER = "entries"
KINDS = {"mvt": mvt.KIND, "geojson": GEOJSON}
FORMAT = 1  # grows when a tile says something else than before
LITTLE = 500  # entries that a map gets at once
MOST_PLACES = 2_000  # of all of them together
KEPT = 2_000  # tiles held in memory, a few kilobytes each

FOR_EVER = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"


@dataclass(frozen=True)
class Answer:
    """What is sent back: nothing of it depends on who asks."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


def version() -> str:
    """What the answers of this moment are called: another one with every change of the index, and every day, because freshness ages."""
    seed = repr((FORMAT, *queries.version(), localdate()))
    return blake2b(seed.encode(), digest_size=6).hexdigest()


# ---- what stands in an answer


def body(filters: Filters, z: int, x: int, y: int, kind: str) -> bytes:
    """One tile, "mvt" or "geojson", not yet compressed."""
    piles = tile(filters, z, x, y)
    if kind == "geojson":
        return json(export.collection(export.features(piles, export.both)))
    return vectors(piles, z, x, y)


def vectors(piles: Sequence[Pile], z: int, x: int, y: int) -> bytes:
    """The piles of a tile as a vector tile: heaps, heaps whose entries share one spot and are named, single entries.

    One unit is one unit of the map at zoom 30, so that no place moves.
    """
    side = DEEPEST - z
    singles = [pile for pile in piles if pile.count == 1 and pile.entries]
    named = [pile for pile in piles if pile.count > 1 and pile.entries]
    heaps = [pile for pile in piles if not pile.entries]
    told = [export.both(pile.entries[0]) for pile in singles]
    shared = {
        "slugs": ["\n".join(entry.slug for entry in pile.entries) for pile in named],
        "names": ["\n".join(entry.name for entry in pile.entries) for pile in named],
    }
    return mvt.layer(
        LAYER,
        _points(heaps, x << side, y << side, _counted(heaps)),
        _points(named, x << side, y << side, _counted(named) | shared),
        _points(singles, x << side, y << side, {name: [one[name] for one in told] for name in told[0]} if told else {}),
        extent=1 << side,
    )


def _points(piles: Sequence[Pile], left: int, top: int, columns: Mapping[str, mvt.Column]) -> mvt.Points:
    spots = [project(pile.lat, pile.lon) for pile in piles]
    return mvt.Points([x - left for x, _ in spots], [y - top for _, y in spots], columns)


def _counted(piles: Sequence[Pile]) -> dict[str, mvt.Column]:
    """The number of places and the box around them in degrees; 32 bits are about two metres."""
    edges = np.array([(pile.box.west, pile.box.south, pile.box.east, pile.box.north) for pile in piles], np.float32).reshape(-1, 4)
    counts: dict[str, mvt.Column] = {"count": [pile.count for pile in piles]}
    return counts | {name: edges[:, column] for column, name in enumerate(("west", "south", "east", "north"))}


def whole(filters: Filters) -> bytes:
    """Every place of everything that matches as GeoJSON, each entry one feature, best first; `total` entries, none where it is too much."""
    found = queries.search(filters, per_page=LITTLE) if (total := queries.count(filters)) <= LITTLE else None
    spots = {entry.pk: queries.spots(entry) for entry in found.entries} if found else {}
    if found is None or sum(map(len, spots.values())) > MOST_PLACES:
        return json(export.collection([], total=total, complete=False))
    features = [export.everywhere(entry, spots[entry.pk]) for entry in found.entries if spots[entry.pk]]
    return json(export.collection(features, total=found.total, complete=True))


# ---- how it is sent

Part = tuple[int, int, int] | None
"""The tile z, x, y, or everything."""


class _Outrun(Exception):
    """The index has changed while an answer was made of it: it is good, but nobody may keep it under a version."""


def answer(query: str, part: Part, kind: str, *, known: str = "", accepts: str = "") -> Answer:
    """What an address asks for by its query string, and the headers `If-None-Match` and `Accept-Encoding`."""
    if part:
        _on_the_map(*part)
    now = version()
    given, filters = _asked(now, query)
    if given and given != now:
        replicas.ask_primary()  # who names another version may have written it
    etag = stamp(now, filters, part, kind)
    headers = {"ETag": etag, "Cache-Control": FOR_EVER if given == now else A_MINUTE, "Vary": "Accept-Encoding"}
    if known and holds(known, etag):
        return Answer(304, headers)
    try:
        packed = _tile(now, filters, part, kind) if part else _whole(now, filters)
    except _Outrun as outrun:
        packed, headers["Cache-Control"] = outrun.args[0], A_MINUTE
    headers["Content-Type"] = KINDS[kind]
    if not reads_gzip(accepts):
        return Answer(200, headers, gzip.decompress(packed))
    return Answer(200, headers | {"Content-Encoding": "gzip"}, packed)


def _on_the_map(z: int, x: int, y: int) -> None:
    require(z <= MAX_ZOOM, _("The map ends at zoom %(n)d.") % {"n": MAX_ZOOM}, BadInput)
    require(max(x, y) < 1 << z, _("At zoom %(z)d the tiles go from 0 to %(n)d.") % {"z": z, "n": (1 << z) - 1}, BadInput)


@lru_cache(maxsize=500)
def _asked(now: str, query: str) -> tuple[str, Filters]:
    """The version and the filters of an address; which keys are known is asked once for each version."""
    params = QueryDict(query)
    return params.get("v", ""), forms.parse(params, also=("v",)).but(bbox=None, sort="")


@lru_cache(maxsize=KEPT)
def stamp(now: str, filters: Filters, part: Part, kind: str) -> str:
    """The ETag of an answer."""
    return tag(repr((now, filters, part, kind)).encode())


@lru_cache(maxsize=KEPT)
def _tile(now: str, filters: Filters, part: tuple[int, int, int], kind: str) -> bytes:
    return _packed(now, body(filters, *part, kind))


@lru_cache(maxsize=50)
def _whole(now: str, filters: Filters) -> bytes:
    return _packed(now, whole(filters))


def _packed(now: str, made: bytes) -> bytes:
    """Compressed, if the index is still the one it was made of; what raises is not kept in memory either."""
    packed = gzip.compress(made, LEVEL, mtime=0)
    if version() != now:
        raise _Outrun(packed)
    return packed


# ---- the doors


def map_tile(request: HttpRequest, z: int, x: int, y: int, kind: str) -> HttpResponse:
    """One tile of the map with all filters of the list."""
    return _sent(request, (z, x, y), kind)


def everything(request: HttpRequest) -> HttpResponse:
    """All places of a small result, for maps that then need not ask again."""
    return _sent(request, None, "geojson")


def _sent(request: HttpRequest, part: Part, kind: str) -> HttpResponse:
    query, known, accepts = (request.META.get(name, "") for name in ("QUERY_STRING", "HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING"))
    told = answer(query, part, kind, known=known, accepts=accepts)
    headers: dict[str, Any] = told.headers | ({"Content-Length": str(len(told.body))} if told.status == 200 else {})
    return HttpResponse(told.body, status=told.status, headers=headers)
