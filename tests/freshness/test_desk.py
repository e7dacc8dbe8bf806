"""Buttons on the entry's page and in "Mein Bereich", and what waits for caretakers."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Confirmation, Organisation, Record, Role
from allmende.freshness import actions, queries, rules
from allmende.freshness.models import Look, Question
from allmende.ground.refusals import NotAllowed
from tests.cast import organisation, source
from tests.freshness.ways import DAY, NOW, YEAR, asked, caretaker, kept, steward
from tests.people.ways import person, sign_in

pytestmark = pytest.mark.django_db
BUTTON = "/bestaetigen/"


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_who_sees_the_button_and_who_may_press_it(client: Client) -> None:
    item = kept()
    address, page = f"/o/{item.slug}/bestaetigen/", f"/o/{item.slug}/"
    member, editor = person("mia@example.org"), person("eda@example.org")
    steward(item, member, Role.MEMBER)
    steward(item, editor, Role.EDITOR)
    steward(kept("Andere eG", by="otto@example.org"), person("olga@example.org"))
    assert BUTTON not in shown(client, page)
    assert client.post(address).headers["Location"].startswith("/konto/")
    for who in (person("fremd@example.org"), member, person("olga@example.org"), caretaker("AT", "wien@example.org")):
        browser = sign_in(Client(), who)
        assert BUTTON not in shown(browser, page)
        assert browser.post(address).status_code == 403
    assert Confirmation.objects.filter(organisation=item).count() == 1
    for who in (person(), editor, caretaker()):
        browser = sign_in(Client(), who)
        assert BUTTON in shown(browser, page)
        assert browser.get(address).status_code == 405
        assert browser.post(address).headers["Location"] == page
    assert Confirmation.objects.filter(organisation=item, how="desk").count() == 3


def test_only_owners_and_caretakers_are_shown_the_end(client: Client) -> None:
    item = kept()
    editor = person("eda@example.org")
    steward(item, editor, Role.EDITOR)
    assert "/ende/" not in shown(sign_in(client, editor), f"/o/{item.slug}/")
    assert "/ende/" in shown(sign_in(client, person()), f"/o/{item.slug}/")


def test_a_draft_cannot_be_confirmed(client: Client) -> None:
    item = kept(state="draft")
    assert sign_in(client, person()).post(f"/o/{item.slug}/bestaetigen/").status_code == 403
    assert sign_in(Client(), person("fremd@example.org")).post(f"/o/{item.slug}/bestaetigen/").status_code == 404


def test_the_button_leads_back_to_where_it_stood_and_nowhere_else(client: Client) -> None:
    item, anna = kept(), sign_in(client, person())
    assert anna.post(f"/o/{item.slug}/bestaetigen/", {"next": "/mein/"}).headers["Location"] == "/mein/"
    for elsewhere in ("https://boese.example/", "//boese.example/", "/\\boese.example"):
        assert anna.post(f"/o/{item.slug}/bestaetigen/", {"next": elsewhere}).headers["Location"] == f"/o/{item.slug}/"


def test_what_is_due_waits_in_my_area(client: Client) -> None:
    due, fresh, foreign = kept("Alt eG"), kept("Frisch eG", confirmed=3 * DAY), kept("Fremd eG", by="otto@example.org")
    never = kept("Nie eG", confirmed=None)
    assert [one.name for one in queries.due_for(person(), NOW)] == ["Nie eG", "Alt eG"]
    text = shown(sign_in(client, person()), "/mein/")
    for item in (due, never):
        assert f"/o/{item.slug}/bestaetigen/" in text
    assert f"/o/{foreign.slug}/bestaetigen/" not in text
    client.post(f"/o/{due.slug}/bestaetigen/")
    assert [one.name for one in queries.due_for(person(), NOW)] == ["Nie eG"]
    assert fresh not in queries.due_for(person(), NOW)


@pytest.mark.parametrize("entries", [1, 3])
def test_my_area_asks_the_same_number_of_questions(entries: int, django_assert_num_queries: Any) -> None:
    for n in range(entries):
        kept(f"Haus {n} eG")
    anna = person()
    with django_assert_num_queries(1):
        assert len(queries.due_for(anna, NOW)) == entries


# ------------------------------------------------------------------------------------------- the caretakers' list


def waits(item: Organisation, now: Any, who: Any = None) -> bool:
    return queries.due_for_caretakers(who or caretaker(), now).filter(pk=item.pk).exists()


def test_two_unanswered_letters_lead_to_the_caretakers_list() -> None:
    item = kept()
    asked(item)
    assert not waits(item, NOW + 49 * DAY)
    asked(item, NOW + 49 * DAY)
    assert not waits(item, NOW + 76 * DAY)
    assert waits(item, NOW + 77 * DAY)
    [row] = queries.due_for_caretakers(caretaker(), NOW + 80 * DAY)
    assert row.since == NOW + 77 * DAY
    item.refresh_from_db()
    assert item.state == "published"


def test_the_list_is_the_caretakers_of_the_area_alone() -> None:
    item = kept()
    asked(item)
    asked(item, NOW + 49 * DAY)
    later = NOW + 80 * DAY
    assert not waits(item, later, person())
    assert not waits(item, later, person("fremd@example.org"))
    assert not waits(item, later, caretaker("AT", "wien@example.org"))
    assert waits(item, later, person("haus@example.org", is_caretaker=True))


def test_an_answer_takes_the_entry_off_the_list() -> None:
    item = kept()
    asked(item)
    asked(item, NOW + 49 * DAY)
    actions.confirm(item, by=person())
    assert not waits(item, NOW + 80 * DAY)


def test_where_nobody_can_be_asked_caretakers_look_after_as_long() -> None:
    early, late = kept("Früh eG", confirmed=430 * DAY), kept("Spät eG", confirmed=450 * DAY, by="eda@example.org")
    assert not waits(early, NOW)
    assert waits(late, NOW)


def test_entries_nobody_looks_after_wait_after_a_year_without_any_sign() -> None:
    old, seen, confirmed, new = (
        organisation("Alt eG", "Ulm"),
        organisation("Quelle eG", "Ulm"),
        organisation("Bestätigt eG", "Ulm"),
        organisation("Neu eG", "Ulm"),
    )
    for item in (old, seen, confirmed):
        Organisation.objects.filter(pk=item.pk).update(changed_at=NOW - YEAR)
    Record.objects.create(
        source=source(), remote_id="1", organisation=seen, licence="CC0-1.0", digest="", retrieved_at=NOW - YEAR, seen_at=NOW - DAY
    )
    Confirmation.objects.create(organisation=confirmed, at=NOW - DAY)
    assert list(queries.due_for_caretakers(caretaker(), NOW)) == [old]
    assert not waits(new, NOW)


@pytest.mark.parametrize(
    "letters", [[], [(1, 76)], [(1, 78)], [(1, 70), (2, 27)], [(1, 90), (2, 29)], [(1, 90), (2, 29), (1, 3)], [(2, 400), (1, 30)]]
)
@pytest.mark.parametrize("quiet", [300, 366, 430, 450, 800])
def test_the_database_decides_as_the_rule_does(quiet: int, letters: list[tuple[int, int]]) -> None:
    item = kept(confirmed=quiet * DAY)
    for number, days in letters:
        on = (NOW - days * DAY).date()
        Question.objects.create(organisation=item, person=person(), number=number, asked_at=NOW - days * DAY, round_on=on)
    expected = rules.is_for_caretakers(NOW - quiet * DAY, [(number, NOW - days * DAY) for number, days in letters], NOW)
    assert waits(item, NOW) is expected


def test_what_a_caretaker_leaves_as_it_is_rests_for_a_year(client: Client) -> None:
    item = kept(confirmed=800 * DAY)
    address = f"/o/{item.slug}/frische/"
    for who in (person(), person("fremd@example.org")):
        assert sign_in(Client(), who).post(address, {"deed": "leave"}).status_code == 403
    care = sign_in(client, caretaker())
    assert care.post(address, {"deed": "delete"}).status_code == 400
    assert care.post(address, {"deed": "leave", "next": "/pflege/"}).headers["Location"] == "/pflege/"
    assert Look.objects.count() == 1
    assert not waits(item, NOW + DAY)
    assert queries.due(NOW + DAY) == []
    assert queries.due(timezone.now() + timedelta(days=366)) == [item.pk]


def test_a_caretaker_confirms_and_asks_again(client: Client) -> None:
    item = kept()
    care = sign_in(client, caretaker())
    assert care.post(f"/o/{item.slug}/frische/", {"deed": "ask"}).status_code == 302
    assert care.post(f"/o/{item.slug}/frische/", {"deed": "ask"}).status_code == 409
    assert care.post(f"/o/{item.slug}/frische/", {"deed": "confirm"}).status_code == 302
    assert Confirmation.objects.filter(organisation=item, how="desk").count() == 1


def test_strangers_leave_nothing_as_it_is() -> None:
    with pytest.raises(NotAllowed):
        actions.leave_as_it_is(kept(), by=person())


@pytest.mark.parametrize("entries", [1, 3])
def test_lists_for_caretakers_ask_the_same_number_of_questions(entries: int, django_assert_num_queries: Any) -> None:
    care = caretaker()
    for n in range(entries):
        kept(f"Haus {n} eG", confirmed=800 * DAY)
    with django_assert_num_queries(2):  # the areas of the caretaker, and the list
        assert len(queries.due_for_caretakers(care, NOW)) == entries
