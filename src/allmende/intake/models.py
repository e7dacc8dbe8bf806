"""Lists of members that come from elsewhere: what was read, what became of each row. The list itself goes when it is entered."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative
from allmende.members.models import Membership


class State(models.TextChoices):
    """How far a list has come."""

    OPEN = "open", _("being prepared")
    QUEUED = "queued", _("being entered")
    DONE = "done", _("entered")
    UNDONE = "undone", _("taken back")


class Intake(models.Model):
    """One uploaded list. `rows` and `findings` are packed (`queries.unpacked`) and emptied once the list is entered or a week is over.

    `columns` holds a field for each column, `options` the choices of the rehearsal, `sums` what it counted. `next_number` is the
    member number that followed before the list was entered.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="intakes")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("File"), max_length=200)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    heading = models.JSONField(default=list)
    rows = models.BinaryField(default=bytes)
    notes = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    findings = models.BinaryField(default=bytes)
    sums = models.JSONField(default=dict)
    fault = models.CharField(max_length=500, blank=True)
    next_number = models.PositiveIntegerField(default=1)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cooperative"], condition=models.Q(state="queued"), name="intake_one_is_being_entered"),
        ]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.state}"


class Entered(models.Model):
    """What became of a row of the file: its member. Holds no name; the number stays when the list is taken back."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="entered")
    row = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    shares = models.PositiveIntegerField(default=0)
    cents = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["row"]
        constraints = [models.UniqueConstraint(fields=["intake", "row"], name="entered_row_once")]

    def __str__(self) -> str:
        return f"{self.row} {self.number}"


class ColumnMemory(models.Model):
    """Which heading held what the last time, so that the next list of a cooperative is understood at once."""

    cooperative = models.OneToOneField(Cooperative, on_delete=models.CASCADE, related_name="column_memory")
    columns = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.cooperative_id)
