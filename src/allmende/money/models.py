"""Money between a cooperative and its members: a ledger of balanced lines, what is asked for, what is owed, what the bank said.

Every booking names the account it is taken from and the one it is given to, so the books balance by construction. Amounts are cents > 0.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative
from allmende.members.models import Membership


class Account(models.TextChoices):
    """The accounts this house keeps. Those of members are kept for each member; all else stays with the bookkeeping outside."""

    BANK = "bank", _("Bank")
    CAPITAL = "capital", _("Members' capital (Geschäftsguthaben)")
    SETTLEMENT = "settlement", _("Capital of members who left, to be paid out")
    PAYABLE = "payable", _("Other sums owed to members")
    RECEIVABLE = "receivable", _("Fees owed by members")
    FEES = "fees", _("Income from fees")
    SURPLUS = "surplus", _("Surplus or loss of the year")
    RESERVE = "reserve", _("Reserves")
    REFUND = "refund", _("Patronage refunds")
    INTEREST = "interest", _("Interest on members' capital")
    OPENING = "opening", _("Carried over")
    OTHER = "other", _("Other")


MEMBER_ACCOUNTS = ("capital", "settlement", "payable", "receivable")


class BookingKind(models.TextChoices):
    """What happened."""

    OPENING = "opening", _("carried over")
    PAYMENT = "payment", _("payment received")
    RETURN = "return", _("direct debit returned")
    FEE = "fee", _("fee charged")
    TRANSFER = "transfer", _("transfer between members")
    PROFIT = "profit", _("share of the surplus")
    LOSS = "loss", _("share of the loss")
    INTEREST = "interest", _("interest")
    REFUND = "refund", _("patronage refund")
    SETTLEMENT = "settlement", _("settlement after the exit")
    PAYOUT = "payout", _("paid out")
    REVERSAL = "reversal", _("reversed")
    OTHER = "other", _("other")


class Booking(models.Model):
    """One line of the money ledger: `cents` from the account `debit` to the account `credit`. Never changed, only reversed.

    `member_debit` and `member_credit` are the members whose accounts they are, where the accounts are kept by member.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="bookings")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=BookingKind.choices)
    debit = models.CharField(max_length=12, choices=Account.choices)
    credit = models.CharField(max_length=12, choices=Account.choices)
    member_debit = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="debits")
    member_credit = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="credits")
    cents = models.PositiveBigIntegerField()
    booked_on = models.DateField()
    text = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=80, blank=True)  # of the voucher: a bank line, a run, a resolution
    request = models.ForeignKey("money.Request", null=True, blank=True, on_delete=models.PROTECT, related_name="bookings")
    payable = models.ForeignKey("money.Payable", null=True, blank=True, on_delete=models.PROTECT, related_name="bookings")
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    entered_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering: ClassVar = ["booked_on", "pk"]
        indexes = [
            models.Index(fields=["cooperative", "booked_on"], name="booking_by_day"),
            models.Index(fields=["member_credit", "credit", "booked_on"], name="booking_to_member"),
            models.Index(fields=["member_debit", "debit", "booked_on"], name="booking_from_member"),
            # sums of whole accounts are read from these two alone, without the lines
            models.Index(fields=["cooperative", "credit", "booked_on", "member_credit", "cents"], name="booking_to_account"),
            models.Index(fields=["cooperative", "debit", "booked_on", "member_debit", "cents", "request"], name="booking_from_account"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="booking_of_something"),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")) | ~Q(member_debit=F("member_credit")), name="booking_between_two_accounts"
            ),
            models.CheckConstraint(
                condition=Q(debit__in=MEMBER_ACCOUNTS, member_debit__isnull=False)
                | ~Q(debit__in=MEMBER_ACCOUNTS) & Q(member_debit__isnull=True),
                name="booking_debit_knows_the_member",
            ),
            models.CheckConstraint(
                condition=Q(credit__in=MEMBER_ACCOUNTS, member_credit__isnull=False)
                | ~Q(credit__in=MEMBER_ACCOUNTS) & Q(member_credit__isnull=True),
                name="booking_credit_knows_the_member",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | ~Q(kind="reversal") & Q(reverses__isnull=True),
                name="booking_reversal_knows_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debit} -> {self.credit} {self.cents}"


class RequestKind(models.TextChoices):
    """What a member is asked to pay."""

    SHARES = "shares", _("payment on shares")
    ENTRY_FEE = "entry_fee", _("entry fee")
    FEE = "fee", _("membership fee")


class Withdrawn(models.TextChoices):
    """Why a request is not asked for any more."""

    HAND = "hand", _("withdrawn by hand")
    REVERSED = "reversed", _("the shares were reversed")
    TRANSFERRED = "transferred", _("the shares were transferred")
    ENDED = "ended", _("the membership ends before it is due")


class Request(models.Model):
    """A sum a member is asked to pay until a day. How much is paid is the sum of its bookings; `code` stands in the bank transfer.

    `withdrawn_at`: not asked for any more, `withdrawn_why` says why. `charge`: asked of many at once, of each one at most once.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="requests")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    cents = models.PositiveBigIntegerField()
    due_on = models.DateField()
    code = models.CharField(max_length=20, unique=True)
    text = models.CharField(max_length=200, blank=True)
    share_entry = models.ForeignKey("members.ShareEntry", null=True, blank=True, on_delete=models.PROTECT, related_name="requests")
    charge = models.ForeignKey("money.Charge", null=True, blank=True, on_delete=models.PROTECT, related_name="requests")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=11, choices=Withdrawn.choices, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("request for payment")
        verbose_name_plural = _("requests for payment")
        ordering: ClassVar = ["due_on", "pk"]
        indexes = [models.Index(fields=["membership", "due_on"], name="request_by_member")]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="request_for_something"),
            models.UniqueConstraint(fields=["charge", "membership"], name="request_one_of_a_charge"),
        ]

    def __str__(self) -> str:
        return self.code


class Charge(models.Model):
    """A fee asked of many members. Its label (`Beitrag 2026`) is there once in a cooperative, so nobody is asked for it twice."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="charges")
    label = models.CharField(_("What it is for"), max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "label"], name="charge_label_once"),
        ]

    def __str__(self) -> str:
        return self.label


class Reminder(models.Model):
    """A member was reminded of a request: at which level, when. `fee` is the request for the costs, where one was asked for."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="reminders")
    level = models.PositiveSmallIntegerField()
    sent_on = models.DateField()
    has_mail = models.BooleanField(default=True)  # otherwise it goes on paper
    fee = models.OneToOneField(Request, null=True, blank=True, on_delete=models.PROTECT, related_name="reminder_fee_of")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-sent_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["request", "sent_on"], name="reminder_one_a_day")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.level}"


class PayableKind(models.TextChoices):
    """Why a member is owed something."""

    SETTLEMENT = "settlement", _("settlement after the exit")
    PROFIT = "profit", _("share of the surplus")
    INTEREST = "interest", _("interest")
    REFUND = "refund", _("patronage refund")
    OTHER = "other", _("other")


class Payable(models.Model):
    """A sum a member is owed, due on a day. How much is paid out is the sum of its bookings. `blocked_reason` says why it waits.

    `withdrawn_at`: it turned out that nothing is owed (the exit was undone); its bookings are reversed.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="payables")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=PayableKind.choices)
    cents = models.PositiveBigIntegerField()
    due_on = models.DateField()
    text = models.CharField(max_length=200, blank=True)
    blocked_reason = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("sum owed")
        verbose_name_plural = _("sums owed")
        ordering: ClassVar = ["due_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(cents__gt=0), name="payable_of_something")]

    def __str__(self) -> str:
        return f"{self.kind} {self.cents}"


class BankAccount(models.Model):
    """An account of the cooperative at a bank. The one marked as default stands on requests and slips."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="bank_accounts")
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    bank = models.CharField(_("Bank"), max_length=120, blank=True)
    holder = models.CharField(_("Account holder"), max_length=70)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering: ClassVar = ["-is_default", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "iban"], name="bankaccount_once"),
            models.UniqueConstraint(fields=["cooperative"], condition=Q(is_default=True), name="bankaccount_one_default"),
        ]

    def __str__(self) -> str:
        return " ".join(self.iban[at : at + 4] for at in range(0, len(self.iban), 4))


class Bookkeeping(models.Model):
    """How the bookkeeping outside names our accounts: the numbers of the tax adviser and of each account (DATEV)."""

    cooperative = models.OneToOneField(Cooperative, on_delete=models.CASCADE, related_name="bookkeeping")
    consultant = models.PositiveIntegerField(_("Number of the tax adviser (Berater)"), default=1001)
    client = models.PositiveIntegerField(_("Number of the client (Mandant)"), default=1)
    length = models.PositiveSmallIntegerField(_("Digits of an account number"), default=4)
    accounts = models.JSONField(default=dict)
    reminder_fee_cents = models.PositiveBigIntegerField(_("Costs of a second or third reminder"), default=0)

    def __str__(self) -> str:
        return f"{self.consultant} {self.client}"
