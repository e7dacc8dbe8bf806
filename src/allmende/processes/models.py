"""Processes: the phases of a matter with their dates, what each opens, and why that was changed."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative
from allmende.processes import rules


class Template(models.TextChoices):
    """After which template a process was planned."""

    ADVICE = "advice", _("Advice process")
    CONSENT = "consent", _("Consent round")
    CONSULTATION = "consultation", _("Open consultation")
    AMENDMENTS = "amendments", _("Amendment phase")
    DECISION = "decision", _("Decision")


class Kind(models.TextChoices):
    """What a phase is for."""

    ADVICE = "advice", _("Advice")
    QUESTIONS = "questions", _("Questions")
    DELIBERATION = "deliberation", _("Deliberation")
    CONSULTATION = "consultation", _("Consultation")
    EVALUATION = "evaluation", _("Evaluation")
    AMENDMENTS = "amendments", _("Amendments")
    INTEGRATION = "integration", _("Final text")
    CONSENT = "consent", _("Consent")
    DECISION = "decision", _("Decision")
    OTHER = "other", _("Phase")


class Door(models.TextChoices):
    """What a phase opens."""

    EDIT = "edit", _("Authors change the text")
    SUPPORT = "support", _("Support")
    ARGUMENTS = "arguments", _("Arguments and questions")
    OPINIONS = "opinions", _("Opinion landscape")
    AMENDMENTS = "amendments", _("Propose amendments")
    CONSENT = "consent", _("Consent or object")
    VOTE = "vote", _("Vote")


class State(models.TextChoices):
    """Which phase runs is a matter of the clock; here stands only whether a process was closed."""

    ACTIVE = "active", _("active")
    ENDED = "ended", _("ended")


class Process(models.Model):
    """The way of one thing through its phases. A thing has one that is active; closed ones stay."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="processes")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("Name"), max_length=rules.LONGEST_TITLE)
    template = models.CharField(_("Template"), max_length=12, choices=Template.choices)
    about_kind = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.ACTIVE)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["about_kind", "about_id"], name="process_of_thing")]
        constraints = [
            models.UniqueConstraint(fields=["about_kind", "about_id"], condition=Q(state="active"), name="process_one_active_per_thing"),
            models.CheckConstraint(condition=~Q(state="ended") | Q(ended_at__isnull=False), name="process_ended_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("processes:process", args=[self.cooperative.organisation.slug, self.uuid])


class Phase(models.Model):
    """One phase: what it opens, from when until when. `told_of_`: that people were told, so that nobody is told twice."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(_("Name"), max_length=rules.LONGEST_PHASE, blank=True)
    doors: Any = models.JSONField(default=list)
    starts_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("Ends"))
    told_of_start_at = models.DateTimeField(null=True, blank=True)
    told_of_end_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at", "position"]
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(told_of_start_at__isnull=True), name="phase_to_tell_start"),
            models.Index(fields=["ends_at"], condition=Q(told_of_end_at__isnull=True), name="phase_to_tell_end"),
        ]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="phase_ends_after_start")]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """The name it was given, or what it is for."""
        return self.title or str(self.get_kind_display())


class Change(models.Model):
    """A change of a started process: why, and how the phases stood before and after."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(_("Reason"), max_length=rules.LONGEST_REASON)
    before: Any = models.JSONField()
    after: Any = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="process_change_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.process_id}: {self.at:%Y-%m-%d}"
