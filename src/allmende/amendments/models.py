"""Amendments: changes somebody proposes to the paragraphs of a proposal, and what became of them."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.amendments import rules
from allmende.proposals.models import Proposal


class State(models.TextChoices):
    """Overtaken: a paragraph it changes says something else meanwhile, or is gone."""

    OPEN = "open", pgettext_lazy("amendment", "Open")
    OVERTAKEN = "overtaken", _("Overtaken")
    VOTING = "voting", _("Being voted on")
    ACCEPTED = "accepted", pgettext_lazy("amendment", "Adopted")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")


class Amendment(models.Model):
    """Ä1, Ä2, ... of a proposal. `base` is the version it was written for, `merged` the one it made."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="amendments")
    serial = models.PositiveIntegerField()
    title = models.CharField(_("In short"), max_length=rules.TITLE_LIMIT)
    reason = models.TextField(_("Reason"), max_length=rules.REASON_LIMIT, blank=True)
    base = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(_("Why"), max_length=1_000, blank=True)
    ballot = models.ForeignKey("ballots.Ballot", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    merged = models.PositiveIntegerField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering: ClassVar = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "serial"], name="amendment_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "rejected"]) | Q(decided_at__isnull=False), name="amendment_decided_some_day"
            ),
            models.CheckConstraint(condition=~Q(state="accepted") | Q(merged__isnull=False), name="amendment_accepted_made_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def number(self) -> str:
        """How it is spoken of: Ä1."""
        return f"Ä{self.serial}"

    def get_absolute_url(self) -> str:
        """Its page."""
        of = self.proposal
        return reverse("amendments:amendment", args=[of.cooperative.organisation.slug, of.year, of.serial, self.serial])


class Kind(models.TextChoices):
    """What happens to a paragraph."""

    CHANGE = rules.CHANGE, _("Change this paragraph")
    DELETE = rules.DELETE, _("Strike this paragraph")
    INSERT = rules.INSERT, _("Insert a paragraph after it")


class Change(models.Model):
    """One change of an amendment. `key` is the paragraph (empty: the beginning of the text), `before` what it said, `text` what it
    shall say; an inserted paragraph will have the key `inserted`.
    """

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="changes")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.UUIDField(null=True, blank=True)
    before = models.TextField(blank=True)
    text = models.TextField(blank=True)
    inserted = models.UUIDField(default=uuid4)

    class Meta:
        verbose_name = _("change of an amendment")
        verbose_name_plural = _("changes of amendments")
        ordering: ClassVar = ["position"]
        indexes = [models.Index(fields=["key"], name="amendment_of_paragraph")]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "position"], name="amendment_change_place_once"),
            models.CheckConstraint(condition=Q(kind="delete") | ~Q(text=""), name="amendment_change_says_something"),
            models.CheckConstraint(condition=Q(key__isnull=False) | Q(kind="insert_after"), name="amendment_change_of_a_paragraph"),
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.kind}"
