"""Rolls of voters: who may vote about something, as the register says it on a day. Frozen with a hash when voting opens.

A draft holds no names: until it is frozen the list is made from the register whenever somebody looks. What is written at freezing is
never changed again (the database refuses it); only whose account casts may follow a new account, and names go when they must be forgotten.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative
from allmende.members.models import Membership

PERSON = settings.AUTH_USER_MODEL


class ElectorateState(models.TextChoices):
    """A draft follows the register; a frozen one never changes."""

    DRAFT = "draft", _("Draft")
    FROZEN = "frozen", _("Frozen")


class Electorate(models.Model):
    """Who may vote about one matter: by which rule (`basis`, see rules.py), as of which day.

    `voters_hash` is the SHA-256 over the canonical list of those who may vote (rules.canonical): whoever has the list can check it.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="electorates")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    day = models.DateField(_("As of"))
    basis = models.JSONField()
    state = models.CharField(max_length=6, choices=ElectorateState.choices, default=ElectorateState.DRAFT)
    voters_hash = models.CharField(max_length=64, blank=True, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("roll of voters")
        verbose_name_plural = _("rolls of voters")
        ordering: ClassVar = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", voters_hash="", frozen_at__isnull=True)
                | Q(state="frozen", frozen_at__isnull=False) & ~Q(voters_hash=""),
                name="electorate_frozen_has_a_hash",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.day:%Y-%m-%d}"


class Voter(models.Model):
    """One voice of a frozen roll: one line for each membership, or for each person where offices or a circle decide.

    `key` names the line for good ("m:" and the uuid of the membership, "o:" and "c:" for offices and circles), also when the membership
    can no longer be joined to it. `person` is the account that casts; without one no electronic ballot reaches them. `name` and
    `category` (the stakeholder group) are as on the day. The votes of investing members are counted apart (§ 8 II GenG).
    """

    electorate = models.ForeignKey(Electorate, on_delete=models.PROTECT, related_name="voters")
    key = models.CharField(max_length=60)
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="voices")
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="voices")
    name = models.CharField(_("Name"), max_length=250, blank=True)
    category = models.CharField(_("Group"), max_length=80, blank=True)
    is_investing = models.BooleanField(_("Investing member"), default=False)
    votes = models.PositiveIntegerField(_("Votes"), default=1)
    reason = models.CharField(max_length=24)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("voter")
        verbose_name_plural = _("voters")
        ordering: ClassVar = ["pk"]
        indexes = [models.Index(fields=["person", "electorate"], name="voter_of_person", condition=Q(person__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["electorate", "key"], name="voter_key_once"),
            models.UniqueConstraint(
                fields=["electorate", "membership"], condition=Q(membership__isnull=False), name="voter_membership_once"
            ),
            models.CheckConstraint(condition=Q(votes__gte=1), name="voter_has_a_vote"),
        ]

    def __str__(self) -> str:
        return f"{self.electorate_id} {self.key}"


class Excluded(models.Model):
    """A membership that is in the register and does not vote here, and why: asked about long after."""

    electorate = models.ForeignKey(Electorate, on_delete=models.PROTECT, related_name="excluded")
    key = models.CharField(max_length=60)
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("Name"), max_length=250, blank=True)
    category = models.CharField(_("Group"), max_length=80, blank=True)
    reason = models.CharField(max_length=24)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("excluded from voting")
        verbose_name_plural = _("excluded from voting")
        ordering: ClassVar = ["pk"]
        constraints = [models.UniqueConstraint(fields=["electorate", "key"], name="excluded_key_once")]

    def __str__(self) -> str:
        return f"{self.electorate_id} {self.key} {self.reason}"
