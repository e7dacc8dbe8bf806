"""What others point out: suggestions for entries (changes, problems, missing organisations), and reports of illegal or rude content.

Nothing here is shown to anybody but those who decide and, by a link of their own, those who wrote it.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation, Revision, Term
from allmende.suggestions import fields, rules


class Kind(models.TextChoices):
    """What a suggestion is about."""

    CHANGE = rules.CHANGE, _("Change")
    PROBLEM = rules.PROBLEM, _("Problem")
    MISSING = rules.MISSING, _("Missing organisation")


class Problem(models.TextChoices):
    """What is the matter with an entry."""

    WRONG = rules.WRONG, _("Something is wrong or out of date")
    GONE = rules.GONE, _("The organisation does not exist any more")
    FOREIGN = rules.FOREIGN, _("The entry does not belong here")


class State(models.TextChoices):
    """Where a suggestion stands."""

    OPEN = rules.OPEN, _("open")
    ACCEPTED = rules.ACCEPTED, _("accepted")
    PARTLY = rules.PARTLY, _("partly accepted")
    DECLINED = rules.DECLINED, _("declined")
    WITHDRAWN = rules.WITHDRAWN, _("withdrawn")
    EXPIRED = rules.EXPIRED, _("expired without a decision")


class Suggestion(models.Model):
    """A change of an entry, a problem with it, or a missing organisation, put forward by somebody who does not look after it.

    `fields` are what is proposed: columns of a draft, the parts of the seat's address flat beside them. `base` is the newest revision
    when it was written. `contact` lives only while the suggestion is open: it is for the answer and for nothing else.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="suggestions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    problem = models.CharField(max_length=10, choices=Problem.choices, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    fields = models.JSONField(default=dict)
    base = models.BigIntegerField(default=0)
    remark = models.TextField(blank=True, max_length=4_000)
    reason = models.TextField(blank=True, max_length=2_000)
    # Where a missing organisation is and what it does: whose area it falls into.
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=120, blank=True)
    sector = models.ForeignKey(Term, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.EmailField(blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="de")
    opened_at = models.DateTimeField(default=timezone.now, db_index=True)
    raised_at = models.DateTimeField(null=True, blank=True)  # when its caretakers were told that nobody decides
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken = models.JSONField(default=list)  # the units (rules.units) that were accepted
    answer = models.TextField(blank=True, max_length=2_000)
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering: ClassVar = ["opened_at", "pk"]
        indexes = [models.Index(fields=["organisation", "state"], name="suggestion_of_entry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=rules.MISSING) | Q(organisation__isnull=False), name="suggestion_about_an_entry_unless_missing"
            ),
            models.CheckConstraint(
                condition=Q(state=rules.OPEN, decided_at__isnull=True) | (~Q(state=rules.OPEN) & Q(decided_at__isnull=False)),
                name="suggestion_closed_at_a_moment",
            ),
            models.CheckConstraint(condition=Q(contact="") | Q(state=rules.OPEN), name="suggestion_address_only_while_open"),
            models.CheckConstraint(condition=Q(kind=rules.PROBLEM) | Q(problem=""), name="suggestion_problem_has_the_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation_id or ''} {self.state}"

    @property
    def said(self) -> str:
        """The names of what is proposed, in one line."""
        return ", ".join(fields.labels(rules.units(self.fields)))


class Matter(models.TextChoices):
    """What a report complains of."""

    LAW = rules.LAW, _("It is illegal")
    CONDUCT = rules.CONDUCT, _("It violates the rules of conduct")


class Effect(models.TextChoices):
    """What followed from a report."""

    NONE = rules.NONE, _("Nothing changes")
    FIELDS = rules.FIELDS, _("Single fields are removed")
    ARCHIVED = rules.ARCHIVED, _("The entry is taken off the map")
    HIDDEN = rules.HIDDEN, _("It is taken off the pages")


class Ground(models.TextChoices):
    """Why something was restricted: Art. 17 (3) (d) or (e)."""

    LAW = "law", _("It is illegal")
    RULES = "rules", _("It contradicts the rules of this directory")


class Report(models.Model):
    """A report of illegal content (Art. 16 DSA) or of rudeness, and the decision on it with its reasons (Art. 17).

    About an entry, or about a thing of the house (people/subjects.py) kept as its kind and number; `organisation` is then whose thing it
    is. `responsible` are those who hear of a decision: who answered for the thing when it was reported.

    Name and address go once no appeal can follow, the words a year later; what stays is what the yearly numbers count.
    `removed` keeps what a decision took away, so that an appeal can bring it back.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    kind = models.CharField(max_length=60, blank=True)
    number = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    matter = models.CharField(max_length=10, choices=Matter.choices, default=Matter.LAW)
    responsible = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    place = models.CharField(max_length=1_000)
    reason = models.TextField(max_length=10_000)
    is_nameless = models.BooleanField(default=False)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="de")
    opened_at = models.DateTimeField(default=timezone.now, db_index=True)
    effect = models.CharField(max_length=10, choices=Effect.choices, blank=True)
    fields = models.JSONField(default=list)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    facts = models.TextField(blank=True, max_length=10_000)
    removed = models.JSONField(default=dict)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering: ClassVar = ["opened_at", "pk"]
        indexes = [models.Index(fields=["kind", "number"], name="report_of_thing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(effect="", decided_at__isnull=True) | (~Q(effect="") & Q(decided_at__isnull=False)),
                name="report_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(kind="", effect__in=("", rules.NONE, rules.FIELDS, rules.ARCHIVED))
                | (~Q(kind="") & Q(effect__in=("", rules.NONE, rules.HIDDEN))),
                name="report_effect_on_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or self.organisation_id or ''} {self.effect or 'open'}"


class Side(models.TextChoices):
    """Who appeals."""

    NOTIFIER = rules.NOTIFIER, _("who reported it")
    STEWARD = rules.STEWARD, _("who looks after the entry")


class Outcome(models.TextChoices):
    """What an appeal comes to."""

    UPHELD = "upheld", _("The decision stands")
    CHANGED = "changed", _("The decision is changed")


class Appeal(models.Model):
    """An objection to the decision on a report (Art. 20), once for each side."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="appeals")
    side = models.CharField(max_length=10, choices=Side.choices)
    text = models.TextField(max_length=4_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True, max_length=10_000)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering: ClassVar = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "side"], name="appeal_once_a_side"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="appeal_decided_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.side} {self.outcome or 'open'}"


class Move(models.Model):
    """That an open suggestion or report followed its entry into a merge, so that undoing the merge takes it back."""

    suggestion = models.ForeignKey(Suggestion, null=True, on_delete=models.CASCADE, related_name="moves")
    report = models.ForeignKey(Report, null=True, on_delete=models.CASCADE, related_name="moves")
    loser = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    winner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    base = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(suggestion__isnull=True, report__isnull=False) | Q(suggestion__isnull=False, report__isnull=True),
                name="move_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} > {self.winner_id}"
