"""The pages about the data: for people, in both languages, with nothing from elsewhere."""

from typing import Any

import html5lib
import pytest
from django.test import Client

from allmende.atlas import queries as atlas
from allmende.opendata.api import description
from tests.cast import HAMBURG, organisation, source

pytestmark = pytest.mark.django_db
PAGES = ["/daten/", "/en/daten/", "/daten/schnittstelle/", "/en/daten/schnittstelle/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("full", [False, True])
def test_the_pages_stand_in_both_languages_empty_and_full(client: Client, path: str, full: bool) -> None:
    if full:
        organisation("Hostsharing eG", "Hamburg", HAMBURG, from_source=source("osm", "ODbL-1.0", share_alike=True))
    answer = client.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "<script" not in answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(answer.content)


def test_licences_and_sources_are_counted_and_attributed(client: Client) -> None:
    organisation("Frei eG")
    for number in range(2):
        organisation(f"Gleich {number} eG", from_source=source("osm", "ODbL-1.0", attribution="© OpenStreetMap contributors, ODbL 1.0"))
    context: Any = client.get("/daten/").context
    assert [(row["licence"], row["count"]) for row in context["licences"]] == [("ODbL-1.0", 2), ("CC0-1.0", 1)]
    assert [(row["key"], row["count"], row["attribution"]) for row in context["sources"]] == [
        ("osm", 2, "© OpenStreetMap contributors, ODbL 1.0")
    ]
    assert "© OpenStreetMap contributors, ODbL 1.0" in client.get("/daten/").content.decode()


def test_every_operation_stands_on_the_page(client: Client) -> None:
    text = client.get("/en/daten/schnittstelle/").content.decode()
    for path, methods in description()["paths"].items():
        assert f"GET {path}" in text
        assert methods["get"]["summary"] in text


def test_an_unknown_parameter_is_refused(client: Client) -> None:
    assert client.get("/daten/?x=1").status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_number_of_questions_for_more_sources(client: Client, rows: int, django_assert_max_num_queries: Any) -> None:
    for number in range(rows):
        organisation(f"Reihe {number} eG", from_source=source(f"quelle-{number}"))
    atlas.version()  # the index in memory is up to date, as it mostly is
    with django_assert_max_num_queries(8):
        client.get("/daten/")
