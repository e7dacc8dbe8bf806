"""The register of resolutions: what was decided, by which rule and votes, who carries it out by when, and what became of it.

A draft has no number. Once it is entered, wording and result never change (the database refuses it); what comes after is a report,
a new plan with its reason, or another resolution that revokes or replaces it.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.ballots.models import Ballot
from allmende.constitution.models import Cooperative

PERSON = settings.AUTH_USER_MODEL


class Body(models.TextChoices):
    """Who decided."""

    MEMBERS = "members", _("Members")
    ASSEMBLY = "assembly", _("General assembly")
    BOARD = "board", _("Board")
    SUPERVISORY = "supervisory", _("Supervisory board")
    CIRCLE = "circle", _("Circle")
    OTHER = "other", _("other body")


class State(models.TextChoices):
    """Where a resolution stands. Overdue is none of them: it is computed with the day."""

    DRAFT = "draft", _("Draft")
    IN_WORK = "in_work", _("in progress")
    DONE = "done", _("carried out")
    REJECTED = "rejected", _("not adopted")
    REVOKED = "revoked", _("revoked")


class Visibility(models.TextChoices):
    """Who reads it."""

    MEMBERS = "members", _("members")
    PUBLIC = "public", _("everybody")


class Resolution(models.Model):
    """One decision of a cooperative, in the register under a number of its year without gaps ("2026/07").

    `year` is the year in which it was decided. `outcome` says in plain words what follows from it. `ballot` and the thing
    (`about_kind`, `about_id`) say where it comes from.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="resolutions")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    serial = models.PositiveIntegerField(null=True, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.DRAFT)
    title = models.CharField(_("Title"), max_length=200)
    wording = models.TextField(_("Wording"), max_length=50_000)
    body = models.CharField(_("Who decided"), max_length=11, choices=Body.choices, default=Body.MEMBERS)
    body_label = models.CharField(_("Name of the circle or body"), max_length=120, blank=True)
    rule_words = models.CharField(_("By which rule"), max_length=500, blank=True)
    votes_words = models.CharField(_("Votes"), max_length=500, blank=True)
    is_adopted = models.BooleanField(_("Adopted"), default=True)
    ballot = models.ForeignKey(Ballot, null=True, blank=True, on_delete=models.PROTECT, related_name="resolutions")
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    decided_on = models.DateField(_("Decided on"))
    effective_on = models.DateField(_("Holds from"), null=True, blank=True)
    outcome = models.TextField(_("What follows from it"), max_length=10_000, blank=True)
    responsible = models.CharField(_("Responsible"), max_length=200, blank=True)
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="resolutions")
    due_on = models.DateField(_("Carried out by"), null=True, blank=True)
    review_on = models.DateField(_("Look at it again on"), null=True, blank=True)
    visibility = models.CharField(_("Who can read it"), max_length=7, choices=Visibility.choices, default=Visibility.MEMBERS)
    done_on = models.DateField(null=True, blank=True, editable=False)
    revoked_on = models.DateField(null=True, blank=True, editable=False)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    reminded_on = models.DateField(null=True, blank=True, editable=False)  # the due date that was reminded of
    reviewed_on = models.DateField(null=True, blank=True, editable=False)  # the review date that was reminded of
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField(null=True, blank=True, editable=False)
    entered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering: ClassVar = ["-year", "-serial", "-pk"]
        indexes = [
            models.Index(fields=["about_kind", "about_id"], name="resolution_about", condition=~Q(about_kind="")),
            models.Index(fields=["state", "due_on"], name="resolution_by_due"),
            models.Index(fields=["person", "state"], name="resolution_of_person", condition=Q(person__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "year", "serial"], name="resolution_number_once"),
            models.UniqueConstraint(fields=["ballot"], condition=Q(ballot__isnull=False), name="resolution_one_for_a_ballot"),
            models.CheckConstraint(
                condition=Q(state="draft", serial__isnull=True, year__isnull=True)
                | ~Q(state="draft") & Q(serial__gte=1, year__isnull=False, entered_at__isnull=False),
                name="resolution_entered_has_a_number",
            ),
            models.CheckConstraint(condition=Q(revoked_on__isnull=True) | Q(state="revoked"), name="resolution_revoked_is_revoked"),
            models.CheckConstraint(condition=Q(state="draft") | ~Q(outcome=""), name="resolution_entered_says_what_follows"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """As people cite it: 2026/07. Empty for a draft."""
        return f"{self.year}/{self.serial:02d}" if self.serial else ""

    @property
    def slug(self) -> str:
        """Of the entry in whose address it stands."""
        return self.cooperative.organisation.slug


class MeasureState(models.TextChoices):
    """Where a measure stands."""

    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class Measure(models.Model):
    """Something that has to be done for a resolution: who, until when. `note` says how it was done or why it was dropped."""

    resolution = models.ForeignKey(Resolution, on_delete=models.CASCADE, related_name="measures")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    text = models.CharField(_("What is to be done"), max_length=500)
    responsible = models.CharField(_("Responsible"), max_length=200, blank=True)
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures")
    due_on = models.DateField(_("Until"), null=True, blank=True)
    state = models.CharField(max_length=7, choices=MeasureState.choices, default=MeasureState.OPEN)
    done_on = models.DateField(null=True, blank=True, editable=False)
    note = models.CharField(max_length=1_000, blank=True, editable=False)
    reminded_on = models.DateField(null=True, blank=True, editable=False)  # the due date that was reminded of
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering: ClassVar = ["pk"]
        indexes = [
            models.Index(fields=["state", "due_on"], name="measure_by_due"),
            models.Index(fields=["person", "state"], name="measure_of_person", condition=Q(person__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", done_on__isnull=True) | ~Q(state="open") & Q(done_on__isnull=False), name="measure_done_has_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Report(models.Model):
    """What became of a resolution, or a change of its plan with the reason. Never changed: a further report corrects it."""

    resolution = models.ForeignKey(Resolution, on_delete=models.CASCADE, related_name="reports")
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    text = models.TextField(_("What became of it"), max_length=10_000)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("report on a resolution")
        verbose_name_plural = _("reports on resolutions")
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]
