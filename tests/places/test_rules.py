"""Distances and the ways to write a place."""

import pytest

from allmende.places import rules


def test_hamburg_is_255_kilometres_from_berlin() -> None:
    assert round(rules.distance_km(53.5507, 9.993, 52.5244, 13.4105)) == 255


def test_the_shortest_way_crosses_the_date_line() -> None:
    assert round(rules.distance_km(0, 179.5, 0, -179.5)) == 111


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("53.55, 9.99", (53.55, 9.99)),
        ("-33.9;18.4", (-33.9, 18.4)),
        ("91, 10", None),
        ("10, 181", None),
        ("20095", None),
        ("20095, Hamburg", None),
        ("nan, 1", None),
        ("", None),
    ],
)
def test_a_point_is_read_only_if_it_lies_on_earth(text: str, point: tuple[float, float] | None) -> None:
    assert rules.read_point(text) == point


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("20095 Hamburg", ("20095", "Hamburg", "")),
        ("D-20095 Hamburg", ("20095", "Hamburg", "D")),
        ("DE 20095", ("20095", "", "DE")),
        ("20095, Hamburg", ("20095", "", "Hamburg")),
        ("Wien, AT", ("", "Wien", "AT")),
        ("1070 Wien, Österreich", ("1070", "Wien", "Österreich")),
        ("Hamburg", ("", "Hamburg", "")),
        (", AT", ("", ", AT", "")),
    ],
)
def test_an_address_is_taken_apart(text: str, parts: tuple[str, str, str]) -> None:
    assert rules.read_address(text) == parts


@pytest.mark.parametrize(
    ("short", "long", "does"),
    [
        ("frankfurt main", "frankfurt am main", True),
        ("frankfurt a m", "frankfurt am main", True),
        ("rothenburg o d t", "rothenburg ob der tauber", True),
        ("frankfurt oder", "frankfurt am main", False),
        ("frankfurt", "frankfurt am main", False),
        ("bad homburg", "bad hersfeld", False),
    ],
)
def test_short_forms_stand_for_the_long_name(short: str, long: str, does: bool) -> None:
    assert rules.abbreviates(short, long) is does


def test_a_quarter_is_cut_off_only_behind_a_mark() -> None:
    cut = [rules.before_quarter(text) for text in ("Berlin-Kreuzberg", "Hamburg (Altona)", "Neu-Ulm", "Bad Homburg", "Köln/X")]
    assert cut == ["Berlin", "Hamburg", "", "", ""]


def test_against_a_postcode_only_the_name_of_a_city_counts() -> None:
    assert rules.trusts_town(1_500_000, 500) is True
    assert rules.trusts_town(20_000, 500) is False
    assert rules.trusts_town(1_500_000, 10) is False
