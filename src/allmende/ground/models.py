"""What every room stands on: the trail (what happened), the jobs (what is due), the workers who do them and the letters we sent."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One line of the trail: audit log, activity stream and outbox in one.

    `facts` hold ids, states and counts, never names or addresses, so that a person can be forgotten.
    """

    verb = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=80, blank=True)
    about = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "about", "-at"], name="trail_about")]
        constraints = [models.CheckConstraint(condition=models.Q(verb__contains="."), name="trail_verb_names_its_room")]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.about}"


class Job(models.Model):
    """A periodic job: when it is due, when it ran, how it went. Declared in a room's `jobs.py`."""

    name = models.CharField(primary_key=True, max_length=100)
    due_at = models.DateTimeField(null=True, blank=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A worker that lives, or did a moment ago: who is silent for two minutes is dead, and its tasks are handed on."""

    id = models.CharField(primary_key=True, max_length=64)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


def new_token() -> str:
    """A word nobody guesses. It stands in the letter's Message-ID, so that what comes back finds its letter."""
    return secrets.token_hex(16)


class LetterState(models.TextChoices):
    """Where a letter is: a failed one is tried again by the queue, a suppressed one was never to leave the house."""

    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not sent yet, there were errors")
    BOUNCED = "bounced", _("came back")
    SUPPRESSED = "suppressed", _("not to be sent")


class Letter(models.Model):
    """One mail to one address. Written in the transaction of what it tells of, delivered by the queue afterwards."""

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    to = models.EmailField(max_length=254, db_index=True)
    subject = models.CharField(max_length=250)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=5, default="de")
    kind = models.CharField(max_length=80, blank=True)
    about_kind = models.CharField(max_length=80, blank=True)
    about_id = models.CharField(max_length=80, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.QUEUED)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [models.Index(fields=["state", "-created_at"], name="letter_state")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="bounced") | models.Q(bounced_at__isnull=False), name="letter_came_back_at_a_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'letter'} {self.pk}"


class LetterFile(models.Model):
    """A file that goes with a letter: a declaration, a confirmation. Forgotten with the letter's words."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=100)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("file of a letter")
        verbose_name_plural = _("files of letters")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
