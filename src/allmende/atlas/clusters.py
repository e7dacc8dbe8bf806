"""What the map draws: single entries where places are far apart, piles where they touch. For any box or tile, at any zoom."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from allmende.atlas import queries
from allmende.atlas.engine import piles, snapshot
from allmende.atlas.engine.choose import Sets
from allmende.atlas.engine.keys import tile_range
from allmende.atlas.engine.piles import Cell
from allmende.atlas.engine.snapshot import Snapshot
from allmende.atlas.models import Entry
from allmende.atlas.rules import MAX_ZOOM, Box, Filters, cell_shift, columns, unproject
from allmende.directory.rules import freshness

MOST_CELLS = 128  # a screen is at most this many cluster cells wide: a larger box is answered as for a lower zoom
TOUCHING = 0.7  # piles nearer than this part of a cell become one
ON_ONE_SPOT = 20  # so many entries on one spot are named at once


@dataclass
class Pile:
    """What is drawn at one point: a single entry, or `count` places with the box that holds them.

    `entries` is filled for a single one, and for up to 20 that share one spot.
    """

    lat: float
    lon: float
    count: int
    box: Box
    first: int
    spot: tuple[int, int]  # where the first place lies, as zoom-30 integers
    entries: list[Entry] = field(default_factory=list)

    @property
    def on_one_spot(self) -> bool:
        """All places lie on the same point: zooming in would not part them."""
        return self.box.west == self.box.east and self.box.south == self.box.north


def clusters(filters: Filters, box: Box, zoom: int) -> list[Pile]:
    """The piles inside `box` at `zoom` (0 to 18), largest first. The box of the filters themselves does not count here."""
    parts = columns(box)
    span = max(sum(x1 - x0 for x0, x1, _, _ in parts), parts[0][3] - parts[0][2])
    shift = max(cell_shift(zoom), (span // MOST_CELLS).bit_length())
    now = snapshot.current()
    found = _wanted(now, filters)
    cells = piles.in_areas(now, found, piles.level_of(shift), parts)
    groups = [[cell] for cell in cells] if zoom >= MAX_ZOOM else _touching(cells, shift)
    return _with_entries(now, found, [_pile(group) for group in groups])


def tile(filters: Filters, z: int, x: int, y: int, grid: int = 8) -> list[Pile]:
    """The piles of one tile, one for each of grid x grid cells that holds any place; exactly one range of keys."""
    now = snapshot.current()
    found = _wanted(now, filters)
    level = piles.level_of(30 - z - grid.bit_length() + 1)
    cells = piles.in_range(now, found, level, *tile_range(z, x, y))
    return _with_entries(now, found, [_pile([cell]) for cell in cells])


def _wanted(now: Snapshot, filters: Filters) -> Sets | None:
    """The places that match; None where everything does, which is counted already."""
    filters = filters.but(bbox=None, sort="")
    return None if filters.is_empty else queries.places_of(now, filters)


def _touching(cells: list[Cell], shift: int) -> list[list[Cell]]:
    """Neighbouring cells whose centres nearly touch become one pile, the largest first: no two discs cover each other."""
    reach = TOUCHING * (1 << shift)
    left = {(cell.x, cell.y): cell for cell in cells}
    groups = []
    for cell in sorted(cells, key=lambda one: (-one.count, one.x, one.y)):
        if left.pop((cell.x, cell.y), None) is None:
            continue
        around = [left.get((cell.x + dx, cell.y + dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        near = [other for other in around if other and _distance(other, cell) < reach]
        for other in near:
            del left[(other.x, other.y)]
        groups.append([cell, *near])
    return groups


def _distance(one: Cell, other: Cell) -> float:
    """The larger of the two distances between centres, in map units."""
    return max(abs(one.middle[0] - other.middle[0]), abs(one.middle[1] - other.middle[1]))


def _pile(group: list[Cell]) -> Pile:
    count = sum(cell.count for cell in group)
    lat, lon = _point(*(sum(cell.middle[axis] * cell.count for cell in group) / count for axis in (0, 1)))
    west, north = (min(cell.low[axis] for cell in group) for axis in (0, 1))
    east, south = (max(cell.high[axis] for cell in group) for axis in (0, 1))
    (top, left), (bottom, right) = _point(west, north), _point(east, south)
    pile = Pile(lat, lon, count, Box(left, bottom, right, top), group[0].entry, (west, north))
    if pile.on_one_spot:
        pile.lat, pile.lon = top, left
    return pile


def _point(x: float, y: float) -> tuple[float, float]:
    """The middle of a unit of the map as (lat, lon)."""
    return unproject(x + 0.5, y + 0.5)


def _with_entries(now: Snapshot, found: Sets | None, drawn: list[Pile]) -> list[Pile]:
    """Name the single entries, and the few that share one spot; one statement however many piles there are."""
    there = {id(pile): _wanted_at(now, found, pile) for pile in drawn if pile.count <= ON_ONE_SPOT and pile.on_one_spot}
    entries = {entry.pk: entry for entry in queries.entries(sorted({pk for pks in there.values() for pk in pks}))}
    moment = timezone.now()
    for entry in entries.values():
        entry.freshness = freshness(entry.confirmed_at, moment)
    for pile in drawn:
        named = [entries[pk] for pk in there.get(id(pile), ()) if pk in entries]
        pile.entries = sorted(named, key=lambda entry: (entry.sort_name, entry.pk))
    return sorted(drawn, key=lambda pile: (-pile.count, pile.lon, pile.lat))


def _wanted_at(now: Snapshot, found: Sets | None, pile: Pile) -> Sequence[int]:
    """The ids of the entries of a pile on one spot; a single place names its own."""
    return [pile.first] if pile.count == 1 else piles.at_spot(now, found, *pile.spot)
