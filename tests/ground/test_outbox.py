"""The outbox: letters are written with the change they tell of, brought away by the queue, and forgotten after a while."""

import os
import smtplib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from allmende.ground import delivery, outbox, queue
from allmende.ground.models import Entry, Letter, LetterState
from allmende.people.models import Person

pytestmark = pytest.mark.django_db
NOW = timezone.now


def post(to: str = "anna@example.org", **more: str) -> Letter:
    return outbox.post(to, "Hallo", "Guten Tag.", **more)  # type: ignore[arg-type]


def delivered(letter: Letter) -> EmailMessage:
    """What the mail server would get."""
    queue.run_all()
    letter.refresh_from_db()
    return mail.outbox[-1]


class Refusing(BaseEmailBackend):
    """A mail server that says no; `reply` is its code."""

    reply = 550

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise smtplib.SMTPRecipientsRefused({email_messages[0].to[0]: (self.reply, b"no such mailbox")})


# ------------------------------------------------------------------------------------------------------------- writing


def test_a_letter_is_written_at_once_and_delivered_by_the_queue() -> None:
    anna = Person.objects.create_user("anna@example.org")
    letter = outbox.post("Anna@Example.org ", "Hallo", "Guten Tag.", kind="stewards.invited", about=anna, person=anna)
    assert (letter.to, letter.state, letter.about_kind, letter.about_id) == ("anna@example.org", "queued", "people.person", str(anna.pk))
    assert mail.outbox == []
    assert queue.run_all() == ["deliver"]
    assert [(one.subject, one.to) for one in mail.outbox] == [("Hallo", ["anna@example.org"])]
    letter.refresh_from_db()
    assert (letter.state, letter.tries, letter.sent_at is not None) == (LetterState.SENT, 1, True)


def test_no_change_no_letter() -> None:
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert outbox.letters_to("anna@example.org") == []
    assert queue.run_all() == []


@pytest.mark.parametrize(
    "to",
    ["", "anna", "anna@", "a@example.org, b@example.org", "a@example.org\nBcc: b@example.org", "Anna <a@example.org>", "a b@example.org"],
)
def test_a_letter_goes_to_exactly_one_address(to: str) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        post(to)
    assert not Letter.objects.exists()


def test_line_breaks_in_a_subject_become_blanks_and_no_headers() -> None:
    letter = outbox.post("anna@example.org", "Hallo\r\nBcc: eve@example.org\n\nInhalt", "Text")
    assert letter.subject == "Hallo Bcc: eve@example.org Inhalt"
    message = delivered(letter).message()
    assert message["Bcc"] is None
    assert message["To"] == "anna@example.org"


def test_a_very_long_subject_is_cut() -> None:
    assert len(outbox.post("anna@example.org", "Genossenschaft " * 40, "Text").subject) <= 250


def test_text_is_wrapped_but_addresses_of_pages_stay_whole() -> None:
    address = "https://karte.example.org/o/" + "x" * 90 + "/"
    text = outbox.wrapped(f"{'Wort ' * 30}\n\n{address}\n- {'Punkt ' * 20}\n")
    lines = text.split("\n")
    assert address in lines
    assert [line for line in lines if len(line) > 76 and line != address] == []
    assert lines[2] == ""
    assert lines[-2].startswith("  Punkt")


def test_every_letter_says_at_its_foot_who_wrote_it() -> None:
    assert post().body == "Guten Tag.\n\n-- \nAllmende\nhttp://localhost:8000/\n"


def test_how_to_unsubscribe_stands_in_the_head_and_at_the_foot() -> None:
    with translation.override("en"):
        letter = post(unsubscribe="/abo/ende/1/", language="en")
    assert "No more of these mails: http://localhost:8000/abo/ende/1/" in letter.body
    head = delivered(letter).message()
    assert head["List-Unsubscribe"] == "<http://localhost:8000/abo/ende/1/>"
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert delivered(post()).message()["List-Unsubscribe"] is None


def test_an_address_to_unsubscribe_smuggles_in_no_header() -> None:
    head = delivered(post(unsubscribe="/abo/\r\nBcc: eve@example.org")).message()
    assert head["Bcc"] is None
    assert head["List-Unsubscribe"] == "<http://localhost:8000/abo/ Bcc: eve@example.org>"


def test_links_are_whole_addresses_of_this_house(settings: Any) -> None:
    assert outbox.link("/mein/") == "http://localhost:8000/mein/"
    settings.LINK_ADDRESS = "https://karte.example.org"
    assert outbox.link("mein/") == "https://karte.example.org/mein/"


@pytest.mark.parametrize("address", ["import@service.invalid", "a@invalid.invalid"])
def test_service_persons_get_no_mail(address: str) -> None:
    assert post(address).state == LetterState.SUPPRESSED
    assert queue.run_all() == []


def test_letters_of_one_address_can_be_forgotten_also_before_delivery() -> None:
    post()
    post("boris@example.org")
    assert outbox.forget("ANNA@example.org") == 1
    assert queue.run_all() == ["deliver", "deliver"]
    assert [one.to for one in mail.outbox] == [["boris@example.org"]]


def test_when_a_person_goes_the_letter_does_not_hold_on_to_them() -> None:
    anna = Person.objects.create_user("anna@example.org")
    letter = outbox.post("anna@example.org", "Hallo", "Text", person=anna)
    anna.delete()
    letter.refresh_from_db()
    assert letter.person_id is None


# ----------------------------------------------------------------------------------------------------- Django's own mail


@pytest.fixture
def through_outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "allmende.ground.outbox.Outbox"


@pytest.mark.usefixtures("through_outbox")
def test_mail_of_django_and_allauth_takes_the_same_way() -> None:
    with translation.override("en"):
        send_mail("Your code", "123 456", None, ["anna@example.org"])
    [letter] = outbox.letters_to("anna@example.org")
    assert (letter.subject, letter.body, letter.kind, letter.language) == ("Your code", "123 456\n", "account", "en")
    assert queue.run_all() == ["deliver"]


@pytest.mark.usefixtures("through_outbox")
def test_each_address_gets_a_letter_of_its_own_without_the_html() -> None:
    message = EmailMultiAlternatives(
        "Hallo", "Text", None, ["anna@example.org"], cc=["boris@example.org"], reply_to=["buero@example.org"],
        headers={outbox.KIND_HEADER: "people.hello", "X-Other": "1", "List-Id": "karte"},
    )  # fmt: skip
    message.attach_alternative("<b>Text</b>", "text/html")
    assert message.send() == 1
    assert list(Letter.objects.values_list("to", "kind", "headers").order_by("pk")) == [
        (to, "people.hello", {"List-Id": "karte", "Reply-To": "buero@example.org"}) for to in ("anna@example.org", "boris@example.org")
    ]


@pytest.mark.usefixtures("through_outbox")
def test_headers_smuggled_in_through_djangos_mail_are_refused() -> None:
    with pytest.raises(BadHeaderError):
        send_mail("Hallo\nBcc: eve@example.org", "Text", None, ["anna@example.org"])
    assert not Letter.objects.exists()


@pytest.mark.usefixtures("through_outbox")
def test_attachments_are_refused_with_a_sentence() -> None:
    message = EmailMessage("Hallo", "Text", None, ["anna@example.org"])
    message.attach("a.txt", "a", "text/plain")
    with pytest.raises(ValueError, match="no attachments"):
        message.send()


# ---------------------------------------------------------------------------------------------------------- delivering


def test_the_head_says_that_a_machine_wrote_it_and_which_letter_it_is() -> None:
    letter = post(language="en")
    head = delivered(letter).message()
    assert head["Auto-Submitted"] == "auto-generated"
    assert head["Message-ID"] == f"<{letter.token}@localhost>"
    assert head["Content-Language"] == "en"
    assert head["From"] == '"Allmende" <allmende@localhost>'


def test_what_comes_back_goes_to_its_own_address_with_the_letters_word(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "bounces+{token}@example.org"
    letter = post()
    message = delivered(letter)
    assert message.from_email == f"bounces+{letter.token}@example.org"
    assert message.message()["From"] == '"Allmende" <allmende@localhost>'


def test_a_letter_that_was_sent_is_not_sent_again() -> None:
    letter = post()
    for _ in range(3):
        delivery.deliver(letter.pk)
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_is_asked_again_later(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DELIVERY_BACKEND = "tests.ground.test_outbox.Refusing"
    monkeypatch.setattr(Refusing, "reply", 451)
    letter = post()
    queue.run_all()
    letter.refresh_from_db()
    assert (letter.state, letter.error, letter.tries) == (LetterState.FAILED, "451", 1)
    row = DBTaskResult.objects.get()
    assert row.status == "READY"
    assert "anna" not in row.traceback
    settings.DELIVERY_BACKEND = house.EMAIL_BACKEND
    DBTaskResult.objects.update(run_after=NOW())
    assert delivered(letter).subject == "Hallo"
    assert (letter.state, letter.error, letter.tries) == (LetterState.SENT, "", 2)


def test_a_mailbox_that_does_not_exist_is_noted_and_not_written_to_again(settings: Any) -> None:
    settings.DELIVERY_BACKEND = "tests.ground.test_outbox.Refusing"
    letter = post()
    queue.run_all()
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (LetterState.BOUNCED, "550")
    assert queue.failures() == []
    assert Entry.objects.get(verb="ground.letter_bounced").facts == {"letter": letter.pk, "hard": True}
    assert post().state == LetterState.SUPPRESSED
    assert not outbox.may_leave("anna@example.org")
    Letter.objects.filter(pk=letter.pk).update(bounced_at=NOW() - timedelta(days=2))
    assert post(kind="account").state == LetterState.QUEUED
    assert outbox.counts() == {"queued": 1, "sent": 0, "failed": 0, "bounced": 1, "suppressed": 1}


def test_without_a_mail_server_letters_are_files_and_words_on_the_console(
    settings: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    settings.DELIVERY_BACKEND, settings.VAR = "allmende.ground.delivery.Files", tmp_path
    letter = outbox.post("anna@example.org", "Dein Zugang", "Grüße, dein Code: 123 456")
    queue.run_all()
    [path] = (tmp_path / "mail").iterdir()
    assert path.name.endswith(f"-{letter.token[:8]}.eml")
    assert b"Subject: Dein Zugang" in path.read_bytes()
    said = capsys.readouterr().out
    assert "anna@example.org: Dein Zugang" in said
    assert "Grüße, dein Code: 123 456" in said


# ---------------------------------------------------------------------------------------------------------- forgetting


def aged(days: float, **fields: object) -> Letter:
    letter = Letter.objects.create(to="anna@example.org", subject="Hallo", body="Text", **fields)
    Letter.objects.filter(pk=letter.pk).update(created_at=NOW() - timedelta(days=days))
    return letter


@pytest.mark.parametrize(
    ("days", "kind", "state", "remains"),
    [
        (0.9, "account.code", "sent", ("Text",)),
        (1.1, "account.code", "sent", ("",)),
        (29, "stewards.invited", "sent", ("Text",)),
        (31, "stewards.invited", "sent", ("",)),
        (31, "stewards.invited", "failed", ("",)),
        (89, "stewards.invited", "sent", ("",)),
        (91, "stewards.invited", "sent", ()),
    ],
)
def test_words_are_kept_for_a_month_codes_for_a_day_letters_for_three_months(
    days: float, kind: str, state: str, remains: tuple[str, ...]
) -> None:
    aged(days, kind=kind, state=state)
    delivery.purge(NOW())
    assert tuple(Letter.objects.values_list("body", flat=True)) == remains


def test_an_address_that_bounced_is_remembered_three_months_from_then_on() -> None:
    recent = aged(120, state="bounced", bounced_at=NOW() - timedelta(days=80))
    aged(120, state="bounced", bounced_at=NOW() - timedelta(days=100))
    delivery.purge(NOW())
    assert Letter.objects.get() == recent


def test_a_letter_without_its_words_is_not_sent() -> None:
    letter = aged(31, state="failed")
    delivery.purge(NOW())
    delivery.deliver(letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (LetterState.FAILED, "too old: its text was deleted")
    assert mail.outbox == []


def test_old_files_of_a_house_without_a_mail_server_go_too(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    (tmp_path / "mail").mkdir()
    for name, days in (("old.eml", 8), ("new.eml", 6)):
        path = tmp_path / "mail" / name
        path.write_text("x")
        moment = (NOW() - timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))
    assert delivery.purge(NOW()) == (0, 0, 1)
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["new.eml"]


@pytest.mark.django_db
def test_files_go_with_a_letter_and_are_forgotten_with_its_words() -> None:
    written = outbox.post("anna@example.org", "Beitritt", "Anbei.", files=[("Beitritt.pdf", b"%PDF-1.7")])
    assert delivery.message(written).attachments == [("Beitritt.pdf", b"%PDF-1.7", "application/pdf")]
    Letter.objects.filter(pk=written.pk).update(created_at=timezone.now() - timedelta(days=31))
    delivery.purge(timezone.now())
    assert not written.files.exists()
