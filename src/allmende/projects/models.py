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
    RUNNING = rules.RUNNING, _("In operation")
    DONE = rules.DONE, _("Done")
    PAUSED = rules.PAUSED, _("Paused")
    TRANSFERRED = rules.TRANSFERRED, _("Transferred")


class PartKind(models.TextChoices):
    """What an organisation does in a project."""

    LEAD = rules.LEAD, _("leads")
    PARTNER = rules.PARTNER, _("partner")
    SUPPORTER = rules.SUPPORTER, _("supports")


class PartState(models.TextChoices):
    """Each organisation says itself whether it takes part; to one that offered itself the project says yes or no."""

    ASKED = rules.ASKED, _("asked")
    OFFERED = rules.OFFERED, _("has offered itself")
    CONFIRMED = rules.CONFIRMED, _("confirmed")
    DECLINED = rules.DECLINED, _("declined")
    LEFT = rules.LEFT, _("left")


class Licence(models.TextChoices):
    """What others may do with the texts and results."""

    CC0 = "CC0-1.0", _("CC0 1.0: free for everybody, without conditions")
    CC_BY = "CC-BY-4.0", _("CC BY 4.0: free, with your name")
    CC_BY_SA = "CC-BY-SA-4.0", _("CC BY-SA 4.0: free, with your name, under the same licence again")
    MIT = "MIT", _("MIT: software, free, with your name")
    AGPL = "AGPL-3.0-or-later", _("AGPL 3.0 or later: software, changes stay free")
    EUPL = "EUPL-1.2", _("EUPL 1.2: software, changes stay free, in all languages of the EU")
    RESERVED = rules.RESERVED, _("All rights reserved")


LICENCE_PAGES = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/deed.de",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/deed.de",
    Licence.MIT: "https://spdx.org/licenses/MIT.html",
    Licence.AGPL: "https://www.gnu.org/licenses/agpl-3.0.html",
    Licence.EUPL: "https://eupl.eu/1.2/de/",
}


class Project(models.Model):
    """An innovation project. `organisation` answers for its page; the organisations that carry it are its parts.

    `adopted_from` is the project whose line it continues ("we do this too"). `handover_to` has been asked to answer for it from now on.
    `folded` is what the list is searched by, written with every change.
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
    licence = models.CharField(_("Licence of texts and results"), max_length=60, choices=Licence.choices, blank=True)
    links = models.JSONField(default=list, blank=True)  # [{"label": ..., "url": ...}]
    sdgs = models.ManyToManyField(Term, blank=True, related_name="+")
    audience = models.CharField(_("Who sees it"), max_length=10, choices=Audience.choices, default=Audience.NETWORK)
    chosen = models.ManyToManyField(Organisation, blank=True, related_name="+")
    adopted_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="adoptions")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="de")
    is_draft = models.BooleanField(default=True)
    published_at = models.DateTimeField(null=True, blank=True)  # for the first time
    hidden_at = models.DateTimeField(null=True, blank=True)  # taken off after a report
    hidden_reason = models.CharField(max_length=300, blank=True)
    handover_to = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    folded = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering: ClassVar = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["is_draft", "-changed_at"], name="project_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(adopted_from=models.F("id")), name="project_not_adopted_from_itself"),
            models.CheckConstraint(condition=Q(is_draft=True) | Q(published_at__isnull=False), name="project_published_at_a_moment"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("projects:project", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """The readable end of its address; never a word that means something else there."""
        word = slug(self.title, 60) or "projekt"
        return f"{word}-projekt" if word in rules.TAKEN_WORDS else word


class Step(models.Model):
    """That a project came to a stage: when, and one sentence why. Steps are never changed; the newest can be taken back for a day."""

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
    left_at = models.DateTimeField(null=True, blank=True)
    word = models.CharField(_("A word on it"), max_length=300, blank=True)  # said when asking, declining or leaving; the last one
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation"], name="part_once_per_project"),
            models.CheckConstraint(
                condition=Q(state__in=rules.OPEN_PARTS, answered_at__isnull=True)
                | (~Q(state__in=rules.OPEN_PARTS) & Q(answered_at__isnull=False)),
                name="part_answered_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=rules.LEFT, left_at__isnull=False) | (~Q(state=rules.LEFT) & Q(left_at__isnull=True)),
                name="part_left_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.project_id}"

    def get_absolute_url(self) -> str:
        """Where it is answered, changed and ended."""
        return reverse("projects:part", args=[self.project_id, self.pk])


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
