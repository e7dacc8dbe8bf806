"""What is right for circles: who comes in how, when a word counts as old, what a text may hold. Plain Python; time is passed in."""

import re
import unicodedata
from datetime import date, datetime, timedelta

OPEN, REQUEST, INVITATION = "open", "request", "invitation"
COORDINATOR, MEMBER = "coordinator", "member"
ASKED, INVITED, IN, LEFT, REFUSED = "asked", "invited", "in", "left", "refused"

ASK_AGAIN_DAYS = 30
"""After a refusal one may ask again, but not at once."""
LEAVE_ALONE_DAYS = 90
"""Who declined an invitation is not invited again by their organisation for a while."""
INVITATION_DAYS = 30
OPEN_INVITATIONS = 50
INVITATIONS_A_DAY = 30
CIRCLES_A_DAY = 10
BIN_DAYS = 30
"""Removed notes can be brought back so long; then they are gone for good."""
NOTES, DATES, LINKS, TASKS = 300, 500, 100, 1_000
"""How much one circle holds: a page that people can still read."""
TEXT_LIMIT = 20_000
YEARS_AHEAD = 10


def may_come(state: str | None, by_self: bool, since: datetime | None, now: datetime) -> bool:
    """Whether somebody may join or ask by themselves, given what was between them and the circle before.

    Who was removed comes back by invitation only; who was refused may ask again after a month; who left or declined, at any time.
    """
    if state is None or (by_self and state in {LEFT, REFUSED}):
        return True
    return state == REFUSED and since is not None and now - since >= timedelta(days=ASK_AGAIN_DAYS)


def may_be_invited(state: str | None, by_self: bool, since: datetime | None, now: datetime) -> bool:
    """Whether an invitation through an organisation may go to somebody: a no is respected for a while."""
    if state in {IN, INVITED, ASKED}:
        return False
    declined = state == REFUSED and by_self and since is not None
    return not declined or (since is not None and now - since >= timedelta(days=LEAVE_ALONE_DAYS))


def may_stop_coordinating(others: int) -> bool:
    """A circle always has somebody who coordinates it."""
    return others > 0


def is_overdue(due: date | None, is_done: bool, today: date) -> bool:
    """A task counts as late from the day after its date."""
    return due is not None and not is_done and due < today


def is_past(starts: datetime, ends: datetime | None, now: datetime) -> bool:
    """A date without an end counts as past two hours after its beginning."""
    return (ends or starts + timedelta(hours=2)) < now


def is_sensible(moment: datetime, now: datetime) -> bool:
    """Dates lie between the beginning of the century and ten years ahead; everything else is a slip of the keys."""
    return 2000 <= moment.year <= now.year + YEARS_AHEAD


def as_written(text: str) -> str:
    """A text with its indents, which lists and code need: NFC, no control characters, no blanks at the ends of lines."""
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(letter for letter in normal if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"})
    lines = (line.rstrip() for line in kept.expandtabs(4).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
