"""Mandates that are over: they end after 36 months without use, and are erased when they are no evidence any more.

A debit that was never authorised can be reclaimed for 13 months (§ 676b II BGB), so the mandate is kept for 14 months after it was taken
back or last used (SEPA Rulebook 4.8). What was debited is in the books and in the orders, kept as vouchers (§ 257 HGB, § 147 AO).
"""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from allmende.banking import rules
from allmende.banking.models import Ending, Item, Mandate
from allmende.constitution.rules import add_months
from allmende.ground import trail

VOUCHER_YEARS = 8
"""How long vouchers are kept, counted from the end of the year (§ 257 IV HGB, § 147 III AO, since 2025)."""


@transaction.atomic
def end_expired(today: date) -> int:
    """End the mandates that were not used for 36 months; says how many."""
    old = Mandate.objects.filter(revoked_at=None, signed_on__lt=add_months(today, -rules.MANDATE_MONTHS))
    over = [one for one in old if today > rules.expires_on(one.signed_on, one.last_used_on)]
    for one in over:
        Mandate.objects.filter(pk=one.pk, revoked_at=None).update(revoked_at=timezone.now(), ending=Ending.EXPIRED)
        trail.record("banking.mandate_expired", about=one)
    return len(over)


@transaction.atomic
def erase_mandates(today: date) -> int:
    """Blank account, holder and text of mandates that ended long enough ago, and the accounts in orders older than vouchers are kept."""
    ended = Mandate.objects.filter(revoked_at__isnull=False, erased_at=None, revoked_at__date__lt=add_months(today, -rules.EVIDENCE_MONTHS))
    over = [
        one.pk
        for one in ended.only("pk", "revoked_at", "last_used_on")
        if one.revoked_at and today > rules.kept_until(timezone.localtime(one.revoked_at).date(), one.last_used_on)
    ]
    Mandate.objects.filter(pk__in=over).update(iban="", bic="", holder="", text_shown="", erased_at=timezone.now())
    first_kept = date(today.year - VOUCHER_YEARS, 1, 1)
    old = Item.objects.filter(run__due_on__lt=first_kept).exclude(iban="").annotate(day=F("run__due_on"))
    Item.objects.filter(pk__in=list(old.values_list("pk", flat=True))).update(iban="", bic="", holder="")
    return len(over)
