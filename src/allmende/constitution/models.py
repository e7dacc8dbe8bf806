"""What a cooperative gives itself: that it runs its membership here, its statute in versions, who holds which office."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from allmende.constitution import rules
from allmende.directory.models import Organisation
from allmende.directory.queries import public_name


class Cooperative(models.Model):
    """An organisation that runs its membership here: a cooperative, an association or a network. Its address is its entry's.

    `next_number` is the next member number; whoever hands one out has locked this row.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="cooperative")
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    letter_address = models.CharField(_("Address on letters"), max_length=300, blank=True)
    letter_email = models.EmailField(_("E-mail for members"), blank=True)
    audit_association = models.CharField(_("Auditing association"), max_length=200, blank=True)  # name and seat, § 54 GenG
    is_joinable = models.BooleanField(_("Declarations of accession can be made here"), default=False)
    welcome = models.TextField(_("Words of welcome"), max_length=4_000, blank=True)
    privacy = models.TextField(_("Data protection notice"), max_length=20_000, blank=True)
    is_embeddable = models.BooleanField(_("The joining page may stand on other websites"), default=False)
    next_number = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("cooperative")
        verbose_name_plural = _("cooperatives")

    def __str__(self) -> str:
        return self._called

    @cached_property
    def _called(self) -> str:
        """Public pages and letters say it, so a registered name that the entry shows to few is not used."""
        return public_name(self.organisation)


class Liability(models.TextChoices):
    """What members owe beyond their shares in an insolvency (§ 6 Nr. 3 GenG)."""

    NONE = "none", _("none beyond the shares")
    LIMITED = "limited", _("limited to an amount per share")
    UNLIMITED = "unlimited", _("unlimited")


class Form(models.TextChoices):
    """How something must be declared. Text form is enough by law since 2025; a statute may ask for more (§§ 15, 43, 65 GenG)."""

    TEXT = "text", _("text form")
    WRITTEN = "written", _("in writing, with a signature")


class InvestingVote(models.TextChoices):
    """Whether investing members vote (§ 8 II GenG). Without a rule they do not: the safe default."""

    NONE = "none", _("no vote")
    LIMITED = "limited", _("a vote that never outvotes the others")


class StatuteState(models.TextChoices):
    """A draft can be changed; one that was adopted never again. What was adopted by mistake is withdrawn before it holds."""

    DRAFT = "draft", _("Draft")
    ADOPTED = "adopted", _("Adopted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Statute(models.Model):
    """One version of a statute: every number the house counts with, the document, and since when it holds.

    In force on a day is the adopted version with the latest `valid_from` up to that day. `places` says where in the statute a rule
    stands: {"notice_months": "§ 8 Abs. 2"}. The document lies under `document`, with its SHA-256.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="statutes")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=StatuteState.choices, default=StatuteState.DRAFT)
    valid_from = models.DateField(_("Holds from"))
    adopted_on = models.DateField(_("Resolved on"), null=True, blank=True)
    registered_on = models.DateField(_("Entered in the register on"), null=True, blank=True)
    is_mostly_entrepreneurs = models.BooleanField(_("More than three quarters of the members are entrepreneurs"), default=False)
    # shares
    share_cents = models.PositiveBigIntegerField(_("A share"), validators=[MinValueValidator(1)])
    mandatory_shares = models.PositiveIntegerField(_("Mandatory shares"), default=1, validators=[MinValueValidator(1)])
    max_shares = models.PositiveIntegerField(_("Most shares"), null=True, blank=True)
    paid_in_cents = models.PositiveBigIntegerField(_("To be paid at once per share"))
    instalment_cents = models.PositiveBigIntegerField(_("Instalment per share"), default=0)
    instalment_months = models.PositiveSmallIntegerField(_("Months between instalments"), default=1, validators=[MinValueValidator(1)])
    entry_fee_cents = models.PositiveBigIntegerField(_("Entry fee"), default=0)
    minimum_capital_cents = models.PositiveBigIntegerField(_("Minimum capital"), default=0)
    minimum_capital_permille = models.PositiveSmallIntegerField(_("Minimum capital as a part"), default=0)
    liability = models.CharField(_("Liability"), max_length=10, choices=Liability.choices, default=Liability.NONE)
    liability_cents = models.PositiveBigIntegerField(_("Liable sum per share"), default=0)
    # time
    fiscal_month = models.PositiveSmallIntegerField(_("The fiscal year ends with the month"), default=12)
    notice_months = models.PositiveSmallIntegerField(_("Months of notice"), default=rules.LEAST_NOTICE_MONTHS)
    payout_months = models.PositiveSmallIntegerField(_("Months until the settlement is paid"), default=rules.PAYOUT_MONTHS)
    convocation_days = models.PositiveSmallIntegerField(_("Days of convocation"), default=rules.LEAST_CONVOCATION_DAYS)
    agenda_days = models.PositiveSmallIntegerField(_("Days for further items"), default=rules.LEAST_AGENDA_DAYS)
    # form
    joining_form = models.CharField(_("Form of joining"), max_length=8, choices=Form.choices, default=Form.TEXT)
    exit_form = models.CharField(_("Form of notice"), max_length=8, choices=Form.choices, default=Form.TEXT)
    proxy_form = models.CharField(_("Form of proxies"), max_length=8, choices=Form.choices, default=Form.TEXT)
    text_form_since = models.DateField(_("Text form allowed by the board since"), null=True, blank=True)
    text_form_evidence = models.CharField(_("Resolution that allows it"), max_length=300, blank=True)
    # people
    has_investing = models.BooleanField(_("Investing members"), default=False)
    investing_vote = models.CharField(
        _("Vote of investing members"), max_length=8, choices=InvestingVote.choices, default=InvestingVote.NONE
    )
    has_supervisory = models.BooleanField(_("Supervisory board"), default=True)
    board_size = models.PositiveSmallIntegerField(_("Members of the board"), default=rules.LEAST_BOARD)
    heirs_continue_months = models.PositiveSmallIntegerField(_("Months in which heirs may continue"), default=0)
    is_tied_to_district = models.BooleanField(_("Membership is tied to living in the district"), default=False)
    exclusion_reasons = models.TextField(_("Reasons for exclusion"), max_length=4_000, blank=True)
    # decisions
    change_permille = models.PositiveSmallIntegerField(_("Majority for changes of the statute"), default=rules.STATUTE_CHANGE)
    duties_permille = models.PositiveSmallIntegerField(_("Majority for new duties"), default=rules.NEW_DUTIES)
    petition_permille = models.PositiveSmallIntegerField(_("Members who can demand an assembly"), default=rules.PETITION)
    most_votes = models.PositiveSmallIntegerField(_("Most votes of one member"), default=1)
    # surplus
    pays_out_surplus = models.BooleanField(_("Surplus may be distributed"), default=True)
    reserve_permille = models.PositiveSmallIntegerField(_("Part of the surplus for the legal reserve"), default=100)
    interest_permille = models.PositiveSmallIntegerField(_("Most interest on the capital"), default=0)
    has_refund = models.BooleanField(_("Patronage refund"), default=False)
    places = models.JSONField(default=dict, blank=True)
    text = models.TextField(_("Text of the statute"), max_length=200_000, blank=True)
    document = models.CharField(max_length=200, blank=True, editable=False)  # name of the uploaded file
    document_size = models.PositiveIntegerField(default=0, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("statute")
        verbose_name_plural = _("statutes")
        ordering: ClassVar = ["-valid_from", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "version"], name="statute_version_once"),
            models.UniqueConstraint(fields=["cooperative", "valid_from"], condition=Q(state="adopted"), name="statute_one_from_a_day"),
            models.UniqueConstraint(fields=["cooperative"], condition=Q(state="draft"), name="statute_one_draft"),
            models.CheckConstraint(condition=Q(share_cents__gte=1, mandatory_shares__gte=1), name="statute_share_is_worth_something"),
            models.CheckConstraint(
                condition=Q(paid_in_cents__lte=F("share_cents")) & Q(paid_in_cents__gte=F("share_cents") / 10),
                name="statute_paid_in_a_tenth_to_all",
            ),
            models.CheckConstraint(
                condition=Q(max_shares__isnull=True) | Q(max_shares__gte=F("mandatory_shares")), name="statute_most_not_below_mandatory"
            ),
            models.CheckConstraint(condition=Q(fiscal_month__gte=1, fiscal_month__lte=12), name="statute_fiscal_month_is_one"),
            models.CheckConstraint(
                condition=Q(notice_months__gte=rules.LEAST_NOTICE_MONTHS, notice_months__lte=rules.MOST_NOTICE_MONTHS_ENTREPRENEURS),
                name="statute_notice_as_the_law_allows",
            ),
            models.CheckConstraint(condition=~Q(liability="limited") | Q(liability_cents__gte=F("share_cents")), name="statute_liable_sum"),
        ]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.version}"


class OfficeKind(models.TextChoices):
    """What somebody may do here for a cooperative. Board and supervisory board are offices of the law, the others are tasks."""

    BOARD = "board", _("Board")
    SUPERVISORY = "supervisory", _("Supervisory board")
    ADMINISTRATION = "administration", _("Member administration")
    BOOKKEEPING = "bookkeeping", _("Bookkeeping")
    AUDIT = "audit", _("Audit")
    OTHER = "other", _("other task")


class Office(models.Model):
    """Who holds which office from when until when, elected by whom. Ended ones stay: former boards are asked about for years.

    `holder` is the name in the minutes; `person` the account that may act, empty once it is erased. `discharged_on`: the assembly has
    discharged a former board member, who may then be elected to the supervisory board (§ 37 II GenG).
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="offices")
    kind = models.CharField(_("Office"), max_length=14, choices=OfficeKind.choices)
    title = models.CharField(_("Title"), max_length=120, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="offices")
    holder = models.CharField(_("Name"), max_length=200)
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"), null=True, blank=True)  # the last day; a term that is known in advance, too
    elected_by = models.CharField(_("Elected or named by"), max_length=200, blank=True)
    discharged_on = models.DateField(_("Discharged on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering: ClassVar = ["kind", "-since", "pk"]
        indexes = [models.Index(fields=["person", "cooperative"], name="office_of_person")]
        constraints = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="office_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.cooperative_id}"
