"""What offers and needs show on pages of rooms further down."""

import pytest
from django.test import Client

from tests.cast import BERLIN, organisation


@pytest.mark.django_db
def test_whoever_searches_the_map_may_look_for_the_same_in_offers_and_needs(client: Client) -> None:
    organisation("Radhaus eG", "Berlin", BERLIN)
    assert "/boerse/?q=Rad%20%26%20%3Cb%3E" in client.get("/karte/?q=Rad+%26+<b>").content.decode()
    assert "/boerse/?q=" not in client.get("/karte/").content.decode()
