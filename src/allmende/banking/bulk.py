"""Mandates and accounts of many members at once, carried over from a list kept elsewhere; and the way back.

Nobody is written to: what was agreed before holds on, members hear of it with the next pre-notification. Mandates keep the reference
they have been known by at the banks, where nobody else in this house has it.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.banking import rules
from allmende.banking.actions.accounts import LETTERS
from allmende.banking.models import Mandate, PayoutAccount
from allmende.banking.models import Sequence as Order
from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.people.models import Person

BLOCK = 500
REFERENCE = re.compile(r"[A-Za-z0-9+?/:().,' -]{1,35}")


@dataclass(frozen=True)
class CarriedAccount:
    """An account of a member; with `signed_on` it may be debited, otherwise payouts go there."""

    membership: Membership
    iban: str
    holder: str
    signed_on: date | None = None
    reference: str = ""


@transaction.atomic
def carry_over(cooperative: Cooperative, accounts: Sequence[CarriedAccount], *, by: Person) -> int:
    """Note these accounts, whose IBANs are checked once more; says how many. BadInput with a sentence for the first that is wrong."""
    cooperative = locked(cooperative)
    require(constitution.may_decide(by, cooperative), _("Only the board takes accounts over."), NotAllowed)
    mandates = [one for one in accounts if one.signed_on]
    taken = set(
        Mandate.objects.filter(reference__in=[one.reference for one in mandates if one.reference]).values_list("reference", flat=True)
    )
    text = _("Mandate carried over; it was given to the cooperative before its members were kept here.")
    made = []
    for one in mandates:
        reference = _reference(one, taken)
        taken.add(reference)
        iban = rules.check_iban(one.iban)
        made.append(
            Mandate(
                membership=one.membership,
                reference=reference,
                iban=iban,
                bic=rules.bic_of(iban),
                holder=one.holder[:140],
                signed_on=one.signed_on or localdate(),
                text_shown=text,
                sequence=Order.RECURRING,
                created_by=by,
            )
        )
    Mandate.objects.bulk_create(made, batch_size=BLOCK)
    PayoutAccount.objects.bulk_create([_payout(one, by) for one in accounts if not one.signed_on], batch_size=BLOCK)
    trail.record("banking.accounts_carried_over", by=by, about=cooperative, mandates=len(made), accounts=len(accounts) - len(made))
    return len(accounts)


def _payout(one: CarriedAccount, by: Person) -> PayoutAccount:
    iban = rules.check_iban(one.iban)
    return PayoutAccount(membership=one.membership, iban=iban, bic=rules.bic_of(iban), holder=one.holder[:140], set_by=by)


def _reference(one: CarriedAccount, taken: set[str]) -> str:
    """The one the banks know, as long as it is possible and free; otherwise a new one."""
    said = one.reference.strip()
    if REFERENCE.fullmatch(said) and said not in taken:
        return said
    while (made := f"L{one.membership.number:04d}-{''.join(secrets.choice(LETTERS) for _n in range(5))}") in taken or (
        Mandate.objects.filter(reference=made).exists()
    ):
        pass
    return made


@transaction.atomic
def take_back(cooperative: Cooperative, memberships: Sequence[Membership], *, since: datetime, by: Person) -> None:
    """Let go of the accounts of members who are taken out of the register; Refused where one was used already, or given after `since`."""
    cooperative = locked(cooperative)
    require(constitution.may_decide(by, cooperative), _("Only the board takes accounts over."), NotAllowed)
    for at in range(0, len(memberships), BLOCK):
        block = memberships[at : at + BLOCK]
        mandates = Mandate.objects.filter(membership__in=block)
        used = mandates.exclude(last_used_on=None).exists() or mandates.exclude(revoked_at=None).exists()
        require(not used, _("A direct debit mandate of these members is in use. Correct single members in the register instead."), Refused)
        accounts = PayoutAccount.objects.filter(membership__in=block)
        later = mandates.filter(created_at__gt=since).exists() or accounts.filter(set_at__gt=since).exists()
        require(not later, _("Accounts of these members were entered since. Correct single members in the register instead."), Refused)
        mandates.delete()
        accounts.delete()
