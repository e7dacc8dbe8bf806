"""What the map draws: single entries where places are far apart, piles where they touch. One statement for any box and zoom."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from allmende.atlas.models import Entry, Point
from allmende.atlas.queries import matching
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
    try:
        narrowed, params = _narrowed(filters)
    except EmptyResultSet:
        return []
    rows: list[Any] = []
    with connection.cursor() as cursor:
        for x0, x1, y0, y1 in parts:
            cursor.execute(
                "SELECT x >> %s AS cx, y >> %s AS cy, COUNT(*), AVG(x), AVG(y), MIN(lon), MIN(lat), MAX(lon), MAX(lat), MIN(entry_id) "
                f"FROM atlas_point WHERE x BETWEEN %s AND %s AND y BETWEEN %s AND %s{narrowed} GROUP BY 1, 2",
                [shift, shift, x0, x1, y0, y1, *params],
            )
            rows += cursor.fetchall()
    groups = [[row] for row in rows] if zoom >= MAX_ZOOM else _touching(rows, shift)
    return _with_entries([_pile(group) for group in groups], filters)


def _narrowed(filters: Filters) -> tuple[str, list[Any]]:
    """SQL that keeps the points of what matches; empty when nothing narrows."""
    filters = filters.but(bbox=None, sort="")
    if filters.is_empty:
        return "", []
    sql, params = matching(filters).values("organisation_id").order_by().query.sql_with_params()
    return f" AND entry_id IN ({sql})", list(params)


def _touching(rows: list[Any], shift: int) -> list[list[Any]]:
    """Neighbouring cells whose centres nearly touch become one pile, the largest first: no two discs cover each other."""
    reach = TOUCHING * (1 << shift)
    cells = {(row[0], row[1]): row for row in rows}
    groups = []
    for row in sorted(rows, key=lambda one: (-one[2], one[0], one[1])):
        if cells.pop((row[0], row[1]), None) is None:
            continue
        around = [cells.get((row[0] + dx, row[1] + dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        near = [other for other in around if other and _distance(other, row) < reach]
        for other in near:
            del cells[(other[0], other[1])]
        groups.append([row, *near])
    return groups


def _distance(one: Any, other: Any) -> float:
    """The larger of the two distances between centres, in map units."""
    return max(abs(float(one[3]) - float(other[3])), abs(float(one[4]) - float(other[4])))


def _pile(group: list[Any]) -> Pile:
    count = sum(row[2] for row in group)
    lat, lon = unproject(sum(float(row[3]) * row[2] for row in group) / count, sum(float(row[4]) * row[2] for row in group) / count)
    box = Box(min(row[5] for row in group), min(row[6] for row in group), max(row[7] for row in group), max(row[8] for row in group))
    pile = Pile(lat, lon, count, box, group[0][9])
    if pile.on_one_spot:
        pile.lat, pile.lon = box.south, box.west
    return pile


def _with_entries(piles: list[Pile], filters: Filters) -> list[Pile]:
    """Name the single entries, and the few that share one spot; three statements however many piles there are."""
    shared = {(pile.lat, pile.lon): pile for pile in piles if 1 < pile.count <= ON_ONE_SPOT and pile.on_one_spot}
    there: dict[tuple[float, float], list[int]] = {spot: [] for spot in shared}
    if shared:
        points = Point.objects.filter(lat__in={lat for lat, _ in shared}, lon__in={lon for _, lon in shared})
        points = points.filter(entry_id__in=matching(filters.but(bbox=None)).values("organisation_id"))
        for lat, lon, pk in points.order_by("entry__sort_name", "entry_id").values_list("lat", "lon", "entry_id"):
            if (lat, lon) in there and pk not in there[lat, lon]:
                there[lat, lon].append(pk)
    singles = [pile for pile in piles if pile.count == 1]
    entries = Entry.objects.in_bulk([*(pile.first for pile in singles), *(pk for pks in there.values() for pk in pks)])
    now = timezone.now()
    for entry in entries.values():
        entry.freshness = freshness(entry.confirmed_at, now)
    for pile in singles:
        pile.entries = [entries[pile.first]] if pile.first in entries else []
    for spot, pile in shared.items():
        pile.entries = [entries[pk] for pk in there[spot] if pk in entries]
    return sorted(piles, key=lambda pile: (-pile.count, pile.lon, pile.lat))
