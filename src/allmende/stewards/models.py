"""Ways into the circle of those who look after an entry: claims with their vouches, and invitations.

Who looks after an entry is `directory.Stewardship`; what stands here is how it came to be asked for and decided.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation, Proof, Role


class ClaimState(models.TextChoices):
    """Where a claim stands. Only open ones can still be decided."""

    OPEN = "open", _("open")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


class Claim(models.Model):
    """Somebody says: this entry is ours, I look after it. `proof` is how they want to show it.

    `address` is where the letter with the link went (proof by domain); `token` is the hash of the newest link, `proved_at` the moment
    its owner followed it. A claim proved this way stays open only where the entry has owners, who are asked.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="claims")
    came_from = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")  # before a merge
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    proof = models.CharField(max_length=10, choices=Proof.choices)
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.OPEN)
    message = models.TextField(blank=True, max_length=1_000)
    evidence = models.TextField(blank=True, max_length=2_000)
    address = models.EmailField(max_length=254, blank=True)
    token = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    letters = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering: ClassVar = ["opened_at", "pk"]
        indexes = [models.Index(fields=["state", "opened_at"], name="claim_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], condition=Q(state="open"), name="claim_one_open_per_entry"),
            models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="claim_token_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="claim_decided_at_a_moment",
            ),
            models.CheckConstraint(condition=Q(proof__in=["domain", "vouched", "granted"]), name="claim_by_a_known_proof"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state} {self.organisation_id}"

    @property
    def way(self) -> str:
        """How it is asked, in words; the label of the proof would say that it is shown already."""
        words = {
            "domain": _("by e-mail at the organisation's own domain"),
            "vouched": _("by two people who vouch"),
            "granted": _("asks network management"),
        }
        return str(words[self.proof])


class Vouch(models.Model):
    """Somebody who looks after another entry says: I know this person, they belong there. Two of them decide a claim."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="vouches")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="vouches")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="vouches")
    why = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("vouch")
        verbose_name_plural = _("vouches")
        ordering: ClassVar = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "person"], name="vouch_once_per_person"),
            models.UniqueConstraint(fields=["claim", "organisation"], name="vouch_once_per_organisation"),
            models.CheckConstraint(condition=~Q(why=""), name="vouch_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.claim_id}"


class InvitationState(models.TextChoices):
    """Where an invitation stands. The address is forgotten as soon as it is no longer open."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


class Invitation(models.Model):
    """Who looks after an entry asks somebody by mail to join. The link stands in the letter only; here is its hash."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    came_from = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")  # before a merge
    email = models.EmailField(max_length=254, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices)
    message = models.TextField(blank=True, max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=InvitationState.choices, default=InvitationState.OPEN)
    token = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    letters = models.PositiveSmallIntegerField(default=1)
    decided_at = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar = ["created_at", "pk"]
        indexes = [models.Index(fields=["email"], condition=Q(state="open"), name="invitation_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "email"], condition=Q(state="open"), name="invitation_one_open_per_address"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False, email="") & Q(decided_at__gte=F("created_at"))),
                name="invitation_forgets_its_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role} {self.state}"
