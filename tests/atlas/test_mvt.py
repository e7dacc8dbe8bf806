"""Vector tiles, read back by a foreign reader."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mapbox_vector_tile import decode

from allmende.atlas import mvt
from allmende.atlas.mvt import Points, layer


def read(tile: bytes, name: str = "entries") -> list[dict[str, Any]]:
    """The points of a layer: x, y and properties."""
    features = decode(tile, default_options={"y_coord_down": True})[name]["features"]
    assert {one["geometry"]["type"] for one in features} == {"Point"}
    return [{"x": one["geometry"]["coordinates"][0], "y": one["geometry"]["coordinates"][1], **one["properties"]} for one in features]


def some(count: int) -> Points:
    """Points with a property of every kind; names come twice."""
    columns = {
        "name": [f"Straße {number // 2}" for number in range(count)],
        "count": np.arange(count) * 7919,
        "height": [number - 50 for number in range(count)],
        "west": np.linspace(-180, 180, max(count, 2))[:count],
        "is_demo": [number % 3 == 0 for number in range(count)],
    }
    return Points([number % 4096 for number in range(count)], [4095 - number % 4096 for number in range(count)], columns)


def told(points: Points) -> list[dict[str, Any]]:
    """What a reader should find."""
    columns = {name: mvt._plain(column) for name, column in points.columns.items()}
    return [
        {"x": x, "y": y, **{name: column[number] for name, column in columns.items()}}
        for number, (x, y) in enumerate(zip(points.x, points.y, strict=True))
    ]


def test_a_tile_without_points_is_empty() -> None:
    assert layer("entries", some(0)) == b""
    assert decode(layer("entries")) == {}


@pytest.mark.parametrize("count", [1, mvt.MANY - 1, mvt.MANY, 1_000, 10_000])
def test_what_was_written_is_read_back(count: int) -> None:
    points = some(count)
    assert read(layer("entries", points)) == told(points)


def test_one_by_one_and_all_at_once_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    few = layer("entries", some(mvt.MANY - 1))
    monkeypatch.setattr(mvt, "MANY", 0)
    assert read(layer("entries", some(mvt.MANY + 23))) == read(few)


def test_points_of_several_kinds_share_one_layer_and_its_words() -> None:
    heaps = Points([1, 2], [3, 4], {"count": [5, 6]})
    pins = Points(range(40), range(40), {"name": ["Hof"] * 40, "count": [5] * 40})
    tile = layer("entries", heaps, pins)
    assert read(tile) == [*told(heaps), *told(pins)]
    assert tile.count(b"count") == tile.count(b"Hof") == 1


def test_true_and_one_and_one_point_zero_stay_what_they_are() -> None:
    (read_back,) = read(layer("entries", Points([0], [0], {"a": [True], "b": [1], "c": [1.0]})))
    assert [type(read_back[name]) for name in "abc"] == [bool, int, float]


def test_floats_of_32_bits_stay_short() -> None:
    west = np.linspace(-180, 180, 100, dtype=np.float32)
    tile = layer("entries", Points(range(100), range(100), {"west": west}))
    assert [one["west"] for one in read(tile)] == [pytest.approx(float(one)) for one in west]
    assert len(tile) < len(layer("entries", Points(range(100), range(100), {"west": west.astype(np.float64)}))) - 390


def test_two_layers_make_one_tile() -> None:
    tile = layer("entries", some(2)) + layer("other", some(30), extent=1 << 20)
    assert {name: (one["extent"], one["version"], len(one["features"])) for name, one in decode(tile).items()} == {
        "entries": (4096, 2, 2),
        "other": (1 << 20, 2, 30),
    }


def test_a_long_varint_ends_where_it_should() -> None:
    """The groups of records are filled up with zeros, which the specification of protobuf allows; the last one has no further mark."""
    groups = mvt._varints(np.array([1, 300]))
    assert groups.tolist() == [[0x81, 0x00], [0xAC, 0x02]]


numbers = st.integers(-(2**62), 2**62)
values = st.one_of(st.text(max_size=300), numbers, st.booleans(), st.floats(allow_nan=False))
columns = st.one_of(st.just(values), st.just(numbers), st.just(st.floats(allow_nan=False)))


@st.composite
def points(draw: st.DrawFn) -> Points:
    count = draw(st.integers(1, 60))
    inside = st.integers(-(2**20), 2**30)

    def many(of: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(of, min_size=count, max_size=count))

    names = draw(st.lists(st.text(min_size=1, max_size=20).filter(lambda name: name not in {"x", "y"}), unique=True, max_size=4))
    return Points(many(inside), many(inside), {name: many(draw(columns)) for name in names})


@given(points())
def test_whatever_is_written_is_read_back(some: Points) -> None:
    assert read(layer("entries", some, extent=1 << 30)) == told(some)
