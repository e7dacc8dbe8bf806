"""Peer feedback: a round of questions about a project, who was asked, what they gave, and what became of each suggestion."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.directory.models import Organisation
from allmende.feedback import rules
from allmende.projects.models import Project


class RoundState(models.TextChoices):
    """Where a round stands."""

    OPEN = rules.OPEN, _("open")
    CLOSED = rules.CLOSED, _("closed")


class Readers(models.TextChoices):
    """Who reads what is given, besides those who gave it."""

    ASKER = rules.ASKER, _("Only those who asked")
    INVITED = rules.INVITED, _("Those who asked and the organisations invited")
    EVERYBODY = rules.EVERYBODY, _("Everybody who sees the project")


class ReviewState(models.TextChoices):
    """Whether feedback has been given or is still being written."""

    DRAFT = rules.DRAFT, _("Draft")
    GIVEN = rules.GIVEN, _("given")


class Verdict(models.TextChoices):
    """What becomes of a suggestion."""

    TAKEN_UP = rules.TAKEN_UP, _("taken up")
    LATER = rules.LATER, _("later")
    NO = rules.NO, _("not taken up")


class Hideable(models.Model):
    """Something that was taken off after a report. Who wrote it and who asked for it read why."""

    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_because = models.CharField(max_length=500, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        abstract = True


class Round(Hideable):
    """`organisation` asks for feedback on a project, with one to three own questions, until a moment it names.

    Those invited answer; with `is_open_to_all` also others who see the project. `readers` is who reads the answers.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="feedback_rounds")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="feedback_rounds")
    text = models.TextField(_("What is it about?"), blank=True, max_length=rules.TEXT_LENGTH)
    question_1 = models.CharField(_("First question"), max_length=rules.QUESTION_LENGTH)
    question_2 = models.CharField(_("Second question"), max_length=rules.QUESTION_LENGTH, blank=True)
    question_3 = models.CharField(_("Third question"), max_length=rules.QUESTION_LENGTH, blank=True)
    readers = models.CharField(_("Who reads the answers?"), max_length=10, choices=Readers.choices, default=Readers.INVITED)
    is_open_to_all = models.BooleanField(_("Others who see the project may answer, too"), default=False)
    opened_at = models.DateTimeField()
    deadline = models.DateTimeField(_("Until when?"))
    state = models.CharField(max_length=6, choices=RoundState.choices, default=RoundState.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    word = models.TextField(_("What came out of it"), blank=True, max_length=rules.TEXT_LENGTH)
    told_at = models.DateTimeField(null=True, blank=True)  # when those who asked last heard of new answers
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("feedback round")
        verbose_name_plural = _("feedback rounds")
        ordering: ClassVar = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["state", "deadline"], name="feedback_round_due")]
        constraints = [
            models.CheckConstraint(condition=~Q(question_1=""), name="feedback_round_asks_something"),
            models.CheckConstraint(condition=~Q(question_2="") | Q(question_3=""), name="feedback_round_questions_in_order"),
            models.CheckConstraint(condition=Q(deadline__gt=models.F("opened_at")), name="feedback_round_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(state=rules.OPEN, closed_at__isnull=True) | Q(state=rules.CLOSED, closed_at__isnull=False),
                name="feedback_round_closed_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.organisation_id} {self.state}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("feedback:round", args=[self.pk])


class Invitation(models.Model):
    """That an organisation was asked. Whether it has answered is said by its review, and not kept twice."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="feedback_invitations")
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reminded_on = models.DateField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    word = models.CharField(_("A word to those who asked"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="feedback_invited_once"),
            models.CheckConstraint(condition=Q(word="") | Q(declined_at__isnull=False), name="feedback_word_with_a_no"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.organisation_id}"


class Review(Hideable):
    """What one organisation, or one person in their own name, gave.

    `person` with `person_name` for the latter; a person who has left the house leaves a review that is nobody's.
    `reply` answers the open questions, `thanks` is one sentence; both by those who asked.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reviews")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="feedback_given")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="feedback_given")
    person_name = models.CharField(_("Your name as it shall be shown"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    strengths = models.TextField(_("What convinces"), blank=True, max_length=rules.TEXT_LENGTH)
    open_questions = models.TextField(_("What is still open"), blank=True, max_length=rules.TEXT_LENGTH)
    answer_1 = models.TextField(blank=True, max_length=rules.TEXT_LENGTH)
    answer_2 = models.TextField(blank=True, max_length=rules.TEXT_LENGTH)
    answer_3 = models.TextField(blank=True, max_length=rules.TEXT_LENGTH)
    state = models.CharField(max_length=5, choices=ReviewState.choices, default=ReviewState.DRAFT)
    version = models.PositiveIntegerField(default=1)  # two people of one organisation may write at once
    begun_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    given_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(_("Your answer to their questions"), blank=True, max_length=rules.TEXT_LENGTH)
    replied_at = models.DateTimeField(null=True, blank=True)
    thanks = models.CharField(_("Your thanks, in one sentence"), max_length=300, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering: ClassVar = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organisation"], condition=Q(organisation__isnull=False), name="feedback_once_per_organisation"
            ),
            models.UniqueConstraint(fields=["round", "person"], condition=Q(person__isnull=False), name="feedback_once_per_person"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(person__isnull=True, person_name=""), name="feedback_by_one_of_both"
            ),
            models.CheckConstraint(
                condition=Q(state=rules.DRAFT, given_at__isnull=True) | Q(state=rules.GIVEN, given_at__isnull=False),
                name="feedback_given_at_a_moment",
            ),
            models.CheckConstraint(condition=Q(thanks="") | Q(thanked_at__isnull=False), name="feedback_thanked_at_a_moment"),
            models.CheckConstraint(condition=Q(reply="") | Q(replied_at__isnull=False), name="feedback_replied_at_a_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.state}"

    def get_absolute_url(self) -> str:
        """Where it stands on the page of its round."""
        return f"{reverse('feedback:round', args=[self.round_id])}#rueckmeldung-{self.pk}"


class Suggestion(models.Model):
    """One suggestion of a review: each is answered on its own."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="suggestions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=rules.SUGGESTION_LENGTH)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    because = models.CharField(max_length=rules.BECAUSE_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "position"], name="feedback_suggestion_has_its_place"),
            models.CheckConstraint(condition=~Q(text=""), name="feedback_suggestion_says_something"),
            models.CheckConstraint(
                condition=Q(verdict="", answered_at__isnull=True, because="") | (~Q(verdict="") & Q(answered_at__isnull=False)),
                name="feedback_suggestion_answered_at_a_moment",
            ),
            models.CheckConstraint(condition=~Q(verdict__in=(rules.LATER, rules.NO)) | ~Q(because=""), name="feedback_no_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.position}"
