"""What the caretakers' desk remembers itself: which imports somebody has looked at."""

from django.conf import settings
from django.db import models

from allmende.directory.models import RevisionSet


class Looked(models.Model):
    """A caretaker has looked at the rows an import refused; it waits for nobody any more."""

    revision_set = models.OneToOneField(RevisionSet, on_delete=models.CASCADE, related_name="looked")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.revision_set_id)
