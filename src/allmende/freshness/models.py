"""What is remembered of asking: questions and their answers, "we no longer exist", looks at websites, the figures of each day.

Freshness itself is never stored: it is computed from `directory.Confirmation`.
"""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation
from allmende.ground.models import Letter

_PERSON = settings.AUTH_USER_MODEL


def new_token() -> str:
    """A word nobody guesses; signed, it is the link of a letter."""
    return secrets.token_urlsafe(16)


class Whom(models.TextChoices):
    """Who was asked: a person who looks after the entry, or the organisation at the address the entry gives."""

    PERSON = "person", _("who looks after the entry")
    ORGANISATION = "organisation", _("the organisation itself")


class Reply(models.TextChoices):
    """What came of a question; empty as long as nobody answered."""

    CONFIRMED = "confirmed", _("all still true")
    EDITED = "edited", _("changed since")
    GONE = "gone", _("no longer exists")
    OPTOUT = "optout", _("not to be asked again")
    OVERTAKEN = "overtaken", _("somebody else answered")
    CLOSED = "closed", _("closed")


class Question(models.Model):
    """The question "is all still true?", asked once of one person (or address) about one entry.

    `round_on` and `number` say which letter it was. The letter is written in the same transaction, so there is one if and only if there
    is this row; the constraints see to it that a second run asks nobody twice. `address` is a keyed hash: it tells whether a link still
    belongs to the address it was sent to.
    """

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="questions")
    whom = models.CharField(max_length=12, choices=Whom.choices, default=Whom.PERSON)
    person = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions")
    address = models.CharField(max_length=64, blank=True, db_index=True)
    letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    round_on = models.DateField()
    number = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField(db_index=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Reply.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("question whether all is still true")
        verbose_name_plural = _("questions whether all is still true")
        ordering: ClassVar = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person", "round_on", "number"], name="question_once_per_round"),
            models.UniqueConstraint(
                fields=["organisation", "round_on", "number"], condition=Q(whom="organisation"), name="question_once_per_address"
            ),
            models.CheckConstraint(condition=Q(number__in=(1, 2)), name="question_is_first_or_second"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="question_answered_at_a_moment",
            ),
            models.CheckConstraint(condition=~Q(whom="organisation") | Q(person__isnull=True), name="question_to_one"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.round_on} {self.number}"


class Gone(models.Model):
    """Somebody who looks after an entry says: we no longer exist. Caretakers look at it; nothing is taken off the map by itself."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="farewells")
    person = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.SET_NULL, related_name="farewells")
    year = models.PositiveSmallIntegerField(_("Year it ended"), null=True, blank=True)
    word = models.TextField(_("A word about it"), blank=True, max_length=1_000)
    said_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("end of an organisation")
        verbose_name_plural = _("ends of organisations")
        ordering: ClassVar = ["said_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(settled_at__isnull=True), name="gone_one_open_per_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year or ''}"


class Look(models.Model):
    """A caretaker looked at an entry that nobody confirms and left it as it is: for a year nobody is asked about it again."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="looks")
    by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at"]
        indexes = [models.Index(fields=["organisation", "-at"], name="look_at_entry")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.at:%Y-%m-%d}"


class LinkCheck(models.Model):
    """How the website of an entry answered, last and in a row. It says nothing once the entry names another website."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="link_check")
    url = models.URLField(max_length=500)
    checked_at = models.DateTimeField(db_index=True)
    result = models.CharField(max_length=12)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    first_failed_at = models.DateTimeField(null=True, blank=True)
    moved_to = models.CharField(max_length=500, blank=True)
    moved_times = models.PositiveIntegerField(default=0)
    raised_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("look at a website")
        verbose_name_plural = _("looks at websites")
        indexes = [models.Index(fields=["raised_at"], condition=Q(raised_at__isnull=False, settled_at__isnull=True), name="link_raised")]
        constraints = [
            models.CheckConstraint(
                condition=Q(failures=0, first_failed_at__isnull=True) | Q(failures__gt=0, first_failed_at__isnull=False),
                name="link_failed_since_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(first_failed_at__isnull=True) | Q(first_failed_at__lte=F("checked_at")), name="link_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.result}"


class Snapshot(models.Model):
    """How fresh the map was on a day: entries by age of their last confirmation. What was asked and answered counts the year before."""

    day = models.DateField(primary_key=True)
    total = models.PositiveIntegerField()
    never = models.PositiveIntegerField()
    older = models.PositiveIntegerField()
    twelve = models.PositiveIntegerField()
    six = models.PositiveIntegerField()
    three = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    asked = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total=F("never") + F("older") + F("twelve") + F("six") + F("three")), name="snapshot_adds_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.total}"
