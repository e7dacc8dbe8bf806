"""Every question asked of the map. The index holds only what guests may see, so every viewer gets the same answers here.

Questions are answered from the index in memory (engine/); only the rows of one page come from the table.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from django.core.cache import cache
from django.db import connection
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import get_language
from numpy.typing import NDArray

from allmende.atlas import questions, vocabulary
from allmende.atlas.engine import choose, listing, snapshot
from allmende.atlas.engine.choose import Sets, Words
from allmende.atlas.engine.keys import SPOT
from allmende.atlas.engine.snapshot import Snapshot
from allmende.atlas.models import Entry
from allmende.atlas.rules import REACH, Box, Filters, holds, unproject
from allmende.directory.models import Organisation, Source, Term, Tree
from allmende.directory.rules import freshness
from allmende.ground.text import words
from allmende.places import queries as places
from allmende.places.rules import distance_km

TAG_FILTERS = choose.TAG_FILTERS
COUNTS_KEPT = 600  # seconds
Counted = TypeVar("Counted")


@dataclass
class Listed:
    """The organisations' ids on a page of results, in order.

    `corrected` is the spelling that was searched instead; `place_unknown` says why nothing is near.
    """

    total: int
    ids: list[int]
    page: int
    per_page: int
    corrected: str | None = None
    place_unknown: bool = False

    @property
    def pages(self) -> int:
        """How many pages can be turned; at least one."""
        return max(1, ceil(min(self.total, REACH) / self.per_page))


@dataclass
class Found(Listed):
    """A page of results with its entries."""

    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Facet:
    """A filter value with its label and how many entries it would leave."""

    key: str
    name: str
    count: int


def version() -> tuple[int, datetime]:
    """The number and moment of the index: what ETag and Last-Modified say."""
    now = snapshot.current()
    return now.number, now.at


def asked(filters: Filters) -> Words | None:
    """What is asked of the text; None where nothing is."""
    return questions.asked(filters.q, vocabulary.current()) if filters.q else None


def _says_nothing(filters: Filters) -> bool:
    return bool(filters.q) and not words(filters.q)


def places_of(now: Snapshot, filters: Filters, among: NDArray[np.int64] | None = None) -> Sets:
    """The places of everything that matches (of these entries, where some are named), one set for each part of the snapshot."""
    return choose.nothing(now) if _says_nothing(filters) else choose.places(now, filters, asked(filters), among)


def count(filters: Filters) -> int:
    """How many entries match."""
    now = snapshot.current()
    return choose.number(choose.distinct(now, places_of(now, filters), filters))


def matching_ids(filters: Filters) -> NDArray[np.int64]:
    """The organisations' ids of everything that matches, ascending."""
    now = snapshot.current()
    return listing.ids(now, choose.distinct(now, places_of(now, filters), filters))


def matching_among(filters: Filters, ids: Iterable[int]) -> set[int]:
    """Which of these organisations match."""
    now = snapshot.current()
    found = places_of(now, filters, np.unique(np.fromiter(ids, np.int64)))
    return set(listing.ids(now, choose.distinct(now, found, filters)).tolist())


def search(filters: Filters, *, page: int = 1, per_page: int = 25) -> Found:
    """One page of what matches, as `listed` has it, with its entries."""
    found = listed(filters, page=page, per_page=per_page)
    shown = entries(found.ids)
    _decorate(shown, filters)
    return Found(**vars(found), entries=shown)


def listed(filters: Filters, *, page: int = 1, per_page: int = 25) -> Listed:
    """One page of what matches, best first: words in the name before words in the text, near before far, confirmed before not.

    Where nothing is found, the nearest spelling is tried and named in `corrected`.
    """
    found = _page(filters, page, per_page)
    if found.total == 0 and filters.q and not filters.place_unknown:
        better = questions.corrected(filters.q, vocabulary.current())
        again = _page(filters.but(q=better), page, per_page) if better else None
        if again and again.total:
            again.corrected = better
            found = again
    found.place_unknown = filters.place_unknown
    return found


def _page(filters: Filters, page: int, per_page: int) -> Listed:
    if _says_nothing(filters) or filters.place_unknown:
        return Listed(0, [], page, per_page)
    one = listing.page(snapshot.current(), filters, asked(filters), (page - 1) * per_page, per_page)
    return Listed(one.total, one.ids, page, per_page)


_SHOWN = tuple(one.attname for one in Entry._meta.concrete_fields if one.attname not in {"tags", "words"})


def entries(ids: Sequence[int]) -> list[Entry]:
    """The entries of these organisations in this order, without their tags and words; one plain statement, a third of the ORM's work."""
    if not len(ids):
        return []
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(ids))
        cursor.execute(f"SELECT {', '.join(_SHOWN)} FROM atlas_entry WHERE organisation_id IN ({marks})", list(ids))
        rows = cursor.fetchall()
    read = _with_moments if connection.vendor == "sqlite" else tuple
    found = {row[0]: _entry(read(row)) for row in rows}
    return [found[one] for one in ids if one in found]


_MOMENTS = [_SHOWN.index(name) for name in ("confirmed_at", "changed_at")]
_BOOLEANS = [_SHOWN.index(name) for name in ("share_alike", "has_place", "is_demo")]
_UUID = _SHOWN.index("uuid")


def _with_moments(row: Sequence[Any]) -> Sequence[Any]:
    """A row of SQLite, which knows no UUIDs, no booleans and no time zones."""
    values = list(row)
    values[_UUID] = UUID(values[_UUID])
    for at in _MOMENTS:
        values[at] = values[at].replace(tzinfo=UTC) if values[at] else None
    for at in _BOOLEANS:
        values[at] = bool(values[at])
    return values


def _entry(values: Sequence[Any]) -> Entry:
    """An entry that says so much, as Django would make it, in half the time."""
    entry = Entry.__new__(Entry)
    entry.__dict__.update(zip(_SHOWN, values, strict=True))
    entry._state = ModelState()
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


def _decorate(found: Sequence[Entry], filters: Filters) -> None:
    """Give each entry its freshness level and, where asked, its distance: that of the nearest place of those asked for."""
    now, near = timezone.now(), filters.near
    for entry in found:
        entry.freshness = freshness(entry.confirmed_at, now)
        entry.distance_km = None
        if near:
            there = (spot for spot in spots(entry) if filters.bbox is None or holds(filters.bbox, *spot))
            entry.distance_km = min((distance_km(near.lat, near.lon, *spot) for spot in there), default=None)


def spots(entry: Entry, most: int | None = None) -> list[tuple[float, float]]:
    """Where an entry is: (lat, lon), the seat first; at most so many."""
    packed = np.frombuffer(bytes(entry.spots), SPOT)[:most]
    return [unproject(x + 0.5, y + 0.5) for x, y in zip(packed["x"].tolist(), packed["y"].tolist(), strict=True)]


def points_of(found: Sequence[Entry], most: int | None = None) -> dict[int, list[tuple[float, float]]]:
    """Where these entries are: id to (lat, lon), the seat first, at most so many each; those without a place are left out."""
    return {entry.pk: [(round(lat, 5), round(lon, 5)) for lat, lon in spots(entry, most)] for entry in found if entry.spots}


def extent(filters: Filters) -> Box | None:
    """The box that holds all places of what matches; None if there are none."""
    now = snapshot.current()
    edges = [edge for part, found in zip(now.parts, places_of(now, filters), strict=True) if (edge := choose.edges(part.segment, found))]
    if not edges:
        return None
    west, north, east, south = (pick(values) for pick, values in zip((min, min, max, max), zip(*edges, strict=True), strict=True))
    (top, left), (bottom, right) = unproject(west + 0.5, north + 0.5), unproject(east + 0.5, south + 0.5)
    return Box(left, bottom, right, top)


def remembered(what: str, filters: Filters, count: Callable[[], Counted]) -> Counted:
    """What was counted under these filters, kept for ten minutes or until the index changes."""
    key = what + hashlib.sha256(repr((version(), get_language(), filters)).encode()).hexdigest()
    held: Counted | None = cache.get(key)
    if held is None:
        held = count()
        cache.set(key, held, COUNTS_KEPT)
    return held


def tag_counts(filters: Filters, kinds: Iterable[str] = ()) -> dict[str, Counter[str]]:
    """How many of the entries that match carry each tag: kind -> key -> number; all kinds unless some are named."""
    now, wanted = snapshot.current(), set(kinds)
    once = choose.distinct(now, places_of(now, filters), filters)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for part, found in zip(now.parts, once, strict=True):
        for tag, carrying in part.segment.tags.items() if found else ():
            kind, key = now.tag_names[tag]
            if not wanted or kind in wanted:
                counts[kind][key] += found.intersection_cardinality(carrying)
    return {kind: +counter for kind, counter in counts.items()}


def facets(filters: Filters) -> dict[str, list[Facet]]:
    """For each filter its values with the number of entries each would leave under the other filters; zero is left out."""
    return remembered("facets", filters, lambda: _facets(filters, get_language() or "de"))


def _facets(filters: Filters, language: str) -> dict[str, list[Facet]]:
    wanted = (*TAG_FILTERS, "region")
    counts = tag_counts(filters, wanted)
    for name in TAG_FILTERS:
        if getattr(filters, name):
            counts[name] = tag_counts(filters.but(**{name: ()}), (name,)).get(name, Counter())
    return {name: _labelled(name, counts.get(name, Counter()), language) for name in wanted}


def _labelled(name: str, counts: Counter[str], language: str) -> list[Facet]:
    """Facets with labels: taxonomy in its own order, all else by number."""
    if name in Tree.values:
        return [Facet(term.key, term.name, counts[term.key]) for term in Term.objects.filter(tree=name) if counts[term.key]]
    names: dict[str, str] = {}
    if name == "country":
        names = {key: places.country_name(key, language) for key in counts}
    elif name == "source":
        names = dict(Source.objects.values_list("key", "name"))
    elif name == "network":
        names = dict(Organisation.objects.filter(slug__in=list(counts)).values_list("slug", "name"))
    elif name == "region":
        names = {key: key.split(":", 1)[1] for key in counts}
    return [Facet(key, names.get(key) or key, n) for key, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
