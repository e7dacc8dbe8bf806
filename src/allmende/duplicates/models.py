"""What is remembered of duplicates: the index in which they are found, and the pairs people decide on."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation, RevisionSet

# ------------------------------------------------------------------------------------------------------------ the index
# Derived from the directory, built again by `./allmende manage duplicates rebuild`. No foreign keys: nobody may be kept from
# deleting an entry by what was derived from it, and whoever reads looks up whether the entry is still there.


class Sketch(models.Model):
    """One entry as it is compared (see `portraits.Portrait`), packed into one line so that comparing hundreds needs no joins.

    E-mail addresses and phone numbers stand in it only as keyed marks. `is_public`: everybody may see the entry.
    """

    organisation_id = models.BigIntegerField(primary_key=True)
    is_public = models.BooleanField()
    said = models.TextField()

    class Meta:
        verbose_name = "sketch"
        verbose_name_plural = "sketches"

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.said[:60]}"


class Key(models.Model):
    """Something two entries may have in common, as a number: a rare word, a website, an address. Found by range in its primary key."""

    pk = models.CompositePrimaryKey("key", "organisation_id")
    key = models.BigIntegerField()
    organisation_id = models.BigIntegerField()

    class Meta:
        verbose_name = "key"
        verbose_name_plural = "keys"

    def __str__(self) -> str:
        return f"{self.key} {self.organisation_id}"


# ------------------------------------------------------------------------------------------------------------ the pairs


class FoundBy(models.TextChoices):
    """How a pair came to be looked at."""

    TYPING = "typing", _("while an entry was written")
    IMPORT = "import", _("in an import")
    SCAN = "scan", _("in the nightly comparison")
    REPORT = "report", _("reported by somebody")


class PairState(models.TextChoices):
    """Where a pair stands. The last three are decided: nobody is asked about the pair again."""

    OPEN = "open", _("not yet decided")
    ASKED = "asked", _("the owners are asked")
    SAME = "same", _("the same")
    BRANCH = "branch", _("one is a branch of the other")
    DIFFERENT = "different", _("different")


WAITING = (PairState.OPEN, PairState.ASKED)


class Saying(models.TextChoices):
    """What somebody says about a pair. `one` is the entry with the smaller number."""

    SAME = "same", _("It is the same organisation")
    DIFFERENT = "different", _("They are different")
    ONE = "one", _("The first is a branch of the second")
    OTHER = "other", _("The second is a branch of the first")


class Pair(models.Model):
    """Two entries that may be one organisation, and what people decided. A row is never deleted for being decided: it is the memory.

    `score` and `reasons` (see `reasons.Reason.as_json`) are what the comparison said last, with all fields of both entries; they are
    shown only to those who see all fields of both.
    """

    one = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    judgement = models.CharField(max_length=10)  # scoring.Judgement
    score = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    found_by = models.CharField(max_length=10, choices=FoundBy.choices)
    found_at = models.DateTimeField()
    found_in = models.ForeignKey(RevisionSet, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")  # the import
    state = models.CharField(max_length=10, choices=PairState.choices, default=PairState.OPEN)
    asked_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        indexes = [
            models.Index(fields=["state", "-score", "id"], name="pair_by_score"),
            models.Index(fields=["other", "state"], name="pair_of_other"),
            models.Index(fields=["found_in"], name="pair_of_import"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="pair_smaller_number_first"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "asked"), decided_at__isnull=True)
                | Q(state__in=("same", "branch", "different"), decided_at__isnull=False),
                name="pair_decided_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id} {self.state}"


class Answer(models.Model):
    """What those who answer for one of the two entries say about a pair. When both sides say the same, it is decided."""

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    saying = models.CharField(max_length=10, choices=Saying.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["pair", "organisation"], name="answer_once_per_side")]

    def __str__(self) -> str:
        return f"{self.pair_id} {self.organisation_id} {self.saying}"


class Merge(models.Model):
    """Two entries became one: what was moved from the loser to the winner, so that it can go back.

    `moved` holds numbers and values, see `actions.merging`; `left` what could not go back when it was undone, because it had been
    changed since: rows of [kind, name].
    """

    pair = models.ForeignKey(Pair, null=True, on_delete=models.SET_NULL, related_name="merges")
    winner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    loser = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    revision_set = models.ForeignKey(RevisionSet, null=True, on_delete=models.SET_NULL, related_name="+")
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    left = models.JSONField(default=list)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering: ClassVar = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["loser"], condition=Q(undone_at__isnull=True), name="merge_once_at_a_time"),
            models.CheckConstraint(condition=~Q(winner=F("loser")), name="merge_not_with_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.winner_id}"


class Round(models.Model):
    """One nightly comparison: all entries changed since the round before. It goes on where it stopped."""

    began_at = models.DateTimeField()
    since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    compared = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("comparison of all changed entries")
        verbose_name_plural = _("comparisons of all changed entries")

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d} {self.found}"
