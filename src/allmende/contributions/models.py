"""What members contribute beside capital: kinds of contributions, the ledger of them, who confirmed what, and how it is counted.

Amounts are whole numbers: thousandths of an hour or of another unit, cents for turnover. Nothing here gives anybody a vote.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative
from allmende.members.models import Membership


class Unit(models.TextChoices):
    """What a contribution is counted in."""

    HOURS = "hours", _("hours")
    TURNOVER = "turnover", _("turnover in euros")
    DELIVERIES = "deliveries", _("deliveries")
    OWN = "own", _("another unit")


class Entrant(models.TextChoices):
    """Who enters contributions of a kind by hand; files and programs come beside."""

    MEMBERS = "members", _("the member, or an office")
    OFFICES = "offices", _("only an office")


class ContributionType(models.Model):
    """A kind of contribution of one cooperative. Its unit and whether it counts for the refund are fixed, so that sums stay true.

    `most` is the largest amount of one line, in the unit's whole numbers; `days_back` how far back members enter by themselves.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="contribution_types")
    key = models.SlugField(_("Short name for files and programs"), max_length=40)
    name = models.CharField(_("Name"), max_length=80)
    name_en = models.CharField(_("Name in English"), max_length=80, blank=True)
    unit = models.CharField(_("Counted in"), max_length=10, choices=Unit.choices, default=Unit.HOURS)
    unit_name = models.CharField(_("Name of the unit"), max_length=20, blank=True)
    entrant = models.CharField(_("Entered by"), max_length=10, choices=Entrant.choices, default=Entrant.MEMBERS)
    needs_confirmation = models.BooleanField(_("Counts only when a second person has confirmed it"), default=True)
    counts_for_refund = models.BooleanField(_("Counts for the patronage refund"), default=False)
    most = models.PositiveBigIntegerField(_("Most in one entry"), null=True, blank=True)
    days_back = models.PositiveSmallIntegerField(_("Days back that members can enter"), default=366)
    is_open = models.BooleanField(_("Can be entered"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("kind of contribution")
        verbose_name_plural = _("kinds of contributions")
        ordering: ClassVar = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "key"], name="contributiontype_key_once"),
            models.CheckConstraint(condition=Q(counts_for_refund=False) | Q(unit="turnover"), name="contributiontype_refund_by_turnover"),
            models.CheckConstraint(condition=~Q(unit="own") | ~Q(unit_name=""), name="contributiontype_own_unit_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A key with which a program of the cooperative posts or reads. Only its hash is kept; `client` names the program.

    Idempotency keys belong to the client, not to the key: whoever changes the key does not enter things twice.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="api_keys")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    client = models.SlugField(_("Program"), max_length=40)
    hint = models.CharField(max_length=8)  # how it begins, so that people tell keys apart
    digest = models.CharField(max_length=64, unique=True)
    may_post = models.BooleanField(_("May enter contributions"), default=True)
    may_read = models.BooleanField(_("May read the sums of what it entered"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.client} {self.hint}"


class Posting(models.Model):
    """One accepted call of a program: what was answered, so that the same call gets the same answer and is entered once."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="postings")
    key = models.ForeignKey(ApiKey, null=True, on_delete=models.SET_NULL, related_name="postings")
    client = models.CharField(max_length=40)
    idempotency_key = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)  # of what was asked
    answer = models.JSONField()
    posted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["cooperative", "client", "idempotency_key"], name="posting_once")]

    def __str__(self) -> str:
        return f"{self.client} {self.idempotency_key}"


class Import(models.Model):
    """A file with contributions: first rehearsed, then entered. `rows` holds what was read until it is entered or thrown away."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="contribution_imports")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)  # of what the rows say: the same list twice is noticed
    rows = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative", "sha256"], condition=Q(entered_at__isnull=False), name="contributionimport_entered_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.TextChoices):
    """Where a line comes from."""

    SELF = "self", _("entered by the member")
    OFFICE = "office", _("entered by an office")
    IMPORT = "import", _("from a file")
    API = "api", _("from a program")


class Contribution(models.Model):
    """One line of the ledger of contributions. Never changed (the database refuses it), only reversed by another line.

    `counts_at_once`: it needs no second person (from a file or a program, or of a kind that asks for none). All other lines count once a
    `Confirmation` says so. A reversal carries the opposite amount and the day of what it reverses. `once` stops double clicks.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="contributions")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="contributions")
    type = models.ForeignKey(ContributionType, on_delete=models.PROTECT, related_name="contributions")
    amount = models.BigIntegerField()
    done_on = models.DateField()
    text = models.CharField(max_length=200, blank=True)  # may be emptied when a member's data are erased: not guarded by the trigger
    source = models.CharField(max_length=6, choices=Source.choices)
    counts_at_once = models.BooleanField()
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    posting = models.ForeignKey(Posting, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions")
    file = models.ForeignKey(Import, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions")
    once = models.UUIDField(null=True, blank=True, unique=True)
    entered_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering: ClassVar = ["-pk"]
        indexes = [
            models.Index(fields=["cooperative", "done_on"], name="contribution_by_day"),
            models.Index(fields=["membership", "type", "done_on"], name="contribution_of_member"),
            models.Index(fields=["cooperative", "counts_at_once"], name="contribution_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="contribution_of_something"),
            models.CheckConstraint(
                condition=~Q(source="api") | Q(posting__isnull=False) | Q(reverses__isnull=False), name="contribution_api_has_a_call"
            ),
            models.CheckConstraint(
                condition=~Q(source="import") | Q(file__isnull=False) | Q(reverses__isnull=False), name="contribution_import_has_a_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.amount:+d}"


class Verdict(models.TextChoices):
    """What a second person said."""

    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")


class Confirmation(models.Model):
    """A second person's word on a line: neither who entered it nor the member. One per line, never changed."""

    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="confirmation")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering: ClassVar = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(verdict="confirmed") | ~Q(reason=""), name="confirmation_refused_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} {self.verdict}"


class Confirmer(models.Model):
    """Somebody the board named to confirm contributions without holding an office; until `until`, both days included."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="confirmers")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    named_at = models.DateTimeField(auto_now_add=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "membership"], condition=Q(until__isnull=True), name="confirmer_named_once")
        ]

    def __str__(self) -> str:
        return str(self.membership_id)


class Openness(models.TextChoices):
    """Who sees how contributions spread over the groups."""

    BOARD = "board", _("only the offices")
    MEMBERS = "members", _("members and offices")
    PUBLIC = "public", _("everybody")


class Visibility(models.Model):
    """Who sees the sums of the groups, and how many members a group needs before its sum is shown. Without a row: members, five."""

    cooperative = models.OneToOneField(Cooperative, on_delete=models.CASCADE, related_name="contribution_visibility")
    openness = models.CharField(_("Who sees the sums by group"), max_length=8, choices=Openness.choices, default=Openness.MEMBERS)
    least_members = models.PositiveSmallIntegerField(_("Members a group needs for its sum to be shown"), default=5)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(least_members__gte=5), name="visibility_five_at_least")]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.openness}"


class Purpose(models.TextChoices):
    """What a rule set is for."""

    RECOGNITION = "recognition", _("recognition without money")
    REFUND = "refund", _("base of the patronage refund")


class RuleChoice(models.Model):
    """From a day on, this version of this rule set counts with these parameters. Never changed: a new choice follows the old one."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="rule_choices")
    purpose = models.CharField(max_length=11, choices=Purpose.choices)
    key = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    parameters = models.JSONField(default=dict)
    valid_from = models.DateField(_("Holds from"))
    chosen_at = models.DateTimeField(auto_now_add=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-valid_from", "-pk"]
        constraints = [models.UniqueConstraint(fields=["cooperative", "purpose", "valid_from"], name="rulechoice_one_from_a_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class ClosedYear(models.Model):
    """The board has closed a fiscal year: contributions done up to its last day are neither entered, confirmed nor reversed any more."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="closed_years")
    ends_on = models.DateField()
    closed_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-ends_on"]
        constraints = [models.UniqueConstraint(fields=["cooperative", "ends_on"], name="closedyear_once")]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.ends_on:%Y-%m-%d}"
