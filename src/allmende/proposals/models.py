"""Proposals: their text in versions of numbered paragraphs, who wrote them, who supports them, what was decided about them."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.constitution.models import Cooperative
from allmende.proposals import rules


class State(models.TextChoices):
    """From the draft to what was decided."""

    DRAFT = rules.DRAFT, _("Draft")
    COLLECTING = rules.COLLECTING, _("Collecting support")
    DELIBERATION = rules.DELIBERATION, _("In deliberation")
    DECISION = rules.DECISION, _("Being decided")
    ACCEPTED = rules.ACCEPTED, _("Accepted")
    REJECTED = rules.REJECTED, _("Rejected")
    WITHDRAWN = rules.WITHDRAWN, pgettext_lazy("proposal", "Withdrawn")


class Visibility(models.TextChoices):
    """Who reads it beside its authors."""

    MEMBERS = "members", _("the members")
    PUBLIC = "public", _("everybody")


class Admission(models.Model):
    """How proposals are admitted to deliberation in a cooperative; without a row they are admitted at once."""

    cooperative = models.OneToOneField(Cooperative, on_delete=models.PROTECT, related_name="proposal_admission")
    supporters_needed = models.PositiveIntegerField(
        _("Supporters needed"), default=0, validators=[MaxValueValidator(rules.MOST_SUPPORTERS)]
    )
    needs_office = models.BooleanField(_("Board or administration admit each proposal"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("admission of proposals")
        verbose_name_plural = _("admissions of proposals")

    def __str__(self) -> str:
        return f"{self.cooperative_id}: {self.supporters_needed}"


class Proposal(models.Model):
    """What shall be decided. `newest` is the number of its newest version; title and summary are that version's.

    `supporters_needed` and `needs_office` are as the rule said when it was brought in: a later rule changes nothing for it.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="proposals")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    title = models.CharField(_("Title"), max_length=rules.TITLE_LIMIT)
    summary = models.TextField(_("Summary"), max_length=rules.SUMMARY_LIMIT, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    visibility = models.CharField(max_length=7, choices=Visibility.choices, default=Visibility.MEMBERS)
    idea = models.ForeignKey("ideas.Idea", null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals")
    supporters_needed = models.PositiveIntegerField(default=0)
    needs_office = models.BooleanField(default=False)
    newest = models.PositiveIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    brought_in_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    last_word = models.CharField(max_length=1_000, blank=True)  # why it was sent back or withdrawn

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering: ClassVar = ["-year", "-serial"]
        indexes = [models.Index(fields=["cooperative", "state", "-changed_at"], name="proposal_of_state")]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "year", "serial"], name="proposal_number_once"),
            models.CheckConstraint(condition=Q(newest__gte=1, round__gte=1), name="proposal_counts_from_one"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "rejected"]) | Q(decided_at__isnull=False), name="proposal_decided_some_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def number(self) -> str:
        """How it is spoken of: V 2026-14."""
        return f"V {self.year}-{self.serial}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("proposals:proposal", args=[self.cooperative.organisation.slug, self.year, self.serial])


class Version(models.Model):
    """What a proposal said from a moment on. `amendment` is the number of the one it comes from; versions are never changed."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=rules.TITLE_LIMIT)
    summary = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    why = models.CharField(_("What changed and why"), max_length=500, blank=True)
    amendment = models.PositiveIntegerField(null=True, blank=True)
    is_undoing = models.BooleanField(default=False)  # takes the amendment out again
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("version of a proposal")
        verbose_name_plural = _("versions of proposals")
        ordering: ClassVar = ["-number"]
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="proposal_version_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number}"


class Paragraph(models.Model):
    """One numbered paragraph of a version. `key` is the same in all versions; `origin` the amendment its words come from."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="paragraphs")
    position = models.PositiveSmallIntegerField()
    key = models.UUIDField(default=uuid4)
    text = models.TextField()
    origin = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        ordering: ClassVar = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="paragraph_place_once"),
            models.UniqueConstraint(fields=["version", "key"], name="paragraph_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.position}"


class Author(models.Model):
    """Who writes a proposal; invited until they accept. The first one brought it up."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("author of a proposal")
        verbose_name_plural = _("authors of proposals")
        ordering: ClassVar = ["pk"]
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="proposal_author_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.person_id}"


class Support(models.Model):
    """Somebody supports a proposal and hears what becomes of it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="supports")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("support of a proposal")
        verbose_name_plural = _("supports of proposals")
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="proposal_supported_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.person_id}"


class Round(models.Model):
    """A decision about a proposal that was counted: what came out, and the objections that sent it back to deliberation."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    ballot = models.ForeignKey("ballots.Ballot", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField()  # what was decided about
    outcome = models.CharField(max_length=12)
    objections = models.JSONField(default=list, blank=True)  # their words, without names
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("round of deciding")
        verbose_name_plural = _("rounds of deciding")
        ordering: ClassVar = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["proposal", "ballot"], name="proposal_round_of_ballot_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number} {self.outcome}"
