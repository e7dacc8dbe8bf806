"""Keys of places: every tile is one range, and a cover holds exactly what lies in an area."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.atlas.engine import keys
from allmende.atlas.rules import SIZE, project

COORDINATES = st.integers(0, SIZE - 1)
POINTS = st.tuples(COORDINATES, COORDINATES)


@given(POINTS)
def test_a_code_leads_back_to_its_point(point: tuple[int, int]) -> None:
    assert keys.unmorton(keys.morton(*point)) == point


@given(POINTS, st.integers(0, keys.CELL_ZOOM))
def test_every_tile_is_one_range_of_keys(point: tuple[int, int], zoom: int) -> None:
    x, y = (coordinate >> (30 - zoom) for coordinate in point)
    low, high = keys.tile_range(zoom, x, y)
    first = keys.cell(*point) << keys.SEQUENCE_BITS
    assert low <= first and first + keys.IN_ONE_CELL - 1 < high


@given(st.lists(st.tuples(st.integers(0, 63), st.integers(0, 63)), min_size=2, max_size=30), st.integers(0, 6))
def test_neighbouring_tiles_share_no_key(points: list[tuple[int, int]], zoom: int) -> None:
    ranges = sorted({keys.tile_range(6, *point) for point in points})
    assert all(high <= low for (_, high), (low, _) in zip(ranges, ranges[1:], strict=False))


def test_keys_fit_into_53_bits_and_nowhere_lies_behind_them() -> None:
    last = (keys.cell(SIZE - 1, SIZE - 1) << keys.SEQUENCE_BITS) + keys.IN_ONE_CELL - 1
    assert last == keys.NOWHERE - 1 == 2**53 - 1


@given(POINTS)
def test_the_middle_of_a_cell_lies_in_it(point: tuple[int, int]) -> None:
    code = keys.cell(*point)
    assert keys.cell(*keys.centre(code)) == code


@pytest.mark.parametrize("most_tiles", [1, 5, 220])
@given(st.lists(POINTS, max_size=60), POINTS, POINTS)
def test_a_cover_holds_all_of_an_area_and_its_inside_nothing_else(
    most_tiles: int, points: list[tuple[int, int]], one: tuple[int, int], other: tuple[int, int]
) -> None:
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    held = np.array(sorted(keys.cell(*point) << keys.SEQUENCE_BITS for point in points), np.int64)
    inside, edge = keys.cover((x0, x1, y0, y1), held, most_tiles=most_tiles, few=3)
    for x, y in points:
        key = keys.cell(x, y) << keys.SEQUENCE_BITS
        is_in = x0 <= x <= x1 and y0 <= y <= y1
        is_inside, is_at_edge = (any(low <= key < high for low, high in ranges) for ranges in (inside, edge))
        assert is_in or not is_inside
        assert not is_in or is_inside or is_at_edge


def test_arrays_and_numbers_are_shifted_alike() -> None:
    points = [project(lat, lon) for lat, lon in ((52.52, 13.4), (-33.9, 18.4), (84.9, -179.9))]
    x, y = np.array(points, np.int64).T
    assert keys.cell(x, y).tolist() == [keys.cell(*point) for point in points]
