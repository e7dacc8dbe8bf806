"""The pages of offers and needs: who sees what, what they say, what programs get."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Organisation, State
from allmende.exchange import actions
from allmende.exchange.models import Listing
from allmende.people.models import Person
from tests.exchange.conftest import Opening

pytestmark = pytest.mark.django_db


def signed_in(who: Person) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(who)
    return client


def test_a_guest_reads_a_public_offer_and_is_led_to_its_whole_address(client: Client, opened: Opening) -> None:
    item = opened()
    assert item.get_absolute_url() == f"/boerse/{item.pk}/angebot-lastenrad-zum-ausleihen/"
    page = client.get(item.get_absolute_url())
    assert page.status_code == 200
    assert "<strong>werktags</strong>" in page.text
    for path in (f"/boerse/{item.pk}/", f"/boerse/{item.pk}/angebot-frueher-anders/"):
        assert client.get(path)["Location"] == item.get_absolute_url()


def test_all_pages_of_somebody_who_looks_after_an_organisation_open(opened: Opening, anna: Person) -> None:
    item, browser = opened(), signed_in(anna)
    for path in ("/boerse/", "/boerse/?view=map", "/boerse/neu/", "/boerse/unsere/", "/en/boerse/", "/austausch/", "/mein/"):
        assert browser.get(path).status_code == 200, path
    for deed in ("bearbeiten", "verlaengern", "beenden"):
        assert browser.get(f"/boerse/{item.pk}/{deed}/").status_code == 200, deed


@pytest.mark.parametrize(
    "path", ["/boerse/0/", "/boerse/99999999999999999999/", "/boerse/7/angebot-x/", "/boerse/7/irgendwas/", "/boerse/7.json"]
)
def test_what_is_not_there_is_not_found(client: Client, shop: Organisation, path: str) -> None:
    assert client.get(path).status_code == 404


def test_it_is_extended_ended_and_opened_again_by_its_buttons(opened: Opening, anna: Person) -> None:
    item, browser, day = opened(), signed_in(anna), timezone.localdate() + timedelta(days=120)
    browser.post(f"/boerse/{item.pk}/verlaengern/", {"until": day.isoformat()})
    item.refresh_from_db()
    assert item.until == day
    assert browser.post(f"/boerse/{item.pk}/verlaengern/", {"until": "morgen"}).status_code == 422
    assert browser.post(f"/boerse/{item.pk}/beenden/", {}).status_code == 422
    page = browser.post(f"/boerse/{item.pk}/beenden/", {"how": "agreed", "note": "Ein Verein fährt jetzt damit."}, follow=True)
    assert "Ein Verein fährt jetzt damit." in page.text
    assert browser.get(f"/boerse/{item.pk}/bearbeiten/").status_code == 302  # open it again first
    assert browser.post(f"/boerse/{item.pk}/beenden/", {"how": "agreed"}).status_code == 409
    browser.post(f"/boerse/{item.pk}/wieder-oeffnen/")
    item.refresh_from_db()
    assert item.state == "open"


def test_a_caretaker_takes_it_off_and_puts_it_back(opened: Opening, frida: Person, anna: Person, client: Client) -> None:
    item, browser = opened(), signed_in(frida)
    assert browser.post(f"/boerse/{item.pk}/abnehmen/", {"reason": ""}).status_code == 422
    browser.post(f"/boerse/{item.pk}/abnehmen/", {"reason": "Das ist Werbung."})
    assert client.get(item.get_absolute_url()).status_code == 404
    assert "Das ist Werbung." in signed_in(anna).get(item.get_absolute_url()).text
    browser.post(f"/boerse/{item.pk}/zuruecksetzen/")
    assert client.get(item.get_absolute_url()).status_code == 200


def test_the_names_of_chosen_organisations_are_for_those_who_may_change_it(
    opened: Opening, garden: Organisation, clara: Person, anna: Person
) -> None:
    other = Organisation.objects.create(name="Dritte Probe eG", slug="dritte")
    item = opened(audience="chosen", chosen=[garden, other])
    assert "Dritte Probe eG" in signed_in(anna).get(item.get_absolute_url()).text
    assert "Dritte Probe eG" not in signed_in(clara).get(item.get_absolute_url()).text


def test_the_page_of_an_organisation_shows_what_it_offers(opened: Opening, shop: Organisation, client: Client, anna: Person) -> None:
    page = f"/o/{shop.slug}/"
    assert "/boerse/" not in client.get(page).text.split("<main", 1)[1].split("</main>", 1)[0]
    assert f"/boerse/neu/?organisation={shop.slug}" in signed_in(anna).get(page).text
    opened()
    opened(title="Nur fürs Netz", audience="network")
    text = client.get(page).text
    assert "Lastenrad zum Ausleihen" in text and "Nur fürs Netz" not in text


def test_mein_bereich_says_what_ends_soon(opened: Opening, anna: Person) -> None:
    assert "Sie" not in signed_in(anna).get("/mein/").text.split("h-boerse", 1)[1][:300]
    item = opened(until=timezone.localdate() + timedelta(days=3))
    assert f"/boerse/{item.pk}/verlaengern/" in signed_in(anna).get("/mein/").text


def test_the_feed_holds_what_guests_see_with_the_filters(client: Client, opened: Opening, anna: Person) -> None:
    item = opened()
    for hidden in (opened(audience="network"), opened(as_draft=True)):
        assert hidden.pk
    actions.close_listing(opened(), "", by=anna)
    atom = "{http://www.w3.org/2005/Atom}"
    for who in (client, signed_in(anna)):
        entries = ElementTree.fromstring(who.get("/boerse/feed.atom").content).findall(f"{atom}entry")
        assert [one.findtext(f"{atom}id") for one in entries] == [f"urn:uuid:{item.uuid}"]
    assert not ElementTree.fromstring(client.get("/boerse/feed.atom?direction=need").content).findall(f"{atom}entry")


@pytest.mark.parametrize("name", ["q", "place", "category", "organisation"])
def test_the_feed_stays_a_feed_whatever_is_looked_for(client: Client, opened: Opening, name: str) -> None:
    assert opened(tags=["Rad"])
    answer = client.get("/boerse/feed.atom", {name: "a\x01\x1fb\ufffe"})
    assert answer.status_code == 200 and ElementTree.fromstring(answer.content) is not None


def test_murmurations_gets_a_profile_as_its_schema_wants_it(client: Client, opened: Opening) -> None:
    item = opened(radius=20)
    profile = client.get(f"/boerse/{item.pk}.json").json()
    assert profile["linked_schemas"] == ["offers_wants_schema-v0.1.0"]
    required = {
        "linked_schemas",
        "exchange_type",
        "transaction_type",
        "tags",
        "title",
        "description",
        "geographic_scope",
        "contact_details",
    }
    assert required <= set(profile)
    assert (profile["exchange_type"], profile["transaction_type"], profile["item_type"]) == ("offer", ["receive-donate"], "good")
    assert (profile["geographic_scope"], profile["geolocation"]) == ("local", {"lat": 53.5511, "lon": 9.9937})
    assert profile["tags"] == ["Lastenrad", "Fahrräder und Lastenräder"]
    assert profile["description"] == "Unser Lastenrad steht werktags bereit."
    assert profile["details_url"] == profile["contact_details"]["contact_form"] == f"http://testserver{item.get_absolute_url()}"
    assert profile["expires"] == profile["expires_at"] > timezone.now().timestamp()


def test_only_open_public_ones_are_told_to_programs(client: Client, opened: Opening, anna: Person, shop: Organisation) -> None:
    item, network = opened(), opened(audience="network")
    for path in (f"/boerse/{network.pk}.json", f"/boerse/{network.pk}.jsonld"):
        assert client.get(path).status_code == signed_in(anna).get(path).status_code == 404
    actions.close_listing(item, "", by=anna)
    assert client.get(f"/boerse/{item.pk}.json").status_code == 410
    actions.reopen_listing(item, by=anna)
    assert client.get(f"/boerse/{item.pk}.json").status_code == 200
    Organisation.objects.filter(pk=shop.pk).update(state=State.ARCHIVED)
    assert client.get(f"/boerse/{item.pk}.json").status_code == 404


def test_linked_data_says_who_offers_and_who_seeks(client: Client, opened: Opening) -> None:
    offer = client.get(f"/boerse/{opened().pk}.jsonld").json()
    assert (offer["@type"], offer["offeredBy"]["name"]) == ("Offer", "Hofladen Probe eG")
    need = client.get(f"/boerse/{opened(direction='need').pk}.jsonld").json()
    assert (need["@type"], need["seeks"]["@type"], need["seeks"]["name"]) == ("Organization", "Demand", "Lastenrad zum Ausleihen")


def test_the_map_gets_points_with_the_filters_of_the_list(client: Client, opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    item = opened()
    opened(direction="need")
    opened(audience="network")
    opened(is_remote=True, town="", lat=None, lon=None)
    assert len(client.get("/boerse/orte.geojson").json()["features"]) == 2
    (feature,) = client.get("/boerse/orte.geojson?direction=offer").json()["features"]
    assert feature["geometry"]["coordinates"] == [[item.lon, item.lat]]
    assert (feature["properties"]["slug"], feature["properties"]["sector"]) == (str(item.pk), "offer")
    monkeypatch.setattr("allmende.exchange.points.LITTLE", 1)
    assert client.get("/boerse/orte.geojson").json() == {"type": "FeatureCollection", "features": [], "complete": False}


def test_tiles_hold_points_and_where_these_are_many_heaps(client: Client, opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    opened()
    single = client.get("/boerse/kacheln/5/16/10.mvt")
    assert single["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert b"Lastenrad zum Ausleihen" in single.content
    assert client.get("/boerse/kacheln/5/0/0.mvt").content == b""
    opened()
    monkeypatch.setattr("allmende.exchange.points.SINGLES", 1)
    heap = client.get("/boerse/kacheln/4/8/5.mvt").content
    assert b"count" in heap and b"Lastenrad" not in heap
    for bad in ("/boerse/kacheln/99/0/0.mvt", "/boerse/kacheln/1/2/0.mvt"):
        assert client.get(bad).status_code == 400


def test_everything_of_a_member_can_be_taken_along_and_is_forgotten(opened: Opening, emil: Person, anna: Person) -> None:
    from allmende.exchange import personal

    his, draft, ours = opened(by=emil, as_member=True, person_name="Emil"), opened(by=emil, as_member=True, as_draft=True), opened()
    rows = personal.data(emil)
    assert [(row["title"], row["state"], row["name_shown"]) for row in rows] == [(his.title, "open", "Emil"), (draft.title, "draft", "")]
    personal.forget(emil)
    assert list(Listing.objects.all()) == [ours]
    personal.forget(anna)
    anna.delete()
    ours.refresh_from_db()
    assert (ours.state, ours.created_by) == ("open", None)


def test_pages_ask_as_much_for_one_listing_as_for_many(
    opened: Opening, anna: Person, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(anna)
    opened()
    for path in ("/boerse/unsere/", "/boerse/feed.atom", "/api/v1/listings", "/boerse/orte.geojson"):
        browser.get(path)
    before = {}
    for path in ("/boerse/unsere/", "/boerse/feed.atom", "/api/v1/listings", "/boerse/orte.geojson"):
        with django_assert_max_num_queries(30) as asked:
            browser.get(path)
        before[path] = len(asked.captured_queries)
    opened()
    opened()
    for path, number in before.items():
        with django_assert_num_queries(number):
            browser.get(path)
