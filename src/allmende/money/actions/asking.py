"""Asking members for money: for shares by the plan of the statute, for fees, and noting what came in."""

import secrets
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.constitution.queries import statute_of
from allmende.ground import trail
from allmende.ground.refusals import BadInput, Refused, require
from allmende.members.actions import locked
from allmende.members.models import Membership, ShareEntry
from allmende.money import queries, rules
from allmende.money.actions.booking import Line, book, require_booking
from allmende.money.models import Account, Booking, BookingKind, Charge, Request, RequestKind, Withdrawn
from allmende.people.models import Person

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are mistaken for each other on paper


@transaction.atomic
def ask_for(
    membership: Membership, kind: str, cents: int, *, due_on: date, text: str = "", share_entry: ShareEntry | None = None,
    charge: Charge | None = None, by: Person | None,
) -> Request:  # fmt: skip
    """Ask a member for money until a day; fees are booked as owed at once, shares are owed by law without a booking."""
    locked(membership.cooperative)
    require(cents > 0, _("An amount above zero is needed."), BadInput)
    made = Request.objects.create(
        membership=membership, kind=kind, cents=cents, due_on=due_on, text=text[:200], share_entry=share_entry, charge=charge,
        code=new_code(membership),
    )  # fmt: skip
    if kind != RequestKind.SHARES:
        line = Line(BookingKind.FEE, Account.RECEIVABLE, Account.FEES, cents, localdate(), membership, text=text, request=made)
        book(membership.cooperative, [line], by=by)
    trail.record("money.requested", by=by, about=made, cooperative=membership.cooperative_id)
    return made


def new_code(membership: Membership) -> str:
    """`M0148-K7QF3`: the member number and five letters or digits that say which request is meant."""
    while Request.objects.filter(code=(code := f"M{membership.number:04d}-{''.join(secrets.choice(LETTERS) for _ in range(5))}")).exists():
        pass
    return code


@transaction.atomic
def receive(
    request: Request, cents: int, *, booked_on: date, reference: str = "", text: str = "", seen: int | None = None, by: Person
) -> Booking:
    """Money came in for a request; more than is left of it is refused (it belongs to another request, or back).

    `seen`: what was open when the form was opened. A second click, or a colleague who was quicker, is told instead of booked twice.
    """
    membership = request.membership
    locked(membership.cooperative)
    require_booking(by, membership.cooperative)
    found = queries.requests_with_paid(Request.objects.filter(pk=request.pk)).get()
    require(found.withdrawn_at is None, _("This request was withdrawn."), Refused)
    require(seen is None or seen == found.left, _("Something was booked on this request in the meantime. Look at it once more."), Refused)  # type: ignore[attr-defined]
    require(0 < cents <= found.left, _("More than is open cannot be booked on this request."), Refused)  # type: ignore[attr-defined]
    account = Account.CAPITAL if request.kind == RequestKind.SHARES else Account.RECEIVABLE
    line = Line(BookingKind.PAYMENT, Account.BANK, account, cents, booked_on, membership, text=text, reference=reference, request=request)
    (made,) = book(membership.cooperative, [line], by=by)
    trail.record("money.received", by=by, about=request, cooperative=membership.cooperative_id)
    return made


@transaction.atomic
def withdraw_request(request: Request, *, why: str = Withdrawn.HAND, by: Person | None) -> None:
    """It is not asked for any more; what was paid stays booked, a fee that is still open is taken back. A second time changes nothing."""
    locked(request.membership.cooperative)
    found = queries.requests_with_paid(Request.objects.select_for_update(of=("self",)).filter(pk=request.pk)).get()
    if found.withdrawn_at is not None:
        return
    left: int = found.left  # type: ignore[attr-defined]
    if found.kind != RequestKind.SHARES and left > 0:
        line = Line(BookingKind.OTHER, Account.FEES, Account.RECEIVABLE, left, localdate(), found.membership, request=found)
        book(found.membership.cooperative, [line], by=by)
    Request.objects.filter(pk=request.pk).update(withdrawn_at=timezone.now(), withdrawn_why=why)
    trail.record("money.request_withdrawn", by=by, about=request, cooperative=found.membership.cooperative_id)


@transaction.atomic
def withdraw_by_hand(request: Request, *, by: Person) -> None:
    """The board or the bookkeeping does not ask for it any more. A payment on shares is owed by law and cannot be waived (§ 22 IV GenG)."""
    locked(request.membership.cooperative)
    require_booking(by, request.membership.cooperative)
    owed = _("Payments on shares cannot be waived (§ 22 IV GenG). Reverse the entry in the share ledger if the shares were wrong.")
    require(request.kind != RequestKind.SHARES, owed, Refused)
    found = queries.requests_with_paid(Request.objects.filter(pk=request.pk)).get()
    require(found.withdrawn_at is None, _("This request is withdrawn already."), Refused)
    require(found.left > 0, _("This request is paid already."), Refused)  # type: ignore[attr-defined]
    withdraw_request(request, by=by)


@transaction.atomic
def ask_for_shares(entry: ShareEntry, *, by: Person | None) -> list[Request]:
    """Ask for what these shares cost, by the payment plan of the statute of their day (§ 7 Nr. 1 GenG)."""
    statute = statute_of(entry.membership.cooperative, max(entry.declared_on, entry.effective_on))
    first = rules.first_due_on(localdate(), entry.effective_on)
    plan = rules.rates(entry.quantity, entry.share_cents, statute.paid_in_cents, statute.instalment_cents, statute.instalment_months, first)
    made = []
    with translation.override(settings.LANGUAGE_CODE):  # the books are kept in one language
        shares = ngettext("%(count)d share", "%(count)d shares", entry.quantity) % {"count": entry.quantity}
        for number, rate in enumerate(plan, start=1):
            part = _("%(shares)s, instalment %(number)d of %(count)d") % {"shares": shares, "number": number, "count": len(plan)}
            text = part if len(plan) > 1 else shares
            made.append(ask_for(entry.membership, RequestKind.SHARES, rate.cents, due_on=rate.due_on, text=text, share_entry=entry, by=by))
    return made


@transaction.atomic
def ask_for_entry_fee(membership: Membership, *, by: Person | None) -> Request | None:
    """The entry fee of the statute, where it has one."""
    statute = statute_of(membership.cooperative, max(membership.declared_on or membership.joined_on, membership.joined_on))
    if not statute.entry_fee_cents:
        return None
    due_on = rules.first_due_on(localdate(), membership.joined_on)
    return ask_for(membership, RequestKind.ENTRY_FEE, statute.entry_fee_cents, due_on=due_on, by=by)
