"""The landscape in figures: numbers, filters, tables, and charts that draw what the tables say."""

import csv
import io
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from allmende.atlas import queries
from allmende.atlas.charts import OPEN, UNKNOWN, Bar, decades, measured, shortened, spread
from allmende.atlas.figures import NAMES
from allmende.directory.models import Place
from tests.cast import BERLIN, HAMBURG, WIEN, changed, organisation, source, term


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Counts are kept by the number of the index, and every test begins again at the same number."""
    cache.clear()


# ------------------------------------------------------------------------------------------------------------- charts


def test_bars_are_measured_against_the_longest_and_the_whole() -> None:
    assert [(bar.width, bar.share) for bar in measured([Bar("a", "A", 4), Bar("b", "B", 1)], 8)] == [(100.0, 50.0), (25.0, 12.5)]
    assert measured([], 0) == []
    assert [(bar.width, bar.share) for bar in measured([Bar("a", "A", 0)], 0)] == [(0.0, 0.0)]


def test_too_many_bars_become_one_and_the_unknown_stays_apart() -> None:
    bars = [Bar(letter, letter, 5 - number) for number, letter in enumerate("abcde")] + [Bar("", "?", 9, css=UNKNOWN)]
    assert [(bar.label, bar.count, bar.css) for bar in shortened(bars, 3, "%d more")] == [
        ("a", 5, "fil"),
        ("b", 4, "fil"),
        ("3 more", 6, OPEN),
        ("?", 9, UNKNOWN),
    ]
    assert shortened(bars, 5, "%d more") == bars


def test_columns_stand_side_by_side_on_one_line() -> None:
    columns = [bar.column for bar in spread(measured([Bar("a", "A", 4), Bar("b", "B", 1)], 5), 100)]
    assert [(one.left, one.middle, one.breadth, one.top, one.height) for one in columns if one] == [
        (4.5, 25.0, 41.0, 0.0, 100.0),
        (54.5, 75.0, 41.0, 75.0, 25.0),
    ]


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ({}, []),
        ({2010: 2}, [(2010, 2), (2020, 0)]),
        ({1990: 1, 2020: 3}, [(1990, 1), (2000, 0), (2010, 0), (2020, 3)]),
        ({1840: 1, 1880: 2, 1900: 4}, [(1890, 3), (1900, 4), *((year, 0) for year in range(1910, 2030, 10))]),
        ({2030: 1}, [(2030, 1)]),
    ],
)
def test_decades_have_no_gaps_and_the_old_ones_stand_together(years: dict[int, int], found: list[tuple[int, int]]) -> None:
    assert decades(years, 1900, 2020) == found


# -------------------------------------------------------------------------------------------------------------- pages


@pytest.fixture
def landscape(db: None) -> None:
    """Five entries in three countries and online."""
    term("legal_form", "eg", "eingetragene Genossenschaft")
    eg, osm = term("legal_form", "eg"), source("osm", "ODbL-1.0", name="OpenStreetMap")
    house = organisation("Haus eG", "Hamburg", HAMBURG, sector="digital", legal_form=eg, founded=2011, confirmed=timedelta(days=9))
    Place.objects.filter(organisation=house).update(region="Hamburg")
    changed(house)
    organisation("Dach eG", "Berlin", BERLIN, sector="food", legal_form=eg, founded=1889, confirmed=timedelta(days=120))
    organisation("Wien eG", "Wien", WIEN, sector="food", country="AT", founded=2015, from_source=osm, confirmed=timedelta(days=250))
    organisation("Netz eG", sector="digital", terms=(("sector", "food"),), confirmed=timedelta(days=900))
    organisation("Still eG")


def rows(client: Client, name: str, query: str = "") -> list[tuple[str, int]]:
    answer = client.get(reverse("atlas:figure_csv", args=[name]) + query)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    return [(row["name"], int(row["organisations"])) for row in csv.DictReader(io.StringIO(answer.content.decode()))]


@pytest.mark.usefixtures("landscape")
@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("sector", [("food", 3), ("digital", 2), ("not stated", 1)]),
        ("legal_form", [("eingetragene Genossenschaft", 2), ("not stated", 3)]),
        ("cooperation", []),
        ("country", [("Germany", 2), ("Austria", 1)]),
        ("region", [("Hamburg", 1)]),
        (
            "freshness",
            [
                ("in the last 3 months", 1),
                ("3 to 6 months ago", 1),
                ("6 to 12 months ago", 1),
                ("longer ago", 1),
                ("never confirmed by the organisation", 1),
            ],
        ),
        ("source", [("OpenStreetMap", 1), ("entered here", 4)]),
        ("licence", [("CC0-1.0", 4), ("ODbL-1.0", 1)]),
    ],
)
def test_each_figure_is_a_table(client: Client, name: str, found: list[tuple[str, int]], settings: Any) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert rows(client, name) == found


@pytest.mark.usefixtures("landscape")
def test_decades_begin_with_all_that_is_old(client: Client) -> None:
    from django.utils import translation

    with translation.override("en"):
        found = rows(client, "founded")
    assert (found[0], found[-2]) == (("before 1900", 1), ("2010 to 2019", 2))
    assert sum(count for _, count in found) == 3


@pytest.mark.usefixtures("landscape")
def test_filters_hold_for_figures_too(client: Client) -> None:
    assert sum(count for _, count in rows(client, "licence", "?sector=digital")) == 2
    assert sum(count for _, count in rows(client, "licence", "?share_alike=0")) == 4
    page: Any = client.get(reverse("atlas:figures") + "?country=AT")
    assert page.context["total"] == 1
    assert [chip[2] for chip in page.context["chips"]] == [""]
    (bar,) = next(one for one in page.context["figures"] if one.name == "sector").bars
    assert (bar.count, bar.query) == (1, "sector=food&country=AT")


@pytest.mark.usefixtures("landscape")
@pytest.mark.parametrize(
    ("choice", "found"),
    [("", [1, 1, 1, 1, 1]), ("3", [1, 0, 0, 0, 0]), ("6", [1, 1, 0, 0, 0]), ("12", [1, 1, 1, 0, 0]), ("older", [0, 0, 0, 1, 0]),
     ("never", [0, 0, 0, 0, 1])],
)  # fmt: skip
def test_under_a_filter_by_age_only_the_ages_within_it_are_counted(client: Client, choice: str, found: list[int]) -> None:
    assert [number for _, number in rows(client, "freshness", f"?fresh={choice}")] == found


@pytest.mark.usefixtures("landscape")
def test_those_without_a_sector_are_counted_under_other_filters_and_not_under_one_by_sector(client: Client) -> None:
    assert rows(client, "sector", "?online=1")[-1] == ("nicht angegeben", 1)
    assert rows(client, "sector", "?sector=food") == [("food", 3), ("digital", 1)]


@pytest.mark.usefixtures("landscape")
def test_every_bar_with_a_filter_leads_to_as_many_on_the_map(client: Client) -> None:
    page: Any = client.get(reverse("atlas:figures"))
    leading = [(bar.query, bar.count) for figure in page.context["figures"] for bar in figure.rows if bar.query]
    assert len(leading) == 11
    for query, count in leading:
        assert client.get(f"/api/v1/organisations?{query}").json()["total"] == count, query


@pytest.mark.usefixtures("landscape")
@pytest.mark.parametrize("path", ["/zahlen/", "/en/zahlen/", "/zahlen/?country=CH", "/zahlen/?q=haus&fresh=3"])
def test_the_page_is_sound_html_with_a_table_and_a_file_for_each_chart(client: Client, path: str) -> None:
    answer: Any = client.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    html5lib.HTMLParser(strict=True).parse(answer.content)
    text = answer.content.decode()
    assert text.count("<table") == text.count(".csv") == len(answer.context["figures"])


@pytest.mark.django_db
def test_an_empty_house_has_empty_figures(client: Client) -> None:
    answer: Any = client.get("/zahlen/")
    assert (answer.status_code, answer.context["figures"]) == (200, [])
    files = {name: client.get(f"/zahlen/{name}.csv").content for name in NAMES}
    assert files == dict.fromkeys(NAMES, b"key,name,organisations,percent\r\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/zahlen/colour.csv", 404), ("/zahlen/?x=1", 400), ("/zahlen/sector.csv?bbox=1", 400), ("/zahlen/?sector=no", 400)],
)
def test_what_cannot_be_is_refused(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "?country=DE"])
def test_the_page_asks_a_fixed_number_of_questions(client: Client, number: int, query: str, django_assert_max_num_queries: Any) -> None:
    for one in range(number):
        organisation(
            f"Reihe {one} eG", "Hamburg", HAMBURG, sector=f"bereich-{one}", from_source=source(f"quelle-{one}"), founded=1900 + 10 * one
        )
    queries.version()  # the index in memory is up to date, as it mostly is
    with django_assert_max_num_queries(13):  # of which eleven ask only for the version
        client.get(f"/zahlen/{query}")
