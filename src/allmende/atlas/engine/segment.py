"""One part of the index in memory: places sorted by key, and sets of them for everything that can be filtered by. It never changes.

A place is known by its ordinal, its position in the order of keys. Places of an entry lie in one segment, all of them. What has
changed since is marked dead by the snapshot and lies in a younger segment.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from allmende.atlas.engine.keys import NOWHERE, SPOT
from allmende.atlas.engine.pyramid import Pyramid
from allmende.atlas.engine.rows import NEVER, Columns, Ints
from allmende.atlas.fulltext import Group, stems_of
from allmende.atlas.portrait import unpack

TIERS = 3  # real and confirmed, real, invented
TAGS_AT_ONCE = 200_000  # places whose tags are sorted in one go: memory stays flat
GROUPS_KEPT = 256  # sets of places that hold a word, per segment

Arrays = dict[str, NDArray[Any]]


class Stored(Protocol):
    """Where the places of much used stems are kept."""

    def places(self, stem: str, names_only: bool) -> BitMap | None:
        """The places of a stem; None where it is not kept."""


class Segment:
    """Arrays by ordinal: keys, x, y, entry, rank (of the entry by name), confirmed, changed; all ordinals by_entry and by_rank.

    Sets of ordinals: `first` holds one place of each entry, `multi` the places of entries with several, then tiers, confirmed and tags.
    Places come first, entries without one last.
    """

    def __init__(
        self,
        arrays: Arrays,
        sets: Mapping[str, BitMap],
        tags: Mapping[int, BitMap],
        names: Sequence[str],
        pyramid: Pyramid | None = None,
        words: list[bytes] | None = None,
        stored: "Stored | None" = None,
    ) -> None:
        self.keys: Ints = arrays["keys"]
        self.x, self.y, self.entry, self.rank = (arrays[name] for name in ("x", "y", "entry", "rank"))
        self.confirmed, self.changed, self.by_entry = (arrays[name] for name in ("confirmed", "changed", "by_entry"))
        self.by_rank = arrays["by_rank"]
        self.arrays, self.sets, self.tags, self.names = arrays, sets, tags, names
        self.first, self.multi = sets["first"], sets["multi"]
        self.tiers = tuple(sets[f"tier{tier}"] for tier in range(TIERS))
        self.placed = int(self.keys.searchsorted(NOWHERE))
        self.pyramid = pyramid
        self._words, self._stored = words, stored
        self._groups: dict[tuple[Group, bool], BitMap] = {}

    def __len__(self) -> int:
        """The number of places, entries without one counted once."""
        return len(self.keys)

    @cached_property
    def everything(self) -> BitMap:
        """All ordinals."""
        return stretch(0, len(self))

    @cached_property
    def chains(self) -> tuple[NDArray[np.uint32], NDArray[np.int64], int]:
        """The places of entries with several, for each of them which entry it is (counted from 0), and how many such entries there are."""
        at = as_ordinals(self.multi)
        entries, which = np.unique(self.entry[at], return_inverse=True)
        return at, which, len(entries)

    def ordinals_of(self, entries: Ints) -> NDArray[np.int64]:
        """The ordinals of all places of these entries."""
        low = np.searchsorted(self.entry, entries, side="left", sorter=self.by_entry)
        high = np.searchsorted(self.entry, entries, side="right", sorter=self.by_entry)
        found = [self.by_entry[a:b] for a, b in zip(low, high, strict=True) if b > a]
        return np.concatenate(found).astype(np.int64) if found else np.zeros(0, np.int64)

    def ordinals_at(self, keys: Ints) -> BitMap:
        """The places with these keys, as far as they are here. The keys must be sorted."""
        if not len(self):
            return BitMap()
        at = np.minimum(self.keys.searchsorted(keys), len(self) - 1)
        return as_set(at[self.keys[at] == keys])

    def held(self, group: Group, names_only: bool) -> BitMap | None:
        """The places whose text holds any of these stems, where that is known already (for a small segment it always is)."""
        known = self._groups.get((group, names_only))
        if known is None and self._words is not None:
            known = self.learn(group, names_only, self._reading(group, names_only))
        return known

    def stored(self, group: Group, names_only: bool) -> tuple[list[BitMap], Group]:
        """The places of those stems of a group that are kept on the disk, and the others."""
        if self._stored is None:
            return [], group
        kept = {one: places for one in group if (places := self._stored.places(one, names_only)) is not None}
        return list(kept.values()), tuple(one for one in group if one not in kept)

    def learn(self, group: Group, names_only: bool, places: BitMap) -> BitMap:
        """Keep the places of a group of stems; the oldest ones give way."""
        while len(self._groups) >= GROUPS_KEPT:
            self._groups.pop(next(iter(self._groups)), None)
        self._groups[group, names_only] = places
        return places

    def _reading(self, group: Group, names_only: bool) -> BitMap:
        whole = {one for one in group if not one.endswith("*")}
        beginnings = tuple(one.rstrip("*") for one in group if one.endswith("*"))
        hits = [row for row, held in enumerate(self._stems) if _holds(held[names_only], whole, beginnings)]
        return as_set(np.flatnonzero(np.isin(self.rank, hits))) if hits else BitMap()

    @cached_property
    def _stems(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        """For each entry by rank all its stems and those of its name."""
        return [stems_in(blob) for blob in self._words or ()]


def as_set(ordinals: NDArray[Any]) -> BitMap:
    """Ordinals as a set. Through an array of the standard library, which pyroaring reads six times as fast as one of numpy."""
    return BitMap(array("I", ordinals.astype(np.uint32, copy=False).tobytes()))


def as_ordinals(places: BitMap) -> NDArray[np.uint32]:
    """A set as ordinals, ascending."""
    return np.frombuffer(places.to_array(), np.uint32)


def stretch(start: int, end: int) -> BitMap:
    """The ordinals from `start` up to but without `end`."""
    found = BitMap()
    found.add_range(start, end)
    return found


_decoded: dict[bytes, tuple[frozenset[str], frozenset[str]]] = {}


def stems_in(blob: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """All stems of an entry and those of its name, from Entry.words; remembered, for the youngest segment is made anew often."""
    known = _decoded.get(blob)
    if known is None:
        all_stems, of_name = stems_of(unpack(blob))
        known = frozenset(all_stems.split()), frozenset(of_name.split())
        if len(_decoded) > 4_000:
            _decoded.clear()
        _decoded[blob] = known
    return known


def _holds(held: frozenset[str], whole: set[str], beginnings: tuple[str, ...]) -> bool:
    return not held.isdisjoint(whole) or (bool(beginnings) and any(one.startswith(beginnings) for one in held))


def build(columns: Columns, *, pyramid: bool = False) -> Segment:
    """A segment of these entries, which must be in the order of (sort_name, id)."""
    row, spots, is_first = _places(columns)
    order = np.argsort(spots["key"], kind="stable")
    row, spots, is_first = row[order], spots[order], is_first[order]
    entry = columns.entry[row]
    if len(entry) and int(entry.max()) >= 1 << 32:
        raise ValueError("An organisation's id is beyond 32 bits; the index in memory holds no more.")
    confirmed, demo = columns.confirmed[row], columns.is_demo[row]
    arrays: Arrays = {
        "keys": spots["key"].astype(np.int64),
        "x": spots["x"].copy(),
        "y": spots["y"].copy(),
        "entry": entry.astype(np.uint32),
        "rank": row.astype(np.uint32),
        "confirmed": confirmed,
        "changed": columns.changed[row],
        "by_entry": np.argsort(entry, kind="stable").astype(np.uint32),
        "by_rank": np.argsort(row, kind="stable").astype(np.uint32),
    }
    tier = np.where(demo, 2, np.where(confirmed == NEVER, 1, 0))
    several = np.bincount(row, minlength=len(columns.entry))[row] > 1 if len(row) else np.zeros(0, bool)
    sets = {f"tier{one}": _set(tier == one) for one in range(TIERS)}
    sets |= {"first": _set(is_first), "multi": _set(several), "confirmed": _set(confirmed != NEVER)}
    tags = _tags(columns, row)
    made = Pyramid.build(arrays["keys"], arrays["x"], arrays["y"]) if pyramid else None
    return Segment(arrays, sets, tags, columns.names, made, columns.words)


def _places(columns: Columns) -> tuple[Ints, NDArray[np.void], NDArray[np.bool_]]:
    """For every place its row, its spot and whether it is the entry's first; entries without one get a spot nowhere."""
    counts = columns.spot_counts
    row = np.repeat(np.arange(len(counts)), counts)
    is_first = np.ones(len(row), bool)
    is_first[1:] = row[1:] != row[:-1]
    homeless = np.flatnonzero(counts == 0)
    nowhere = np.zeros(len(homeless), SPOT)
    nowhere["key"] = NOWHERE + columns.entry[homeless]
    return (
        np.concatenate([row, homeless]).astype(np.int64),
        np.concatenate([columns.spots.astype(SPOT), nowhere]),
        np.concatenate([is_first, np.ones(len(homeless), bool)]),
    )


def _set(mask: NDArray[np.bool_]) -> BitMap:
    found = as_set(np.flatnonzero(mask))
    found.run_optimize()
    return found


def _tags(columns: Columns, row: Ints) -> dict[int, BitMap]:
    """The places of every tag."""
    starts = np.concatenate([[0], np.cumsum(columns.tag_counts)])
    found: dict[int, BitMap] = {}
    for begin in range(0, len(row), TAGS_AT_ONCE):
        rows = row[begin : begin + TAGS_AT_ONCE]
        counts = columns.tag_counts[rows]
        total = int(counts.sum())
        if not total:
            continue
        place = np.repeat(np.arange(begin, begin + len(rows)), counts)
        within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        tag = columns.tags[np.repeat(starts[rows], counts) + within]
        order = np.argsort(tag, kind="stable")
        tag, place = tag[order], place[order]
        borders = np.concatenate([[0], np.flatnonzero(tag[1:] != tag[:-1]) + 1, [total]])
        for low, high in zip(borders[:-1], borders[1:], strict=True):
            found.setdefault(int(tag[low]), BitMap()).update(as_set(place[low:high]))
    for places in found.values():
        places.run_optimize()
    return found


def union(sets: Iterable[BitMap | None]) -> BitMap:
    """All that is in any of these."""
    given = [one for one in sets if one]
    return BitMap.union(*given) if len(given) > 1 else BitMap(given[0]) if given else BitMap()
