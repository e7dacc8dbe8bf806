"""The form of an offer or a need: what it forgives, what it asks again, what hostile input does."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Organisation, Role, Stewardship
from allmende.exchange.models import Listing
from allmende.people.models import Person
from tests.cast import organisation
from tests.exchange.conftest import Opening
from tests.exchange.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(shop: Organisation, bikes: Any, anna: Person) -> dict[str, Any]:
    """What a browser sends for a good need."""
    until = timezone.localdate() + timedelta(days=90)
    return {
        "direction": "need", "title": "Transporter gesucht", "text": "Für *einen* Tag.", "category": "bikes", "tags": "Umzug, Auto",
        "town": "20095 Hamburg", "radius": "30", "until": until.isoformat(), "terms": "paid", "terms_note": "bis 50 €",
        "writer": f"o:{shop.pk}", "person_name": "", "audience": "public", "chosen": "",
    }  # fmt: skip


def test_a_need_is_published_from_the_form(sent: dict[str, Any], anna: Person, shop: Organisation) -> None:
    answer = signed_in(anna).post("/boerse/neu/", sent)
    item = Listing.objects.get()
    assert answer["Location"] == item.get_absolute_url()
    assert (item.direction, item.organisation, item.person, item.state) == ("need", shop, None, "open")
    assert (item.tags, item.radius, round(item.lat or 0, 1)) == (["Umzug", "Auto"], 30, 53.6)


def test_keywords_hold_nothing_that_nobody_sees(sent: dict[str, Any], anna: Person, client: Client) -> None:
    signed_in(anna).post("/boerse/neu/", sent | {"tags": "Um\x01zug, \x02, \x1bAuto"})
    assert Listing.objects.get().tags == ["Umzug", "Auto"]
    assert b"\x01" not in client.get("/boerse/feed.atom").content


def test_as_a_draft_only_its_own_people_see_it(sent: dict[str, Any], anna: Person, client: Client) -> None:
    answer = signed_in(anna).post("/boerse/neu/", sent | {"draft": "1"})
    assert Listing.objects.get().state == "draft"
    assert client.get(answer["Location"]).status_code == 404
    assert signed_in(anna).get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "This is needed."),
        ({"town": ""}, "Please write a town, or tick"),
        ({"town": "Nirgendwohausen Xyz"}, "This place is not known here."),
        ({"until": "2001-01-01"}, "Please choose a day between today and"),
        ({"until": "2999-01-01"}, "Please choose a day between today and"),
        ({"tags": ",".join(f"wort{n}" for n in range(13))}, "at most 12 keywords"),
        ({"tags": "x" * 41}, "is too long for a keyword"),
        ({"audience": "chosen"}, "Please name the organisations"),
        ({"audience": "chosen", "chosen": "Gibt es nicht eG"}, "is not on this map"),
        ({"audience": "chosen", "chosen": "Zwilling eG"}, "Several entries are called"),
        ({"category": "energy"}, "Select a valid choice"),
        ({"direction": "x"}, "Select a valid choice"),
        ({"writer": "o:999999"}, "Select a valid choice"),
        ({"writer": "x"}, "Select a valid choice"),
        ({"text": "x" * 8_001}, "at most 8000 characters"),
        ({"radius": "99999"}, "less than or equal to 2000"),
        ({"sdgs": ["99"]}, "Select a valid choice"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(
    sent: dict[str, Any], anna: Person, change: dict[str, Any], sentence: str
) -> None:
    for number in (1, 2):
        organisation("Zwilling eG", slug=f"zwilling-{number}")
    answer = signed_in(anna).post("/en/boerse/neu/", sent | change)
    assert (answer.status_code, Listing.objects.count()) == (422, 0)
    assert sentence in answer.text
    assert "bis 50 €" in answer.text


def test_nobody_writes_for_an_organisation_of_others(sent: dict[str, Any], clara: Person, emil: Person, shop: Organisation) -> None:
    for who in (clara, emil):
        assert signed_in(who).post("/boerse/neu/", sent).status_code == 422
    assert Listing.objects.count() == 0
    signed_in(emil).post("/boerse/neu/", sent | {"writer": f"m:{shop.pk}", "person_name": "Emil"})
    assert Listing.objects.get().person_name == "Emil"


def test_organisations_are_chosen_by_name_or_address(sent: dict[str, Any], anna: Person, garden: Organisation) -> None:
    other = organisation("Zweite eG")
    chosen = f"garten probe EG\nhttps://karte.example/o/{other.slug}/\n\n"
    signed_in(anna).post("/boerse/neu/", sent | {"audience": "chosen", "chosen": chosen})
    assert set(Listing.objects.get().chosen.all()) == {garden, other}


def test_an_entry_that_is_not_published_cannot_be_found_by_guessing(sent: dict[str, Any], anna: Person) -> None:
    organisation("Geheim eG", state="draft")
    answer = signed_in(anna).post("/en/boerse/neu/", sent | {"audience": "chosen", "chosen": "Geheim eG"})
    assert "is not on this map" in answer.text


def test_editing_shows_what_was_said_and_keeps_whose_it_is(
    opened: Opening, sent: dict[str, Any], anna: Person, garden: Organisation
) -> None:
    Stewardship.objects.create(person=anna, organisation=garden, role=Role.OWNER, proof="granted", since=timezone.now())
    item, browser = opened(audience="chosen", chosen=[garden]), signed_in(anna)
    assert f"/o/{garden.slug}/" in browser.get(f"/boerse/{item.pk}/bearbeiten/").text
    browser.post(f"/boerse/{item.pk}/bearbeiten/", sent | {"writer": f"o:{garden.pk}", "direction": "need", "audience": "public"})
    item.refresh_from_db()
    assert (item.title, item.direction, item.organisation.name) == ("Transporter gesucht", "offer", "Hofladen Probe eG")
    assert not item.chosen.exists()


def test_an_address_chooses_beforehand(anna: Person, shop: Organisation, bikes: Any) -> None:
    page = signed_in(anna).get(f"/boerse/neu/?direction=need&organisation={shop.slug}").text
    assert 'value="need" id="id_direction_1" checked' in page.replace(" required", "") or 'value="need"' in page
    assert f'<option value="o:{shop.pk}" selected>' in page
    for odd in ("?direction=x&organisation=nix", "?organisation=" + "x" * 5_000):
        assert signed_in(anna).get(f"/boerse/neu/{odd}").status_code == 200


def test_whoever_belongs_nowhere_is_told_how_to(clara: Person, client: Client) -> None:
    stranger = Person.objects.create_user("fremd@leute.example", name="Fremd")
    assert "Find yours on the map" in signed_in(stranger).get("/en/boerse/neu/").text
    assert client.get("/boerse/neu/").status_code == 302


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "[klick](javascript:alert(1))", "![bild](https://boese.example/x.png)",
        "<svg onload=alert(1)>", "[a](data:text/html;base64,PHN2Zz4=)", "<a href='//boese.example'>x</a>", "`" * 8_000, "> " * 3_900,
    ],
)  # fmt: skip
def test_hostile_words_stay_words(opened: Opening, client: Client, text: str) -> None:
    item = opened(title=text[:140], text=text, terms_note=text[:200], tags=[text[:40]])
    page = client.get(item.get_absolute_url())
    assert page.status_code == 200
    body = page.text.split("<main", 1)[1]
    for bad in ("<script>alert", 'href="javascript:', "<svg onload", 'href="data:', '<img src="https', "<a href='//boese"):
        assert bad not in body
    assert client.get("/boerse/").status_code == client.get("/boerse/feed.atom").status_code == 200


@pytest.mark.parametrize("deed", ["veroeffentlichen", "wieder-oeffnen", "verwerfen", "zuruecksetzen"])
def test_what_changes_something_wants_post(opened: Opening, anna: Person, deed: str) -> None:
    item = opened()
    assert signed_in(anna).get(f"/boerse/{item.pk}/{deed}/").status_code == 405
    assert signed_in(anna).delete(f"/boerse/{item.pk}/bearbeiten/").status_code == 405


@pytest.mark.parametrize(
    "deed", ["bearbeiten", "veroeffentlichen", "verlaengern", "beenden", "wieder-oeffnen", "verwerfen", "abnehmen", "zuruecksetzen"]
)
def test_deeds_of_others_are_not_there(opened: Opening, clara: Person, client: Client, deed: str) -> None:
    item = opened()
    assert signed_in(clara).post(f"/boerse/{item.pk}/{deed}/").status_code == 404
    assert signed_in(clara).post(f"/boerse/99999999999999999999/{deed}/").status_code == 404
    assert client.post(f"/boerse/{item.pk}/{deed}/").status_code == 302  # to signing in
    item.refresh_from_db()
    assert item.state == "open"
