"""Comments: what people say to each other about a thing of the house, and who follows where.

The thing is kept as kind and number (people/subjects.py): this room knows neither the thing nor its room.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.comments import rules
from allmende.directory.models import Organisation


class Comment(models.Model):
    """One comment; with `parent` an answer to another one, and there it ends: threads are two deep.

    `organisation`: in whose name it was said. A deleted one keeps its words for a day, so that deleting can be taken back.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    number = models.BigIntegerField()
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_official = models.BooleanField(default=False)  # said in an organisation's name, also when that organisation is gone
    text = models.TextField(max_length=rules.LONGEST, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hidden_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering: ClassVar = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["kind", "number", "parent", "created_at"], name="comment_of_thing"),
            models.Index(fields=["person", "-created_at"], name="comment_of_person"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="comment_deleted"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | Q(deleted_at__isnull=False), name="comment_says_something"),
            models.CheckConstraint(condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""), name="comment_hidden_for_a_reason"),
            models.CheckConstraint(condition=Q(is_official=True) | Q(organisation__isnull=True), name="comment_official_if_for_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.pk}"

    def get_absolute_url(self) -> str:
        """The way to its place on the page of the thing."""
        return reverse("comments:comment", args=[self.uuid])


class Mention(models.Model):
    """Whom a comment names: `word` is what stands after the @. An organisation or a person, resolved when it was written."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    word = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, person__isnull=False) | Q(organisation__isnull=False, person__isnull=True),
                name="mention_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.word}"


class Following(models.Model):
    """What one person wants to hear of what is said about a thing. No row: as usual, those whom it concerns are told.

    `mailed_at`: a mail went out and the page has not been looked at since; until then no second one does.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    number = models.BigIntegerField()
    is_wanted = models.BooleanField(null=True)  # None: never said
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "number"], name="following_once_per_thing")]
        indexes = [models.Index(fields=["kind", "number"], name="following_of_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.person_id}"
