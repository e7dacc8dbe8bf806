"""The result of a fiscal year and what the members resolved about it."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative


class YearState(models.TextChoices):
    """A draft is a preview; a booked one was resolved and stands in the ledger, reversed or not."""

    DRAFT = "draft", _("preview")
    BOOKED = "booked", _("booked")
    REVERSED = "reversed", _("reversed")


class Year(models.Model):
    """One fiscal year's result with the proposal for it. Amounts in cents.

    `result` is the surplus after interest and refund (which are expenses of the year), as in the annual accounts; below zero is a loss.
    `refund` is shared by the members' confirmed business, `distributed` and `interest_permille` by their Geschäftsguthaben at the end of
    the year before (§§ 19, 21a GenG). `resolution` names the assembly's decision; without it nothing is booked.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="surplus_years")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    ends_on = models.DateField(_("End of the fiscal year"))
    state = models.CharField(max_length=8, choices=YearState.choices, default=YearState.DRAFT)
    result = models.BigIntegerField(_("Surplus or loss of the year"))
    loss_carried = models.PositiveBigIntegerField(_("Loss of earlier years not covered yet"), default=0)
    side_business = models.PositiveBigIntegerField(_("Of the surplus: from side business"), default=0)
    member_turnover = models.PositiveBigIntegerField(_("Turnover with members"), default=0)
    total_turnover = models.PositiveBigIntegerField(_("Whole turnover"), default=0)
    to_legal_reserve = models.PositiveBigIntegerField(_("Into the legal reserve"), default=0)
    to_other_reserve = models.PositiveBigIntegerField(_("Into other reserves"), default=0)
    from_reserve = models.PositiveBigIntegerField(_("Taken from reserves"), default=0)
    distributed = models.PositiveBigIntegerField(_("Distributed to members"), default=0)
    borne = models.PositiveBigIntegerField(_("Loss written off from members' capital"), default=0)
    interest_permille = models.PositiveSmallIntegerField(_("Interest, in thousandths"), default=0)
    refund = models.PositiveBigIntegerField(_("Patronage refund"), default=0)
    pays_on = models.DateField(_("Paid out on"), null=True, blank=True)
    resolution = models.CharField(_("Resolution"), max_length=200, blank=True)
    resolved_on = models.DateField(_("Resolved on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    booked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("result of a year")
        verbose_name_plural = _("results of years")
        ordering: ClassVar = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "ends_on"], condition=~Q(state="reversed"), name="year_once"),
            models.CheckConstraint(condition=Q(distributed=0) | Q(borne=0), name="year_gives_or_takes"),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(booked_at__isnull=False, resolved_on__isnull=False) & ~Q(resolution="")),
                name="year_booked_by_resolution",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ends_on:%Y-%m-%d}"

    @property
    def reference(self) -> str:
        """What all its bookings carry."""
        return f"surplus-{self.uuid}"
