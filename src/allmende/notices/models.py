"""Following: who wants to hear of what and how often, what happened, and what was told already."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation


class Frequency(models.TextChoices):
    """How often somebody wants mail about what they follow."""

    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    PAUSED = "paused", _("No mail, only the feed")


class Follow(models.Model):
    """Somebody follows an entry, or a search (a sector, an area, words) as the map's address says it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="followers")
    query = models.CharField(max_length=1_000, blank=True)
    frequency = models.CharField(max_length=10, choices=Frequency.choices, default=Frequency.WEEKLY)
    since = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    came_from = models.PositiveBigIntegerField(null=True, blank=True)  # the entry it followed before a merge

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, query="") | (Q(organisation__isnull=True) & ~Q(query="")),
                name="follow_an_entry_or_a_search",
            ),
            models.UniqueConstraint(fields=["person", "organisation"], condition=Q(organisation__isnull=False), name="follow_entry_once"),
            models.UniqueConstraint(fields=["person", "query"], condition=~Q(query=""), name="follow_search_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.organisation_id or self.query}"


class Happening(models.Model):
    """Something happened to an entry. Written in the transaction of the change; matched with what people follow soon after."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="happenings")
    news = models.CharField(max_length=10)
    at = models.DateTimeField(db_index=True)
    matched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes = [models.Index(fields=["id"], condition=Q(matched_at__isnull=True), name="happening_to_match")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.news}"


class Item(models.Model):
    """One happening for one person: told once, whatever and however much they follow. Without `sent_at` it is still to be told."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="news")
    happening = models.ForeignKey(Happening, on_delete=models.CASCADE, related_name="items")
    follow = models.ForeignKey(Follow, null=True, on_delete=models.SET_NULL, related_name="items")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "happening"], name="news_once_per_person")]
        indexes = [models.Index(fields=["person"], condition=Q(sent_at__isnull=True), name="news_to_send")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.happening_id}"


def new_word() -> str:
    """A word nobody can guess."""
    return secrets.token_urlsafe(24)


class FeedKey(models.Model):
    """The word in the address of somebody's own feed; a new one makes the old address useless."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_key")
    word = models.CharField(max_length=40, unique=True, default=new_word)

    def __str__(self) -> str:
        return str(self.person_id)
