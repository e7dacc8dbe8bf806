"""Decisions put to the vote: question and options, rule, roll of voters, window, and the boxes into which papers fall.

Two tables of the detached box break habits of the house on purpose (docs/adr/0025): `Participation` says who took part, `Paper` what was
chosen, and nothing joins them. Both take random numbers as their keys, neither knows a time, and no line of the trail is written.
"""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative
from allmende.electorates.models import Electorate, Voter

PERSON = settings.AUTH_USER_MODEL
STUCK = "uncounted"
"""Where `Ballot.progress` says that a count failed."""


class State(models.TextChoices):
    """Closed means closed: no state leads back to open, whatever the clock says later."""

    DRAFT = "draft", _("in preparation")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed, not yet counted")
    COUNTED = "counted", _("counted")
    CANCELLED = "cancelled", _("cancelled")


class Box(models.TextChoices):
    """Where papers fall. A further kind registers itself in boxes.py."""

    OPEN = "open", _("open: names are visible to participants")
    DETACHED = "detached", _("secret: who took part and what was chosen are kept apart")


class Outcome(models.TextChoices):
    """What came out, for whoever goes on from here."""

    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    NO_QUORUM = "no_quorum", _("too few took part")
    TIE = "tie", _("tie")
    OBJECTIONS = "objections", _("objections")
    ELECTED = "elected", _("chosen")
    RANKED = "ranked", _("put in order")


class Visibility(models.TextChoices):
    """Who may read question and result."""

    MEMBERS = "members", _("members")
    PUBLIC = "public", _("everybody")


class Ballot(models.Model):
    """One decision by one rule. From opening on `rule`, options and roll are fixed; `rule_hash` is the SHA-256 over all of them.

    `result` is what the count gave, with its working; `papers_hash` the SHA-256 over the published papers, which also seeds a lot.
    `voters_count` is the size of the frozen roll. `progress` remembers how far notices were sent, by the number of the last voter, and
    whether a count failed (`stuck`).
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="ballots")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    title = models.CharField(_("Title"), max_length=200)
    question = models.CharField(_("Question"), max_length=300)
    description = models.TextField(_("What it is about"), max_length=20_000, blank=True)
    rule = models.JSONField(default=dict)
    rule_hash = models.CharField(max_length=64, blank=True, editable=False)
    electorate = models.ForeignKey(Electorate, on_delete=models.PROTECT, related_name="ballots")
    voters_count = models.PositiveIntegerField(default=0, editable=False)
    box = models.CharField(_("Ballot box"), max_length=10, choices=Box.choices, default=Box.OPEN)
    opens_at = models.DateTimeField(_("Opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("Ends"))
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    counted_at = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    result = models.JSONField(null=True, blank=True, editable=False)
    papers_hash = models.CharField(max_length=64, blank=True, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    visibility = models.CharField(_("Who reads it"), max_length=7, choices=Visibility.choices, default=Visibility.MEMBERS)
    shows_interim = models.BooleanField(_("Show the state of the count while voting goes on"), default=False)
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by")
    round = models.PositiveSmallIntegerField(default=1)
    progress = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering: ClassVar = ["-year", "-serial"]
        indexes = [
            models.Index(fields=["about_kind", "about_id"], name="ballot_about", condition=~Q(about_kind="")),
            models.Index(fields=["state", "closes_at"], name="ballot_by_end"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "year", "serial"], name="ballot_number_once"),
            models.CheckConstraint(condition=Q(opens_at__isnull=True) | Q(closes_at__gt=F("opens_at")), name="ballot_ends_after_it_opens"),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed", "counted"]) | ~Q(rule_hash="") & Q(opened_at__isnull=False),
                name="ballot_open_has_its_rule",
            ),
            models.CheckConstraint(
                condition=~Q(state="counted") | Q(result__isnull=False, counted_at__isnull=False) & ~Q(outcome=""),
                name="ballot_counted_has_a_result",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """As people cite it: A 2026-3."""
        return f"A {self.year}-{self.serial}"

    @property
    def stuck(self) -> dict[str, Any]:
        """What stood in the way of the last count: when it was tried (`at`), how often (`tries`), `why`; empty when nothing did."""
        return self.progress.get(STUCK) or {} if self.state == State.CLOSED else {}

    @property
    def slug(self) -> str:
        """Of the entry in whose address it stands."""
        return self.cooperative.organisation.slug


class Option(models.Model):
    """What can be chosen, in the order of the paper from 0. `cost_cents` belongs to budgets."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("Name"), max_length=200)
    text = models.TextField(_("Details"), max_length=4_000, blank=True)
    cost_cents = models.PositiveBigIntegerField(_("Cost"), null=True, blank=True)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering: ClassVar = ["position"]
        constraints = [models.UniqueConstraint(fields=["ballot", "position"], name="option_place_once")]

    def __str__(self) -> str:
        return self.label


class Vote(models.Model):
    """The open box: what a voter chose, last. Whoever takes part in the ballot sees it with the name on the roll."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="votes")
    voter = models.ForeignKey(Voter, on_delete=models.PROTECT, related_name="+")
    choice = models.JSONField()
    cast_at = models.DateTimeField()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(fields=["ballot", "voter"], name="vote_once")]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.voter_id}"


class Participation(models.Model):
    """The detached box: that a voter took part. Its number is random (never the order), it knows no time."""

    id = models.BigAutoField(primary_key=True)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="participations")
    voter = models.ForeignKey(Voter, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        indexes = [models.Index(fields=["ballot", "id"], name="participation_shuffled")]
        constraints = [models.UniqueConstraint(fields=["ballot", "voter"], name="participation_once")]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.voter_id}"


class Paper(models.Model):
    """The detached box: what somebody chose. `code_hash` is the SHA-256 of the ballot's uuid and the receipt code only the voter has.

    `votes`, `category`, `is_investing` are filled only where the count needs them and at least five voters share them.
    """

    id = models.BigAutoField(primary_key=True)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="papers")
    code_hash = models.CharField(max_length=64, unique=True)
    choice = models.JSONField()
    votes = models.PositiveIntegerField(default=1)
    category = models.CharField(max_length=80, blank=True)
    is_investing = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("ballot paper")
        verbose_name_plural = _("ballot papers")
        indexes = [models.Index(fields=["ballot", "id"], name="paper_shuffled")]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.code_hash[:16]}"


class ChangeKind(models.TextChoices):
    """What happened to a ballot on its way, for everybody to read."""

    PROLONGED = "prolonged", _("prolonged")
    CLOSED = "closed", _("closed early")
    CANCELLED = "cancelled", _("cancelled")


class Change(models.Model):
    """Who changed the course of a ballot, and why: shown to everybody who sees it."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=9, choices=ChangeKind.choices)
    reason = models.CharField(_("Reason"), max_length=500)
    ends_before = models.DateTimeField(null=True, blank=True)
    ends_after = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("change of a ballot")
        verbose_name_plural = _("changes of ballots")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.kind}"
