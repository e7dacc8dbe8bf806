"""The data cooperative: votes on the network's data rules, requests to use data, answers of the participants, the log of what went out."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import DataRules, Organisation


class Choice(models.TextChoices):
    """A vote of an organisation on a version of the rules."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    ABSTAIN = "abstain", _("Abstention")


class RulesVote(models.Model):
    """One organisation, one vote on a version of the data rules; it can be changed until the vote closes."""

    rules = models.ForeignKey(DataRules, on_delete=models.CASCADE, related_name="votes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rules_votes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rules", "organisation"], name="rules_vote_once_per_organisation")]

    def __str__(self) -> str:
        return f"{self.rules_id} {self.organisation_id} {self.choice}"


class RequestState(models.TextChoices):
    """Where a request to use data stands."""

    UNCONFIRMED = "unconfirmed", _("E-mail not confirmed yet")
    OPEN = "open", _("Participants are asked")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVOKED = "revoked", _("Ended early")


class DataRequest(models.Model):
    """Somebody from outside wants data for a purpose, until a day. What they say of themselves is public, their address is not."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    who = models.CharField(max_length=200)
    purpose = models.TextField(max_length=2_000)
    fields = models.JSONField(default=list)  # of directory.rules.HIDEABLE, beyond what is public anyway
    until = models.DateField()
    email = models.EmailField(blank=True)  # emptied a year after the use ended
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="de")
    state = models.CharField(max_length=12, choices=RequestState.choices, default=RequestState.UNCONFIRMED)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=1_000, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)  # of the key to the data; the key itself is shown once
    token_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="request_key_is_its_own"),
            models.CheckConstraint(condition=Q(token_hash="") | Q(state="granted"), name="request_key_only_while_granted"),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.state}"


class Answer(models.TextChoices):
    """What an organisation says to a request for data."""

    AGREE = "agree", _("We agree")
    OBJECT = "object", _("We object")


class RequestAnswer(models.Model):
    """One organisation's answer to a request; it can be changed at any time and holds from the next download on."""

    request = models.ForeignKey(DataRequest, on_delete=models.CASCADE, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="data_answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "organisation"], name="request_answer_once_per_organisation")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.organisation_id} {self.answer}"


class HandOut(models.Model):
    """A line of the public log: when how many entries with which fields went out under an agreement."""

    request = models.ForeignKey(DataRequest, on_delete=models.CASCADE, related_name="hand_outs")
    at = models.DateTimeField(auto_now_add=True)
    entries = models.PositiveIntegerField()
    fields = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.at:%Y-%m-%d} {self.entries}"
