"""Addresses become points of an honest precision, from local data alone."""

import pytest

from allmende.places import queries
from allmende.places.queries import Guess


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"), ("DE", "DE"), ("germany", "DE"), ("ÖSterreich", "AT"), ("Oesterreich", "AT"), ("SCOTLAND", "GB"),
        ("uk", "GB"), ("Ελλάδα", "GR"), ("Latvija", "LV"), ("Portogallo", "PT"), ("ABERDEEN", ""), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_country_names_become_codes(text: str | None, code: str) -> None:
    assert queries.country_code(text) == code


def test_countries_and_states_have_names_in_both_languages() -> None:
    assert [queries.country_name("CH", language) for language in ("de", "en-gb")] == ["Schweiz", "Switzerland"]
    assert queries.country_name("", "de") == ""
    assert [queries.region_name("DE", "02", language) for language in ("de", "en")] == ["Bayern", "Bavaria"]
    assert queries.region_name("FR", "11", "de") == ""


def test_a_german_postcode_gives_the_middle_of_its_area() -> None:
    guess = queries.locate("Rathausmarkt 1", "20095", "Hamburg", "Deutschland")
    assert guess == Guess(53.5514, 10.0003, "postcode", "Hamburg", "Hamburg", "DE")


def test_without_postcode_the_town_is_as_exact_as_it_gets() -> None:
    guess = queries.locate("Ring 1", "", "Wien", "AT")
    assert guess == Guess(48.2085, 16.3721, "town", "Wien", "Wien", "AT")


@pytest.mark.parametrize(
    ("postcode", "town", "country", "expected"),
    [
        ("15230", "Frankfurt", "DE", ("postcode", "Frankfurt (Oder)", "Brandenburg")),  # the postcode says which of several
        ("", "Frankfurt", "DE", ("town", "Frankfurt am Main", "Hessen")),  # the largest of several
        ("1067", "Dresden", "DE", ("postcode", "Dresden", "Sachsen")),  # a zero lost in a spreadsheet
        ("01097", "Neustadt", "DE", ("postcode", "Dresden", "Sachsen")),  # a quarter named like a town elsewhere
        ("10115", "München", "DE", ("town", "München", "Bayern")),  # a contradiction: the city is surely meant
        ("20095", "", "DE", ("postcode", "Hamburg", "Hamburg")),
        ("20095", "Unbekanntdorf", "DE", ("postcode", "Hamburg", "Hamburg")),
        ("", "Berlin-Kreuzberg", "DE", ("town", "Berlin", "Berlin")),
        ("", "Muenchen", "", ("town", "München", "Bayern")),
        ("", "Freiburg", "", ("town", "Freiburg im Breisgau", "Baden-Württemberg")),
        ("", "Freiburg", "CH", ("town", "Freiburg im Üechtland", "Freiburg")),
        ("", "Sankt Gallen", "", ("town", "St. Gallen", "St. Gallen")),
        ("", "Oldenburg i.O.", "DE", ("town", "Oldenburg", "Niedersachsen")),
        ("28001", "Madrid", "", ("town", "Madrid", "")),  # five digits are not always a German postcode
    ],
)
def test_towns_are_told_apart(postcode: str, town: str, country: str, expected: tuple[str, str, str]) -> None:
    guess = queries.locate("", postcode, town, country)
    assert guess is not None
    assert (guess.precision, guess.town, guess.region) == expected


@pytest.mark.parametrize(
    ("postcode", "town", "country"),
    [
        ("", "", ""),
        ("", "Unbekanntdorf", "DE"),
        ("99999", "", "DE"),
        ("20095", "", ""),
        ("", "Hamburg", "Atlantis"),
        ("", "", "DE"),
        ("", "؟", ""),
    ],
)
def test_what_is_not_known_stays_unknown(postcode: str, town: str, country: str) -> None:
    assert queries.locate("Hauptstraße 1", postcode, town, country) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hamburg", ("town", "Hamburg", "DE")),
        ("20095", ("postcode", "Hamburg", "DE")),
        ("20095 Hamburg", ("postcode", "Hamburg", "DE")),
        ("20095, Hamburg", ("postcode", "Hamburg", "DE")),
        ("Wien, AT", ("town", "Wien", "AT")),
        ("Wien Österreich", ("town", "Wien", "AT")),
        ("London, UK", ("town", "London", "GB")),
        ("munich", ("town", "München", "DE")),
        ("53.55, 9.99", ("exact", "", "")),
    ],
)
def test_people_find_a_place_as_they_type_it(text: str, expected: tuple[str, str, str]) -> None:
    guess = queries.find_place(text)
    assert guess is not None
    assert (guess.precision, guess.town, guess.country) == expected


@pytest.mark.parametrize("text", ["", "   ", "Nirgendwo", "8001", "91, 10", "\x00", "x" * 5_000, ",,,,", "-/-("])
def test_what_is_no_place_is_none(text: str) -> None:
    assert queries.find_place(text) is None


def test_suggestions_begin_with_the_large_towns_around_here() -> None:
    assert [town.name for town in queries.suggest_places("ham", 3)] == ["Hamburg", "Hamburg-Nord", "Hamburg-Mitte"]
    assert [town.name for town in queries.suggest_places("mue", 2)] == ["München", "Münster"]
    assert [town.name for town in queries.suggest_places("St. Gal", 1)] == ["St. Gallen"]
    assert queries.suggest_places("h") == []


def test_the_nearest_town_lends_its_state_to_a_point() -> None:
    assert queries.region_at(47.99, 7.85) == ("DE", "Baden-Württemberg")
    assert queries.region_at(0, 0) == ("", "")
    assert queries.region_at(900, 0) == ("", "")
