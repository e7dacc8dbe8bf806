"""Telling somebody something, choosing what comes as mail, marking as read."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from allmende.ground.outbox import letters_to
from allmende.people import actions, letters, queries
from allmende.people.models import MailChoice, Notice, Person
from tests.people.ways import person, sign_in

pytestmark = pytest.mark.django_db


def say(who: Person, **fields: object) -> Notice:
    given = {"kind": "stewards.said", "subject": "Etwas ist geschehen", "text": "Ein Satz.", "path": "/o/haus-eg/"} | fields
    return actions.tell(who, **given)  # type: ignore[arg-type]


def test_a_notice_is_a_line_and_a_mail() -> None:
    anna = person()
    say(anna)
    (letter,) = letters_to(anna.email)
    assert (letter.subject, letter.kind, letter.person_id, letter.language) == ("Etwas ist geschehen", "stewards.said", anna.pk, "de")
    assert "/o/haus-eg/" in letter.body
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert queries.unread(anna) == 1


def test_who_switched_the_area_off_gets_the_line_only() -> None:
    anna = person()
    actions.choose_mail({"stewards": False, "freshness": True}, by=anna)
    say(anna)
    say(anna, kind="freshness.asked")
    assert [letter.kind for letter in letters_to(anna.email)] == ["freshness.asked"]
    assert queries.notices_of(anna).count() == 2


def test_a_sentence_about_the_mail_stands_in_the_mail_alone() -> None:
    anna = person()
    notice = say(anna, in_mail="Bis du nachgesehen hast, kommt keine weitere.")
    body = letters_to(anna.email)[0].body
    assert notice.text == "Ein Satz."
    assert [body.index(one) for one in ("Ein Satz.", "Bis du", "/o/haus-eg/")] == sorted(
        body.index(one) for one in ("Ein Satz.", "Bis du", "/o/haus-eg/")
    )


def test_mails_about_safety_cannot_be_switched_off() -> None:
    anna = person()
    actions.choose_mail({"account": False}, by=anna)
    assert not MailChoice.objects.exists()
    say(anna, kind="account.something")
    assert letters_to(anna.email)[0].headers == {}


def test_nobody_who_cannot_sign_in_gets_mail() -> None:
    for who in (queries.service("import"), person("zu@example.org", is_active=False)):
        say(who)
        assert letters_to(who.email) == []


def test_a_subject_stays_one_line_and_a_path_in_the_house() -> None:
    notice = say(person(), subject="A\r\nBcc: boese@example.org\n" + "x" * 500)
    assert "\n" not in notice.subject and len(notice.subject) <= 200
    assert "\n" not in letters_to("anna@example.org")[0].subject
    with pytest.raises(ValueError, match="leaves the house"):
        say(person(), path="//evil.example")
    for fields in ({"path": "//evil.example"}, {"path": "https://evil.example"}, {"kind": "ohne"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.create(person=person(), subject="a", **({"kind": "a.b", "text": ""} | fields))


def test_only_my_own_notices_are_mine_to_read(client: Client) -> None:
    anna, berta = person(), person("berta@example.org")
    notice = say(berta)
    sign_in(client, anna)
    assert client.post(f"/mein/mitteilungen/{notice.pk}/gelesen/").status_code == 404
    assert "Etwas ist geschehen" not in client.get("/mein/mitteilungen/").content.decode()
    client.post("/mein/mitteilungen/gelesen/")
    assert queries.unread(berta) == 1


def test_reading_one_and_all(client: Client) -> None:
    anna = person()
    first, _second, _third = say(anna), say(anna), say(anna)
    sign_in(client, anna)
    assert client.post(f"/mein/mitteilungen/{first.pk}/gelesen/").headers["Location"] == "/mein/mitteilungen/"
    assert queries.unread(anna) == 2
    client.post("/mein/mitteilungen/gelesen/")
    assert queries.unread(anna) == 0
    assert client.get("/mein/mitteilungen/gelesen/").status_code == 405


def test_html_in_notices_is_shown_not_obeyed(client: Client) -> None:
    anna = person(name="<b>Anna</b>")
    say(anna, subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    page = sign_in(client, anna).get("/mein/").content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page and "<b>Anna" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_more_notices_are_no_more_queries(client: Client, django_assert_max_num_queries: object) -> None:
    anna = person()
    sign_in(client, anna)
    say(anna)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get("/mein/mitteilungen/")
    for _ in range(4):
        say(anna)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get("/mein/mitteilungen/")


def test_the_choice_page_knows_what_i_was_told(client: Client) -> None:
    anna = person()
    say(anna, kind="beispiel.said")
    sign_in(client, anna)
    assert 'name="beispiel"' in client.get("/mein/einstellungen/").content.decode()
    client.post("/mein/einstellungen/", {})
    assert dict(MailChoice.objects.filter(area="beispiel").values_list("area", "by_mail")) == {"beispiel": False}
    client.post("/mein/einstellungen/", {"beispiel": "on", "account": "on", "erfunden": "on"})
    assert MailChoice.objects.get(area="beispiel").by_mail is True
    assert not MailChoice.objects.filter(area__in=["account", "erfunden"]).exists()


def test_one_click_in_the_mail_ends_it_without_signing_in() -> None:
    anna = person()
    say(anna)
    link = re.search(r"/mitteilungen/abbestellen/[^>\s]+", letters_to(anna.email)[0].headers["List-Unsubscribe"])
    assert link
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(link[0]).status_code == 200
    assert not MailChoice.objects.exists()  # looking changes nothing: programs look at every link
    assert strict.post(link[0]).status_code == 200
    assert MailChoice.objects.get(person=anna).by_mail is False


def test_a_tampered_link_is_nothing(client: Client) -> None:
    token = letters.sign_off(person().pk, "stewards")
    assert client.get(f"/mitteilungen/abbestellen/{token}x/").status_code == 404
    assert client.post(f"/mitteilungen/abbestellen/{token.swapcase()}/").status_code == 404
    assert client.get(f"/mitteilungen/abbestellen/{letters.sign_off(999_999, 'stewards')}/").status_code == 404
