"""Every booking goes in by one door here: under the lock of the cooperative, never below zero, never against the law (§ 22 GenG)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.members.actions import locked
from allmende.members.models import Membership, ShareEntry, ShareKind
from allmende.money import queries, rules
from allmende.money.models import MEMBER_ACCOUNTS, Account, Booking, BookingKind, Payable, Request
from allmende.people.models import Person


@dataclass(frozen=True)
class Line:
    """A booking that is wanted: cents from `debit` to `credit`, with the members whose accounts they are."""

    kind: str
    debit: str
    credit: str
    cents: int
    booked_on: date
    member: Membership | None = None  # of whichever side is a member's account
    to_member: Membership | None = None  # where both sides are members' accounts: the one who is credited
    text: str = ""
    reference: str = ""
    request: Request | None = None
    payable: Payable | None = None


def require_booking(by: Person, cooperative: Cooperative) -> None:
    """Only the board and the bookkeeping book."""
    require(constitution.may_book(by, cooperative), _("Only the board and the bookkeeping may do this."), NotAllowed)


@transaction.atomic
def book(cooperative: Cooperative, lines: list[Line], *, by: Person | None) -> list[Booking]:
    """Write these lines together or none of them. Whoever calls has asked whether `by` may; None is the house itself.

    Raises Refused where a member's account would fall below zero on any day, a member of another cooperative is named, or a booking is
    tried that the law forbids: capital paid out, lent back or set off against fees (§ 22 IV, V GenG).
    """
    locked(cooperative)
    for line in lines:
        _require_ours(line, cooperative)
    made = [Booking.objects.create(cooperative=cooperative, entered_by=by, **_columns(line)) for line in lines]
    for line in lines:
        if line.debit in MEMBER_ACCOUNTS and line.member:
            _require_covered(line.member, line.debit, line.booked_on, _("The member does not have that much."))
    for booking in made:
        trail.record("money.booked", by=by, about=booking, cooperative=cooperative.pk)
    return made


def _require_ours(line: Line, cooperative: Cooperative) -> None:
    known = [one.cooperative_id for one in (line.member, line.to_member) if one]
    require(all(found == cooperative.pk for found in known), _("This member belongs to another cooperative."), BadInput)


def _require_covered(membership: Membership, account: str, day: date, sentence: str) -> None:
    """A member's account never falls below zero; what a member owes in fees is the one that stands below it."""
    require(account == Account.RECEIVABLE or queries.lowest_from(membership, account, day) >= 0, sentence, Refused)


def _require_lawful(line: Line) -> None:
    """§ 22 IV, V GenG: capital leaves a member only by an exit, a loss or a transfer; it is fed by money and surplus, not by set-off."""
    if line.kind in {BookingKind.REVERSAL, BookingKind.RETURN}:
        return
    stays = line.debit != Account.CAPITAL or line.credit in {Account.CAPITAL, Account.SETTLEMENT, Account.SURPLUS, Account.RESERVE}
    require(stays, _("The capital of members is not paid out while they are members (§ 22 IV GenG)."), Refused)
    setting_off = line.credit == Account.CAPITAL and line.debit in {Account.RECEIVABLE, Account.PAYABLE, Account.SETTLEMENT, Account.OTHER}
    require(not setting_off, _("Payments on shares are not set off against anything (§ 22 V GenG)."), Refused)
    if line.debit == Account.CAPITAL and line.credit == Account.SETTLEMENT and line.member:
        _require_gone(line.member, line.booked_on)


def _require_gone(membership: Membership, day: date) -> None:
    """§ 73 II GenG: capital is settled from the day on which the membership, or the share, is no longer there."""
    has_left = Membership.objects.filter(pk=membership.pk, ends_on__lt=day).exists()
    gave_up = ShareEntry.objects.filter(membership=membership, kind=ShareKind.CANCEL, effective_on__lte=day, reversed_by=None)
    words = _("Capital is settled from the day after the exit, or after shares were given up (§ 73 GenG).")
    require(has_left or gave_up.exists(), words, Refused)


def _columns(line: Line) -> dict[str, object]:
    require(line.cents > 0, _("An amount above zero is needed."), BadInput)
    _require_lawful(line)
    is_from, is_to = line.debit in MEMBER_ACCOUNTS, line.credit in MEMBER_ACCOUNTS
    return {
        "kind": line.kind,
        "debit": line.debit,
        "credit": line.credit,
        "cents": line.cents,
        "booked_on": line.booked_on,
        "member_debit": line.member if is_from else None,
        "member_credit": (line.to_member or line.member) if is_to else None,
        "text": line.text[:200],
        "reference": line.reference[:80],
        "request": line.request,
        "payable": line.payable,
    }


@transaction.atomic
def reverse_booking(booking: Booking, *, by: Person, text: str = "") -> Booking:
    """Take a booking back by a line the other way round, of today (of its own day, where that is still to come)."""
    cooperative = locked(booking.cooperative)
    require_booking(by, cooperative)
    require(booking.kind != BookingKind.REVERSAL, _("A reversal is not reversed; book it again."), Refused)
    require(not Booking.objects.filter(reverses=booking).exists(), _("This booking is reversed already."), Refused)
    made = Booking.objects.create(
        cooperative=cooperative,
        kind=BookingKind.REVERSAL,
        debit=booking.credit,
        credit=booking.debit,
        member_debit=booking.member_credit,
        member_credit=booking.member_debit,
        cents=booking.cents,
        booked_on=max(localdate(), booking.booked_on),
        text=text[:200],
        reference=booking.reference,
        request=booking.request,
        payable=booking.payable,
        reverses=booking,
        entered_by=by,
    )
    if booking.member_credit:
        gone = _("The money is not there any more: reverse first what was booked after it.")
        _require_covered(booking.member_credit, booking.credit, made.booked_on, gone)
    _require_within(made)
    trail.record("money.booking_reversed", by=by, about=made, of=booking.pk, cooperative=cooperative.pk)
    return made


def _require_within(made: Booking) -> None:
    """Of a request or a sum owed never less than nothing is paid, nor more than it is: what came back at the bank is not reversed, too."""
    asked = queries.requests_with_paid(Request.objects.filter(pk=made.request_id or 0))
    owed = queries.payables_with_paid(Payable.objects.filter(pk=made.payable_id or 0))
    words = _(
        "Another booking has corrected this already, or paid it anew: more would be open or paid than was asked for. "
        "Look at all bookings of the same request or payout first."
    )
    both: list[Any] = [*asked, *owed]  # `paid` is annotated
    for one in both:
        require(0 <= one.paid <= one.cents, words, Refused)


@transaction.atomic
def reverse_by_hand(booking: Booking, *, text: str, by: Person) -> Booking:
    """Correct a wrong booking. What belongs to a request, a sum owed or a transfer of shares is taken back there instead."""
    touches_bank = Account.BANK in {booking.debit, booking.credit}
    fits = rules.is_reversible(
        booking.kind, has_request=booking.request_id is not None, has_payable=booking.payable_id is not None, touches_bank=touches_bank
    )
    require(fits, _("This booking follows from something else. Take that back, and it follows."), Refused)
    require(text.strip(), _("Say why, so that it can be understood later."), BadInput)
    return reverse_booking(booking, text=text, by=by)
