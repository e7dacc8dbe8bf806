"""The start page says only what can be counted, and every number leads to what it counts."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from allmende.atlas import queries as atlas
from allmende.atlas.rules import Box
from allmende.directory.models import Organisation
from allmende.home import queries
from tests.cast import BERLIN, HAMBURG, WIEN, organisation, source

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=31)


@pytest.fixture(autouse=True)
def cold() -> None:
    cache.clear()


@pytest.fixture
def three() -> None:
    organisation("Alte Mühle eG", "Berlin", BERLIN, sector="housing", confirmed=MONTH, from_source=source())
    organisation("Bunte Bohne eG", "Hamburg", HAMBURG, sector="food", confirmed=7 * MONTH, from_source=source("andere"))
    organisation("Chor der Dinge", "Wien", WIEN, sector="housing", country="AT")


def english(client: Client) -> str:
    return client.get("/en/").content.decode()


def test_an_empty_house_says_that_it_is_empty(client: Client) -> None:
    page = english(client)
    assert "The map is still empty." in page
    assert "netz.svg" not in page


def test_the_numbers_are_counted(three: None) -> None:
    found = queries.landscape()
    assert (found.organisations, found.confirmed, found.countries, found.sources) == (3, 1, 2, 2)
    assert [(sector.key, sector.count) for sector in found.sectors] == [("housing", 2), ("food", 1)]
    assert [new.entry.name for new in found.newest] == ["Chor der Dinge", "Bunte Bohne eG", "Alte Mühle eG"]
    assert [int(new.entry.freshness) for new in found.newest] == [0, 2, 4]


@pytest.mark.usefixtures("three")
def test_every_number_leads_to_what_it_counts(client: Client) -> None:
    page = english(client)
    assert '<a href="/en/karte/">3 organisations</a> are on the map' in page
    assert '<a href="/en/karte/?fresh=6">One</a> has itself confirmed' in page
    assert '<a href="/en/zahlen/">2 countries</a>' in page
    assert '<a href="/en/daten/">2 sources</a>' in page
    assert '<a href="/en/karte/?sector=housing">' in page
    assert '<a href="/en/o/chor-der-dinge/">Chor der Dinge</a>' in page


@pytest.mark.usefixtures("three")
def test_the_page_asks_the_same_number_of_questions_for_three_and_for_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    atlas.version()  # the index in memory is up to date, as it mostly is
    with django_assert_num_queries(10):
        client.get("/")
    for number in range(27):
        organisation(f"Haus {number} eG", "Berlin", BERLIN, sector="housing", from_source=source())
    atlas.version()
    with django_assert_num_queries(10):
        client.get("/")


def test_the_same_numbers_are_not_counted_twice(three: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.get("/")
    with django_assert_num_queries(1):
        client.get("/")


def test_a_new_entry_is_seen_at_once(three: None, client: Client) -> None:
    client.get("/en/")
    organisation("Dachgarten eG", "Berlin", BERLIN)
    assert "4 organisations</a> are on the map" in english(client)


def test_demo_entries_are_owned_up_to(client: Client) -> None:
    demo = source("demo", is_demo=True)
    organisation("Bestehende eG", "Berlin", BERLIN, from_source=demo)
    organisation("Noch eine eG", "Berlin", BERLIN, from_source=demo)
    organisation("Erfundene eG", "Berlin", BERLIN, from_source=demo, is_demo=True)
    page = english(client)
    assert "2 entries about existing organisations were written from public knowledge" in page
    assert "1 more entry is invented" in page
    assert "Erfundene eG" not in page


def test_confirmations_that_are_only_play_are_owned_up_to(client: Client) -> None:
    demo = source("demo", is_demo=True)
    organisation("Erfundene eG", "Berlin", BERLIN, from_source=demo, is_demo=True, confirmed=MONTH)
    assert "The only entries confirmed lately are among these." in english(client)
    organisation("Echte eG", "Berlin", BERLIN, confirmed=MONTH)
    assert "The only entries confirmed lately" not in english(client)


def test_without_demo_entries_there_is_no_note(three: None, client: Client) -> None:
    assert "demo network" not in english(client)


def test_drafts_are_not_counted(three: None) -> None:
    Organisation.objects.create(name="Entwurf", slug="entwurf", state="draft")
    assert queries.landscape().organisations == 3


def test_the_picture_shows_where_most_are_and_not_the_far_one() -> None:
    for number in range(4):
        organisation(f"Haus {number}", "Berlin", (52.5 + number / 100, 13.4))
    organisation("Weit weg", "Sydney", (-33.87, 151.2), country="AU")
    box = queries.heartland()
    assert box is not None
    assert (round(box.west, 2), round(box.south, 2), round(box.east, 2), round(box.north, 2)) == (13.4, 52.5, 13.4, 52.53)
    assert sum(count for _lat, _lon, count in queries.network(box, 720)) == 4


def test_nothing_has_no_heartland() -> None:
    assert queries.heartland() is None


@pytest.mark.parametrize("box", [Box(-180, -85, 180, 85), Box(13.4, 52.5, 13.4, 52.5), Box(179, -18, 180, -16)])
def test_any_box_can_be_drawn(three: None, box: Box) -> None:
    assert isinstance(queries.network(box, 480), list)
