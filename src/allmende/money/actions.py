"""Every booking goes in by one door here: under the lock of the cooperative, never below zero, never against the law (§ 22 GenG)."""

import secrets
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.members.actions import locked
from allmende.members.models import Membership, ShareEntry
from allmende.money import queries
from allmende.money.models import MEMBER_ACCOUNTS, Account, Booking, BookingKind, Payable, Request
from allmende.people.models import Person

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are mistaken for each other on paper


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

    Raises Refused where a member's account would fall below zero, or a payout of capital to an active member is tried (§ 22 IV GenG).
    """
    locked(cooperative)
    made = [Booking.objects.create(cooperative=cooperative, entered_by=by, **_columns(line)) for line in lines]
    for membership, account in {pair for line in lines for pair in _touched(line)}:
        require(
            queries.balance(membership, account) >= 0 or account == Account.RECEIVABLE, _("The member does not have that much."), Refused
        )
    for booking in made:
        trail.record("money.booked", by=by, about=booking, cooperative=cooperative.pk)
    return made


def _columns(line: Line) -> dict[str, object]:
    require(line.cents > 0, _("An amount above zero is needed."), BadInput)
    is_from, is_to = line.debit in MEMBER_ACCOUNTS, line.credit in MEMBER_ACCOUNTS
    paying_out = line.debit == Account.CAPITAL and line.credit in {Account.BANK, Account.PAYABLE}
    require(
        not paying_out or line.kind in {BookingKind.REVERSAL, BookingKind.RETURN},
        _("The capital of members is not paid out while they are members (§ 22 IV GenG)."),
        Refused,
    )
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


def _touched(line: Line) -> set[tuple[Membership, str]]:
    found = {(line.member, line.debit)} if line.member and line.debit in MEMBER_ACCOUNTS else set()
    taker = line.to_member or line.member
    return found | ({(taker, line.credit)} if taker and line.credit in MEMBER_ACCOUNTS else set())


@transaction.atomic
def reverse_booking(booking: Booking, *, by: Person, text: str = "") -> Booking:
    """Take a booking back by a line the other way round, of today."""
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
        booked_on=localdate(),
        text=text[:200],
        reference=booking.reference,
        request=booking.request,
        payable=booking.payable,
        reverses=booking,
        entered_by=by,
    )
    for membership, account in ((booking.member_credit, booking.credit), (booking.member_debit, booking.debit)):
        fits = membership is None or account == Account.RECEIVABLE or queries.balance(membership, account) >= 0
        require(fits, _("The money is not there any more: reverse first what was booked after it."), Refused)
    trail.record("money.booking_reversed", by=by, about=made, of=booking.pk, cooperative=cooperative.pk)
    return made


@transaction.atomic
def ask_for(
    membership: Membership, kind: str, cents: int, *, due_on: date, text: str = "", share_entry: ShareEntry | None = None, by: Person | None
) -> Request:
    """Ask a member for money until a day; fees are booked as owed at once, shares are owed by law without a booking."""
    made = Request.objects.create(
        membership=membership, kind=kind, cents=cents, due_on=due_on, text=text[:200], share_entry=share_entry, code=_code(membership)
    )
    if kind != "shares":
        line = Line(BookingKind.FEE, Account.RECEIVABLE, Account.FEES, cents, localdate(), membership, text=text, request=made)
        book(membership.cooperative, [line], by=by)
    trail.record("money.requested", by=by, about=made, cooperative=membership.cooperative_id)
    return made


def _code(membership: Membership) -> str:
    """`M0148-K7QF3`: the member number and five letters that say which request is meant, even misspelt by one."""
    while Request.objects.filter(code=(code := f"M{membership.number:04d}-{''.join(secrets.choice(LETTERS) for _ in range(5))}")).exists():
        pass
    return code


@transaction.atomic
def receive(request: Request, cents: int, *, booked_on: date, reference: str = "", text: str = "", by: Person) -> Booking:
    """Money came in for a request; more than is left of it is refused (it belongs to another request, or back)."""
    membership = request.membership
    locked(membership.cooperative)
    require_booking(by, membership.cooperative)
    found = queries.requests_with_paid(Request.objects.filter(pk=request.pk)).get()
    require(found.withdrawn_at is None, _("This request was withdrawn."), Refused)
    require(0 < cents <= found.left, _("More than is open cannot be booked on this request."), Refused)  # type: ignore[attr-defined]
    account = Account.CAPITAL if request.kind == "shares" else Account.RECEIVABLE
    line = Line(BookingKind.PAYMENT, Account.BANK, account, cents, booked_on, membership, text=text, reference=reference, request=request)
    (made,) = book(membership.cooperative, [line], by=by)
    trail.record("money.received", by=by, about=request, cooperative=membership.cooperative_id)
    return made


@transaction.atomic
def withdraw_request(request: Request, *, by: Person | None) -> None:
    """It is not asked for any more; what was paid stays booked, a fee that is still open is taken back."""
    locked(request.membership.cooperative)
    found = queries.requests_with_paid(Request.objects.select_for_update(of=("self",)).filter(pk=request.pk)).get()
    if found.withdrawn_at is not None:
        return
    left: int = found.left  # type: ignore[attr-defined]
    if found.kind != "shares" and left > 0:
        line = Line(BookingKind.OTHER, Account.FEES, Account.RECEIVABLE, left, localdate(), found.membership, request=found)
        book(found.membership.cooperative, [line], by=by)
    Request.objects.filter(pk=request.pk).update(withdrawn_at=timezone.now())
    trail.record("money.request_withdrawn", by=by, about=request, cooperative=found.membership.cooperative_id)


@transaction.atomic
def owe(
    membership: Membership, kind: str, lines: list[Line], *, due_on: date, text: str = "", blocked_reason: str = "", by: Person | None
) -> Payable:
    """Book what a member is owed from now on (the lines that credit `settlement` or `payable`) and note until when it is to be paid."""
    cents = sum(line.cents for line in lines if line.credit in {Account.SETTLEMENT, Account.PAYABLE})
    made = Payable.objects.create(
        membership=membership, kind=kind, cents=cents, due_on=due_on, text=text[:200], blocked_reason=blocked_reason[:300]
    )
    book(membership.cooperative, lines, by=by)
    trail.record("money.owed", by=by, about=made, cooperative=membership.cooperative_id)
    return made


@transaction.atomic
def pay_out(payable: Payable, cents: int, *, booked_on: date, reference: str = "", by: Person) -> Booking:
    """What is owed left the bank; nothing before it is due to be paid, nothing while it is blocked, never more than is left."""
    membership = payable.membership
    locked(membership.cooperative)
    require_booking(by, membership.cooperative)
    found = queries.payables_with_paid(Payable.objects.filter(pk=payable.pk)).get()
    require(not found.blocked_reason, found.blocked_reason, Refused)
    require(0 < cents <= found.left, _("More than is owed cannot be paid out."), Refused)  # type: ignore[attr-defined]
    account = Account.SETTLEMENT if payable.kind == "settlement" else Account.PAYABLE
    line = Line(BookingKind.PAYOUT, account, Account.BANK, cents, booked_on, membership, reference=reference, payable=payable)
    (made,) = book(membership.cooperative, [line], by=by)
    trail.record("money.paid_out", by=by, about=payable, cooperative=membership.cooperative_id)
    return made
