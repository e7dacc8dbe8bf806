"""Letters that come back: delivery reports as mail servers write them, and everything else that lands in such a mailbox."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from allmende.ground import bounces, jobs, outbox
from allmende.ground.models import Entry, Letter, LetterState

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> Letter:
    letter = outbox.post("anna@example.org", "Hallo", "Guten Tag.")
    Letter.objects.update(state=LetterState.SENT)
    return letter


def postfix(letter: Letter, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A report in the manner of Postfix, with the whole letter returned."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mail.example.org (Mail Delivery System)
To: bounces@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4D1A.1792"
Message-Id: <20260601100000.4D1A@mail.example.org>

This is a MIME-encapsulated message.

--4D1A.1792
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<anna@example.org>: host mx.example.org[192.0.2.7] said: 550 5.1.1 User unknown

--4D1A.1792
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
X-Postfix-Queue-ID: 4D1A
Arrival-Date: Mon,  1 Jun 2026 10:00:00 +0200 (CEST)

Final-Recipient: rfc822; anna@example.org
Original-Recipient: rfc822;anna@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--4D1A.1792
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: "Allmende" <allmende@example.org>
To: anna@example.org
Subject: Hallo
Message-ID: <{letter.token}@example.org>
Content-Type: text/plain; charset="utf-8"

Guten Tag.

--4D1A.1792--
""".encode()


def exim(letter: Letter) -> bytes:
    """A report in the manner of Exim: headers only, no status code but the reply of the other server."""
    return f"""From: Mail Delivery System <Mailer-Daemon@mail.example.org>
To: bounces@example.org
Subject: Mail delivery failed: returning message to sender
Content-Type: multipart/report; report-type=delivery-status; boundary=1652-eximdsn

--1652-eximdsn
Content-type: text/plain; charset=us-ascii

A message that you sent could not be delivered.

--1652-eximdsn
Content-type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Action: failed
Final-Recipient: rfc822;anna@example.org
Diagnostic-Code: smtp; 550 no such user here

--1652-eximdsn
Content-type: text/rfc822-headers

Message-ID: <{letter.token}@example.org>
From: allmende@example.org

--1652-eximdsn--
""".encode()


def headless(letter: Letter) -> bytes:
    """A report that returns nothing of the letter; its word stands only in the address it was returned to."""
    return f"""From: postmaster@example.net
To: <bounces+{letter.token.upper()}@example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; example.net

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.1.1 (bad destination mailbox address)

--x--
""".encode()


@pytest.mark.parametrize("report", [postfix, exim, headless])
def test_a_mailbox_that_does_not_exist_is_noted_on_the_letter(report: Any, letter: Letter) -> None:
    said = bounces.take(report(letter))
    letter.refresh_from_db()
    assert said.startswith(f"Letter {letter.pk} came back for good (5.")
    assert letter.state == LetterState.BOUNCED
    assert letter.bounced_at is not None
    assert Entry.objects.get(verb="ground.letter_bounced").facts == {"letter": letter.pk, "hard": True}
    assert not outbox.may_leave("anna@example.org")


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "5.2.2"), ("failed", "4.4.7"), ("failed", "5.7.1")])
def test_a_full_or_slow_mailbox_is_only_noted(action: str, status: str, letter: Letter) -> None:
    assert bounces.take(postfix(letter, action, status)) == f"Letter {letter.pk} is delayed or was refused ({status})."
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (LetterState.SENT, status)
    assert Entry.objects.get(verb="ground.letter_bounced").facts == {"letter": letter.pk, "hard": False}
    assert outbox.may_leave("anna@example.org")


def test_a_report_that_it_arrived_changes_nothing(letter: Letter) -> None:
    assert bounces.take(postfix(letter, "delivered", "2.0.0")) == f"Letter {letter.pk} arrived."
    assert not Entry.objects.filter(verb="ground.letter_bounced").exists()


def test_the_same_report_twice_is_one_return(letter: Letter) -> None:
    for _ in range(2):
        bounces.take(postfix(letter))
    assert Entry.objects.filter(verb="ground.letter_bounced").count() == 1


REPORT = b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n"
ODD = {
    "nothing": b"",
    "noise": bytes(range(256)) * 20,
    "a holiday": b"From: anna@example.org\nSubject: =?utf-8?q?Bin_im_Urlaub?=\nAuto-Submitted: auto-replied\n\nBis bald.\n",
    "a report without blocks": REPORT + b"Content-Type: message/delivery-status\n\n--x--\n",
    "a broken multipart": b"Content-Type: multipart/report; boundary=\n\n--\nContent-Type: message/delivery-status\n\nAction",
    "an unknown charset": REPORT + b"Content-Type: text/plain; charset=x-klingon\nContent-Transfer-Encoding: base64\n\n!!!\n--x--",
    "a code nobody knows": b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nAction: exploded\nStatus: viele\n\n",
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_no_report_is_refused_with_a_sentence(what: str, letter: Letter) -> None:
    with pytest.raises(bounces.NoReport, match=r"^This .*\.$"):
        bounces.take(ODD[what])
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT


def test_a_report_about_a_letter_of_others_is_refused(letter: Letter) -> None:
    raw = postfix(letter).replace(letter.token.encode(), b"0" * 32)
    with pytest.raises(bounces.NoReport, match="no letter we remember"):
        bounces.take(raw)


def test_a_huge_message_is_refused() -> None:
    with pytest.raises(bounces.NoReport, match="too big"):
        bounces.take(b"x" * (bounces.MAX_BYTES + 1))


def test_a_mail_server_can_pipe_reports_in(letter: Letter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for raw in (postfix(letter), b"Subject: Hallo\n\nText"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("bounce")
    said = capsys.readouterr()
    assert said.out == f"Letter {letter.pk} came back for good (5.1.1).\n"
    assert said.err == "This is no delivery report (RFC 3464).\n"


def test_a_folder_of_messages_is_read_reports_go_the_rest_is_put_aside(letter: Letter, settings: Any, tmp_path: Path) -> None:
    settings.BOUNCES = str(tmp_path)
    (tmp_path / "a.eml").write_bytes(postfix(letter))
    (tmp_path / "b.eml").write_bytes(ODD["a holiday"])
    assert jobs.read_bounces() == "1 reports, 1 other messages"
    assert [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*.eml"))] == ["other/b.eml"]
    assert jobs.read_bounces() == "0 reports, 0 other messages"
    letter.refresh_from_db()
    assert letter.state == LetterState.BOUNCED


def test_a_maildir_is_read_and_the_rest_counts_as_seen(letter: Letter, settings: Any, tmp_path: Path) -> None:
    settings.BOUNCES = str(tmp_path)
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.a").write_bytes(ODD["a holiday"])
    (tmp_path / "new" / "2.b").write_bytes(postfix(letter))
    assert jobs.read_bounces() == "1 reports, 1 other messages"
    assert [path.name for path in sorted(tmp_path.rglob("*.*"))] == ["1.a:2,"]


def test_no_folder_is_no_failure(settings: Any, tmp_path: Path) -> None:
    assert jobs.read_bounces() == "no folder is set"
    settings.BOUNCES = str(tmp_path / "gone")
    assert jobs.read_bounces() == f"there is no folder {tmp_path}/gone"
