"""Writes Mapbox Vector Tiles, version 2.1: layers of points with properties (github.com/mapbox/vector-tile-spec/tree/master/2.1).

A tile is a protobuf message. Few points are written one by one. Many are written as fixed-width records in one array of bytes: a varint
may be longer than it needs to be (its last groups of seven bits are then zero), so every record can have the same length.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from struct import pack
from typing import Any

import numpy as np
from numpy.typing import NDArray

KIND = "application/vnd.mapbox-vector-tile"
EXTENT = 4096
MANY = 24  # points from which records are faster
VERSION = b"\x78\x02"  # Layer.version = 2; every layer says it (4.1)
POINT = b"\x18\x01"  # Feature.type = POINT (4.3.4)
MOVE_TO = 9  # command 1, once (4.3.1)

Value = str | bool | int | float
Column = Sequence[Value] | NDArray[Any]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Points:
    """Points that all have the same properties: `columns` holds one value for each point, as plain Python or as an array of numbers.

    x and y are whole numbers below 2**30 in units of the layer's extent, from the tile's upper left corner.
    """

    x: Sequence[int] | NDArray[np.int64]
    y: Sequence[int] | NDArray[np.int64]
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.x)


def layer(name: str, *points: Points, extent: int = EXTENT) -> bytes:
    """One layer as it stands in a tile; a tile is the bytes of its layers in a row. Without points there is no layer (4.1)."""
    points = tuple(some for some in points if len(some))
    if not points:
        return b""
    tables = _Tables()
    features = [_records(some, tables) if len(some) >= MANY else _one_by_one(some, tables) for some in points]
    keys = b"".join(_text(b"\x1a", key) for key in tables.keys)
    body = VERSION + _text(b"\x0a", name) + b"".join(features) + keys + b"".join(tables.values) + b"\x28" + varint(extent)
    return b"\x1a" + varint(len(body)) + body


def varint(number: int) -> bytes:
    """A whole number from 0 in groups of seven bits, the lowest first.

    >>> varint(300)
    b'\\xac\\x02'
    """
    if number < 0x80:
        return bytes((number,))
    groups = bytearray()
    while number >= 0x80:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def zigzag(number: Any) -> Any:
    """Signs moved to the lowest bit, so that small negative numbers stay short (4.3.2); numbers, or arrays of int64.

    >>> [zigzag(number) for number in (0, -1, 1, -2)]
    [0, 1, 2, 3]
    """
    return (number << 1) ^ (number >> 63)


def _text(field: bytes, text: str) -> bytes:
    packed = text.encode()
    return field + varint(len(packed)) + packed


class _Tables:
    """The keys and values of a layer, each written once and spoken of by its number (4.4)."""

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}
        self.values: list[bytes] = []
        self.count = 0
        self._numbers: dict[type, dict[Value, int]] = {}

    def key(self, name: str) -> int:
        return self.keys.setdefault(name, len(self.keys))

    def value(self, value: Value) -> int:
        """The number of a value. True, 1 and 1.0 are equal in Python and different here."""
        known = self._numbers.setdefault(type(value), {})
        if (number := known.get(value)) is None:
            number = known[value] = self.count
            packed = _packed(value)
            self.add([b"\x22" + varint(len(packed)) + packed], 1)
        return number

    def column(self, values: Column) -> NDArray[np.int64]:
        """The numbers of many values; plain numbers are written at once."""
        if not isinstance(values, np.ndarray):
            values = np.array(values) if set(map(type, values)) in ({int}, {float}) else values
        if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
            distinct, places = np.unique(values, return_inverse=True)
            self.add([_packed_at_once(distinct)], len(distinct))
            return np.asarray(places + (self.count - len(distinct)), np.int64)
        return np.fromiter(map(self.value, values), np.int64, len(values))

    def add(self, packed: list[bytes], count: int) -> None:
        self.values += packed
        self.count += count


def _packed(value: Value) -> bytes:
    """The message Value (4.1): string, double (float for arrays of 32 bits), uint64, sint64 or bool."""
    match value:
        case str():
            return _text(b"\x0a", value)
        case bool():
            return b"\x38\x01" if value else b"\x38\x00"
        case float():
            return b"\x19" + pack("<d", value)
        case _:
            return b"\x28" + varint(value) if value >= 0 else b"\x30" + varint(zigzag(value))


def _packed_at_once(numbers: NDArray[Any]) -> bytes:
    """Values of one array, each with its frame, all of the same length."""
    if numbers.dtype.kind == "f":
        size = 4 if numbers.dtype.itemsize == 4 else 8
        fixed = np.ascontiguousarray(numbers, f"<f{size}").view(np.uint8).reshape(-1, size)
        return _rows(len(numbers), b"\x22\x05\x15" if size == 4 else b"\x22\x09\x19", fixed)
    field, numbers = (b"\x30", zigzag(numbers.astype(np.int64)).view(np.uint64)) if numbers[0] < 0 else (b"\x28", numbers)
    groups = _varints(numbers)
    return _rows(len(numbers), b"\x22" + varint(1 + groups.shape[1]) + field, groups)


def _one_by_one(points: Points, tables: _Tables) -> bytes:
    """The message Feature (4.2) for each point."""
    keys = [varint(tables.key(name)) for name in points.columns]
    features = []
    for x, y, *values in zip(*(_plain(column) for column in (points.x, points.y, *points.columns.values())), strict=True):
        tags = b"".join(key + varint(tables.value(value)) for key, value in zip(keys, values, strict=True))
        spot = b"\x09" + varint(zigzag(x)) + varint(zigzag(y))
        feature = b"\x12" + varint(len(tags)) + tags + POINT + b"\x22" + varint(len(spot)) + spot
        features.append(b"\x12" + varint(len(feature)) + feature)
    return b"".join(features)


def _plain(column: Any) -> Sequence[Any]:
    """Python's own numbers instead of an array's."""
    plain: Sequence[Any] = column.tolist() if isinstance(column, np.ndarray) else column
    return plain


def _records(points: Points, tables: _Tables) -> bytes:
    """The same messages, every one of the same length."""
    tags: list[bytes | Bytes] = []
    for name, values in points.columns.items():
        tags += [varint(tables.key(name)), _varints(tables.column(values))]
    spot: list[bytes | Bytes] = [b"\x09", *(_varints(zigzag(np.asarray(side, np.int64))) for side in (points.x, points.y))]
    feature = [b"\x12" + varint(_width(tags)), *tags, POINT, b"\x22" + varint(_width(spot)), *spot]
    return _rows(len(points), b"\x12" + varint(_width(feature)), *feature)


def _varints(numbers: NDArray[Any]) -> Bytes:
    """Whole numbers from 0 as varints, a row for each, all as long as the largest needs."""
    length = max(1, -(-int(numbers.max()).bit_length() // 7))
    groups = np.empty((len(numbers), length), np.uint8)
    rest = numbers.astype(np.uint64)
    for place in range(length):
        groups[:, place] = (rest & np.uint64(0x7F)) | np.uint64(0x80)
        rest >>= np.uint64(7)
    groups[:, -1] &= 0x7F
    return groups


def _width(parts: Sequence["bytes | Bytes"]) -> int:
    return sum(len(part) if isinstance(part, bytes) else part.shape[1] for part in parts)


def _rows(count: int, *parts: "bytes | Bytes") -> bytes:
    """Records put together from what is the same in each and what is not."""
    rows = np.empty((count, _width(parts)), np.uint8)
    at = 0
    for part in parts:
        wide = _width([part])
        rows[:, at : at + wide] = np.frombuffer(part, np.uint8) if isinstance(part, bytes) else part
        at += wide
    return rows.tobytes()
