"""The pages letters lead to: one button, no sign-in, no cookie; and every way in which a link may not work."""

import re
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from allmende.directory.models import Confirmation, Organisation, RevisionSet, Role, State, Stewardship
from allmende.freshness import actions, queries
from allmende.freshness.models import Gone, Question, Reply
from allmende.ground.models import Entry
from allmende.ground.refusals import Refused
from allmende.people.models import Notice
from tests.freshness.ways import DAY, NOW, asked, caretaker, kept, link, question, steward
from tests.people.ways import person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> Organisation:
    made = kept(website="https://muehle.example", email="innen@muehle.example")
    asked(made)
    return made


def confirmations() -> list[tuple[str | None, str]]:
    return [(one.by.email if one.by else None, one.how) for one in Confirmation.objects.exclude(how="").order_by("pk")]


def test_following_the_link_confirms_nothing_pressing_the_button_does(client: Client, item: Organisation) -> None:
    page = client.get(link(item))
    assert page.status_code == 200
    assert dict(page.cookies) == {}
    assert confirmations() == []
    text = page.content.decode()
    assert text.count("<button") == 1
    assert "https://muehle.example" in text and "innen@muehle.example" not in text
    answer = client.post(link(item))
    assert (answer.status_code, answer.headers["Location"]) == (302, link(item))
    assert confirmations() == [("anna@example.org", "letter")]
    done = client.get(link(item))
    assert done.status_code == 200 and "<button" not in done.content.decode()


def test_no_cookie_is_needed_to_press_it(item: Organisation) -> None:
    assert Client(enforce_csrf_checks=True).post(link(item)).status_code == 302
    assert len(confirmations()) == 1


def test_pressed_twice_it_counts_once(client: Client, item: Organisation) -> None:
    for _time in range(3):
        assert client.post(link(item)).status_code in {200, 302}
    assert len(confirmations()) == 1
    actions.confirm_by_letter(question(item))
    assert len(confirmations()) == 1
    assert Entry.objects.filter(verb="freshness.answered").count() == 1


def test_the_link_goes_into_no_cache_and_no_referrer(client: Client, item: Organisation) -> None:
    headers = client.get(link(item)).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in headers["Cache-Control"]
    assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link.replace("/stimmt/", "/stimmt/x"),
        lambda link: link[:-3] + "AA/",
        lambda link: link.split(".")[0] + "/",
        lambda link: "/stimmt/" + signing.Signer(salt="allmende.freshness.answer", sep=".").sign("nobody") + "/",
        lambda link: "/stimmt/" + signing.Signer(salt="other", sep=".").sign(link.split("/")[2].split(".")[0]) + "/",
    ],
)
def test_a_tampered_link_is_told_so_and_shown_a_way_on(client: Client, item: Organisation, change: Any) -> None:
    for answer in (client.get(change(link(item))), client.post(change(link(item)))):
        assert answer.status_code == 404
        assert "/mein/" in answer.content.decode()
        assert "Mühle" not in answer.content.decode()
    assert confirmations() == []


def test_an_expired_link_confirms_nothing_but_leads_on(client: Client, item: Organisation) -> None:
    Question.objects.update(asked_at=NOW - 91 * DAY)
    for answer in (client.get(link(item)), client.post(link(item))):
        assert answer.status_code == 410
        assert "/mein/" in answer.content.decode()
    assert confirmations() == []
    with pytest.raises(Refused):
        actions.confirm_by_letter(question(item))


def test_an_expired_link_is_judged_by_the_moment_given(item: Organisation) -> None:
    assert queries.standing(question(item), NOW + 89 * DAY).value == "open"
    assert queries.standing(question(item), NOW + 90 * DAY).value == "expired"


def left(item: Organisation) -> None:
    Stewardship.objects.update(until=NOW)


def became_a_member(item: Organisation) -> None:
    Stewardship.objects.update(role=Role.MEMBER)


def has_another_address(item: Organisation) -> None:
    anna = person()
    anna.email = "anna.neu@example.org"
    anna.save()


def was_blocked(item: Organisation) -> None:
    anna = person()
    anna.is_active = False
    anna.save()


def was_erased(item: Organisation) -> None:
    person().delete()


@pytest.mark.parametrize("what", [left, became_a_member, has_another_address, was_blocked, was_erased])
def test_the_link_of_who_no_longer_looks_after_the_entry_does_nothing(client: Client, item: Organisation, what: Any) -> None:
    what(item)
    for address in (link(item), link(item) + "ende/"):
        for answer in (client.get(address), client.post(address, {"year": "2020"})):
            assert answer.status_code == 410
            assert "Mühle" not in answer.content.decode()
    assert confirmations() == []
    assert Gone.objects.count() == 0


def test_the_link_of_an_archived_entry_says_so(client: Client, item: Organisation) -> None:
    Organisation.objects.update(state=State.ARCHIVED)
    assert client.get(link(item)).status_code == 410
    assert client.post(link(item)).status_code == 410
    assert confirmations() == []


def test_a_link_still_confirms_what_a_caretaker_left_as_it_is(client: Client, item: Organisation) -> None:
    actions.leave_as_it_is(item, by=caretaker())
    assert client.post(link(item)).status_code == 302
    assert len(confirmations()) == 1


def test_who_comes_second_learns_that_it_is_done(client: Client, item: Organisation) -> None:
    actions.confirm(item, by=caretaker())
    answer = client.get(link(item))
    assert answer.status_code == 200 and "<button" not in answer.content.decode()
    client.post(link(item))
    assert confirmations() == [("pflege@example.org", "desk")]


def test_after_an_edit_the_link_still_confirms(client: Client, item: Organisation) -> None:
    Question.objects.update(answer=Reply.EDITED, answered_at=NOW)
    assert client.post(link(item)).status_code == 302
    assert len(confirmations()) == 1


def test_pages_speak_the_language_of_their_address(client: Client, item: Organisation) -> None:
    assert "Is all still true?" in client.get("/en" + link(item)).content.decode()


def test_html_in_names_is_text(client: Client) -> None:
    item = kept("<script>alert(1)</script> eG", slug="boese", summary="<b>fett</b>")
    asked(item)
    for address in (link(item), link(item) + "ende/"):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text and "<b>fett" not in text


# ------------------------------------------------------------------------------------------------- no longer exists


def test_we_no_longer_exist_is_a_note_and_takes_nothing_off_the_map(client: Client, item: Organisation) -> None:
    other, care = person("otto@example.org"), caretaker()
    steward(item, other)
    page = client.get(link(item) + "ende/")
    assert page.status_code == 200
    answer = client.post(link(item) + "ende/", {"year": "2024", "word": "Aufgelöst\x07 am Jahresende"})
    assert answer.headers["Location"] == link(item)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    [gone] = queries.farewells_waiting(care)
    assert (gone.year, gone.word, gone.person, gone.organisation) == (2024, "Aufgelöst am Jahresende", person(), item)
    assert gone.since == gone.said_at
    assert {one.person.email for one in Notice.objects.filter(kind="freshness.end_said")} == {"otto@example.org", "pflege@example.org"}
    client.post(link(item) + "ende/", {"year": "2025"})
    assert Gone.objects.count() == 1
    assert confirmations() == []


@pytest.mark.parametrize("year", ["abc", "99999", "3000", "-5", "1"])
def test_a_year_that_cannot_be_is_shown_at_its_field(client: Client, item: Organisation, year: str) -> None:
    page = client.post(link(item) + "ende/", {"year": year})
    assert page.status_code == 200
    assert re.search(r'class="msg stop"', page.content.decode())
    assert Gone.objects.count() == 0


def test_whoever_confirms_settles_the_rumour(client: Client, item: Organisation) -> None:
    other = person("otto@example.org")
    steward(item, other)
    client.post(link(item) + "ende/")
    actions.confirm(item, by=other)
    assert Gone.objects.filter(settled_at=None).count() == 0


def test_an_owner_who_is_signed_in_takes_the_entry_off_at_once(client: Client, item: Organisation) -> None:
    address = f"/o/{item.slug}/ende/"
    assert client.get(address).status_code == 302  # to sign in
    assert sign_in(Client(), person("fremd@example.org")).get(address).status_code == 403
    editor = person("eda@example.org")
    steward(item, editor, Role.EDITOR)
    assert sign_in(Client(), editor).post(address, {"sure": "on"}).status_code == 403
    owner = sign_in(client, person())
    assert owner.post(address, {"year": "2024"}).status_code == 200  # not sure
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    assert owner.post(address, {"year": "2024", "word": "Vorbei", "sure": "on"}).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.ended) == (State.ARCHIVED, 2024)
    assert "Vorbei" not in RevisionSet.objects.latest("pk").reason  # history is read by more people than the word is meant for
    assert question(item).answer == Reply.CLOSED
    assert Gone.objects.filter(settled_at=None).count() == 0


def test_a_caretaker_decides_about_an_end(client: Client, item: Organisation) -> None:
    client.post(link(item) + "ende/", {"year": "2023"})
    gone = Gone.objects.get()
    address = f"/pflege/frische/ende/{gone.pk}/"
    assert client.post(address, {"verdict": "gone"}).status_code == 302
    assert client.post(address, {"verdict": "gone"}).headers["Location"].startswith("/konto/")
    for who in (person(), person("fremd@example.org"), caretaker("AT", "wien@example.org")):
        assert sign_in(Client(), who).post(address, {"verdict": "gone"}).status_code == 409
    care = sign_in(client, caretaker())
    assert care.post(address, {"verdict": "vielleicht"}).status_code == 400
    assert care.get(address).status_code == 405
    assert care.post(address, {"verdict": "gone", "next": "/pflege/"}).headers["Location"] == "/pflege/"
    item.refresh_from_db()
    assert (item.state, item.ended) == (State.ARCHIVED, 2023)
    assert care.post(address, {"verdict": "stays"}).status_code == 409


def test_a_caretaker_lets_an_entry_stay(client: Client, item: Organisation) -> None:
    client.post(link(item) + "ende/")
    care = sign_in(client, caretaker())
    answer = care.post(f"/pflege/frische/ende/{Gone.objects.get().pk}/", {"verdict": "stays", "next": "https://boese.example/"})
    assert answer.headers["Location"] == "/mein/"
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    assert queries.farewells_waiting(caretaker()).count() == 0
