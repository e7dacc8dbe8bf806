"""The outbox: what the house writes to people.

    outbox.post("anna@example.org", subject, text, language="de", kind="stewards.invited", about=claim, person=anna)

writes a `Letter` in the transaction of the change it tells of and queues its delivery (`delivery.py`). So a letter is sent if and
only if the change happened, also when the machine stops in between, and no page waits for a mail server.

Django's own mail (allauth's codes, password links) takes the same way: EMAIL_BACKEND is the class `Outbox` below.
Letters are plain text, one address each, with files where a matter asks for paper. Tests read them with `letters_to("anna@example.org")`.
"""

import textwrap
from collections.abc import Sequence
from mimetypes import guess_type

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.ground import rules, tasks
from allmende.ground.models import Letter, LetterFile, LetterState

WIDTH = 76
MAX_ID = 2**63
KIND_HEADER = "X-Allmende-Kind"
"""Lets whoever writes through Django's mail say what kind of letter it is; without it a letter counts as "account"."""


def link(path: str) -> str:
    """The whole address of a page of this house, for letters: `/mein/` -> `https://karte.example.org/mein/`."""
    return f"{settings.LINK_ADDRESS}/{path.lstrip('/')}"


def post(
    to: str,
    subject: str,
    text: str,
    *,
    language: str = "de",
    kind: str = "",
    about: models.Model | None = None,
    person: models.Model | None = None,
    unsubscribe: str = "",
    files: Sequence[tuple[str, bytes]] = (),
) -> Letter:
    """Write a letter and queue its delivery, in the transaction of the caller.

    Give `unsubscribe` (a path or an address that answers GET with a page and POST at once, RFC 8058) with every letter that is
    not an answer to something the person just did. Name of the house and that address are added at the foot.
    `files` (name, content) go with it; their kind is told by the name. Raises ValueError when `to` is not exactly one e-mail address.
    """
    unsubscribe = one_line(link(unsubscribe) if unsubscribe.startswith("/") else unsubscribe)
    headers = {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if unsubscribe else {}
    return _write(
        to,
        one_line(subject),
        wrapped(text) + _foot(language, unsubscribe),
        language=language,
        kind=kind,
        headers=headers,
        about_kind=about._meta.label_lower if about is not None else "",
        about_id=str(about.pk) if about is not None else "",
        person_id=person.pk if person is not None else None,
        files=files,
    )


@transaction.atomic
def _write(to: str, subject: str, body: str, *, kind: str, files: Sequence[tuple[str, bytes]] = (), **fields: object) -> Letter:
    address = clean_address(to)
    state = LetterState.QUEUED if may_leave(address, kind) else LetterState.SUPPRESSED
    letter = Letter.objects.create(to=address, subject=subject, body=body, kind=kind, state=state, **fields)
    for name, data in files:
        LetterFile.objects.create(letter=letter, name=name, kind=guess_type(name)[0] or "application/octet-stream", data=data)
    if state == LetterState.QUEUED:
        tasks.deliver.enqueue(letter.pk)
    return letter


def clean_address(to: str) -> str:
    """One address in small letters; ValueError for anything else, so that nobody smuggles in a second one or a header."""
    try:
        validate_email(to.strip())
    except ValidationError as error:
        raise ValueError("A letter goes to exactly one e-mail address.") from error
    return to.strip().lower()


def may_leave(address: str, kind: str = "") -> bool:
    """Whether letters of this kind go to this address: not to service persons (*.invalid, RFC 2606), not where mail came back."""
    if address.endswith(".invalid"):
        return False
    last = Letter.objects.filter(to=address, state=LetterState.BOUNCED).aggregate(at=models.Max("bounced_at"))["at"]
    return last is None or not rules.is_refused_after_bounce(kind, last, timezone.now())


def one_line(text: str) -> str:
    """A subject has no line breaks: what came after one would be read as a header."""
    return " ".join(text.split())[:250]


def wrapped(text: str) -> str:
    """Lines of at most 76 characters; addresses of pages stay whole, list items keep their indent."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        indent = "  " if line.startswith(("- ", "* ", "> ")) else ""
        lines += textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join(lines) + "\n"


def _foot(language: str, unsubscribe: str) -> str:
    lines = ["-- ", settings.SITE_NAME, link("/")]
    if unsubscribe:
        with translation.override(language):
            lines.append(_("No more of these mails: %(address)s") % {"address": unsubscribe})
    return "\n" + "\n".join(lines) + "\n"


class Outbox(BaseEmailBackend):
    """Django's mail becomes letters: one for each address, the text without its HTML twin."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write all of them or none."""
        with transaction.atomic():
            return sum(_take(message) for message in email_messages)


def _take(message: EmailMessage) -> int:
    if message.attachments:
        raise ValueError("Letters carry no attachments; link to the page instead.")
    message.message()  # Django refuses line breaks in headers here
    extra = dict(message.extra_headers)
    kind = extra.pop(KIND_HEADER, "account")
    headers = {name: str(value) for name, value in extra.items() if name.lower().startswith("list-")}
    if message.reply_to:
        headers["Reply-To"] = ", ".join(message.reply_to)
    language = (translation.get_language() or settings.LANGUAGE_CODE)[:5]
    for address in message.recipients():
        _write(address, one_line(str(message.subject)), wrapped(str(message.body)), kind=kind, headers=headers, language=language)
    return 1


def letters_to(address: str) -> list[Letter]:
    """All letters to an address, the latest last."""
    return list(Letter.objects.filter(to=address.strip().lower()).order_by("pk"))


def recent(limit: int = 100) -> list[Letter]:
    """The latest letters, the newest first."""
    return list(Letter.objects.order_by("-pk")[:limit])


def letter(pk: int) -> Letter | None:
    """One letter, if we still have it."""
    return Letter.objects.filter(pk=pk).first() if pk < MAX_ID else None


def counts() -> dict[str, int]:
    """How many letters wait, were sent, failed, came back or stayed here, of those we still remember."""
    found = dict(Letter.objects.values_list("state").annotate(count=Count("pk")).order_by())
    return {state.value: found.get(state.value, 0) for state in LetterState}


def forget(address: str) -> int:
    """Delete every letter to this address: somebody wants to be forgotten. A delivery that still waits finds nothing and is content."""
    return Letter.objects.filter(to=address.strip().lower()).delete()[0]
