"""A fee for one member, a group or everybody, each asked once, however often the button is pressed."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, Refused, require
from allmende.members.access import active_on
from allmende.members.actions import locked
from allmende.members.models import Group, GroupTime, Membership
from allmende.money import tasks
from allmende.money.actions.asking import new_code
from allmende.money.actions.booking import require_booking
from allmende.money.models import Account, Booking, BookingKind, Charge, Request, RequestKind
from allmende.people.models import Person

BLOCK = 500


@dataclass(frozen=True)
class Charging:
    """What is asked for, how much, until when, and of whom: one member number, a group, or everybody."""

    label: str
    cents: int
    due_on: date
    group: Group | None = None
    number: int | None = None


def to_be_asked(cooperative: Cooperative, charging: Charging) -> QuerySet[Membership]:
    """The members of today who are meant and were not asked for this yet."""
    found = Membership.objects.filter(active_on(localdate()), cooperative=cooperative)
    if charging.number is not None:
        found = found.filter(number=charging.number)
    if charging.group is not None:
        in_it = GroupTime.objects.filter(group=charging.group, since__lte=localdate(), until=None)
        found = found.filter(pk__in=in_it.values("membership"))
    asked = Request.objects.filter(charge__cooperative=cooperative, charge__label=charging.label)
    return found.exclude(pk__in=asked.values("membership")).order_by("number")


@transaction.atomic
def charge(cooperative: Cooperative, charging: Charging, *, seen: int, by: Person) -> int:
    """Ask everybody who is meant and was not asked under this label yet; says how many. The letters follow in the background.

    `seen`: how many the preview showed. Where there are others by now (a colleague was quicker), nobody is asked and the sentence says so.
    """
    cooperative = locked(cooperative)
    require_booking(by, cooperative)
    require(charging.cents > 0, _("An amount above zero is needed."), BadInput)
    require(charging.due_on >= localdate(), _("The day until which it is to be paid has passed already."), BadInput)
    require(charging.label, _("Say what it is for."), BadInput)
    members = list(to_be_asked(cooperative, charging))
    require(members, _("Everybody who is meant was asked for “%(label)s” already.") % {"label": charging.label}, Refused)
    require(len(members) == seen, _("Meanwhile it would be others than the preview showed. Look at it once more."), Refused)
    made, _new = Charge.objects.get_or_create(cooperative=cooperative, label=charging.label, defaults={"created_by": by})
    for at in range(0, len(members), BLOCK):
        _ask(members[at : at + BLOCK], charging, made, by)
    trail.record("money.charged", by=by, about=made, cooperative=cooperative.pk, members=len(members), cents=charging.cents)
    pks = [one.pk for one in members]
    transaction.on_commit(lambda: tasks.tell_of_charge.enqueue(made.pk, pks))
    return len(members)


def _ask(members: list[Membership], charging: Charging, made: Charge, by: Person) -> None:
    asked = Request.objects.bulk_create(
        Request(
            membership=one, kind=RequestKind.FEE, cents=charging.cents, due_on=charging.due_on, text=charging.label, charge=made,
            code=new_code(one),
        )
        for one in members
    )  # fmt: skip
    Booking.objects.bulk_create(
        Booking(
            cooperative=made.cooperative, kind=BookingKind.FEE, debit=Account.RECEIVABLE, credit=Account.FEES, cents=one.cents,
            booked_on=localdate(), member_debit=one.membership, text=charging.label, request=one, entered_by=by,
        )
        for one in asked
    )  # fmt: skip
