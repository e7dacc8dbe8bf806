"""In which order: one page of what matches, exactly and always the same, however much matches.

A list is a row of pieces, each wholly before the next: words in the name before words elsewhere before compounds, confirmed before not,
invented last. Only the piece a page falls into is put in order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from allmende.atlas.engine import choose
from allmende.atlas.engine.choose import Sets, Words
from allmende.atlas.engine.segment import TIERS, Segment, as_ordinals, as_set
from allmende.atlas.engine.snapshot import Snapshot
from allmende.atlas.rules import Filters, Near

Ordinals = NDArray[np.uint32]
MANY = 20_000  # places: so many are not put in order, the order of all is walked through until enough of them came by


@dataclass
class Page:
    """The number of all entries that match, and the ids of those on this page in order."""

    total: int
    ids: list[int]


def page(snapshot: Snapshot, filters: Filters, words: Words | None, skip: int, limit: int) -> Page:
    """`limit` entries after the first `skip`."""
    if filters.sort == "near" and not filters.near:
        filters = filters.but(sort="")  # nothing to be near to
    found = choose.places(snapshot, filters, words)
    once = choose.distinct(snapshot, found, filters)
    total = choose.number(once)
    ids: list[int] = []
    for piece, size in _pieces(snapshot, found, once, filters, words) if skip < total else ():
        if skip < size and len(ids) < limit:
            ids += _ordered(snapshot, piece, filters, skip, limit - len(ids))
        skip = max(0, skip - size)
        if len(ids) >= limit:
            break
    return Page(total, ids)


def _by_distance(filters: Filters) -> bool:
    return filters.near is not None and filters.sort in {"", "near"}


def _pieces(snapshot: Snapshot, found: Sets, once: Sets, filters: Filters, words: Words | None) -> Iterator[tuple[Sets, int]]:
    """Sets of places in the order in which they come, and how many entries each holds; one place for each entry.

    By distance all places of an entry are there: the nearest counts.
    """
    every = found if _by_distance(filters) else once
    for piece in _classes(snapshot, every, words) if words and not filters.sort else [every]:
        if _by_distance(filters):
            yield piece, choose.number(choose.distinct(snapshot, piece, filters))
        elif filters.sort:
            yield piece, choose.number(piece)
        else:
            for tier in range(TIERS):
                part_of_it = [places & part.segment.tiers[tier] for part, places in zip(snapshot.parts, piece, strict=True)]
                yield part_of_it, choose.number(part_of_it)


def _classes(snapshot: Snapshot, found: Sets, words: Words) -> Iterator[Sets]:
    """Every word in the name; every word somewhere; only through compounds."""
    exact = choose.worded(snapshot, found, words.exact) if words.exact != words.wide else found
    named = choose.worded(snapshot, exact, words.exact, names_only=True)
    yield named
    yield [some - other for some, other in zip(exact, named, strict=True)]
    if words.exact != words.wide:
        yield [some - other for some, other in zip(found, exact, strict=True)]


def _ordered(snapshot: Snapshot, piece: Sets, filters: Filters, skip: int, limit: int) -> list[int]:
    """The ids of a stretch of one piece."""
    until, near = skip + limit, filters.near
    chosen: list[tuple[Any, ...]] = []
    busy = [(part.segment, places) for part, places in zip(snapshot.parts, piece, strict=True) if places]
    for segment, places in busy:
        if near and _by_distance(filters):
            chosen += _nearest(segment, as_ordinals(places), near, until)
        elif filters.sort == "new":
            chosen += _newest(segment, as_ordinals(places), until)
        else:
            chosen += _by_name(segment, places, until, alone=len(busy) == 1)
    chosen.sort()
    return [one[-1] for one in chosen[skip:until]]


def _by_name(segment: Segment, places: BitMap, until: int, alone: bool) -> list[tuple[Any, ...]]:
    """(name, id) of the first ones; without the name where there is nothing to merge with."""
    if len(places) > MANY and until < len(places) // 8:
        at = _walked(segment, places, until)
    else:
        at = as_ordinals(places)
        at = at[_smallest(segment.rank[at], until)]
    ranks, ids = segment.rank[at].tolist(), segment.entry[at].tolist()
    return list(zip(ranks, ids, strict=True)) if alone else [(segment.names[rank], one) for rank, one in zip(ranks, ids, strict=True)]


def _walked(segment: Segment, places: BitMap, until: int) -> Ordinals:
    """At least the first `until` of many places, found by walking through all in the order of names."""
    step = max(2_000, 2 * until * len(segment) // len(places))
    found, at = BitMap(), 0
    while len(found) < until and at < len(segment):
        found |= as_set(np.sort(segment.by_rank[at : at + step])) & places  # sets are made of sorted numbers ten times as fast
        at += step
    return as_ordinals(found)


def _newest(segment: Segment, at: Ordinals, until: int) -> list[tuple[Any, ...]]:
    """(-moment of change, id)."""
    age = -segment.changed[at]
    kept = _smallest(age, until)
    return list(zip(age[kept].tolist(), segment.entry[at[kept]].tolist(), strict=True))


def _nearest(segment: Segment, at: Ordinals, near: Near, until: int) -> list[tuple[Any, ...]]:
    """(distance, tier, name, id) of the first ones, each entry by its nearest place."""
    km = np.round(choose.distances(segment, at, near), 5)  # to the centimetre: places on one spot are equally far
    order = np.lexsort((km, segment.entry[at]))
    is_nearest = np.ones(len(at), bool)
    is_nearest[1:] = segment.entry[at[order]][1:] != segment.entry[at[order]][:-1]
    at, km = at[order][is_nearest], km[order][is_nearest]
    kept = _smallest(km, until)
    return [(float(distance), *_placing(segment, int(one))) for distance, one in zip(km[kept], at[kept], strict=True)]


def _placing(segment: Segment, ordinal: int) -> tuple[int, str, int]:
    tier = next(tier for tier in range(TIERS) if ordinal in segment.tiers[tier])
    return tier, segment.names[int(segment.rank[ordinal])], int(segment.entry[ordinal])


def _smallest(values: NDArray[Any], until: int) -> NDArray[np.int64]:
    """The positions of the `until` smallest values, and of those that equal the last of them."""
    if until >= len(values):
        return np.arange(len(values))
    last = np.partition(values, until - 1)[until - 1]
    return np.flatnonzero(values <= last)


def ids(snapshot: Snapshot, once: Sets) -> NDArray[np.int64]:
    """The ids of entries of which one place each is in these sets, ascending."""
    given = [part.segment.entry[as_ordinals(places)] for part, places in zip(snapshot.parts, once, strict=True) if places]
    return np.sort(np.concatenate(given)).astype(np.int64) if given else np.zeros(0, np.int64)


def by_name(snapshot: Snapshot, found: Sets, limit: int) -> list[int]:
    """The ids of the first entries by name among these places, one place for each entry."""
    return _ordered(snapshot, found, Filters(sort="name"), 0, limit)
