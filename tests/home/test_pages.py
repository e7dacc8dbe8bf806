"""The pages every house owes its visitors say what is true, also when nobody has filled anything in."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_house_without_operator_says_so(client: Client) -> None:
    page = text(client, "/en/impressum/")
    assert "This page is not complete." in page
    assert "ALLMENDE_OPERATOR" in page
    assert "has not said so yet" in text(client, "/en/datenschutz/")
    assert "They have not named themselves yet." in text(client, "/en/mitbestimmung/")
    assert "They have not done so yet." in text(client, "/en/barrierefreiheit/")


def test_operator_and_contact_appear_where_they_are_asked_for(client: Client, settings: Any) -> None:
    settings.OPERATOR, settings.CONTACT = "Muster eG <Berlin>", "haus@example.org"
    page = text(client, "/en/impressum/")
    assert "Muster eG &lt;Berlin&gt;" in page
    assert '<a href="mailto:haus@example.org">haus@example.org</a>' in page
    assert "not complete" not in page
    assert "mailto:haus@example.org" in text(client, "/en/barrierefreiheit/")
    assert "mailto:haus@example.org" in text(client, "/en/datenschutz/")
    assert "This house is run by Muster eG &lt;Berlin&gt;." in text(client, "/en/mitbestimmung/")


@pytest.mark.parametrize("missing", ["OPERATOR", "CONTACT"])
def test_half_an_imprint_is_not_one(client: Client, settings: Any, missing: str) -> None:
    settings.OPERATOR, settings.CONTACT = "Muster eG", "haus@example.org"
    setattr(settings, missing, "")
    assert "This page is not complete." in text(client, "/en/impressum/")


def test_a_foreign_map_server_is_owned_up_to(client: Client, settings: Any) -> None:
    assert "One exception" not in text(client, "/en/datenschutz/")
    settings.TILE_URL = "https://tiles.example.org/{z}/{x}/{y}.pbf"
    assert "One exception" in text(client, "/en/datenschutz/")


@pytest.mark.parametrize(("address", "kreis"), [("/austausch/", "2"), ("/mitbestimmung/", "3")])
def test_what_is_not_built_has_no_buttons(client: Client, address: str, kreis: str) -> None:
    page = text(client, address)
    main = page[page.index("<main") : page.index("</main>")]
    assert f'<body data-kreis="{kreis}"' in page
    assert "<button" not in main
    assert "<form" not in main
