"""What is remembered of an attached file. Its bytes lie in the media folder under its number (`storing`)."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation


class Attachment(models.Model):
    """A file that belongs to a thing of the house (people/subjects.py), kept as the thing's kind and number.

    `content_type` is what we found in the file, never what was said about it. `organisation` is who it was put up for, as readers are
    told; the person is not shown. Removed ones can be brought back for a while; hidden ones were taken off after a report.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    number = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, db_index=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering: ClassVar = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["kind", "number"], name="attachment_of_thing")]
        constraints = [
            models.CheckConstraint(condition=Q(hidden_reason="") | Q(hidden_at__isnull=False), name="attachment_reason_only_if_hidden"),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
