"""Ideas of co-owners: what they say, who supports them, what was answered, into which other one they went."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.constitution.models import Cooperative
from allmende.ideas import rules


class Topic(models.TextChoices):
    """What an idea is about."""

    PRODUCT = "product", _("Product or service")
    PLATFORM = "platform", _("Platform")
    BUSINESS = "business", _("Business model")
    OTHER = "other", _("Something else")


class State(models.TextChoices):
    """How far an idea has come; from planned on the administration says so, with an answer."""

    OPEN = "open", pgettext_lazy("state of an idea", "Open")
    PLANNED = "planned", _("Planned")
    STARTED = "started", _("Started")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")
    MERGED = "merged", _("Merged")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Visibility(models.TextChoices):
    """Who may read something."""

    MEMBERS = "members", _("Members only")
    PUBLIC = "public", _("Everybody")


class Idea(models.Model):
    """One idea. With `persona` and the three `story_` fields it is also told as a user story.

    `merged_into`: where it went; then `state_before` is what it comes back to when that is undone.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="ideas")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("In one line"), max_length=rules.LONGEST_TITLE)
    text = models.TextField(_("The idea"), max_length=rules.LONGEST)
    topic = models.CharField(_("What it is about"), max_length=8, choices=Topic.choices, default=Topic.PRODUCT)
    persona = models.CharField(_("Persona"), max_length=rules.LONGEST_PERSONA, blank=True)
    story_role = models.CharField(_("As"), max_length=rules.LONGEST_ROLE, blank=True)
    story_wish = models.CharField(_("I want"), max_length=rules.LONGEST_WISH, blank=True)
    story_benefit = models.CharField(_("so that"), max_length=rules.LONGEST_WISH, blank=True)
    state = models.CharField(_("State"), max_length=9, choices=State.choices, default=State.OPEN)
    state_before = models.CharField(max_length=9, choices=State.choices, blank=True)
    visibility = models.CharField(_("Who may read it"), max_length=7, choices=Visibility.choices, default=Visibility.MEMBERS)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    merged_at = models.DateTimeField(null=True, blank=True)
    found_by = models.TextField(editable=False, blank=True)  # the stems of all its words, for the search
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hidden_reason = models.CharField(max_length=rules.LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["cooperative", "state", "-created_at"], name="idea_of_cooperative"),
            models.Index(fields=["author"], name="idea_of_author"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="idea_says_something"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False, merged_at__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True, merged_at__isnull=True)),
                name="idea_merged_into_another",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="idea_not_into_itself"),
            models.CheckConstraint(condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""), name="idea_hidden_for_a_reason"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("ideas:idea", args=[self.cooperative.organisation.slug, self.uuid])

    @property
    def has_story(self) -> bool:
        """Whether it is told as a user story, too."""
        return bool(self.story_role and self.story_wish)


class Support(models.Model):
    """Somebody supports an idea: each person once, for whomever they act. `came_from`: by merging that idea into this one."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="supports")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    supported_at = models.DateTimeField(default=timezone.now)
    came_from = models.ForeignKey(Idea, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "person"], name="idea_supported_once")]

    def __str__(self) -> str:
        return f"{self.idea_id}: {self.person_id}"


class Answer(models.Model):
    """What the administration said when it changed how far an idea has come."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="answers")
    state = models.CharField(max_length=9, choices=State.choices)
    text = models.TextField(_("Answer"), max_length=rules.LONGEST_ANSWER)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="idea_answer_says_something")]

    def __str__(self) -> str:
        return f"{self.idea_id}: {self.state}"


class Edition(models.Model):
    """How an idea read before it was changed, kept from the moment on from which somebody supported it."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    words: Any = models.JSONField()
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints = [models.UniqueConstraint(fields=["idea", "number"], name="idea_edition_once")]

    def __str__(self) -> str:
        return f"{self.idea_id}: {self.number}"


class MergeWish(models.Model):
    """The author of one of two ideas wants them to become one; the author of the other one is asked. Gone once it is answered."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="wishes")
    into = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="wished")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "into"], name="idea_merge_wished_once"),
            models.CheckConstraint(condition=~Q(idea=F("into")), name="idea_merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.idea_id} > {self.into_id}"
