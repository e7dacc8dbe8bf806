"""What could go to the bank next, and what stands in the way of the rest: debits with their mandates, payouts with their accounts."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.banking import queries, rules
from allmende.banking.models import Mandate, PayoutAccount
from allmende.constitution.models import Cooperative
from allmende.members.models import Membership
from allmende.members.queries import particulars_on
from allmende.money import queries as money
from allmende.money.models import Account, Payable, PayableKind, Request

MOST = 1_000
"""So many items in one order; the rest goes into the next."""


@dataclass(frozen=True)
class Debit:
    """A request that could be collected; `blocked` says why not."""

    request: Request
    membership: Membership
    mandate: Mandate
    name: str
    cents: int
    blocked: str = ""


@dataclass(frozen=True)
class Payout:
    """A sum owed that could be paid out; `blocked` says why not."""

    payable: Payable
    membership: Membership
    account: PayoutAccount | None
    name: str
    cents: int
    blocked: str = ""


def debits(cooperative: Cooperative, day: date) -> list[Debit]:
    """Requests due until this day of members with a mandate, earliest first."""
    asked = money.open_requests(cooperative).filter(due_on__lte=day).exclude(queries.in_an_order("request"))
    asked = asked.filter(membership__mandates__revoked_at=None, membership__mandates__isnull=False)
    requests = list(asked.select_related("membership__cooperative__organisation", "membership__person")[:MOST])
    memberships = [request.membership for request in requests]
    mandates = {one.membership_id: one for one in Mandate.objects.filter(membership__in=memberships, revoked_at=None)}
    names = particulars_on(memberships, localdate())
    return [
        Debit(
            request=request,
            membership=request.membership,
            mandate=mandates[request.membership_id],
            name=names[request.membership_id].name,
            cents=request.left,  # type: ignore[attr-defined]
            blocked=_why_not(mandates[request.membership_id], day),
        )
        for request in requests
        if request.membership_id in mandates
    ]


def _why_not(mandate: Mandate, day: date) -> str:
    if mandate.suspended_at:
        return _("The mandate is halted: %(reason)s") % {"reason": rules.return_reason(mandate.suspended_code)}
    return "" if queries.is_valid(mandate, day) else _("The mandate was not used for 36 months and has expired.")


def payouts(cooperative: Cooperative, day: date) -> list[Payout]:
    """Sums owed and due until this day, earliest first, each with what stands in its way."""
    owed = money.open_payables(cooperative).filter(due_on__lte=day).exclude(queries.in_an_order("payable"))
    payables = list(owed.select_related("membership__cooperative__organisation", "membership__person")[:MOST])
    memberships = [payable.membership for payable in payables]
    accounts = {one.membership_id: one for one in PayoutAccount.objects.filter(membership__in=memberships)}
    names = particulars_on(memberships, localdate())
    held = {account: money.balances(cooperative, account, day) for account in (Account.SETTLEMENT, Account.PAYABLE)}
    found, settled = [], 0
    for payable in payables:
        account, cents = accounts.get(payable.membership_id), payable.left  # type: ignore[attr-defined]
        blocked = payable.blocked_reason or ("" if account else _("The member has not named an account for payouts yet."))
        kept = Account.SETTLEMENT if payable.kind == PayableKind.SETTLEMENT else Account.PAYABLE
        if not blocked and held[kept].get(payable.membership_id, 0) < cents:
            blocked = _("This is owed only from a later day.")
        if not blocked and kept == Account.SETTLEMENT:
            blocked = money.blocked_by_minimum(cooperative, settled + cents, day)
            settled += 0 if blocked else cents
        name = names[payable.membership_id].name
        found.append(Payout(payable, payable.membership, account, name, cents, blocked))
    return found
