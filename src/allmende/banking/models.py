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
from allmende.money.models import Booking, Payable, Request


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

    FIRST = "FRST", _("first debit")
    RECURRING = "RCUR", _("following debit")


class Ending(models.TextChoices):
    """Why a mandate is no longer used."""

    MEMBER = "member", _("taken back by the member")
    OFFICE = "office", _("taken back by the cooperative")
    REPLACED = "replaced", _("replaced by a newer one")
    EXPIRED = "expired", _("not used for 36 months")


class Mandate(models.Model):
    """A member lets the cooperative collect what is due from an account. One at a time; a new one replaces the one before.

    `text_shown` is what was agreed to, word by word. `suspended_code`: a debit came back for a reason that says not to try again.
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
    suspended_code = models.CharField(max_length=8, blank=True)
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


class AccountQuestion(models.Model):
    """When a member was asked last to which account a payout shall go, so that nobody asks every day."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="account_question")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.membership_id)


class Upload(models.Model):
    """A table from a bank that waits for somebody to say which column is what; gone once it is imported, or after a day."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="+")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """A file of the bank that was read: which account, which days, how many lines, how many of them were known already."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="statements")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    iban = models.CharField(max_length=34)
    form = models.CharField(max_length=4)  # camt, csv
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    lines_read = models.PositiveIntegerField(default=0)
    lines_known = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering: ClassVar = ["-imported_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """One line of the bank account, as the bank said it. `cents` is negative for what went out.

    `key` tells the same line in another file; `content` is the same without the bank's own reference, to know it from the other kind of
    file. What of it is booked are its parts; the rest is open, or ignored with a reason. `twin` is a line that may be the same.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="bank_lines")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    booked_on = models.DateField()
    value_on = models.DateField(null=True, blank=True)
    cents = models.BigIntegerField()
    party = models.CharField(max_length=140, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    text = models.CharField(max_length=1_000, blank=True)
    end_to_end = models.CharField(max_length=35, blank=True)
    return_code = models.CharField(max_length=8, blank=True)  # ISO 20022, e.g. AC04
    twin = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ignored_at = models.DateTimeField(null=True, blank=True)
    ignored_reason = models.CharField(max_length=200, blank=True)
    ignored_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("line of the bank account")
        verbose_name_plural = _("lines of the bank account")
        ordering: ClassVar = ["-booked_on", "-pk"]
        indexes = [
            models.Index(fields=["cooperative", "booked_on"], name="bankline_by_day"),
            models.Index(fields=["cooperative", "content"], name="bankline_by_content"),
            models.Index(fields=["cooperative", "iban"], name="bankline_by_iban"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "key"], name="bankline_once"),
            models.CheckConstraint(condition=~Q(cents=0), name="bankline_of_something"),
            models.CheckConstraint(
                condition=Q(ignored_at__isnull=True, ignored_reason="") | Q(ignored_at__isnull=False) & ~Q(ignored_reason=""),
                name="bankline_ignored_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.cents}"


class RunKind(models.TextChoices):
    """Which way the money of an order goes."""

    DEBIT = "debit", _("direct debits")
    PAYOUT = "payout", _("payouts")


class RunState(models.TextChoices):
    """Announced (debits: members are told), filed (the file was taken to the bank), executed (booked), or given up."""

    ANNOUNCED = "announced", _("prepared")
    FILED = "filed", _("file downloaded")
    EXECUTED = "executed", _("executed")
    CANCELLED = "cancelled", _("called off")


class Run(models.Model):
    """An order to the bank: direct debits of one day, or payouts. Its file is made of its items, the same each time."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="bank_runs")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=6, choices=RunKind.choices)
    state = models.CharField(max_length=9, choices=RunState.choices, default=RunState.ANNOUNCED)
    message_id = models.CharField(max_length=35, unique=True)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    holder = models.CharField(max_length=70)
    creditor_id = models.CharField(max_length=35, blank=True)
    due_on = models.DateField()  # collected or paid out on
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)
    executed_on = models.DateField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("order to the bank")
        verbose_name_plural = _("orders to the bank")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="executed", executed_on__isnull=False) | ~Q(state="executed") & Q(executed_on__isnull=True),
                name="bankrun_executed_on_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.message_id


class Item(models.Model):
    """One debit or payout of an order. `is_open` while the order waits: nothing is in two orders at once (the database sees to it).

    Account and sequence are those of the moment it was ordered. `dropped_reason`: left out of the file. `over`: more was collected than
    was open by then, and is owed back. `returned_*`: it came back, with the bank's reason.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="items")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="bank_items")
    request = models.ForeignKey(Request, null=True, blank=True, on_delete=models.PROTECT, related_name="bank_items")
    payable = models.ForeignKey(Payable, null=True, blank=True, on_delete=models.PROTECT, related_name="bank_items")
    mandate = models.ForeignKey(Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    sequence = models.CharField(max_length=4, choices=Sequence.choices, blank=True)
    cents = models.PositiveBigIntegerField()
    end_to_end = models.CharField(max_length=35, unique=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    holder = models.CharField(max_length=140, blank=True)
    text = models.CharField(max_length=140, blank=True)
    is_open = models.BooleanField(default=True)
    is_told = models.BooleanField(default=False)  # the announcement of a debit could go out as mail
    dropped_reason = models.CharField(max_length=200, blank=True)
    booking = models.OneToOneField(Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="bank_item")
    over = models.ForeignKey(Payable, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    returned_on = models.DateField(null=True, blank=True)
    returned_code = models.CharField(max_length=8, blank=True)
    return_booking = models.OneToOneField(Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="returned_item")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(is_open=True), name="bankitem_request_in_one_order"),
            models.UniqueConstraint(fields=["payable"], condition=Q(is_open=True), name="bankitem_payable_in_one_order"),
            models.CheckConstraint(
                condition=Q(request__isnull=False, payable__isnull=True, mandate__isnull=False)
                | Q(request__isnull=True, payable__isnull=False, mandate__isnull=True),
                name="bankitem_collects_or_pays",
            ),
            models.CheckConstraint(condition=Q(cents__gt=0), name="bankitem_of_something"),
        ]

    def __str__(self) -> str:
        return self.end_to_end


class Part(models.Model):
    """What a line of the bank account, or a part of it, was: a booking, or something an order had booked already.

    It counts unless it was taken back (`undone_at`) or its booking was reversed.
    """

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="parts")
    cents = models.PositiveBigIntegerField()
    booking = models.OneToOneField(Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="bank_part")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    payable = models.ForeignKey(Payable, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # to be paid back
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="bankpart_of_something"),
            models.CheckConstraint(
                condition=Q(booking__isnull=False) | Q(item__isnull=False) | Q(run__isnull=False), name="bankpart_of_a_booking_or_an_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.cents}"
