"""Friendly, then plain, then for the last time: members who are late are reminded, nobody twice within a fortnight."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import Refused, require
from allmende.members.actions import locked
from allmende.money import letters, queries, rules
from allmende.money.actions.asking import ask_for
from allmende.money.actions.booking import require_booking
from allmende.money.models import Reminder, Request, RequestKind
from allmende.people.models import Person

AT_ONCE = 200


@dataclass(frozen=True)
class Due:
    """A request of which the member is to be reminded now, and at which level."""

    request: Request
    level: int
    fee_cents: int


def due_reminders(cooperative: Cooperative, today: date) -> list[Due]:
    """Who is to be reminded today, the longest overdue first, at most so many at once."""
    late = queries.open_requests(cooperative).filter(due_on__lt=today, reminder_fee_of=None)  # costs are not reminded of for themselves
    late = late.select_related("membership").prefetch_related("reminders")
    fee = queries.bookkeeping(cooperative).reminder_fee_cents
    found = []
    for request in late.iterator(chunk_size=500):
        level = rules.next_level(request.due_on, [one.sent_on for one in request.reminders.all()], today)
        if level:
            found.append(Due(request, level, fee if level > 1 else 0))
        if len(found) == AT_ONCE:
            break
    return found


@transaction.atomic
def remind(cooperative: Cooperative, wanted: set[int], *, by: Person) -> list[Reminder]:
    """Remind of these requests, as far as their reminder is due. A second click finds none due and sends nothing."""
    cooperative = locked(cooperative)
    require_booking(by, cooperative)
    found = [one for one in due_reminders(cooperative, localdate()) if one.request.pk in wanted]
    require(found, _("Nobody is to be reminded now; nobody is reminded twice within 14 days."), Refused)
    sent = [_remind(one, by) for one in found]
    trail.record("money.reminded", by=by, about=cooperative, count=len(sent))
    return sent


def _remind(due: Due, by: Person) -> Reminder:
    fee = None
    if due.fee_cents:
        text = _("Reminder of %(code)s") % {"code": due.request.code}
        fee_due = rules.first_due_on(localdate(), localdate())
        fee = ask_for(due.request.membership, RequestKind.FEE, due.fee_cents, due_on=fee_due, text=text, by=by)
    made = Reminder.objects.create(request=due.request, level=due.level, sent_on=localdate(), fee=fee, sent_by=by)
    made.has_mail = letters.remind(due.request, due.level, fee)
    made.save(update_fields=["has_mail"])
    return made
