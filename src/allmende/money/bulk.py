"""Opening balances of many members at once, and the way back while nothing else was booked."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.money import actions
from allmende.money.actions import Line
from allmende.money.models import Account, Booking, BookingKind, Payable, Reminder, Request
from allmende.people.models import Person

BLOCK = 500


@transaction.atomic
def carry_over(
    cooperative: Cooperative, balances: Sequence[tuple[Membership, int, date]], *, text: str = "", reference: str = "", by: Person
) -> list[Booking]:
    """Book what members have paid in before the house knew them: cents and the day of the balance, from `opening` to their capital."""
    cooperative = locked(cooperative)
    actions.require_booking(by, cooperative)
    lines = [
        Line(BookingKind.OPENING, Account.OPENING, Account.CAPITAL, cents, day, membership, text=text, reference=reference)
        for membership, cents, day in balances
        if cents
    ]
    return actions.book(cooperative, lines, by=by)


@transaction.atomic
def take_back(cooperative: Cooperative, memberships: Sequence[Membership], *, reference: str, by: Person) -> int:
    """Take opening balances with this reference back, with the requests and sums owed that came with them; says how many lines.

    The counterpart of members.bulk.take_back_members, with the same exception from the ledger's rule (ADR 0023): the lines of a list
    that was read in wrongly go. Refused as soon as anything else was booked for one of the members (a reversal is another line, too),
    one of them was reminded, or a request or sum owed stands in an order to the bank: then somebody has relied on these lines.
    """
    cooperative = locked(cooperative)
    require(constitution.may_decide(by, cooperative), _("Only the board takes opening balances back."), NotAllowed)
    count = 0
    for at in range(0, len(memberships), BLOCK):
        block = memberships[at : at + BLOCK]
        booked = Booking.objects.filter(member_credit__in=block) | Booking.objects.filter(member_debit__in=block)
        carried = booked.filter(kind=BookingKind.OPENING, reference=reference)
        said = _("Something else has been booked for these members since. Correct single bookings instead.")
        require(booked.count() == carried.count(), said, Refused)
        require(not Reminder.objects.filter(request__membership__in=block).exists(), said, Refused)
        count += carried._raw_delete(carried.db)  # the ledger's own guard refuses delete()
        try:
            Payable.objects.filter(membership__in=block).delete()
            Request.objects.filter(membership__in=block).delete()
        except ProtectedError as fault:
            raise Refused(said) from fault
    trail.record("money.opening_taken_back", by=by, about=cooperative, cooperative=cooperative.pk, bookings=count)
    return count
