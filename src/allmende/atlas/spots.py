"""Where entries lie on the map: a key for every place, given once and kept as long as the place does not move."""

from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Any

from django.db import connection

from allmende.atlas.engine.keys import CELL_ZOOM, IN_ONE_CELL, NOWHERE, SEQUENCE_BITS, SPOT, cell, centre

CELLS = 1 << (2 * CELL_ZOOM)
_SPOT = Struct("<qII")  # as engine.keys.SPOT
assert _SPOT.size == SPOT.itemsize  # noqa: S101 - two ways to say the same

Point = tuple[int, int]
Spot = tuple[int, int, int]
"""Key, x, y."""


def pack(spots: Iterable[Spot]) -> bytes:
    """Spots as Entry.spots keeps them."""
    return b"".join(_SPOT.pack(*spot) for spot in spots)


def unpack(blob: "bytes | memoryview") -> list[Spot]:
    """The spots of Entry.spots, the seat first."""
    return [(key, x, y) for key, x, y in _SPOT.iter_unpack(blob)]


def text_keys(entry: int, spots: Sequence[Spot]) -> list[int]:
    """Under which keys the text of an entry lies: one for each place, or one for all that are nowhere."""
    return [spot[0] for spot in spots] or [NOWHERE + entry]


def kept(points: Sequence[Point], held: Sequence[Spot]) -> list[Spot | None]:
    """For each point the spot it has already, or None: who did not move keeps the key."""
    free: dict[Point, list[Spot]] = {}
    for spot in reversed(held):
        free.setdefault(spot[1:], []).append(spot)
    return [free[point].pop() if free.get(point) else None for point in points]


class Keys:
    """Gives out free keys: the next number in the point's cell, or in the next cell with room.

    For one run inside one transaction that holds the lock of the version, so that nobody else gives out keys. Keys of places that
    are deleted in the run are not given again before the next.
    """

    def __init__(self, suffix: str = "") -> None:
        self._table = f"atlas_spot{suffix}"
        self._next: dict[int, int] = {}  # cell -> the next free number, IN_ONE_CELL where it is full
        self._gaps: dict[int, list[int]] = {}  # full cells -> numbers that were given up
        self._instead: dict[int, int] = {}  # full cells -> where their search for room ended

    def look(self, points: Iterable[Point]) -> None:
        """Ask for the numbers given in the cells of all these points at once."""
        self._ask({int(cell(x, y)) for x, y in points} - self._next.keys())

    def give(self, point: Point) -> Spot:
        """A new spot for this point. In a full cell it moves to the middle of the next one with room."""
        home = int(cell(*point))
        code = home
        while not self._has_room(code):
            code = self._instead.get(code, (code + 1) % CELLS)
        if code != home:
            self._instead[home] = code
            point = centre(code)
        return (code << SEQUENCE_BITS) + self._number(code), *point

    def _has_room(self, code: int) -> bool:
        if code not in self._next:
            self._ask({code})
        return self._next[code] < IN_ONE_CELL or bool(self._gaps_in(code))

    def _number(self, code: int) -> int:
        if self._next[code] >= IN_ONE_CELL:
            return self._gaps[code].pop()
        self._next[code] += 1
        return self._next[code] - 1

    def _gaps_in(self, code: int) -> list[int]:
        """The numbers of a cell given up by others, looked for once."""
        if code not in self._gaps:
            first = code << SEQUENCE_BITS
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT key FROM {self._table} WHERE key >= %s AND key < %s", [first, first + IN_ONE_CELL])
                taken = {key - first for (key,) in cursor.fetchall()}
            self._gaps[code] = sorted(set(range(IN_ONE_CELL)) - taken, reverse=True) if IN_ONE_CELL - 1 in taken else []
        return self._gaps[code]

    def _ask(self, cells: "set[int]") -> None:
        self._next.update(dict.fromkeys(cells, 0))
        for first, last in last_keys(self._table, [code << SEQUENCE_BITS for code in cells]):
            self._next[first >> SEQUENCE_BITS] = last - first + 1


def last_keys(table: str, firsts: list[int]) -> list[tuple[int, int]]:
    """(first key of a cell, last key given in it) for those of these cells that hold any."""
    if not firsts:
        return []
    cells = "json_each(%s) AS c" if connection.vendor == "sqlite" else "unnest(%s::bigint[]) AS c(value)"
    last = f"SELECT MAX(key) FROM {table} WHERE key >= c.value AND key < c.value + {IN_ONE_CELL}"
    given: Any = f"[{','.join(map(str, firsts))}]" if connection.vendor == "sqlite" else firsts
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.value, ({last}) FROM {cells}", [given])
        return [(first, found) for first, found in cursor.fetchall() if found is not None]
