"""How membership ends: notices and the other reasons of the law, and shares that go from one member to another.

What counts is computed once, from the statute in force when the declaration came in, and kept with the paragraph it follows from.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Statute
from allmende.members.models import Membership, ShareEntry
from allmende.money.models import Payable


class Scope(models.TextChoices):
    """Whether the membership ends or only shares are given up (§ 67b GenG)."""

    ALL = "all", _("the whole membership")
    SINGLE = "single", _("single shares")


class Reason(models.TextChoices):
    """Why it ends. The first four are notices a member gives."""

    NOTICE = "notice", _("notice")
    HARDSHIP = "hardship", _("notice because of hardship")
    MOVED = "moved", _("notice because of moving away")
    STATUTE_CHANGE = "statute_change", _("notice because of a change of the statute")
    EXCLUSION = "exclusion", _("exclusion")
    DEATH = "death", _("death")
    DISSOLUTION = "dissolution", _("dissolution of the member")


NOTICES = (Reason.NOTICE, Reason.HARDSHIP, Reason.MOVED, Reason.STATUTE_CHANGE)


class State(models.TextChoices):
    """Where it stands. Received: it holds by itself, the board confirms the day. Settled: the capital was worked out and is owed."""

    RECEIVED = "received", _("came in")
    CONFIRMED = "confirmed", _("confirmed")
    SETTLED = "settled", _("settled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    UNDONE = "undone", _("undone")


OPEN = ("received", "confirmed")


class Termination(models.Model):
    """The end of a membership, or of some of its shares: what was declared, what follows by which rule, what became of it.

    `effective_on` is the last day of the membership (of the shares). `event_on` is the day the reason happened: of moving, of the
    change of the statute, of the death. `contact` names who is written to for a member who died; it goes with the settlement.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="terminations")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    scope = models.CharField(_("What ends"), max_length=6, choices=Scope.choices, default=Scope.ALL)
    quantity = models.PositiveIntegerField(_("Shares"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=14, choices=Reason.choices, default=Reason.NOTICE)
    received_on = models.DateField(_("Received on"))
    event_on = models.DateField(null=True, blank=True)
    statute = models.ForeignKey(Statute, on_delete=models.PROTECT, related_name="terminations")
    rule = models.CharField(max_length=14)
    paragraph = models.CharField(max_length=20)
    effective_on = models.DateField(_("Ends with"))
    payout_due_on = models.DateField(_("Payout until"))
    declared_text = models.TextField(max_length=10_000, blank=True)
    words = models.TextField(_("Reasons"), max_length=4_000, blank=True)
    hearing = models.TextField(_("Hearing"), max_length=4_000, blank=True)
    contact = models.TextField(_("Contact of the heirs"), max_length=500, blank=True)
    evidence = models.CharField(_("Evidence"), max_length=300, blank=True)
    dispatched_on = models.DateField(_("Letter sent on"), null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVED)
    wants_back_at = models.DateTimeField(null=True, blank=True)  # the member asks the board to let it be taken back
    share_entry = models.ForeignKey(ShareEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accounts_on = models.DateField(_("Annual accounts approved on"), null=True, blank=True)
    capital_cents = models.PositiveBigIntegerField(null=True, blank=True)
    loss_cents = models.PositiveBigIntegerField(null=True, blank=True)
    settled_cents = models.PositiveBigIntegerField(null=True, blank=True)
    payable = models.OneToOneField(Payable, null=True, blank=True, on_delete=models.PROTECT, related_name="termination")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reminded_on = models.DateField(null=True, blank=True)  # when the board was told last that it can be settled
    closed_at = models.DateTimeField(null=True, blank=True)  # withdrawn or undone
    closed_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("exit")
        verbose_name_plural = _("exits")
        ordering: ClassVar = ["effective_on", "pk"]
        indexes = [models.Index(fields=["state", "effective_on"], name="termination_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["membership", "scope"], condition=Q(state__in=OPEN), name="termination_one_open_per_scope"),
            models.CheckConstraint(
                condition=Q(scope="all", quantity__isnull=True) | Q(scope="single", quantity__gte=1),
                name="termination_single_says_how_many",
            ),
            models.CheckConstraint(condition=Q(payout_due_on__gt=F("effective_on")), name="termination_paid_after_the_end"),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_cents__isnull=False, capital_cents__isnull=False, loss_cents__isnull=False),
                name="termination_settled_with_sums",
            ),
            models.CheckConstraint(
                condition=Q(settled_cents__isnull=True) | Q(settled_cents__lte=F("capital_cents") - F("loss_cents")),
                name="termination_settles_no_more_than_there_is",
            ),
            models.CheckConstraint(
                condition=Q(scope="all") | Q(reason__in=("notice", "hardship")), name="termination_single_by_notice_only"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.scope} {self.effective_on}"

    @property
    def is_open(self) -> bool:
        """Whether it still takes its course."""
        return self.state in OPEN

    @property
    def is_notice(self) -> bool:
        """Whether the member gave notice, for whichever reason."""
        return self.reason in NOTICES


class TransferState(models.TextChoices):
    """Wanted: the giver has declared. Agreed: the taker has, too. Done: the board has agreed and the shares have gone over."""

    WANTED = "wanted", _("the taker has to agree")
    AGREED = "agreed", _("the board has to agree")
    DONE = "done", _("transferred")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_TRANSFERS = ("wanted", "agreed")


class Transfer(models.Model):
    """Shares that are to go from one member to another (§ 76 GenG). Without a taker yet: to somebody who joins first.

    `newcomer` is what the giver calls that person; it goes as soon as the transfer is done or off.
    """

    giver = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="transfers_out")
    taker = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="transfers_in")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    quantity = models.PositiveIntegerField(_("Shares"))
    newcomer = models.CharField(_("Name of who joins"), max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=TransferState.choices, default=TransferState.WANTED)
    declared_on = models.DateField()
    declared_text = models.TextField(max_length=10_000, blank=True)
    evidence = models.CharField(_("Evidence"), max_length=300, blank=True)
    taken_on = models.DateField(null=True, blank=True)  # when the taker declared
    taken_text = models.TextField(max_length=10_000, blank=True)
    taken_evidence = models.CharField(max_length=300, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    entry = models.ForeignKey(ShareEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("transfer of shares")
        verbose_name_plural = _("transfers of shares")
        ordering: ClassVar = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["giver"], condition=Q(state__in=OPEN_TRANSFERS), name="transfer_one_open_of_a_giver"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="transfer_of_something"),
            models.CheckConstraint(condition=Q(taker__isnull=True) | ~Q(taker=F("giver")), name="transfer_between_two"),
            models.CheckConstraint(condition=~Q(state__in=("agreed", "done")) | Q(taker__isnull=False), name="transfer_agreed_by_a_taker"),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} {self.quantity}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to say something."""
        return self.state in OPEN_TRANSFERS
