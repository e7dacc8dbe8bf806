"""Keys of places: cells of web-mercator at zoom 20 in Morton order (bits of x and y interleaved), then a number within the cell.

Every tile of the map is exactly one range of keys, at every zoom, so that a sorted list of keys is an index of all tiles at once.
Points are web-mercator integers at zoom 30 (rules.project). Morton 1966, "A computer oriented geodetic data base".
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allmende.atlas.rules import DEEPEST

CELL_ZOOM = 20  # 38 m at the equator: as deep as the map parts places
SEQUENCE_BITS = 13
IN_ONE_CELL = 1 << SEQUENCE_BITS
CELL_SHIFT = DEEPEST - CELL_ZOOM
NOWHERE = 1 << (2 * CELL_ZOOM + SEQUENCE_BITS)  # entries without a place: NOWHERE + their organisation's id
SPOT = np.dtype([("key", "<i8"), ("x", "<u4"), ("y", "<u4")])
"""One place as it is packed in Entry.spots."""

Keys = NDArray[np.int64]

_SPREAD = ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333), (1, 0x5555555555555555))


def _spread(number: Any) -> Any:
    """The bits of a number below 2**32 with a gap after each; works on numbers and on arrays of int64."""
    for shift, mask in _SPREAD:
        number = (number | (number << shift)) & mask
    return number


def _gather(number: Any) -> Any:
    """The even bits of a number, put together again."""
    number = number & _SPREAD[-1][1]
    for (shift, _), (_, mask) in zip(reversed(_SPREAD), [*reversed(_SPREAD[:-1]), (0, 0x00000000FFFFFFFF)], strict=True):
        number = (number | (number >> shift)) & mask
    return number


def morton(x: Any, y: Any) -> Any:
    """x in the even bits, y in the odd ones; numbers, or arrays of int64.

    >>> morton(3, 0), morton(0, 3), morton(5, 6)
    (5, 10, 57)
    """
    return _spread(x) | (_spread(y) << 1)


def unmorton(code: Any) -> tuple[Any, Any]:
    """The x and y of a code.

    >>> unmorton(57)
    (5, 6)
    """
    return _gather(code), _gather(code >> 1)


def cell(x: Any, y: Any) -> Any:
    """The cell of a point (zoom-30 integers), without the number within it; `cell << SEQUENCE_BITS` is its first key."""
    return morton(x >> CELL_SHIFT, y >> CELL_SHIFT)


def cell_of(key: Any) -> Any:
    """The cell a key lies in."""
    return key >> SEQUENCE_BITS


def centre(code: int) -> tuple[int, int]:
    """The point in the middle of a cell, as zoom-30 integers."""
    x, y = unmorton(code)
    half = 1 << (CELL_SHIFT - 1)
    return (x << CELL_SHIFT) + half, (y << CELL_SHIFT) + half


def tile_shift(zoom: int) -> int:
    """By how many bits a key is shifted to get the Morton code of its tile at a zoom from 0 to 20."""
    return 2 * (CELL_ZOOM - zoom) + SEQUENCE_BITS


def tile_range(zoom: int, x: int, y: int) -> tuple[int, int]:
    """The keys of a tile: from the first, up to but without the second."""
    code, shift = morton(x, y), tile_shift(zoom)
    return code << shift, (code + 1) << shift


Area = tuple[int, int, int, int]
"""x from, x to, y from, y to: zoom-30 integers, both ends included."""


Ranges = list[tuple[int, int]]
"""Keys from the first up to but without the second, sorted."""


def cover(area: Area, held: "Keys | None" = None, most_tiles: int = 50, few: int = 5_000) -> tuple[Ranges, Ranges]:
    """An area as ranges of keys: those wholly inside, and those at its edge whose places must still be looked at.

    Tiles at the edge are parted further, the fullest first, as long as they hold more than `few` of the sorted keys `held`
    and no more than `most_tiles` were looked at. Ranges are sorted and joined; none overlap.
    """
    inside: Ranges = []
    edge: Ranges = []
    waiting: list[tuple[int, int, int, int, int]] = []
    _wait(waiting, area, held, *_smallest_around(area))
    looked = 0
    while waiting:
        fullness, zoom, code, x, y = heappop(waiting)
        looked += 1
        side, shift = DEEPEST - zoom, tile_shift(zoom)
        x0, y0, x1, y1 = x << side, y << side, ((x + 1) << side) - 1, ((y + 1) << side) - 1
        if area[0] <= x0 and x1 <= area[1] and area[2] <= y0 and y1 <= area[3]:
            inside.append((code << shift, (code + 1) << shift))
        elif zoom == CELL_ZOOM or -fullness <= few or looked >= most_tiles:
            edge.append((code << shift, (code + 1) << shift))
        else:
            for right, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
                _wait(waiting, area, held, zoom + 1, code << 2 | right | down << 1, 2 * x + right, 2 * y + down)
    return _joined(inside), _joined(edge)


def _smallest_around(area: Area) -> tuple[int, int, int, int]:
    """Zoom, code, x and y of the smallest tile that holds all of an area."""
    apart = ((area[0] ^ area[1]) | (area[2] ^ area[3])).bit_length()
    zoom = min(CELL_ZOOM, DEEPEST - apart)
    x, y = area[0] >> (DEEPEST - zoom), area[2] >> (DEEPEST - zoom)
    return zoom, morton(x, y), x, y


def _wait(waiting: list[tuple[int, int, int, int, int]], area: Area, held: "Keys | None", zoom: int, code: int, x: int, y: int) -> None:
    """Put a tile in its turn, the fullest first; one outside of the area, or an empty one, is left out."""
    side, shift = DEEPEST - zoom, tile_shift(zoom)
    if x << side > area[1] or (x + 1) << side <= area[0] or y << side > area[3] or (y + 1) << side <= area[2]:
        return
    if number := _number(held, code << shift, (code + 1) << shift):
        heappush(waiting, (-number, zoom, code, x, y))


def _number(held: "Keys | None", low: int, high: int) -> int:
    """How many of the sorted keys lie in a range; without keys as many as it could hold."""
    if held is None:
        return high - low
    return int(held.searchsorted(high) - held.searchsorted(low))


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return list(_join(sorted(ranges)))


def _join(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    low = high = -1
    for first, last in ranges:
        if first == high:
            high = last
            continue
        if high >= 0:
            yield low, high
        low, high = first, last
    if high >= 0:
        yield low, high
