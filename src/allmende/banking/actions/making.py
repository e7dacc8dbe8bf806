"""Making orders: direct debits that members are told of, payouts, and the question to which account."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.banking import candidates, letters, queries, rules
from allmende.banking.actions.runs import new_run, require_day
from allmende.banking.models import AccountQuestion, Item, Run, RunKind
from allmende.banking.models import Sequence as Order
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import Refused, require
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.money import actions as money
from allmende.people.models import Person

ASK_AGAIN = timedelta(days=7)


@transaction.atomic
def make_debits(cooperative: Cooperative, requests: Collection[object], due_on: date, *, by: Person) -> Run:
    """Order the collection of these requests (their uuids) on this day, and tell every member amount, day, mandate and creditor.

    Refused or BadInput with a sentence; then nobody is told anything.
    """
    money.require_booking(by, locked(cooperative))
    creditor = queries.creditor_of(cooperative)
    require(creditor.creditor_id, _("Enter the creditor identifier first, under “Mandates”."), Refused)
    first = rules.first_collection(localdate(), creditor.notice_days)
    sentence = _("Members have to be told before: %(day)s is the first day possible.") % {"day": date_format(first)}
    require_day(due_on, first, sentence)
    chosen = [one for one in candidates.debits(cooperative, due_on) if str(one.request.uuid) in {str(one) for one in requests}]
    require(chosen, _("Nothing was chosen that can be collected. Perhaps somebody else was quicker."), Refused)
    for one in chosen:
        require(not one.blocked, one.blocked, Refused)
    run = new_run(cooperative, RunKind.DEBIT, due_on, by)
    _add_debits(run, chosen)
    letters.debits_announced(run, list(queries.items_of(run)))
    trail.record("banking.run_made", by=by, about=run, cooperative=cooperative.pk, items=len(chosen))
    return run


def _add_debits(run: Run, chosen: Sequence[candidates.Debit]) -> None:
    used = set(Item.objects.filter(is_open=True, mandate__in=[one.mandate for one in chosen]).values_list("mandate", flat=True))
    items = []
    for number, one in enumerate(chosen, start=1):
        is_first = one.mandate.sequence == Order.FIRST and one.mandate.pk not in used
        used.add(one.mandate.pk)
        items.append(
            Item(
                run=run, membership=one.membership, request=one.request, mandate=one.mandate, cents=one.cents,
                sequence=Order.FIRST if is_first else Order.RECURRING, end_to_end=f"{run.message_id}-{number}", iban=one.mandate.iban,
                bic=one.mandate.bic, holder=one.mandate.holder, text=f"{one.request.code} {one.request.text}"[:140].strip(),
            )
        )  # fmt: skip
    Item.objects.bulk_create(items, batch_size=500)


@transaction.atomic
def make_payouts(cooperative: Cooperative, payables: Collection[object], due_on: date, *, by: Person) -> Run:
    """Order the payment of these sums (their uuids) on this day."""
    money.require_booking(by, locked(cooperative))
    require_day(due_on, localdate(), _("This day is over."))
    chosen = [one for one in candidates.payouts(cooperative, due_on) if str(one.payable.uuid) in {str(one) for one in payables}]
    require(chosen, _("Nothing was chosen that can be paid out. Perhaps somebody else was quicker."), Refused)
    for one in chosen:
        require(not one.blocked, one.blocked, Refused)
    run = new_run(cooperative, RunKind.PAYOUT, due_on, by)
    Item.objects.bulk_create([_payout(run, number, one) for number, one in enumerate(chosen, start=1)], batch_size=500)
    trail.record("banking.run_made", by=by, about=run, cooperative=cooperative.pk, items=len(chosen))
    return run


def _payout(run: Run, number: int, one: candidates.Payout) -> Item:
    assert one.account  # noqa: S101 - without an account it is blocked
    text = _("%(name)s, member %(number)04d, %(text)s") % {
        "name": run.holder, "number": one.membership.number, "text": one.payable.text or one.payable.get_kind_display(),
    }  # fmt: skip
    return Item(
        run=run, membership=one.membership, payable=one.payable, cents=one.cents, end_to_end=f"{run.message_id}-{number}",
        iban=one.account.iban, bic=one.account.bic, holder=one.account.holder, text=text[:140],
    )  # fmt: skip


@transaction.atomic
def ask_for_account(membership: Membership, *, by: Person) -> bool:
    """Ask a member by mail to which account a payout shall go; once a week at most. Says whether a mail could be written."""
    money.require_booking(by, locked(membership.cooperative))
    require(queries.payout_account_of(membership) is None, _("The member has named an account already."), Refused)
    asked = AccountQuestion.objects.filter(membership=membership).first()
    recent = asked and asked.asked_at > timezone.now() - ASK_AGAIN
    require(not recent, _("The member was asked within the last seven days. Wait for the answer, or call."), Refused)
    AccountQuestion.objects.update_or_create(membership=membership, defaults={"asked_at": timezone.now()})
    trail.record("banking.account_asked_for", by=by, about=membership, cooperative=membership.cooperative_id)
    return letters.account_asked_for(membership)
