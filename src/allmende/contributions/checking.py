"""What is wrong with a contribution before it is written: the same sentences for forms, files and programs. Empty: nothing."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.contributions import queries, rules
from allmende.contributions.models import ContributionType, Entrant, Source, Unit
from allmende.members.models import Membership
from allmende.members.rules import is_active

LONGEST = 200


@dataclass(frozen=True)
class Book:
    """What does not change while lines are checked: the day, and until when years are closed."""

    today: date
    closed_until: date | None


def open_book(cooperative: Cooperative) -> Book:
    """The book as it is now; whoever writes holds the lock of the cooperative."""
    return Book(localdate(), queries.closed_until(cooperative))


def fault(book: Book, membership: Membership, kind: ContributionType, amount: int, done_on: date, text: str, source: str) -> str:
    """The sentence that says why this line cannot be entered, and what to do."""
    return _of_kind(kind, amount, source) or _of_day(book, membership, kind, done_on, source) or _of_text(text)


def _of_kind(kind: ContributionType, amount: int, source: str) -> str:
    if not kind.is_open:
        return _("“%(name)s” is not entered any more.") % {"name": queries.type_name(kind)}
    if source == Source.SELF and kind.entrant != Entrant.MEMBERS:
        return _("“%(name)s” is entered by the office.") % {"name": queries.type_name(kind)}
    if amount == 0:
        return _("The amount is missing.")
    if amount < 0 and (source == Source.SELF or kind.unit != Unit.TURNOVER):
        return _("The amount must be more than nothing. What is wrong is taken back, not subtracted.")
    most = kind.most or rules.MOST_AMOUNT
    if abs(amount) > most:
        return _("At most %(most)s can be entered at once.") % {"most": queries.amount_of(kind, most)}
    return ""


def _of_day(book: Book, membership: Membership, kind: ContributionType, done_on: date, source: str) -> str:
    day = date_format(done_on, "SHORT_DATE_FORMAT")
    if done_on > book.today:
        return _("%(day)s is still to come. Enter what has been done.") % {"day": day}
    if not is_active(membership.joined_on, membership.ends_on, done_on):
        return _("On %(day)s member %(number)d did not belong to the cooperative.") % {"day": day, "number": membership.number}
    if book.closed_until and rules.is_closed(done_on, book.closed_until):
        until = date_format(book.closed_until, "SHORT_DATE_FORMAT")
        return _("The year up to %(until)s is closed. Choose a later day or ask the board.") % {"until": until}
    if source == Source.SELF and rules.is_too_old(done_on, book.today, kind.days_back):
        return _("You can enter what was done up to %(days)d days ago. Ask the office for what is older.") % {"days": kind.days_back}
    return ""


def _of_text(text: str) -> str:
    return _("The words can have at most %(n)d characters.") % {"n": LONGEST} if len(text) > LONGEST else ""
