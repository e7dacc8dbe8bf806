"""Opinion landscapes: a question, short statements, everybody's answers, and the picture made of them."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative
from allmende.opinions import rules


class State(models.TextChoices):
    """Answers are taken while it is open and its window lasts. What is closed can be opened again with a reason."""

    DRAFT = rules.DRAFT, _("Draft")
    OPEN = rules.OPEN, _("open")
    CLOSED = rules.CLOSED, _("Closed")


class Landscape(models.Model):
    """A question to all who take part. `about_kind` and `about_id` name the thing it belongs to, if any (people/subjects.py)."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("Title"), max_length=140)
    question = models.TextField(_("What it is about"), max_length=2_000, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    members_add = models.BooleanField(_("Members may add statements"), default=True)
    starts_at = models.DateTimeField(_("Open from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("Open until"), null=True, blank=True)
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)  # the final report, for everybody
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["about_kind", "about_id"]), models.Index(fields=["state", "ends_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="opinions_window_forwards"
            ),
            models.CheckConstraint(condition=Q(published_at=None) | Q(state=State.CLOSED), name="opinions_only_closed_published"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("opinions:landscape", args=[self.cooperative.organisation.slug, self.uuid])


class Change(models.Model):
    """Why the end was moved while people were answering; all who take part read it."""

    landscape = models.ForeignKey(Landscape, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ends_before = models.DateTimeField(null=True)
    ends_after = models.DateTimeField(null=True)
    reason = models.CharField(_("Reason"), max_length=500)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.reason


class Statement(models.Model):
    """One short statement. Who wrote it is shown to nobody; it is remembered for their own export and to tell them when it is hidden."""

    landscape = models.ForeignKey(Landscape, on_delete=models.CASCADE, related_name="statements")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("Statement"), max_length=rules.LONGEST, validators=[MinLengthValidator(rules.SHORTEST)])
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    hidden_reason = models.CharField(_("Reason"), max_length=500, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["landscape", "number"], name="opinions_one_statement_per_number"),
            models.CheckConstraint(condition=Q(hidden_at=None) | ~Q(hidden_reason=""), name="opinions_hidden_with_reason"),
        ]

    def __str__(self) -> str:
        return self.text


class Answer(models.Model):
    """What one person says to one statement: the latest word. Only they themselves ever read it; everybody else sees sums."""

    landscape = models.ForeignKey(Landscape, on_delete=models.CASCADE, related_name="answers")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    value = models.SmallIntegerField()
    answered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["landscape", "answered_at"]),  # who answered since the last picture
            models.Index(fields=["landscape", "person"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "person"], name="opinions_one_answer_each"),
            models.CheckConstraint(condition=Q(value__in=[rules.AGREE, rules.PASS, rules.DISAGREE]), name="opinions_known_answer"),
        ]

    def __str__(self) -> str:
        return str(self.statement_id)


class Result(models.Model):
    """The picture as of a moment: numbers about at least five people each, and the plane on which one's own place is found."""

    landscape = models.OneToOneField(Landscape, on_delete=models.CASCADE, related_name="result")
    computed_at = models.DateTimeField()
    is_final = models.BooleanField(default=False)
    was_final = models.BooleanField(default=False)  # and was opened again: a few more answers make no other picture then
    people = models.PositiveIntegerField()
    shown = models.JSONField(default=dict)  # landscape/report.py: what pages and exports read
    kept = models.JSONField(default=dict)  # for the next update and for the own place; never shown

    def __str__(self) -> str:
        return str(self.landscape_id)
