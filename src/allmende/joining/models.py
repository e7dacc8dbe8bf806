"""Declarations of accession and of further shares, until the board has decided; admitted ones stay as the register's proof."""

import secrets
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.constitution.models import Cooperative, Statute
from allmende.directory.models import Organisation
from allmende.members.models import Group, Kind, Membership, NamedParty


def new_token() -> str:
    """A word nobody guesses: the link under which an applicant sees the own declaration."""
    return secrets.token_urlsafe(32)


class State(models.TextChoices):
    """A declaration waits or was admitted. Of refused and withdrawn ones only a `Closed` line is left."""

    DECLARED = "declared", _("waits for the board")
    ADMITTED = "admitted", _("admitted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Application(NamedParty):
    """Somebody declares to join (§ 15 GenG), or a member declares to take further shares (`further`, § 15b GenG).

    `text_shown` is the declaration word by word as it stood on the page, `sha256` its fingerprint, `statute` the version it was made
    by. `uuid` is handed out with the first step, so that a double click makes one declaration. `membership` is what it led to.
    Refused and withdrawn declarations are deleted; a `Closed` line counts them.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="applications")
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DECLARED)
    kind = models.CharField(_("Kind of membership"), max_length=10, choices=Kind.choices, default=Kind.ORDINARY)
    further = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="further_applications")
    # who: the fields of NamedParty, empty where a member takes further shares; and the account and entry behind it
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # what
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    shares = models.PositiveIntegerField(_("Shares"))
    statute = models.ForeignKey(Statute, on_delete=models.PROTECT, related_name="+")
    text_shown = models.TextField()
    sha256 = models.CharField(max_length=64)
    acknowledgements = models.JSONField(default=list, blank=True)  # [{"key", "text"}] as they were ticked
    note = models.TextField(_("Message to the board"), max_length=2_000, blank=True)
    # a mandate that is wished for, given with the admission
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    holder = models.CharField(_("Account holder"), max_length=140, blank=True)
    mandate_text = models.TextField(blank=True)
    # when, and how it goes on
    declared_on = models.DateField(_("Declared on"))  # of one on paper: the day it came in
    declared_at = models.DateTimeField()
    is_paper = models.BooleanField(default=False)
    evidence = models.CharField(_("Where the paper lies"), max_length=200, blank=True)
    question = models.TextField(max_length=2_000, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=2_000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="declarations")
    admitted_on = models.DateField(null=True, blank=True)
    basis = models.CharField(_("Resolution"), max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    erased_at = models.DateTimeField(null=True, blank=True)  # with the register's line, after the years of the law

    class Meta:
        verbose_name = _("declaration of accession")
        verbose_name_plural = _("declarations of accession")
        ordering: ClassVar = ["declared_on", "pk"]
        indexes = [models.Index(fields=["cooperative", "state", "declared_on"], name="application_waiting")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=("declared", "admitted")), name="application_refused_ones_are_gone"),
            models.CheckConstraint(
                condition=Q(state="declared", membership__isnull=True, admitted_on__isnull=True)
                | Q(state="admitted", membership__isnull=False, admitted_on__isnull=False),
                name="application_admitted_is_a_member",
            ),
            models.CheckConstraint(condition=Q(shares__gte=1) | Q(kind="supporting"), name="application_takes_shares"),
            models.UniqueConstraint(
                fields=["membership"], condition=Q(further__isnull=True, membership__isnull=False), name="application_one_a_member"
            ),
            models.UniqueConstraint(
                fields=["further"], condition=Q(state="declared", further__isnull=False), name="application_one_further_waits"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Reason(models.TextChoices):
    """Why a declaration was not admitted, in classes: words about a person would be kept otherwise."""

    CONDITIONS = "conditions", _("The conditions of the statute are not met")
    INCOMPLETE = "incomplete", _("Information is missing or wrong")
    DUPLICATE = "duplicate", _("Declared twice, or a member already")
    SIZE = "size", _("No further members are admitted at present")
    OTHER = "other", _("Another reason")
    NONE = "none", _("withdrawn by the applicant")


class Closed(models.Model):
    """What is left of a declaration that was refused or withdrawn: when, how, why by class. Nothing that names anybody (§ 15 II GenG)."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="closed_applications")
    state = models.CharField(max_length=10, choices=[(State.REFUSED, State.REFUSED.label), (State.WITHDRAWN, State.WITHDRAWN.label)])
    reason = models.CharField(_("Reason"), max_length=12, choices=Reason.choices)
    is_further = models.BooleanField(default=False)
    declared_on = models.DateField()
    closed_on = models.DateField()

    class Meta:
        verbose_name = _("closed declaration")
        verbose_name_plural = _("closed declarations")
        ordering: ClassVar = ["-closed_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=("refused", "withdrawn")), name="closed_is_refused_or_withdrawn"),
            models.CheckConstraint(
                condition=Q(state="withdrawn", reason="none") | Q(state="refused") & ~Q(reason="none"), name="closed_refusal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.cooperative_id}"
