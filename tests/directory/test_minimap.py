"""The small map: where points come to lie, what is drawn under them, and that it is well-formed whatever the name."""

import re
from xml.etree import ElementTree as ET

import pytest

from allmende.directory import minimap
from tests.cast import BERLIN, HAMBURG, WIEN

SYDNEY, NEW_YORK = (-33.87, 151.21), (40.71, -74.0)


def drawn(*points: tuple[float, float], **options: bool) -> str:
    return minimap.svg([(*point, 1) for point in points], 560, 320, "Karte", **options)


def pins(picture: str) -> list[tuple[float, float]]:
    found = re.findall(r'<path d="M(-?[\d.]+) (-?[\d.]+)c-4-6', picture)
    return sorted((float(x), float(y)) for x, y in found)


def test_one_point_lies_in_the_middle() -> None:
    assert pins(drawn(HAMBURG)) == [(280.0, 160.0)]


@pytest.mark.parametrize(
    "points", [(HAMBURG, BERLIN), (HAMBURG, BERLIN, WIEN), (BERLIN, NEW_YORK), (SYDNEY, HAMBURG), ((90, 180), (-90, -180))]
)
def test_all_points_are_in_the_picture(points: tuple[tuple[float, float], ...]) -> None:
    found = pins(drawn(*points))
    assert len(found) == len(points)
    assert all(0 <= x <= 560 and 0 <= y <= 320 for x, y in found)


def test_hamburg_is_north_west_of_vienna() -> None:
    (west, north), (east, south) = pins(drawn(HAMBURG, WIEN))
    assert west < east
    assert north < south


def test_the_outline_is_as_fine_as_it_can_be() -> None:
    layers = [outline.layers.keys() for outline in minimap.outlines()]
    assert [sorted(one) for one in layers] == [["borders", "lakes", "land", "rivers", "states"], ["borders", "land"]]
    assert 'stroke-dasharray="2 3"' in drawn(HAMBURG)
    assert 'stroke-dasharray="2 3"' not in drawn(HAMBURG, (41.9, 12.5))
    assert 'fill-rule="evenodd"' in drawn((41.9, 12.5))


@pytest.mark.parametrize("point", [SYDNEY, NEW_YORK, (0, 0), (89.9, 179.9), (-90, -180)])
def test_where_there_is_no_outline_there_are_degrees(point: tuple[float, float]) -> None:
    picture = drawn(point)
    assert 'fill-rule="evenodd"' not in picture
    assert len(pins(picture)) == 1
    ET.fromstring(picture)


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", 'a"b&c', "a\x00\x0bb", "", "Ä" * 500])
def test_it_is_well_formed_whatever_the_name(title: str) -> None:
    root = ET.fromstring(minimap.svg([(*HAMBURG, 1)], 560, 320, title, names=True))
    shown = root.find("{http://www.w3.org/2000/svg}title")
    assert shown is not None
    assert (shown.text or "") == title.replace("\x00", "").replace("\x0b", "")


def test_towns_are_named_without_their_quarters() -> None:
    names = re.findall(r'paint-order="stroke">([^<]+)<', drawn(HAMBURG, names=True))
    assert names[:2] == ["Hamburg", "Bremen"]
    assert {"Harburg", "Rahlstedt"} & set(names) == set()
    assert "paint-order" not in drawn(HAMBURG)


def test_many_on_one_spot_are_a_disc_with_their_number() -> None:
    picture = minimap.svg([(*HAMBURG, 31), (*BERLIN, 1)], 560, 320, "Netz")
    assert ">31</text>" in picture
    assert len(pins(picture)) == 1


def test_a_place_known_only_roughly_is_a_ring_that_claims_no_house() -> None:
    picture = minimap.svg([(*HAMBURG, 1)], 560, 320, "Karte", vague=[BERLIN])
    assert len(pins(picture)) == 1
    assert re.findall(r'<circle cx="([\d.]+)"[^>]+stroke-dasharray="5 4"', picture)
    assert 'stroke-dasharray="5 4"' not in drawn(HAMBURG, BERLIN)


def test_no_name_hides_under_a_disc() -> None:
    picture = minimap.svg([(*HAMBURG, 289), (*BERLIN, 34)], 560, 320, "Netz", names=True)
    discs = [
        tuple(map(float, one)) for one in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)" fill="var\(--surface', picture)
    ]
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" font-size="16"[^>]*>([^<]+)<', picture)
    names = {name: (float(x), float(y)) for x, y, name in found}
    assert {"Hamburg", "Berlin"} <= set(names)
    for left, top, radius in discs:
        for name, (x, y) in names.items():
            assert abs(x - left) > radius + len(name) * 4 or abs(y - 5 - top) > radius + 8


def test_a_box_of_ones_own_is_shown_whole() -> None:
    picture = minimap.svg([(*HAMBURG, 1)], 500, 500, "Deutschland", box=(5, 47, 16, 55))
    ((x, y),) = pins(picture)
    assert 0 < x < 500
    assert 0 < y < 250


def test_alone_it_brings_both_colour_schemes_and_in_a_page_none() -> None:
    assert "prefers-color-scheme:dark" in drawn(HAMBURG)
    assert "<style" not in drawn(HAMBURG, alone=False)


def test_it_stays_small() -> None:
    assert len(drawn(HAMBURG, names=True)) < 25_000
    assert len(drawn((60, -10), (36, 30))) < 40_000


def test_without_points_it_is_a_map_of_the_middle_of_europe() -> None:
    ET.fromstring(drawn())
