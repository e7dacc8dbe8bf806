"""Conversations about offers and needs: between two organisations, or a member of one and the other side."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation
from allmende.enquiries import rules
from allmende.exchange.models import Direction, Listing


class Side(models.TextChoices):
    """The two sides of a conversation: who asks, and whose offer or need it is."""

    ASKER = rules.ASKER, _("who asks")
    OWNER = rules.OWNER, _("who is asked")


class State(models.TextChoices):
    """Where a conversation stands. Ended: both sides are one organisation now."""

    OPEN = rules.OPEN, _("not answered yet")
    ANSWERED = rules.ANSWERED, _("under way")
    AGREED = rules.AGREED, _("agreed")
    NOT_AGREED = rules.NOT_AGREED, _("not agreed")
    WITHDRAWN = rules.WITHDRAWN, _("withdrawn")
    ENDED = rules.ENDED, _("ended")


class Outcome(models.TextChoices):
    """What one side says became of it."""

    AGREED = rules.AGREED, _("agreed")
    NOT_AGREED = rules.NOT_AGREED, _("not agreed")
    STILL_OPEN = rules.STILL_OPEN, _("still open")


class Enquiry(models.Model):
    """An answer to an offer or a need: the head of a conversation.

    `organisation`, `title` and `direction` are the listing's: a conversation outlives what it was about. `asker_person` is the member
    who asks in their own name, with `is_own_name` still said when they are gone. `own_listing` is what they attached.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    listing = models.ForeignKey(Listing, null=True, on_delete=models.SET_NULL, related_name="enquiries")
    title = models.CharField(max_length=140, blank=True)
    direction = models.CharField(max_length=5, choices=Direction.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="enquiries_received")
    asker = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="enquiries_made")
    asker_person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_own_name = models.BooleanField(default=False)
    own_listing = models.ForeignKey(Listing, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(default=timezone.now, db_index=True)
    first_answer_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering: ClassVar = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="enquiry_received"),
            models.Index(fields=["asker", "state"], name="enquiry_made"),
            models.Index(fields=["opened_at"], condition=Q(state__in=rules.RUNNING), name="enquiry_running"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(asker_person__isnull=True) | Q(is_own_name=True), name="enquiry_person_asks_in_own_name"),
            models.CheckConstraint(
                condition=Q(state__in=rules.RUNNING, closed_at__isnull=True) | (~Q(state__in=rules.RUNNING) & Q(closed_at__isnull=False)),
                name="enquiry_closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.ANSWERED) | Q(first_answer_at__isnull=False), name="enquiry_answered_at_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("An offer or need that is gone"))

    def get_absolute_url(self) -> str:
        """The page of the conversation."""
        return reverse("enquiries:thread", args=[self.uuid])

    def organisation_of(self, side: str) -> Organisation:
        """The organisation on this side."""
        return self.asker if side == rules.ASKER else self.organisation


class Message(models.Model):
    """What somebody wrote for their side. It stays the side's when the person is gone; hidden ones say why."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="messages")
    side = models.CharField(max_length=5, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=rules.LONGEST)
    at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_because = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(side__in=(rules.ASKER, rules.OWNER)), name="message_of_one_side")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.side} {self.pk}"

    @property
    def organisation(self) -> Organisation:
        """For which organisation it was written."""
        return self.enquiry.organisation_of(self.side)


class Word(models.Model):
    """What one side says became of it, with what came of it. Each side has one, the newest counts."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="words")
    side = models.CharField(max_length=5, choices=Side.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    note = models.TextField(blank=True, max_length=1_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enquiry", "side"], name="word_once_a_side")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.side} {self.outcome}"


class Contact(models.Model):
    """How to reach one side, shown to the other because somebody of that side wanted it. No row: nothing is shown."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="contacts")
    side = models.CharField(max_length=5, choices=Side.choices)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enquiry", "side"], name="contact_once_a_side")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.side}"


class Seen(models.Model):
    """How far a person has read a conversation, and whether they were told of something since.

    `message` is the number of the newest message they saw. `told_at` and `told_word_at`: a mail about messages, and one about what
    the other side says became of it, went out; no second one does until they have looked.
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="seen")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    told_word_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enquiry", "person"], name="seen_once_a_person")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.person_id} {self.message}"


class Block(models.Model):
    """An organisation no longer takes anything from another one, or from one person; with `member` only that member of theirs does not."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="blocks")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    enquiry = models.ForeignKey(Enquiry, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")  # where it came from
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering: ClassVar = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation", Coalesce("member", 0), Coalesce("blocked", 0), Coalesce("person", 0), name="block_once"
            ),
            models.CheckConstraint(
                condition=Q(blocked__isnull=True, person__isnull=False) | Q(blocked__isnull=False, person__isnull=True),
                name="block_of_an_organisation_or_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.blocked_id or ''} {self.person_id or ''}"
