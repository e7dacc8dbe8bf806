"""What is remembered of entering: which form became which entry, why it was published, and who invited to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from allmende.directory.models import Organisation


class Entering(models.Model):
    """A form for a new organisation that was sent. Its `token` makes one entry of it, however often it is sent.

    `because` is a word of `rules.Why`; empty: a caretaker looks at the entry before it is published.
    """

    token = models.CharField(max_length=64)
    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="entering")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    because = models.CharField(max_length=10, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    invitation = models.CharField(max_length=32, blank=True)
    # What the person agreed to when sending the form.
    licence = models.CharField(max_length=60)
    rules_version = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "form sent"
        verbose_name_plural = "forms sent"
        constraints = [
            models.UniqueConstraint(fields=["person", "token"], name="entering_once_per_form"),
            models.UniqueConstraint(fields=["invitation"], condition=~Q(invitation=""), name="entering_once_per_invitation"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.because or 'waits'}"
