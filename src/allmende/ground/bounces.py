"""Letters that came back: reads the delivery reports of mail servers (RFC 3464) and notes them on the letter they are about.

A report finds its letter by the letter's own word (token), which only its recipient and the mail servers on the way have seen: in
the Message-ID of the returned letter, or in the address it was returned to (ALLMENDE_BOUNCE_ADDRESS with {token}).
"""

import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from allmende.ground import delivery, rules
from allmende.ground.models import Letter

TOKEN = re.compile(r"\b[0-9a-f]{32}\b")
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
REPLY = re.compile(r"\b([45])\d\d\b")
MAX_BYTES = 2_000_000
MAX_FILES = 500  # of one visit to the folder; the rest waits for the next


class NoReport(ValueError):
    """What came in is no delivery report about a letter of ours; the text says why."""


def take(raw: bytes) -> str:
    """Note one report and say in a sentence what it was. Raises `NoReport`, with a sentence too."""
    if len(raw) > MAX_BYTES:
        raise NoReport("This message is too big for a delivery report.")
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(raw)
        verdict, letter = _verdict(message), _letter(message)
    except (LookupError, ValueError, TypeError, AttributeError) as error:  # headers of strangers can be broken in any way
        raise error if isinstance(error, NoReport) else NoReport("This message cannot be read.") from error
    status, hard = verdict
    if hard is None:
        return f"Letter {letter.pk} arrived."
    delivery.came_back(letter, status, hard=hard)
    return f"Letter {letter.pk} came back for good ({status})." if hard else f"Letter {letter.pk} is delayed or was refused ({status})."


def _verdict(message: Message) -> tuple[str, bool | None]:
    """Status code and judgement of the first recipient the report speaks of; our letters have only one."""
    for block in _blocks(message):
        action = str(block.get("Action", "")).strip().lower()
        if action:
            status = _status(block, action)
            return status, rules.bounce_is_hard(action, status)
    raise NoReport("This is no delivery report (RFC 3464).")


def _blocks(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and isinstance(payload := part.get_payload(), list):
            yield from (block for block in payload if isinstance(block, Message))


def _status(block: Message, action: str) -> str:
    """The status code; old servers give only the reply of the next one, and some neither."""
    if found := STATUS.search(str(block.get("Status", ""))):
        return found[1]
    diagnosis = str(block.get("Diagnostic-Code", ""))
    if found := STATUS.search(diagnosis):
        return found[1]
    reply = REPLY.search(diagnosis)
    return f"{reply[1] if reply else 5 if action == 'failed' else 4}.0.0"


def _letter(message: Message) -> Letter:
    tokens = [token for text in _places(message) for token in TOKEN.findall(text.lower())]
    letter = Letter.objects.filter(token__in=tokens[:20]).first()
    if letter is None:
        raise NoReport("This report is about no letter we remember.")
    return letter


def _places(message: Message) -> Iterator[str]:
    """Where the word of our letter may stand, the returned letter first."""
    for part in message.walk():
        if part is message:
            continue
        yield str(part.get("Message-ID", ""))
        if part.get_content_type() in {"text/rfc822-headers", "message/global-headers"}:
            payload = part.get_payload(decode=True)
            yield payload.decode("utf-8", "replace")[:20_000] if isinstance(payload, bytes) else ""
    for name in ("To", "Delivered-To", "X-Original-To", "In-Reply-To", "References"):
        yield str(message.get(name, ""))


# ------------------------------------------------------------------------------------------------- a folder of them


def take_folder(path: str) -> str:
    """Take in every message of a Maildir or folder of .eml files. Reports are deleted, all else is put aside for people to read."""
    folder = Path(path)
    if not folder.is_dir():
        return f"there is no folder {path}"
    maildir = (folder / "new").is_dir()
    files = sorted((folder / "new").iterdir() if maildir else folder.glob("*.eml"))[:MAX_FILES]
    taken = sum(_take_file(file, folder / ("cur" if maildir else "other")) for file in files if file.is_file())
    return f"{taken} reports, {len(files) - taken} other messages"


def _take_file(file: Path, aside: Path) -> bool:
    try:
        with file.open("rb") as stream:
            take(stream.read(MAX_BYTES + 1))
    except NoReport:
        aside.mkdir(mode=0o700, exist_ok=True)
        file.rename(aside / (f"{file.name}:2," if aside.name == "cur" else file.name))
        return False
    file.unlink()
    return True
