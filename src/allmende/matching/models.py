"""What matching remembers: what each listing is about, what does not fit, who recommended what, who was told of which match.

A match itself is never kept: score and reasons are worked out from the two listings whenever somebody asks.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation
from allmende.exchange.models import Listing


class Clock(models.Model):
    """One row with the number of the last change. Whoever writes portraits locks it, so that numbers are committed in their order.

    `mark` is drawn by lot with each: a number that was rolled back and given again is known by it.
    """

    number = models.PositiveBigIntegerField(default=0)
    mark = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="matching_one_clock")]

    def __str__(self) -> str:
        return str(self.number)


class Portrait(models.Model):
    """What a listing is about, packed by `index.pack`: what the index in memory is made from. Listings that ended keep theirs, shut.

    `number` is that of the change which wrote it, see Clock.
    """

    listing = models.OneToOneField(Listing, primary_key=True, on_delete=models.CASCADE, related_name="portrait")
    is_open = models.BooleanField()
    number = models.PositiveBigIntegerField(db_index=True)
    mark = models.BigIntegerField(default=0)
    made_by = models.PositiveSmallIntegerField(default=1, db_index=True)  # `actions.MADE_BY` when it was drawn
    words = models.BinaryField()
    roots = models.TextField(blank=True)  # the same words, readable, in the order of their weights
    facts = models.JSONField()  # what else counts: `actions.facts`

    def __str__(self) -> str:
        return f"{self.listing_id} {'open' if self.is_open else 'shut'}"


class Why(models.TextChoices):
    """Why a match does not fit."""

    OTHER_THING = "other_thing", _("It is something else")
    TOO_FAR = "too_far", _("Too far away")
    TERMS = "terms", _("The terms do not suit us")
    TIME = "time", _("The time does not suit us")
    KNOWN = "known", _("We know each other already")
    OTHER = "other", _("Another reason")


class Misfit(models.Model):
    """Somebody said that these two do not fit. Neither side is shown the other any more; the reason is for their own eyes."""

    need = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    offer = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")  # for which of both it was said
    why = models.CharField(_("Why does it not fit?"), max_length=12, choices=Why.choices)
    note = models.CharField(_("In your own words"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "offer", "said_by"], name="misfit_once_a_side"),
            models.CheckConstraint(condition=Q(said_by=F("need")) | Q(said_by=F("offer")), name="misfit_said_for_one_of_both"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} x {self.offer_id}"


class Recommendation(models.Model):
    """Somebody of a third organisation says that these two should talk. It counts like a common network, once, however many say so."""

    need = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    offer = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["need", "offer", "organisation"], name="recommended_once_an_organisation")]

    def __str__(self) -> str:
        return f"{self.need_id} + {self.offer_id}"


class Told(models.Model):
    """That the people of a listing were told of its match with the other one; nobody is told the same twice."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "other"], name="told_of_a_match_once")]

    def __str__(self) -> str:
        return f"{self.listing_id} of {self.other_id}"


class Looked(models.Model):
    """Up to which change matches have been looked for to tell people about."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="matching_one_look")]

    def __str__(self) -> str:
        return str(self.number)
