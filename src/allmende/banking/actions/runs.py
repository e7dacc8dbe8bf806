"""Orders to the bank, whichever way the money goes: the file, what became of it, and what came back."""

import secrets
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.banking import letters, orders, queries, rules
from allmende.banking.actions.accounts import LETTERS
from allmende.banking.models import Item, Mandate, Run, RunKind, RunState, Sequence
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, Refused, require
from allmende.ground.text import clean
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.money import actions as money
from allmende.money import queries as money_queries
from allmende.money.models import Account, Booking, BookingKind, Payable, PayableKind, Request, RequestKind
from allmende.people.models import Person

FURTHEST_DAYS = 90
HALTING = {"AC01", "AC04", "AC06", "AG01", "MD01", "MD07", "AC13", "RC01", "MS02"}
"""Reasons after which trying again is no use: wrong, closed or blocked account, no mandate, the debtor died or objected."""


def new_run(cooperative: Cooperative, kind: str, due_on: date, by: Person) -> Run:
    """An empty order for the cooperative's account."""
    account = queries.account_of(cooperative)
    head = "LS" if kind == RunKind.DEBIT else "AZ"
    while Run.objects.filter(message_id=(said := f"{head}-{localdate():%Y%m%d}-{''.join(secrets.choice(LETTERS) for _ in range(5))}")):
        pass
    return Run.objects.create(
        cooperative=cooperative,
        kind=kind,
        message_id=said,
        iban=account.iban,
        bic=account.bic or rules.bic_of(account.iban),
        holder=account.holder or str(cooperative)[:70],
        creditor_id=queries.creditor_of(cooperative).creditor_id if kind == RunKind.DEBIT else "",
        due_on=due_on,
        created_by=by,
    )


def require_day(due_on: date, first: date, sentence: str) -> None:
    """A day on which banks are open, not too early and not in a far future."""
    require(rules.is_bank_day(due_on), _("Banks are closed on this day. Choose a working day."), BadInput)
    require(due_on >= first, sentence, BadInput)
    far = _("This day is more than 90 days away.")
    require((due_on - localdate()).days <= FURTHEST_DAYS, far, BadInput)


def _locked(run: Run, by: Person) -> Run:
    money.require_booking(by, locked(run.cooperative))
    return Run.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=run.pk)


@transaction.atomic
def file_of(run: Run, *, by: Person) -> bytes:
    """The file for the bank. The first time, what no longer fits is left out of it; after that it is always the same."""
    run = _locked(run, by)
    require(run.state != RunState.CANCELLED, _("This order was given up; there is no file."), Refused)
    if run.state == RunState.ANNOUNCED:
        _drop_unfitting(run)
        Run.objects.filter(pk=run.pk).update(state=RunState.FILED, filed_at=timezone.now())
        trail.record("banking.run_filed", by=by, about=run, cooperative=run.cooperative_id)
    items = list(queries.items_of(run).filter(dropped_reason=""))
    require(items, _("Nothing of this order is left: everything was paid or taken back. Give the order up."), Refused)
    side = orders.From(run.holder, run.iban, run.bic, run.creditor_id)
    write = orders.debit_file if run.kind == RunKind.DEBIT else orders.payout_file
    return write(run.message_id, side, run.due_on, [_order(item) for item in items])


def _order(item: Item) -> orders.Order:
    made = orders.Order(item.holder, item.iban, item.cents, item.text, item.end_to_end, item.bic)
    if item.mandate:
        made = replace(made, mandate=item.mandate.reference, signed_on=item.mandate.signed_on, sequence=item.sequence)
    return made


def _drop_unfitting(run: Run) -> None:
    """Leave out what was paid, withdrawn, blocked or taken back since the order was made; such items are free again."""
    for item in queries.items_of(run).filter(dropped_reason=""):
        reason = _why_unfit(item, run.due_on)
        if reason:
            Item.objects.filter(pk=item.pk).update(dropped_reason=reason[:200], is_open=False)


def _why_unfit(item: Item, day: date) -> str:
    if item.request:
        asked = money_queries.requests_with_paid(Request.objects.filter(bank_items=item)).get()
        if asked.withdrawn_at or asked.left < item.cents:  # type: ignore[attr-defined]
            return _("paid or withdrawn in the meantime")
        return "" if item.mandate and queries.is_valid(item.mandate, day) else _("the mandate was taken back")
    owed = money_queries.payables_with_paid(Payable.objects.filter(bank_items=item)).get()
    if owed.withdrawn_at or owed.left < item.cents:  # type: ignore[attr-defined]
        return _("paid or withdrawn in the meantime")
    return owed.blocked_reason


@transaction.atomic
def execute_run(run: Run, day: date, *, by: Person) -> int:
    """The bank has done it on this day: book every item, all or none. Says how many; a second time is refused."""
    run = _locked(run, by)
    require(run.state != RunState.EXECUTED, _("This order is booked already; nothing was booked twice."), Refused)
    require(run.state == RunState.FILED, _("Download the file and give it to your bank first."), Refused)
    require(
        run.due_on <= day <= localdate(),
        _("Choose the day on which the bank did it: not before the day of the order, not after today."),
        BadInput,
    )
    items = list(queries.items_of(run).filter(dropped_reason=""))
    for item in items:
        try:
            _book_item(item, run, day, by)
        except Refused as no:
            sentence = _("Member %(number)04d: %(reason)s Nothing of this order was booked.")
            raise type(no)(sentence % {"number": item.membership.number, "reason": str(no.sentence)}) from no
    Item.objects.filter(run=run).update(is_open=False)
    Run.objects.filter(pk=run.pk).update(state=RunState.EXECUTED, executed_on=day)
    trail.record("banking.run_executed", by=by, about=run, cooperative=run.cooperative_id, items=len(items))
    return len(items)


def _book_item(item: Item, run: Run, day: date, by: Person) -> None:
    if item.payable:
        booking = money.pay_out(item.payable, item.cents, booked_on=day, reference=run.message_id, by=by)
        Item.objects.filter(pk=item.pk).update(booking=booking)
        return
    asked = money_queries.requests_with_paid(Request.objects.filter(bank_items=item)).get()
    take = 0 if asked.withdrawn_at else min(item.cents, max(0, asked.left))  # type: ignore[attr-defined]
    booked = money.receive(asked, take, booked_on=day, reference=run.message_id, by=by) if take else None
    over = None
    if item.cents > take:  # paid by transfer, too, after the file was with the bank
        _booking, over = owe_back(item.membership, item.cents - take, day, item.end_to_end, by)
    Item.objects.filter(pk=item.pk).update(booking=booked, over=over)
    Mandate.objects.filter(items=item).update(last_used_on=day, sequence=Sequence.RECURRING)


def owe_back(membership: Membership, cents: int, day: date, reference: str, by: Person) -> tuple[Booking, Payable]:
    """More came in than was asked for: it is in the bank, and owed back to the member. Gives the booking of the money and the payable."""
    with translation.override(settings.LANGUAGE_CODE):  # the books are kept in one language
        text = _("paid too much")
    came = money.Line(BookingKind.OTHER, Account.BANK, Account.OTHER, cents, day, text=text, reference=reference)
    (booking,) = money.book(membership.cooperative, [came], by=by)
    owed = money.Line(BookingKind.OTHER, Account.OTHER, Account.PAYABLE, cents, day, membership, text=text, reference=reference)
    return booking, money.owe(membership, PayableKind.OTHER, [owed], due_on=day, text=text, by=by)


@transaction.atomic
def cancel_run(run: Run, reason: str, *, by: Person) -> None:
    """Give an order up: nothing was or will be done by the bank. Once the file was downloaded, somebody has to say why."""
    run = _locked(run, by)
    if run.state == RunState.CANCELLED:
        return
    require(run.state != RunState.EXECUTED, _("This order is booked. What came back is booked item by item."), Refused)
    reason = clean(reason).strip()
    sentence = _("The file was downloaded. Say why it was not given to the bank, or what the bank said.")
    require(reason or run.state == RunState.ANNOUNCED, sentence, BadInput)
    items = list(queries.items_of(run).filter(is_open=True))
    Item.objects.filter(run=run).update(is_open=False)
    Run.objects.filter(pk=run.pk).update(state=RunState.CANCELLED, cancelled_reason=reason[:200])
    if run.kind == RunKind.DEBIT:
        letters.debits_called_off(run, items)
    trail.record("banking.run_cancelled", by=by, about=run, cooperative=run.cooperative_id)


@transaction.atomic
def return_item(item: Item, code: str, day: date, *, reference: str = "", by: Person) -> Booking:
    """A debit came back, or a payout did not arrive: booked back on this day, so that request or payout is open again.

    The member is told. After a reason that says not to try again the mandate is halted.
    """
    money.require_booking(by, locked(item.run.cooperative))
    item = Item.objects.select_for_update(of=("self",)).select_related(
        "run", "membership__cooperative__organisation", "membership__person", "mandate", "booking", "request", "payable", "over"
    ).get(pk=item.pk)  # fmt: skip
    require(item.run.state == RunState.EXECUTED, _("This order is not booked yet."), Refused)
    require(item.returned_on is None, _("That this came back is booked already."), Refused)
    require(item.run.executed_on and item.run.executed_on <= day <= localdate(), _("Choose a day between the booking and today."), BadInput)
    back = _take_over_back(item, by) if item.over else None
    booked = item.booking if item.booking_id and not Booking.objects.filter(reverses=item.booking_id).exists() else None
    code = clean(code).strip().upper()[:8]
    made = _book_back(item, booked, code, day, reference or item.end_to_end, by) if booked else back
    if made is None:
        raise Refused(_("The booking of this item was reversed already; nothing is left to book back."))
    Item.objects.filter(pk=item.pk).update(returned_on=day, returned_code=code, return_booking=made, over=None)
    if item.mandate and code in HALTING:
        Mandate.objects.filter(items=item).update(suspended_at=timezone.now(), suspended_code=code)
    trail.record("banking.item_returned", by=by, about=item, cooperative=item.run.cooperative_id, code=code)
    letters.item_returned(item, code)
    return made


def _book_back(item: Item, booked: Booking, code: str, day: date, reference: str, by: Person) -> Booking:
    text = " ".join(one for one in (item.end_to_end, code) if one)
    if item.request:
        account = Account.CAPITAL if item.request.kind == RequestKind.SHARES else Account.RECEIVABLE
        line = money.Line(
            BookingKind.RETURN,
            account,
            Account.BANK,
            booked.cents,
            day,
            item.membership,
            text=text,
            reference=reference,
            request=item.request,
        )
    else:
        line = money.Line(
            BookingKind.RETURN, Account.BANK, booked.debit, booked.cents, day, item.membership, text=text, reference=reference,
            payable=item.payable,
        )  # fmt: skip
    (made,) = money.book(item.run.cooperative, [line], by=by)
    return made


def _take_over_back(item: Item, by: Person) -> Booking | None:
    """What was owed back because of this debit is not owed: the debit itself came back. Gives the reversal."""
    assert item.over  # noqa: S101 - asked by the caller
    money.take_back_owed(item.over, by=by)
    came = Booking.objects.filter(cooperative=item.run.cooperative, reference=item.end_to_end, debit=Account.BANK, credit=Account.OTHER)
    made = [money.reverse_booking(booking, by=by) for booking in came.filter(reverses=None, reversed_by=None)]
    return made[-1] if made else None


def take_return_back(item: Item) -> None:
    """It did not come back after all (a line was assigned wrongly): the item counts as done, a mandate halted by it holds again."""
    if item.mandate_id and item.returned_code in HALTING:
        Mandate.objects.filter(items=item, suspended_code=item.returned_code).update(suspended_at=None, suspended_code="")
    Item.objects.filter(pk=item.pk).update(returned_on=None, returned_code="", return_booking=None)
