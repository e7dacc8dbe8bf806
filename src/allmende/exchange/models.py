"""Offers and needs: what an organisation, or one of its members, gives or looks for."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.directory.audience import Audience
from allmende.directory.models import Organisation, Term
from allmende.exchange import rules
from allmende.ground.text import slug


class Direction(models.TextChoices):
    """Which way something goes."""

    OFFER = rules.OFFER, _("Offer")
    NEED = rules.NEED, _("Need")


class Terms(models.TextChoices):
    """What is given for it."""

    GIFT = rules.GIFT, _("as a gift")
    EXCHANGE = rules.EXCHANGE, _("in exchange")
    PAID = rules.PAID, _("for money")
    COMMONS = rules.COMMONS, _("as a commons, for all to use")


class State(models.TextChoices):
    """Where a listing stands. Agreed, closed and expired ones stay readable for those who could see them; hidden ones do not."""

    DRAFT = rules.DRAFT, _("Draft")
    OPEN = rules.OPEN, _("open")
    AGREED = rules.AGREED, _("Agreed")
    CLOSED = rules.CLOSED, _("Closed")
    EXPIRED = rules.EXPIRED, _("Expired")
    HIDDEN = rules.HIDDEN, _("Taken off")


class Listing(models.Model):
    """One offer or one need, of an organisation; with `person` of one of its members, whose organisation is the background.

    `lat` and `lon` are where it is or is needed, `radius` how far around in kilometres it still helps. What works from a distance may
    have a place, too, and need not.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    direction = models.CharField(_("Offer or need"), max_length=5, choices=Direction.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="listings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="listings")
    person_name = models.CharField(_("Your name as it shall be shown"), max_length=120, blank=True)
    title = models.CharField(_("Title"), max_length=140)
    text = models.TextField(_("Description"), blank=True, max_length=8_000)
    language = models.CharField(_("Language"), max_length=5, choices=settings.LANGUAGES, default="de")
    category = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")  # of the tree "exchange"
    tags = models.JSONField(_("Keywords"), default=list, blank=True)
    sdgs = models.ManyToManyField(Term, blank=True, related_name="+")  # of the tree "sdg"
    is_remote = models.BooleanField(_("Works from a distance"), default=False)
    town = models.CharField(_("Place"), max_length=120, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    radius = models.PositiveSmallIntegerField(
        _("Radius in kilometres"), default=50, validators=[MinValueValidator(1), MaxValueValidator(2_000)]
    )
    terms = models.CharField(_("In return"), max_length=10, choices=Terms.choices)
    terms_note = models.CharField(_("Note on this"), max_length=200, blank=True)
    audience = models.CharField(_("For whom"), max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    chosen = models.ManyToManyField(Organisation, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    until = models.DateField(_("Valid until"))
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_note = models.CharField(max_length=300, blank=True)
    reminded_on = models.DateField(null=True, blank=True)  # that it ends soon; anew after it was extended
    hidden_from = models.CharField(max_length=10, blank=True)  # the state it had before it was taken off
    hidden_reason = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("offer or need")
        verbose_name_plural = _("offers and needs")
        ordering: ClassVar = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-opened_at"], name="listing_newest"),
            models.Index(fields=["organisation", "state"], name="listing_of_organisation"),
            models.Index(fields=["state", "until"], name="listing_ending"),
            models.Index(fields=["category", "state", "-opened_at"], name="listing_of_category"),
            models.Index(fields=["state", "lat"], name="listing_of_latitude"),
            models.Index(fields=["created_by", "created_at"], name="listing_by_whom"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False, lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="listing_point_is_on_earth",
            ),
            models.CheckConstraint(condition=Q(state=rules.DRAFT) | Q(opened_at__isnull=False), name="listing_opened_at_a_moment"),
            models.CheckConstraint(
                condition=Q(state__in=(rules.DRAFT, rules.OPEN, rules.HIDDEN)) | Q(closed_at__isnull=False),
                name="listing_closed_at_a_moment",
            ),
            models.CheckConstraint(condition=Q(direction__in=(rules.OFFER, rules.NEED)), name="listing_goes_one_way"),
            models.CheckConstraint(
                condition=Q(state=rules.HIDDEN, hidden_from__in=rules.HIDEABLE) | (~Q(state=rules.HIDDEN) & Q(hidden_from="")),
                name="listing_hidden_knows_from_where",
            ),
            models.CheckConstraint(condition=Q(person__isnull=False) | Q(person_name=""), name="listing_name_of_a_member_only"),
        ]

    def __str__(self) -> str:
        return self.title

    def __repr__(self) -> str:
        return f"<Listing {self.pk} {self.direction} {self.state}>"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("exchange:listing", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """The words in its address: `bedarf-lastenrad-gesucht`. What it is stands first, so that no title looks like another page."""
        kind = "angebot" if self.direction == Direction.OFFER else "bedarf"
        return f"{kind}-{slug(self.title, 60)}".rstrip("-")

    @property
    def is_open(self) -> bool:
        """Whether it can be answered."""
        return self.state == State.OPEN


class Stem(models.Model):
    """One stem that some listing is found by. Few against the listings: a part of a compound is looked for here, not in their texts."""

    text = models.CharField(max_length=60, unique=True)

    class Meta:
        verbose_name = _("stem")
        verbose_name_plural = _("stems")

    def __str__(self) -> str:
        return self.text


class Occurrence(models.Model):
    """A listing is found by a stem. Written together with the listing, never by hand."""

    stem = models.ForeignKey(Stem, on_delete=models.CASCADE, related_name="+", db_index=False)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("occurrence")
        verbose_name_plural = _("occurrences")
        constraints = [models.UniqueConstraint(fields=["stem", "listing"], name="stem_once_per_listing")]

    def __str__(self) -> str:
        return f"{self.stem_id} in {self.listing_id}"
