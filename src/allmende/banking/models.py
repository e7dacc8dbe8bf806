"""What the bank has to do with members: who may be debited, where payouts go, what came in, what was sent to the bank.

Bank accounts of people stand here in clear, as names and addresses do in the register: the house keeps no keys of its own, so whoever
runs it encrypts the disk and the backups. Pages show them masked.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.banking import rules
from allmende.constitution.models import Cooperative
from allmende.members.models import Membership


class Creditor(models.Model):
    """As whom a cooperative collects money: its identifier, and how long before a debit it tells members (agreed in the mandate)."""

    cooperative = models.OneToOneField(Cooperative, on_delete=models.CASCADE, related_name="creditor")
    creditor_id = models.CharField(_("Creditor identifier"), max_length=35, blank=True)
    notice_days = models.PositiveSmallIntegerField(
        _("Days of notice before a direct debit"),
        default=rules.NOTICE_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(rules.NOTICE_DAYS)],
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(notice_days__gte=1, notice_days__lte=rules.NOTICE_DAYS), name="creditor_tells_in_time")
        ]

    def __str__(self) -> str:
        return self.creditor_id


class Sequence(models.TextChoices):
    """Which debit of a mandate the next one is (SEPA sequence type)."""

    FIRST = "FRST", _("first")
    RECURRING = "RCUR", _("following")


class Ending(models.TextChoices):
    """Why a mandate is no longer used."""

    MEMBER = "member", _("taken back by the member")
    OFFICE = "office", _("taken back by the cooperative")
    REPLACED = "replaced", _("replaced by a newer one")
    EXPIRED = "expired", _("not used for 36 months")


class Mandate(models.Model):
    """A member lets the cooperative collect what is due from an account. One at a time; a new one replaces the one before.

    `text_shown` is what was agreed to, word by word. `suspended_reason`: a debit came back in a way that says not to try again.
    `last_used_on` is the last day of collection. IBAN, holder and text are gone when `erased_at` is set.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="mandates")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    reference = models.CharField(_("Mandate reference"), max_length=35, unique=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    holder = models.CharField(_("Account holder"), max_length=140, blank=True)
    signed_on = models.DateField(_("Given on"))
    text_shown = models.TextField(blank=True)
    sequence = models.CharField(max_length=4, choices=Sequence.choices, default=Sequence.FIRST)
    last_used_on = models.DateField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.CharField(max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering: ClassVar = ["-signed_on", "-pk"]
        indexes = [models.Index(fields=["iban"], name="mandate_by_iban")]
        constraints = [
            models.UniqueConstraint(fields=["membership"], condition=Q(revoked_at__isnull=True), name="mandate_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, ending="") | Q(revoked_at__isnull=False) & ~Q(ending=""),
                name="mandate_end_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PayoutAccount(models.Model):
    """Where a member wants payouts to go. One at a time; every order to the bank keeps the account it was made with."""

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="payout_account")
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    holder = models.CharField(_("Account holder"), max_length=140)
    set_at = models.DateTimeField(auto_now=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["iban"], name="payoutaccount_by_iban")]

    def __str__(self) -> str:
        return rules.masked(self.iban)
