"""One's own calendar: the secret address, what stands in it, who sees it, what becomes of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from allmende.calendars import actions, personal, sources
from allmende.calendars.export import Entry
from allmende.calendars.models import CalendarKey
from tests.coops import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_entry(monkeypatch: pytest.MonkeyPatch) -> Entry:
    starts = timezone.now() + timedelta(days=1)
    entry = Entry(uid="1@hier", changed_at=starts, starts=starts, ends=None, title="Abstimmung endet", text="Wo; was")
    monkeypatch.setattr(sources, "_SOURCES", {"tests": lambda who: [entry] if who.email.startswith("anna") else []})
    return entry


def test_a_guest_has_no_calendar(client: Client) -> None:
    answer = client.get("/mein/kalender/")
    assert answer.status_code == 302 and "anmelden" in answer.headers["Location"]
    assert CalendarKey.objects.count() == 0


def test_the_page_shows_what_comes_and_the_address_shows_the_same_to_programs(client: Client, one_entry: Entry) -> None:
    anna = person("anna")
    client.force_login(anna)
    page = client.get("/mein/kalender/")
    word = CalendarKey.objects.get(person=anna).word
    assert "Abstimmung endet" in page.content.decode() and f"/kalender/{word}.ics" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    file = Client().get(f"/kalender/{word}.ics")
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:Abstimmung endet\r\n" in file.content.decode() and "DESCRIPTION:Wo\\; was\r\n" in file.content.decode()


def test_everybody_has_their_own(client: Client, one_entry: Entry) -> None:
    ben = person("ben")
    client.force_login(ben)
    assert "Abstimmung endet" not in client.get("/mein/kalender/").content.decode()
    assert "VEVENT" not in Client().get(f"/kalender/{actions.calendar_key(ben).word}.ics").content.decode()


def test_a_new_address_ends_the_old_one(client: Client) -> None:
    anna = person("anna")
    old = actions.calendar_key(anna).word
    client.force_login(anna)
    assert client.post("/mein/kalender/").status_code == 302
    new = CalendarKey.objects.get(person=anna).word
    assert new != old
    assert client.get(f"/kalender/{old}.ics").status_code == 404
    assert client.get(f"/kalender/{new}.ics").status_code == 200


@pytest.mark.parametrize("word", ["x", "x" * 500, "' or 1=1"])
def test_a_guessed_address_shows_nothing(client: Client, word: str) -> None:
    assert client.get(f"/kalender/{word}.ics").status_code == 404


def test_a_closed_account_has_no_calendar_any_more(client: Client) -> None:
    anna = person("anna")
    word = actions.calendar_key(anna).word
    anna.is_active = False
    anna.save()
    assert client.get(f"/kalender/{word}.ics").status_code == 404


def test_erasing_an_account_takes_the_address_along() -> None:
    anna = person("anna")
    actions.calendar_key(anna)
    personal.forget(anna)
    assert CalendarKey.objects.count() == 0
