"""The pages of offers and needs: who sees what, what they say."""

import pytest
from django.test import Client

from allmende.people.models import Person
from tests.exchange.conftest import Opening

pytestmark = pytest.mark.django_db


def signed_in(who: Person) -> Client:
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
    item, client = opened(), signed_in(anna)
    for path in ("/boerse/", "/boerse/neu/", "/boerse/unsere/", "/boerse/feed.atom", "/en/boerse/"):
        assert client.get(path).status_code == 200, path
    for deed in ("bearbeiten", "verlaengern", "beenden"):
        assert client.get(f"/boerse/{item.pk}/{deed}/").status_code == 200, deed
    assert client.get(f"/boerse/{item.pk}.json").status_code == 200
    assert client.get(f"/boerse/{item.pk}.jsonld").status_code == 200
    assert client.get("/api/v1/listings").json()["total"] == 1
