"""What the map draws: places counted by cells of the map, each cell with the middle of its places and the box around them.

Where nothing is filtered, whole cells of the base come counted from its pyramid; all else is counted from the sorted keys at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from allmende.atlas.engine.choose import Sets, is_in
from allmende.atlas.engine.keys import CELL_ZOOM, IN_ONE_CELL, SEQUENCE_BITS, Area, cell, tile_shift, unmorton
from allmende.atlas.engine.pyramid import LEVELS, Cells, group, joined
from allmende.atlas.engine.segment import Segment, as_ordinals, as_set, stretch
from allmende.atlas.engine.snapshot import Part, Snapshot
from allmende.atlas.rules import DEEPEST

COUNTED_AT_ONCE = 20_000  # places: more come from the pyramid where that is allowed


@dataclass
class Cell:
    """The places of one cell: number, middle, box (zoom-30 integers), and the entry of the first one."""

    x: int
    y: int
    count: int
    middle: tuple[float, float]
    low: tuple[int, int]
    high: tuple[int, int]
    entry: int


def in_range(snapshot: Snapshot, found: Sets | None, level: int, low: int, high: int) -> list[Cell]:
    """The populated cells of a level (zoom) among the keys from `low` up to but without `high`; `found` None means everything."""
    cells = [
        _with_entries(part.segment, _range_cells(part, found[number] if found is not None else None, level, low, high))
        for number, part in enumerate(snapshot.parts)
    ]
    return _put_together(cells)


def in_areas(snapshot: Snapshot, found: Sets | None, level: int, areas: list[Area]) -> list[Cell]:
    """The populated cells of a level in areas of the map; cells at an edge count only what lies inside."""
    cells = [
        _with_entries(part.segment, counted)
        for number, part in enumerate(snapshot.parts)
        for area in areas
        for counted in _area_cells(part, found[number] if found is not None else None, level, area)
    ]
    return _put_together(cells)


Counted = tuple[Cells, NDArray[np.int64]]
"""Cells and the entries of their first places."""


def _with_entries(segment: Segment, cells: Cells) -> Counted:
    return cells, segment.entry[cells["first"]].astype(np.int64)


def _put_together(parts: list[Counted]) -> list[Cell]:
    """Cells of several parts, joined where they are the same, in Morton order."""
    filled = [part for part in parts if len(part[0])]
    if not filled:
        return []
    cells = np.concatenate([part[0] for part in filled])
    cells["first"] = np.arange(len(cells))
    entries = np.concatenate([part[1] for part in filled])
    order = np.argsort(cells["cell"], kind="stable")
    cells = joined(cells["cell"][order], cells[order])
    return list(_told(cells, entries))


def _told(cells: Cells, entries: NDArray[np.int64]) -> Iterator[Cell]:
    xs, ys = unmorton(cells["cell"])
    middles_x, middles_y = cells["sx"] / cells["n"], cells["sy"] / cells["n"]
    columns = (xs, ys, cells["n"], middles_x, middles_y, cells["x0"], cells["y0"], cells["x1"], cells["y1"], entries[cells["first"]])
    for x, y, count, middle_x, middle_y, x0, y0, x1, y1, entry in zip(*(column.tolist() for column in columns), strict=True):
        yield Cell(x, y, count, (middle_x, middle_y), (x0, y0), (x1, y1), entry)


def _range_cells(part: Part, found: BitMap | None, level: int, low: int, high: int) -> Cells:
    """Cells among a range of keys that begins and ends with whole cells."""
    segment = part.segment
    start, end = int(segment.keys.searchsorted(low)), int(segment.keys.searchsorted(high))
    if found is None and segment.pyramid and level in LEVELS and end - start > COUNTED_AT_ONCE:
        shift = tile_shift(level)
        return _less_the_dead(part, segment.pyramid.within(level, low >> shift, high >> shift), level, start, end)
    if found is None and not part.dead:
        at = np.arange(start, end, dtype=np.uint32)
        return group(segment.keys[start:end] >> tile_shift(level), segment.x[start:end], segment.y[start:end], at)
    return _cells_of(segment, _stretch(part.alive if found is None else found, start, end), level)


def _stretch(found: BitMap, start: int, end: int) -> BitMap:
    if start == 0 and (not found or found.max() < end):
        return found
    return found & stretch(start, end)


def _cells_of(segment: Segment, found: BitMap, level: int) -> Cells:
    at = as_ordinals(found)
    return group(segment.keys[at] >> tile_shift(level), segment.x[at], segment.y[at], at)


def _less_the_dead(part: Part, cells: Cells, level: int, start: int, end: int) -> Cells:
    """Counts of the pyramid without what holds no more; a cell with dead places and few others is counted anew."""
    dead = _stretch(part.dead, start, end)
    if not dead:
        return cells
    gone = _cells_of(part.segment, dead, level)
    kept = cells[~np.isin(cells["cell"], gone["cell"])]
    touched = [_recounted(part, cells[cells["cell"] == one["cell"]], one, level) for one in gone]
    together = np.concatenate([kept, *touched])
    together = together[together["n"] > 0]
    return together[np.argsort(together["cell"], kind="stable")]


def _recounted(part: Part, whole: Cells, gone: np.void, level: int) -> Cells:
    """One cell without its dead: exactly where that is cheap, otherwise by subtraction, which leaves its box as it was."""
    segment, shift = part.segment, tile_shift(level)
    code = int(gone["cell"])
    start, end = int(segment.keys.searchsorted(code << shift)), int(segment.keys.searchsorted((code + 1) << shift))
    if end - start - int(gone["n"]) <= COUNTED_AT_ONCE:
        return _cells_of(segment, _stretch(part.alive, start, end), level)
    left = whole.copy()
    for name in ("n", "sx", "sy"):
        left[name] -= gone[name]
    return left


def _area_cells(part: Part, found: BitMap | None, level: int, area: Area) -> Iterator[Cells]:
    """Cells of an area: whole ones may come from the pyramid, those at its edge are counted."""
    segment = part.segment
    if found is None and segment.pyramid and level in LEVELS:
        yield from _large_area(part, level, area)
        return
    low, high = _hull(area)
    start, end = int(segment.keys.searchsorted(low)), int(segment.keys.searchsorted(high))
    at = as_ordinals(_stretch(part.alive if found is None else found, start, end))
    yield _cells_of(segment, as_set(at[is_in(segment, at, area)]), level)


def _large_area(part: Part, level: int, area: Area) -> Iterator[Cells]:
    segment, side, shift = part.segment, DEEPEST - level, tile_shift(level)
    assert segment.pyramid  # noqa: S101 - asked by the caller
    low, high = _hull(area)
    cells = segment.pyramid.within(level, low >> shift, (high >> shift) + 1)
    xs, ys = unmorton(cells["cell"])
    x0, y0 = xs << side, ys << side
    x1, y1 = x0 + (1 << side) - 1, y0 + (1 << side) - 1
    touching = (x1 >= area[0]) & (x0 <= area[1]) & (y1 >= area[2]) & (y0 <= area[3])
    whole = touching & (x0 >= area[0]) & (x1 <= area[1]) & (y0 >= area[2]) & (y1 <= area[3])
    inside = cells[whole]
    if part.dead and len(inside):
        inside = _less_the_dead(part, inside, level, 0, segment.placed)
        inside = inside[np.isin(inside["cell"], cells["cell"][whole])]
    yield inside
    edge = BitMap()
    for code in cells["cell"][touching & ~whole].tolist():
        edge.add_range(int(segment.keys.searchsorted(code << shift)), int(segment.keys.searchsorted((code + 1) << shift)))
    at = as_ordinals(edge - part.dead)
    yield _cells_of(segment, as_set(at[is_in(segment, at, area)]), level)


def _hull(area: Area) -> tuple[int, int]:
    """One range of keys that holds an area: in Morton order its corners in the north-west and south-east are the first and the last."""
    return cell(area[0], area[2]) << SEQUENCE_BITS, (cell(area[1], area[3]) + 1) << SEQUENCE_BITS


def level_of(shift: int) -> int:
    """The zoom whose cells are 2**shift units wide, at most as deep as the keys."""
    return max(0, min(CELL_ZOOM, DEEPEST - shift))


def at_spot(snapshot: Snapshot, found: Sets | None, x: int, y: int) -> list[int]:
    """The ids of the entries with a place exactly there."""
    low = cell(x, y) << SEQUENCE_BITS
    ids: set[int] = set()
    for number, part in enumerate(snapshot.parts):
        start, end = (int(part.segment.keys.searchsorted(key)) for key in (low, low + IN_ONE_CELL))
        at = as_ordinals(_stretch(part.alive if found is None else found[number], start, end))
        ids.update(part.segment.entry[at[(part.segment.x[at] == x) & (part.segment.y[at] == y)]].tolist())
    return sorted(ids)
