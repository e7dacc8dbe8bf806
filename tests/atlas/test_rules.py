"""The geometry of the map."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.atlas import rules
from allmende.places.rules import EARTH_KM, distance_km

latitudes = st.floats(-85, 85)
longitudes = st.floats(-180, 179.999)


@given(latitudes, longitudes)
def test_a_point_comes_back_from_the_map_within_a_few_centimetres(lat: float, lon: float) -> None:
    back = rules.unproject(*(number + 0.5 for number in rules.project(lat, lon)))
    assert distance_km(lat, lon, *back) < 0.00005


@given(latitudes, longitudes, st.integers(0, 18))
def test_a_cell_of_a_deeper_zoom_lies_in_one_cell_above(lat: float, lon: float, zoom: int) -> None:
    x, _ = rules.project(lat, lon)
    assert (x >> rules.cell_shift(zoom + 1)) >> (rules.cell_shift(zoom) - rules.cell_shift(zoom + 1)) == x >> rules.cell_shift(zoom)


@given(st.floats(-80, 80), longitudes, st.floats(0.1, 900), st.floats(0, 2 * math.pi))
def test_the_box_around_a_circle_holds_every_point_of_it(lat: float, lon: float, km: float, bearing: float) -> None:
    near = rules.Near(lat, lon, km)
    angle = km * 0.999 / EARTH_KM
    phi = math.asin(math.sin(math.radians(lat)) * math.cos(angle) + math.cos(math.radians(lat)) * math.sin(angle) * math.cos(bearing))
    lam = math.radians(lon) + math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(math.radians(lat)),
        math.cos(angle) - math.sin(math.radians(lat)) * math.sin(phi),
    )
    x, y = rules.project(math.degrees(phi), (math.degrees(lam) + 540) % 360 - 180)
    assert any(x0 <= x <= x1 and y0 <= y <= y1 for x0, x1, y0, y1 in rules.columns(rules.box_around(near)))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [((52.52, 13.405), (53.5511, 9.9937), 255.3), ((0, 179.5), (0, -179.5), 111.2), ((48.2082, 16.3738), (48.2082, 16.3738), 0.0)],
)
def test_distances_are_great_circles(one: tuple[float, float], other: tuple[float, float], km: float) -> None:
    assert distance_km(*one, *other) == pytest.approx(km, abs=0.1)


def test_a_box_across_the_date_line_has_two_halves() -> None:
    halves = rules.columns(rules.Box(170, -10, -170, 10))
    assert [half[:2] for half in halves] == [(rules.project(0, 170)[0], rules.SIZE - 1), (0, rules.project(0, -170)[0])]
