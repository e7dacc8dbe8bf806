"""Brings letters away: to a mail server (ALLMENDE_SMTP_URL), or into var/mail/ and onto the worker's console.

At least once: a letter marked as sent is not sent again, but when the machine stops between the mail server's yes and our mark,
the letter goes out twice. A mail server that says no for good (5xx) counts as a letter that came back; everything else raises, and
the queue tries again with growing pauses.
"""

import smtplib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from allmende.ground import rules, trail
from allmende.ground.models import Letter, LetterFile, LetterState
from allmende.ground.text import ascii_domain

WAITING = (LetterState.QUEUED, LetterState.FAILED)


def deliver(pk: int) -> None:
    """Bring one letter away unless that was done before, or it is gone."""
    letter = Letter.objects.filter(pk=pk, state__in=WAITING).first()
    if letter is None:
        return
    if not letter.body:
        _note_failure(letter, "too old: its text was deleted")
        return
    Letter.objects.filter(pk=pk).update(tries=F("tries") + 1)
    try:
        get_connection(settings.DELIVERY_BACKEND, **settings.DELIVERY_OPTIONS).send_messages([message(letter)])
    except smtplib.SMTPRecipientsRefused as refusal:
        code = max((reply[0] for reply in refusal.recipients.values()), default=0)
        if not 500 <= code < 600:
            _note_failure(letter, f"{code}")
            raise
        came_back(letter, f"{code}", hard=True)
    except Exception as fault:
        _note_failure(letter, type(fault).__name__)
        raise
    else:
        Letter.objects.filter(pk=pk, state__in=WAITING).update(state=LetterState.SENT, sent_at=timezone.now(), error="")


def _note_failure(letter: Letter, reason: str) -> None:
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.FAILED, error=reason[:200])


@transaction.atomic
def came_back(letter: Letter, reason: str, *, hard: bool) -> None:
    """Note that a letter came back, for good (`hard`) or because the mailbox is full or slow; rooms above may react."""
    row = Letter.objects.filter(pk=letter.pk).exclude(state=LetterState.BOUNCED)
    marks = {"state": LetterState.BOUNCED, "bounced_at": timezone.now()} if hard else {}
    if row.update(error=reason[:200], **marks):  # a letter comes back once, however often we are told
        trail.record("ground.letter_bounced", letter=letter.pk, hard=hard)


def message(letter: Letter) -> EmailMessage:
    """The letter as mail: where answers of machines go, and the sign that a machine wrote it (RFC 3834)."""
    sender = settings.BOUNCE_ADDRESS.replace("{token}", letter.token) or settings.DEFAULT_FROM_EMAIL
    host = urlsplit(settings.LINK_ADDRESS).hostname or "localhost"
    headers = {
        **letter.headers,
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": f"<{letter.token}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    mailbox, _at, domain = letter.to.rpartition("@")  # spelled out here: Django would send what is for straße.de to strasse.de
    mail = EmailMessage(letter.subject, letter.body, sender, [f"{mailbox}@{ascii_domain(domain) or domain}"], headers=headers)
    for file in letter.files.all():
        mail.attach(file.name, bytes(file.data), file.kind)
    return mail


def purge(now: datetime) -> tuple[int, int, int]:
    """Forget the words of letters, then the letters themselves, then the files of a house without a mail server; how many of each."""
    old = Q(kind__startswith="account", created_at__lt=now - rules.KEEP_CODES) | Q(created_at__lt=now - rules.KEEP_TEXTS)
    texts = Letter.objects.exclude(body="").filter(old).update(body="", headers={})
    LetterFile.objects.filter(letter__body="").delete()
    gone = Letter.objects.filter(created_at__lt=now - rules.KEEP_LETTERS)
    letters = gone.exclude(bounced_at__gte=now - rules.KEEP_LETTERS).delete()[0]  # what came back is remembered from then on
    files = [path for path in mail_folder().glob("*.eml") if path.stat().st_mtime < (now - rules.KEEP_FILES).timestamp()]
    for path in files:
        path.unlink(missing_ok=True)
    return texts, letters, len(files)


def mail_folder() -> Path:
    """Where a house without a mail server puts its letters."""
    return Path(settings.VAR) / "mail"


class Files(BaseEmailBackend):
    """For a house without a mail server: one file a letter in var/mail/, and its words on the console."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each letter down, so that somebody who tries the house finds the code to sign in."""
        folder = mail_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for one in email_messages:
            mail = one.message()
            token = str(mail["Message-ID"]).strip("<>").partition("@")[0]
            path = folder / f"{timezone.localtime():%Y%m%d-%H%M%S}-{token[:8]}.eml"
            path.write_bytes(mail.as_bytes())
            print(f"\n── Mail: {', '.join(one.to)}: {one.subject}\n\n{one.body}\n── {path}\n", flush=True)
        return len(email_messages)
