"""Arguments about a thing of the house: for, against, and questions; who shares them, what was answered.

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

from allmende.arguments import rules


class Side(models.TextChoices):
    """On which side of the page it stands."""

    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    QUESTION = "question", _("Question")


class Argument(models.Model):
    """One argument or question. Its words stay when it is withdrawn only until nobody can take that back any more."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    about_kind = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    side = models.CharField(_("Side"), max_length=8, choices=Side.choices)
    text = models.TextField(_("Argument"), max_length=rules.LONGEST)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("Answer"), max_length=rules.LONGEST_ANSWER, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hidden_reason = models.CharField(max_length=rules.LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("argument")
        verbose_name_plural = _("arguments")
        ordering: ClassVar = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["about_kind", "about_id", "side", "created_at"], name="argument_of_thing"),
            models.Index(fields=["author", "-created_at"], name="argument_of_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="argument_says_something"),
            models.CheckConstraint(condition=Q(side__in=["for", "against", "question"]), name="argument_side_known"),
            models.CheckConstraint(condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""), name="argument_hidden_for_a_reason"),
            models.CheckConstraint(condition=Q(answer="") | Q(answered_at__isnull=False), name="argument_answered_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.about_kind} {self.about_id}: {self.pk}"

    def get_absolute_url(self) -> str:
        """The way to its place on the page of the thing."""
        return reverse("arguments:argument", args=[self.uuid])


class Share(models.Model):
    """Somebody shares an argument. Each person once, for whomever they act."""

    argument = models.ForeignKey(Argument, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["argument", "person"], name="argument_shared_once")]

    def __str__(self) -> str:
        return f"{self.argument_id}: {self.person_id}"
