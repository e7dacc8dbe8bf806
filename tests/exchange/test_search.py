"""Finding offers and needs: words in both languages, filters, order, pages, and how much is asked of the database."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from allmende.exchange import actions, queries
from allmende.exchange.models import Listing
from allmende.people.models import Person
from tests.cast import BERLIN, HAMBURG, term
from tests.exchange.conftest import Opening

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()


def found(query: str) -> list[str]:
    """The titles of what an address finds."""
    return [one.title for one in queries.listings(GUEST, queries.read(QueryDict(query)))]


@pytest.fixture
def market(opened: Opening, anna: Person, clara: Person, garden: Any) -> None:
    """Some offers and needs of each kind."""
    today = timezone.localdate()
    advice = term("exchange", "advice", "Beratung und Dienste", "Advice and services")
    opened(title="Lastenräder", text="", tags=[], until=today + timedelta(days=9))
    tools = term("exchange", "tools", "Werkzeug und Maschinen", "Tools and machines")
    need = {"direction": "need", "category": tools, "terms": "exchange"}
    opened(**need, title="Werkzeug gesucht", text="Für unseren Garten.", tags=["Spaten"], until=today + timedelta(days=3))
    opened(
        by=clara, organisation=garden, title="Translating texts", text="", tags=[], category=advice, is_remote=True, terms="paid",
        town="Berlin", lat=BERLIN[0], lon=BERLIN[1],
    )  # fmt: skip
    opened(title="Entwurf", as_draft=True)
    opened(title="Nur Netz", audience="network")
    actions.close_listing(opened(title="Vorbei"), "", by=anna)


ALL = ["Translating texts", "Werkzeug gesucht", "Lastenräder"]
TEXTS, TOOLS, BIKES = ([title] for title in ALL)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ALL), ("direction=quatsch", ALL), ("bbox=1,2,3", ALL), ("sort=near", ALL), ("terms=nix&sort=nix&radius=7", ALL),
        ("q=lastenrad", BIKES), ("q=LASTENRAEDER", BIKES), ("q=raeder", BIKES), ("q=Rad", BIKES), ("q=translation", TEXTS),
        ("q=spaten+garten", TOOLS), ("q=spaten+lastenrad", []), ("q=gibtesnicht", []), ("q=%25_%27", []),
        ("direction=need", TOOLS), ("category=bikes", BIKES), ("category=mobility-exchange", BIKES), ("category=nix", []),
        ("terms=paid", TEXTS), ("remote=1", TEXTS), ("organisation=garten-probe-eg", TEXTS), ("organisation=nix", []),
        ("place=Berlin", TEXTS), ("place=20095+Hamburg&radius=10", [*TOOLS, *BIKES]), ("place=Nirgendwo+Xyz", []),
        ("bbox=13,52,14,53", TEXTS), ("state=past", ["Vorbei"]), ("sort=ending", [*TOOLS, *BIKES, *TEXTS]),
        ("place=Berlin&radius=250&sort=near&direction=offer", TEXTS),
    ],
)  # fmt: skip
def test_what_an_address_finds(market: None, query: str, titles: list[str]) -> None:
    assert found(query) == titles


def test_nearest_first(market: None) -> None:
    Listing.objects.filter(title="Lastenräder").update(lat=HAMBURG[0] + 0.5)
    assert found("place=Hamburg&radius=100&sort=near") == ["Werkzeug gesucht", "Lastenräder"]


def test_what_is_filtered_is_said_in_words_and_each_can_be_removed(market: None, client: Client) -> None:
    page = client.get("/en/boerse/?q=rad&direction=need&place=Hamburg&terms=gift&remote=1").text
    for rest in ("?direction=need&amp;terms=gift&amp;remote=1&amp;place=Hamburg", "?q=rad&amp;terms=gift&amp;remote=1&amp;place=Hamburg"):
        assert f'class="chip" href="/en/boerse/{rest}"' in page
    assert "Nothing matches." in page


def test_a_list_asks_as_much_for_three_rows_as_for_one(
    client: Client, opened: Opening, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    opened()
    client.get("/boerse/")
    with django_assert_max_num_queries(12) as one:
        client.get("/boerse/")
    opened()
    opened()
    with django_assert_num_queries(len(one.captured_queries)):
        client.get("/boerse/")


def test_one_page_after_another_and_no_further(client: Client, opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    for number in range(5):
        opened(title=f"Nummer {number}")
    assert "Nummer 0" in client.get("/boerse/?page=3").text
    assert client.get("/boerse/?page=99").status_code == 200
    assert client.get("/boerse/?page=x").status_code == 200


def test_programs_get_everything_a_helping_at_a_time(client: Client, opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "A_HELPING", 2)
    titles = [opened(title=f"Nummer {number}").title for number in range(5)]
    opened(direction="need")
    found, address = [], "/api/v1/listings?direction=offer&state=past"
    while address:
        answer = client.get(address).json()
        found += [one["title"] for one in answer["items"]]
        address = (answer["next"] or "").removeprefix("http://testserver")
    assert found == titles
    for bad in ("-1", "x", "9" * 40, "²"):
        assert client.get(f"/api/v1/listings?after={bad}").status_code == 400


def test_counting_stops_at_the_ceiling(client: Client, opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CEILING", 2)
    for _number in range(3):
        opened()
    pages = queries.pages(GUEST, queries.Filters())
    assert (pages.count, pages.is_cut) == (2, True)
