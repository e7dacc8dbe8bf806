"""What every room stands on: the trail (what happened) and the jobs (what is due)."""

from django.conf import settings
from django.db import models


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
