"""What programs ask of the house: health, robots, sitemap, security contact, the picture of the network."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from allmende.exchange.models import Listing
from allmende.home import api, queries
from tests.cast import BERLIN, organisation
from tests.matching.cast import listing

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def cold() -> None:
    cache.clear()


def locations(client: Client, address: str) -> list[str]:
    root = ElementTree.fromstring(client.get(address).content)
    return [str(element.text) for element in root.iter(f"{SITEMAP}loc")]


def test_a_well_house_says_ok(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content, response.headers["Cache-Control"]) == (200, b"ok", "no-store")


def test_without_its_database_it_says_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(queries.connection, "cursor", fails)
    assert client.get("/healthz").status_code == 503


def test_robots_may_read_all_but_filtered_lists(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /karte/?\n" in text
    assert "Disallow: /en/karte/?\n" in text
    assert "Disallow: /\n" not in text
    assert text.endswith("Sitemap: http://testserver/sitemap.xml\n")


def test_the_sitemap_of_an_empty_house_holds_the_fixed_pages(client: Client) -> None:
    assert locations(client, "/sitemap.xml") == ["http://testserver/sitemap-0.xml"]
    fixed = locations(client, "/sitemap-0.xml")
    assert len(fixed) == len(api.FIXED_PAGES)
    assert "http://testserver/barrierefreiheit/" in fixed
    assert client.get("/sitemap-1.xml").status_code == 404


def test_all_fixed_pages_of_the_sitemap_exist(client: Client) -> None:
    for address in locations(client, "/sitemap-0.xml"):
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_entries_fill_one_file_after_the_other(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PER_PART", 2)
    for name in ("Eins", "Zwei", "Drei"):
        organisation(name, "Berlin", BERLIN)
    organisation("Entwurf", state="draft")
    assert len(locations(client, "/sitemap.xml")) == 3
    assert locations(client, "/sitemap-1.xml") == ["http://testserver/o/eins/", "http://testserver/o/zwei/"]
    assert locations(client, "/sitemap-2.xml") == ["http://testserver/o/drei/"]
    assert client.get("/sitemap-3.xml").status_code == 404
    assert b'hreflang="en" href="http://testserver/en/o/drei/"' in client.get("/sitemap-2.xml").content


def test_nobody_named_means_no_security_contact(client: Client) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("contact", "line"),
    [
        ("haus@example.org", "Contact: mailto:haus@example.org"),
        ("https://example.org/kontakt", "Contact: https://example.org/kontakt"),
    ],
)
def test_a_named_contact_takes_reports(client: Client, settings: Any, contact: str, line: str) -> None:
    settings.CONTACT = contact
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[0] == line
    assert lines[1].startswith("Expires: 2")
    assert "Canonical: http://testserver/.well-known/security.txt" in lines


def test_the_network_is_drawn_with_its_number(client: Client) -> None:
    for number in range(12):
        organisation(f"Haus {number}", "Berlin", BERLIN)
    response = client.get("/netz.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    texts = [element.text for element in ElementTree.fromstring(response.content).iter("{http://www.w3.org/2000/svg}text")]
    assert "12" in texts


def test_a_picture_that_names_its_version_may_be_kept(client: Client) -> None:
    organisation("Haus", "Berlin", BERLIN)
    version = queries.landscape().version
    assert client.get("/netz.svg").headers["Cache-Control"] == "public, max-age=300"
    assert client.get(f"/netz.svg?v={version}&size=s").headers["Cache-Control"] == "public, max-age=2592000"


@pytest.mark.parametrize("query", ["size=xl", "colour=red", "size=s&width=9999"])
def test_the_picture_has_two_sizes_and_no_more(client: Client, query: str) -> None:
    assert client.get(f"/netz.svg?{query}").status_code == 400


@pytest.mark.parametrize("address", ["/healthz", "/robots.txt", "/sitemap.xml", "/sitemap-0.xml", "/netz.svg", "/.well-known/security.txt"])
def test_programs_get_no_cookie_and_may_only_read(client: Client, address: str) -> None:
    response = client.get(address)
    assert not response.cookies
    is_page = response.headers["Content-Type"].startswith("text/html")  # the page that says that there is nothing
    assert ("Cookie" in response.headers.get("Vary", "")) == is_page
    assert client.post(address).status_code == 405


def test_the_sitemap_names_what_guests_can_see_of_the_exchange_and_nothing_else(client: Client) -> None:
    mine = organisation("Radhaus eG")
    shown, network, draft = (listing(mine, "offer", f"Lastenrad {number}") for number in range(3))
    Listing.objects.filter(pk=network.pk).update(audience="network")
    Listing.objects.filter(pk=draft.pk).update(state="draft")
    exchanged = [address for address in locations(client, "/sitemap-0.xml") if "/angebot-" in address]
    assert exchanged == [f"http://testserver/boerse/{shown.pk}/angebot-lastenrad-0/"]
