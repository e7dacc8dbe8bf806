"""Innovation projects: a challenge, the way from the idea to running it, the organisations with their part, whom they look for."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.directory.audience import Audience
from allmende.directory.models import Organisation, Term
from allmende.exchange.models import Listing
from allmende.ground.text import slug
from allmende.projects import rules


class Stage(models.TextChoices):
    """How far a project is. Paused and transferred are ways out of each of them."""

    IDEA = rules.IDEA, _("Idea")
    CONCEPT = rules.CONCEPT, _("Concept")
    PILOT = rules.PILOT, _("Pilot")
    RUNNING = rules.RUNNING, _("Running")
    DONE = rules.DONE, _("Done")
    PAUSED = rules.PAUSED, _("Paused")
    TRANSFERRED = rules.TRANSFERRED, _("Transferred")


class PartKind(models.TextChoices):
    """What an organisation does in a project."""

    LEAD = rules.LEAD, _("leads")
    PARTNER = rules.PARTNER, _("partner")
    SUPPORTER = rules.SUPPORTER, _("supports")


class PartState(models.TextChoices):
    """Each organisation says itself whether it takes part."""

    ASKED = rules.ASKED, _("asked")
    CONFIRMED = rules.CONFIRMED, _("confirmed")
    DECLINED = rules.DECLINED, _("declined")
    LEFT = rules.LEFT, _("left")


class Project(models.Model):
    """An innovation project. `organisation` answers for its page; the organisations that carry it are its parts.

    `adopted_from` is the project whose line it continues ("we do this too").
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="projects")
    title = models.CharField(_("Title"), max_length=140)
    summary = models.CharField(_("In one sentence"), max_length=300)
    challenge = models.TextField(_("Which problem does it solve?"), max_length=8_000)
    audience_text = models.CharField(_("For whom?"), max_length=300, blank=True)
    text = models.TextField(_("How it works"), blank=True, max_length=20_000)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.IDEA)
    funding = models.TextField(_("Funding"), blank=True, max_length=2_000)
    results = models.TextField(_("Results"), blank=True, max_length=8_000)
    licence = models.CharField(_("Licence of the results"), max_length=60, blank=True)
    links = models.JSONField(default=list, blank=True)  # [{"label": ..., "url": ...}]
    sdgs = models.ManyToManyField(Term, blank=True, related_name="+")
    audience = models.CharField(_("Who sees it"), max_length=10, choices=Audience.choices, default=Audience.NETWORK)
    chosen = models.ManyToManyField(Organisation, blank=True, related_name="+")
    adopted_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="adoptions")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="de")
    is_draft = models.BooleanField(default=True)
    hidden_at = models.DateTimeField(null=True, blank=True)  # taken off after a report
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering: ClassVar = ["-changed_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(adopted_from=models.F("id")), name="project_not_adopted_from_itself")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("projects:project", args=[self.pk, slug(self.title, 60) or "projekt"])


class Step(models.Model):
    """That a project came to a stage: when, and one sentence why. Steps are added, never changed."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    on = models.DateField(_("Since when"))
    sentence = models.CharField(_("What happened, in one sentence"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.stage}"


class Part(models.Model):
    """What an organisation does in a project. It counts, and is shown, only once the organisation has confirmed it itself."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="project_parts")
    kind = models.CharField(max_length=10, choices=PartKind.choices)
    contribution = models.CharField(_("What do you bring in?"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=PartState.choices, default=PartState.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation"], name="part_once_per_project"),
            models.CheckConstraint(
                condition=Q(state=rules.ASKED, answered_at__isnull=True) | (~Q(state=rules.ASKED) & Q(answered_at__isnull=False)),
                name="part_answered_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.project_id}"


class Wanted(models.Model):
    """A partner a project looks for: a need of its organisation, matched like every other."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="wanted")
    listing = models.OneToOneField(Listing, on_delete=models.CASCADE, related_name="wanted_by")

    def __str__(self) -> str:
        return f"{self.project_id} {self.listing_id}"


class Update(models.Model):
    """News of a project, in its own words."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="updates")
    title = models.CharField(_("Title"), max_length=140)
    text = models.TextField(_("Text"), max_length=8_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title
