"""The register of members (§ 30 GenG): who belongs since when and until when, with which shares, known by which name when.

Nothing in it is deleted and shares are never changed, only added to: every list can be made as of any date. The register's names and
addresses are its own; it depends on no account.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative
from allmende.directory.models import Organisation


class Kind(models.TextChoices):
    """What a membership is by law."""

    ORDINARY = "ordinary", _("ordinary member")
    INVESTING = "investing", _("investing member")
    SUPPORTING = "supporting", _("supporting member")


class EndReason(models.TextChoices):
    """Why a membership ends."""

    NOTICE = "notice", _("notice")
    TRANSFER = "transfer", _("transfer of all shares")
    EXCLUSION = "exclusion", _("exclusion")
    DEATH = "death", _("death")
    DISSOLUTION = "dissolution", _("dissolution of the member")


class Membership(models.Model):
    """One party's membership. It is active on every day from `joined_on` to `ends_on`, both included; who joins again gets a new one.

    `person` and `organisation` are the account and the entry of the map that belong to the party, where there are any.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="memberships")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(_("Member number"))
    kind = models.CharField(_("Kind of membership"), max_length=10, choices=Kind.choices, default=Kind.ORDINARY)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships")
    declared_on = models.DateField(_("Declared on"), null=True, blank=True)
    joined_on = models.DateField(_("Member from"))
    ends_on = models.DateField(_("Member until"), null=True, blank=True)
    end_reason = models.CharField(_("Reason of the end"), max_length=12, choices=EndReason.choices, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # when the end was entered
    erased_at = models.DateTimeField(null=True, blank=True)  # names and addresses gone, after the years of the law
    invited_at = models.DateTimeField(null=True, blank=True)  # the last link by which an account may be joined to it was sent then

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering: ClassVar = ["number"]
        indexes = [
            models.Index(fields=["cooperative", "joined_on", "ends_on"], name="membership_by_days"),
            models.Index(fields=["cooperative", "ends_on"], name="membership_by_end"),
            models.Index(fields=["person", "cooperative"], name="membership_of_person", condition=Q(person__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "number"], name="membership_number_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("joined_on")), name="membership_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, end_reason="") | Q(ends_on__isnull=False) & ~Q(end_reason=""),
                name="membership_end_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:04d}"


class Party(models.TextChoices):
    """Who can be a member."""

    NATURAL = "natural", _("natural person")
    LEGAL = "legal", _("organisation")


class NamedParty(models.Model):
    """Who a member is or would be, a person or an organisation: the same in the register and in a declaration."""

    party = models.CharField(_("Person or organisation"), max_length=8, choices=Party.choices, default=Party.NATURAL)
    family_name = models.CharField(_("Family name"), max_length=120, blank=True)
    given_name = models.CharField(_("Given names"), max_length=120, blank=True)
    firm = models.CharField(_("Name of the organisation"), max_length=250, blank=True)
    register = models.CharField(_("Register and number"), max_length=120, blank=True)
    represented_by = models.CharField(_("Represented by"), max_length=250, blank=True)
    street = models.CharField(_("Street and number"), max_length=200, blank=True)
    postcode = models.CharField(_("Postcode"), max_length=20, blank=True)
    town = models.CharField(_("Town"), max_length=120, blank=True)
    country = models.CharField(_("Country"), max_length=2, default="DE")
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    language = models.CharField(_("Language"), max_length=5, choices=settings.LANGUAGES, default="de")

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """As in a list: family name first."""
        if self.party == Party.LEGAL:
            return self.firm
        return ", ".join(part for part in (self.family_name, self.given_name) if part)

    @property
    def spoken(self) -> str:
        """As in a letter: given name first."""
        return self.firm if self.party == Party.LEGAL else f"{self.given_name} {self.family_name}".strip()


class Particulars(NamedParty):
    """Name and address of a member from a day until the next change (§ 30 II GenG), so that old lists keep saying what they said.

    The version with `valid_until` empty is the current one. One that was corrected on its first day `is_replaced`: it holds on no day.
    `folded` is what members are searched and sorted by.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="particulars")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    is_replaced = models.BooleanField(default=False)
    folded = models.TextField(blank=True, editable=False)
    entered_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("particulars")
        verbose_name_plural = _("particulars")
        ordering: ClassVar = ["-valid_from", "-pk"]
        indexes = [models.Index(fields=["folded"], name="particulars_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["membership"], condition=Q(valid_until__isnull=True), name="particulars_one_current"),
            models.UniqueConstraint(fields=["membership", "valid_from"], condition=Q(is_replaced=False), name="particulars_one_from_a_day"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="particulars_end_after_they_began"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A stakeholder group of a cooperative: employees, partners, customers, supporters, or one of its own."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="groups")
    key = models.SlugField(max_length=40)
    name = models.CharField(_("Name"), max_length=80)
    name_en = models.CharField(_("Name in English"), max_length=80, blank=True)
    note = models.CharField(_("Who belongs to it"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField(_("Can be chosen when joining"), default=True)

    class Meta:
        verbose_name = _("stakeholder group")
        verbose_name_plural = _("stakeholder groups")
        ordering: ClassVar = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["cooperative", "key"], name="group_key_once")]

    def __str__(self) -> str:
        return self.name


class GroupTime(models.Model):
    """From when to when a member belongs to a group; at most one group on a day, the history stays."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="group_times")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="times")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day

    class Meta:
        ordering: ClassVar = ["-since", "-pk"]
        indexes = [models.Index(fields=["group", "since"], name="grouptime_by_group")]
        constraints = [
            models.UniqueConstraint(fields=["membership"], condition=Q(until__isnull=True), name="grouptime_one_current"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="grouptime_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.group_id}"


class ShareKind(models.TextChoices):
    """Why the number of shares of a member changes."""

    OPENING = "opening", _("carried over")
    SUBSCRIBE = "subscribe", _("subscribed")
    TRANSFER_IN = "transfer_in", _("taken over from another member")
    TRANSFER_OUT = "transfer_out", _("transferred to another member")
    CANCEL = "cancel", _("given up")
    REVERSAL = "reversal", _("reversed")


GIVES = ("opening", "subscribe", "transfer_in")
TAKES = ("transfer_out", "cancel")


class ShareEntry(models.Model):
    """One line of the share ledger. Never changed (the database refuses it), only reversed by another line; holdings are sums.

    `quantity` is signed. `effective_on` is the first day on which it counts: shares given up with an exit on 31 December are gone from
    1 January. `partner` is the other member of a transfer.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="share_entries")
    kind = models.CharField(max_length=12, choices=ShareKind.choices)
    quantity = models.IntegerField()
    share_cents = models.PositiveBigIntegerField()  # what a share was worth by the statute
    declared_on = models.DateField()
    effective_on = models.DateField()
    partner = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    evidence = models.CharField(max_length=300, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("entry of the share ledger")
        verbose_name_plural = _("share ledger")
        ordering: ClassVar = ["effective_on", "pk"]
        indexes = [models.Index(fields=["membership", "effective_on"], name="shareentry_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=GIVES, quantity__gt=0) | Q(kind__in=TAKES, quantity__lt=0) | Q(kind="reversal") & ~Q(quantity=0),
                name="shareentry_sign_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | ~Q(kind="reversal") & Q(reverses__isnull=True),
                name="shareentry_reversal_knows_what",
            ),
            models.CheckConstraint(
                condition=Q(kind__startswith="transfer", partner__isnull=False) | ~Q(kind__startswith="transfer"),
                name="shareentry_transfer_has_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.quantity:+d}"


class Look(models.TextChoices):
    """What somebody saw of the register, or took away."""

    NAMES = "names", _("the list with names")
    MEMBER = "member", _("the page of a member")
    CHANGE = "change", _("a change of data")
    EXTRACT = "extract", _("own entries as PDF")
    INSPECTION = "inspection", _("the list of members (§ 31 GenG)")
    CSV = "csv", _("the list as CSV")
    XLSX = "xlsx", _("the list as XLSX")
    PDF = "pdf", _("the list as PDF")
    AUDIT = "audit", _("the auditor’s folder")


class Inspection(models.Model):
    """Somebody looked at names of the register, or took a list away: who, why, how many (§ 31 GenG). Kept as long as the register's proofs.

    `inspector` names third parties with a legitimate interest, whom somebody with an office let look.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="inspections")
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="inspections")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=14)  # an office, "member" or "third"
    what = models.CharField(max_length=20, choices=Look.choices)
    purpose = models.CharField(_("Purpose"), max_length=300, blank=True)
    inspector = models.CharField(_("Name of the third party"), max_length=200, blank=True)
    as_of = models.DateField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["cooperative", "-at"], name="inspection_by_time"),
            models.Index(fields=["person", "at"], name="inspection_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.cooperative_id}"


class DataChange(models.Model):
    """A member asks to correct their own name or address; the administration enters it or says why not. Gone once it is decided."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="data_changes")
    fields = models.JSONField()
    from_on = models.DateField(_("Holds from"))
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["asked_at"]
        constraints = [models.UniqueConstraint(fields=["membership"], name="datachange_one_waits")]

    def __str__(self) -> str:
        return str(self.membership_id)
