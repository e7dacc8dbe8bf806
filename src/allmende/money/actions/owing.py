"""What members are owed: noting it, blocking it, paying it out, and finding out that it was not owed."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.money import queries
from allmende.money.actions.booking import Line, book, require_booking, reverse_booking
from allmende.money.models import Account, Booking, BookingKind, Payable, PayableKind
from allmende.people.models import Person


@transaction.atomic
def owe(
    membership: Membership, kind: str, lines: list[Line], *, due_on: date, text: str = "", blocked_reason: str = "", by: Person | None
) -> Payable:
    """Book what a member is owed from now on (the lines that credit `settlement` or `payable`) and note until when it is to be paid."""
    cents = sum(line.cents for line in lines if line.credit in {Account.SETTLEMENT, Account.PAYABLE})
    locked(membership.cooperative)
    require(cents > 0, _("An amount above zero is needed."), BadInput)
    made = Payable.objects.create(
        membership=membership, kind=kind, cents=cents, due_on=due_on, text=text[:200], blocked_reason=blocked_reason[:300]
    )
    book(membership.cooperative, [replace(line, payable=made) for line in lines], by=by)
    trail.record("money.owed", by=by, about=made, cooperative=membership.cooperative_id)
    return made


@transaction.atomic
def pay_out(payable: Payable, cents: int, *, booked_on: date, reference: str = "", seen: int | None = None, by: Person) -> Booking:
    """What is owed left the bank: never before it is owed (the day after the exit), nothing while it is blocked, never more than is left,
    and no settlement that takes the capital below the minimum (§ 8a GenG). `seen` as in `receive`.
    """
    membership = payable.membership
    locked(membership.cooperative)
    require_booking(by, membership.cooperative)
    found = queries.payables_with_paid(Payable.objects.filter(pk=payable.pk)).get()
    require(found.withdrawn_at is None, _("This is not owed any more."), Refused)
    require(not found.blocked_reason, found.blocked_reason, Refused)
    require(seen is None or seen == found.left, _("Something was paid on this in the meantime. Look at it once more."), Refused)  # type: ignore[attr-defined]
    require(0 < cents <= found.left, _("More than is owed cannot be paid out."), Refused)  # type: ignore[attr-defined]
    account = Account.SETTLEMENT if payable.kind == PayableKind.SETTLEMENT else Account.PAYABLE
    early = _("This is owed only from a later day; nothing is paid out before.")
    require(queries.balance(membership, account, booked_on) >= cents, early, Refused)
    if account == Account.SETTLEMENT:
        blocked = queries.blocked_by_minimum(membership.cooperative, cents, booked_on)
        require(not blocked, blocked, Refused)
    line = Line(BookingKind.PAYOUT, account, Account.BANK, cents, booked_on, membership, reference=reference, payable=payable)
    (made,) = book(membership.cooperative, [line], by=by)
    trail.record("money.paid_out", by=by, about=payable, cooperative=membership.cooperative_id)
    return made


@transaction.atomic
def block(payable: Payable, reason: str, *, by: Person) -> None:
    """It waits, for this reason; without one it waits no longer. The board decides."""
    cooperative = locked(payable.membership.cooperative)
    require(constitution.may_decide(by, cooperative), _("Only the board may do this."), NotAllowed)
    found = queries.payables_with_paid(Payable.objects.filter(pk=payable.pk)).get()
    require(found.withdrawn_at is None and found.left > 0, _("There is nothing left to be paid out."), Refused)  # type: ignore[attr-defined]
    Payable.objects.filter(pk=payable.pk).update(blocked_reason=reason.strip()[:300])
    verb = "money.payable_blocked" if reason.strip() else "money.payable_unblocked"
    trail.record(verb, by=by, about=payable, cooperative=cooperative.pk)


@transaction.atomic
def take_back_owed(payable: Payable, *, by: Person) -> None:
    """It is not owed after all (an exit undone, § 75 GenG): its bookings are reversed. Refused once something was paid out."""
    cooperative = locked(payable.membership.cooperative)
    found = queries.payables_with_paid(Payable.objects.filter(pk=payable.pk)).get()
    require(found.withdrawn_at is None, _("This is not owed any more."), Refused)
    require(found.paid == 0, _("Something was paid out already; book the money back first."), Refused)  # type: ignore[attr-defined]
    Payable.objects.filter(pk=payable.pk).update(withdrawn_at=timezone.now(), blocked_reason="")
    for booking in Booking.objects.filter(payable=payable, reverses=None, reversed_by=None).order_by("-pk"):
        reverse_booking(booking, by=by)
    trail.record("money.owed_taken_back", by=by, about=payable, cooperative=cooperative.pk)
