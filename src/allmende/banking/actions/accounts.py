"""Whose account may be debited, and where payouts go."""

import secrets
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.banking import access, letters, queries, rules
from allmende.banking.models import Creditor, Ending, Mandate, PayoutAccount
from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.people.models import Person

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def _may(by: Person, membership: Membership) -> None:
    sentence = _("Only the member, the board, the member administration and the bookkeeping may do this.")
    require(access.may_name_account(by, membership), sentence, NotAllowed)


def _holder(said: str) -> str:
    said = clean(said).strip()
    require(said, _("Enter the name of the account holder."), BadInput)
    require(len(said) <= 140, _("The name of the account holder is too long: 140 characters at most."), BadInput)
    return said


@transaction.atomic
def give_mandate(membership: Membership, iban: str, holder: str, text_shown: str, signed_on: date, by: Person) -> Mandate:
    """Let the cooperative collect from this account; the mandate before it ends. The same account again changes nothing.

    BadInput with a sentence for an IBAN with typing errors. `text_shown` is what was agreed to (queries.mandate_text).
    """
    locked(membership.cooperative)
    _may(by, membership)
    iban, holder = rules.check_iban(iban), _holder(holder)
    require(signed_on <= localdate(), _("A mandate cannot be signed in the future."), BadInput)
    former = Mandate.objects.filter(membership=membership, revoked_at=None).first()
    if former and (former.iban, former.holder) == (iban, holder) and queries.is_valid(former, localdate()):
        return former
    if former:
        _end(former, Ending.REPLACED)
    made = Mandate.objects.create(
        membership=membership,
        reference=_reference(membership),
        iban=iban,
        bic=rules.bic_of(iban),
        holder=holder,
        signed_on=signed_on,
        text_shown=clean(text_shown),
        created_by=by,
    )
    trail.record("banking.mandate_given", by=by, about=made, cooperative=membership.cooperative_id)
    letters.mandate_given(made)
    return made


def _reference(membership: Membership) -> str:
    """`L0148-K7QF3`: told apart from the codes of requests (M…) at the first letter; only letters every bank takes."""
    while Mandate.objects.filter(reference=(said := f"L{membership.number:04d}-{''.join(secrets.choice(LETTERS) for _ in range(5))}")):
        pass
    return said


def _end(mandate: Mandate, ending: str) -> None:
    Mandate.objects.filter(pk=mandate.pk, revoked_at=None).update(revoked_at=timezone.now(), ending=ending)


@transaction.atomic
def revoke_mandate(mandate: Mandate, by: Person) -> None:
    """Take it back: nothing is collected with it from now on, except what is already with the bank. Twice is once."""
    membership = mandate.membership
    locked(membership.cooperative)
    _may(by, membership)
    if Mandate.objects.filter(pk=mandate.pk, revoked_at=None).exists():
        _end(mandate, Ending.MEMBER if access.is_own(by, membership) else Ending.OFFICE)
        trail.record("banking.mandate_revoked", by=by, about=mandate, cooperative=membership.cooperative_id)
        letters.mandate_revoked(mandate)


@transaction.atomic
def set_payout_iban(membership: Membership, iban: str, holder: str, by: Person) -> PayoutAccount:
    """Where payouts to this member go from now on. The member is told, so that nobody else can lead the money away unnoticed."""
    locked(membership.cooperative)
    _may(by, membership)
    iban, holder = rules.check_iban(iban), _holder(holder)
    former = PayoutAccount.objects.filter(membership=membership).first()
    if former and (former.iban, former.holder) == (iban, holder):
        return former
    named = {"iban": iban, "bic": rules.bic_of(iban), "holder": holder, "set_by": by}
    made, _new = PayoutAccount.objects.update_or_create(membership=membership, defaults=named)
    trail.record("banking.payout_account_set", by=by, about=membership, cooperative=membership.cooperative_id)
    letters.payout_account_set(made)
    return made


@transaction.atomic
def set_creditor(cooperative: Cooperative, creditor_id: str, notice_days: int, *, by: Person) -> Creditor:
    """As whom the cooperative collects, and how long before a debit its members are told."""
    locked(cooperative)
    require(constitution.may_book(by, cooperative), _("Only the board and the bookkeeping may do this."), NotAllowed)
    sentence = _("Between 1 and 14 days of notice can be agreed.")
    require(1 <= notice_days <= rules.NOTICE_DAYS, sentence, BadInput)
    said = rules.check_creditor_id(creditor_id) if creditor_id.strip() else ""
    made, _new = Creditor.objects.update_or_create(cooperative=cooperative, defaults={"creditor_id": said, "notice_days": notice_days})
    trail.record("banking.creditor_set", by=by, about=cooperative, notice_days=notice_days)
    return made


@transaction.atomic
def note_look(membership: Membership, *, by: Person) -> None:
    """Somebody with an office looked at a member's whole IBAN: that stays in the trail, and in the member's own data."""
    require(access.may_see_iban(by, membership), _("Only the board and the bookkeeping may do this."), NotAllowed)
    trail.record("banking.account_looked_at", by=by, about=membership, cooperative=membership.cooperative_id)
