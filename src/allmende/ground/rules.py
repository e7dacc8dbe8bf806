"""When something is tried again, and how long what was written down is kept. Moments and numbers come in, nothing is looked up."""

from datetime import datetime, timedelta

PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""How long a task rests after its first, second, third and fourth failure. After the fifth it waits for a person."""

BEAT_EVERY = timedelta(seconds=20)
DEAD_AFTER = timedelta(minutes=2)
"""A worker says this often that it lives; silent for so long, it is taken for dead and its tasks are handed on."""

KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)
"""How long the table of tasks remembers what was done, and what was given up."""

KEEP_CODES = timedelta(days=1)
KEEP_TEXTS = timedelta(days=30)
KEEP_LETTERS = timedelta(days=90)
KEEP_FILES = timedelta(days=7)
"""How long a letter's words are kept (sign-in codes shorter than others), and how long the note that it was sent.
Files are what a house without a mail server writes instead of sending."""


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; None is the end of trying without a person."""
    return PAUSES[attempts - 1] if 1 <= attempts <= len(PAUSES) else None


def is_dead(beat_at: datetime, now: datetime) -> bool:
    """Whether a worker that was last heard of at `beat_at` is given up."""
    return now - beat_at > DEAD_AFTER


def is_about_sign_in(kind: str) -> bool:
    """Letters that carry codes and links into an account: their words live for a day."""
    return kind.startswith("account")


def is_refused_after_bounce(kind: str, bounced_at: datetime, now: datetime) -> bool:
    """Whether an address whose mail came back for good gets no letter of this kind.

    After 90 days we try again, mailboxes are repaired. A person who asks for a sign-in code sits in front of the page and
    would be locked out, so those are tried again after a day.
    """
    return now - bounced_at < (KEEP_CODES if is_about_sign_in(kind) else KEEP_LETTERS)


def bounce_is_hard(action: str, status: str) -> bool | None:
    """What a delivery report says (RFC 3464, codes of RFC 3463): True never write there again, False try later, None arrived.

    5.2.2 is a full mailbox and 5.7 a mail server that did not like us or our words: both say nothing against the address.
    """
    if action in {"delivered", "relayed", "expanded"}:
        return None
    return action == "failed" and status.startswith("5.") and status != "5.2.2" and not status.startswith("5.7.")
