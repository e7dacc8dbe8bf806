"""Circles: working groups of people from several organisations, with one shared page of notes, dates, links and tasks."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.circles import rules
from allmende.directory.models import Organisation
from allmende.ground.text import slug

PERSON = settings.AUTH_USER_MODEL
PAGES = frozenset("antwort archiv austreten beitreten einladen einladungen einstellungen kalender koordination mitglieder".split())
"""Words that are pages of a circle's address; a circle of that name gets a longer one."""


class Joining(models.TextChoices):
    """How one becomes a member."""

    OPEN = rules.OPEN, _("Open: whoever belongs to an organisation may join")
    REQUEST = rules.REQUEST, _("On request: the coordinators decide")
    INVITATION = rules.INVITATION, _("By invitation only")


class Audience(models.TextChoices):
    """Who sees that the circle exists and what it is for. What is inside is the members' alone."""

    PUBLIC = "public", _("Everybody")
    NETWORK = "network", _("Signed-in people of the network")
    MEMBERS = "members", _("Only members and those invited")


class Duty(models.TextChoices):
    """What somebody does in the circle."""

    COORDINATOR = rules.COORDINATOR, _("coordinates")
    MEMBER = rules.MEMBER, _("member")


class Standing(models.TextChoices):
    """How somebody stands to the circle."""

    ASKED = rules.ASKED, _("asked to join")
    INVITED = rules.INVITED, _("invited")
    IN = rules.IN, _("member")
    LEFT = rules.LEFT, _("left")
    REFUSED = rules.REFUSED, _("refused")


class Circle(models.Model):
    """A working group. `organisation` hosts it; without one (its entry is gone for good) the members go on alone."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=120)
    purpose = models.TextField(_("What is it for?"), max_length=4_000)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="circles")
    joining = models.CharField(_("How does one join?"), max_length=10, choices=Joining.choices, default=Joining.REQUEST)
    audience = models.CharField(_("Who sees that it exists?"), max_length=10, choices=Audience.choices, default=Audience.NETWORK)
    notes_open = models.BooleanField(_("The network may read the notes"), default=False)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="de")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)  # taken off after a report
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("circle")
        verbose_name_plural = _("circles")
        ordering: ClassVar = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="circle_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page, for those outside and inside."""
        word = slug(self.name, 60) or "kreis"
        return reverse("circles:circle", args=[self.pk, f"{word}-kreis" if word in PAGES else word])


class CircleFace(Circle):
    """What those outside see of a circle: its name and purpose. A kind of its own, because it can be reported by people who see no more."""

    class Meta:
        proxy = True
        verbose_name = _("circle as seen from outside")
        verbose_name_plural = _("circles as seen from outside")


class CircleMember(models.Model):
    """How a person stands to a circle: one row for good, whatever came and went.

    `organisation` is the background they come with; it is shown only as long as they belong to it. `by_self`: whether they themselves
    left or declined. `word` came with the request or the invitation, `answer` with the refusal or the removal.
    """

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="circle_memberships")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="circle_members")
    role = models.CharField(max_length=12, choices=Duty.choices, default=Duty.MEMBER)
    state = models.CharField(max_length=8, choices=Standing.choices)
    since = models.DateTimeField()
    by_self = models.BooleanField(default=False)
    word = models.CharField(max_length=500, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    invited_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    wants_digest = models.BooleanField(default=True)
    told_at = models.DateTimeField(null=True, blank=True)  # up to when the daily digest has told
    feed_word = models.CharField(max_length=40, null=True, blank=True, unique=True)

    class Meta:
        ordering: ClassVar = ["since", "pk"]
        indexes = [models.Index(fields=["person", "state"], name="circlemember_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["circle", "person"], name="circlemember_once"),
            models.CheckConstraint(
                condition=Q(role=rules.MEMBER) | Q(state__in=[rules.IN, rules.INVITED]), name="circle_coordinator_is_in"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circle_id} {self.person_id} {self.state}"


class MailInvitation(models.Model):
    """An invitation to an address, answered by a signed link. The address is forgotten with the answer."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="mail_invitations")
    email = models.EmailField(blank=True)
    word = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["circle", "email"], condition=Q(closed_at=None), name="circle_address_invited_once"),
            models.CheckConstraint(condition=Q(closed_at=None) | Q(email=""), name="circle_address_forgotten_when_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.circle_id} {self.sent_at:%Y-%m-%d}"


class Note(models.Model):
    """A shared text. What it says is its newest version; removed ones can be brought back for a while."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="notes")
    title = models.CharField(_("Title"), max_length=140)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)  # taken off after a report

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering: ClassVar = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("circles:note", args=[self.circle_id, self.pk])


class NoteVersion(models.Model):
    """What a note said from one moment on. Versions are added, never changed; `base` is the one it was written on top of."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=140)
    text = models.TextField(blank=True, max_length=rules.TEXT_LIMIT)
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints = [models.UniqueConstraint(fields=["note", "number"], name="noteversion_number_once")]

    def __str__(self) -> str:
        return f"{self.note_id} {self.number}"


class CircleDate(models.Model):
    """A date of the circle: when, where or under which link. Called off instead of removed, so that calendars learn of it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="dates")
    title = models.CharField(_("Title"), max_length=140)
    starts = models.DateTimeField(_("Begins"))
    ends = models.DateTimeField(_("Ends"), null=True, blank=True)
    place = models.CharField(_("Place or link"), max_length=500, blank=True)
    text = models.TextField(_("More about it"), blank=True, max_length=2_000)
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=0)  # SEQUENCE of RFC 5545: how often it was changed
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["starts", "pk"]
        indexes = [models.Index(fields=["circle", "starts"], name="circledate_next")]
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gt=models.F("starts")), name="circledate_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.title


class CircleLink(models.Model):
    """Where else the circle works: its chat, its shared files, its video room."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(_("Name"), max_length=120)
    url = models.URLField(_("Address"), max_length=1_000)
    about = models.CharField(_("What is it?"), max_length=200, blank=True)
    by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["label", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"), name="circlelink_leads_to_the_web"
            )
        ]

    def __str__(self) -> str:
        return self.label


class Task(models.Model):
    """Something to be done: by whom, or by nobody yet; until when, or without a date."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(_("What is to be done?"), max_length=200)
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="circle_tasks")
    due = models.DateField(_("Until when?"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    reminded_for = models.DateField(null=True, blank=True)  # the date its owner was reminded of

    class Meta:
        ordering: ClassVar = [models.F("due").asc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["owner", "done_at"], name="circletask_of_owner")]

    def __str__(self) -> str:
        return self.title
