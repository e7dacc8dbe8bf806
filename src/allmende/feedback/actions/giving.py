"""Giving feedback: keeping a draft, giving it, taking it back, or saying no to an invitation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation
from allmende.feedback import access, letters, queries, rules
from allmende.feedback.actions.rounds import tell_of_new
from allmende.feedback.models import Invitation, Review, Round, Suggestion
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.people.models import Person
from allmende.people.rules import clean_name


@dataclass(frozen=True)
class Said:
    """What somebody wrote into the form."""

    strengths: str = ""
    open_questions: str = ""
    suggestions: Sequence[str] = ()
    answers: Sequence[str] = ()
    person_name: str = ""
    version: int = 0  # of the review they began with; 0 where there was none


def keep_draft(found: Round, organisation: Organisation | None, said: Said, *, by: Person) -> Review:
    """Keep what is written so far; only those who write see it."""
    return _write(found, organisation, said, by, give=False)


def give_review(found: Round, organisation: Organisation | None, said: Said, *, by: Person) -> Review:
    """Give feedback, or change what was given: as an organisation, or as a person in their own name (`organisation` is None)."""
    return _write(found, organisation, said, by, give=True)


@transaction.atomic
def _write(found: Round, organisation: Organisation | None, said: Said, by: Person, *, give: bool) -> Review:
    found = Round.objects.select_for_update(of=("self",)).select_related("project", "organisation").get(pk=found.pk)
    require(access.may_give_as(by, found, organisation), _("You were not asked here, or you belong to those who asked."), NotAllowed)
    require_taking(found)
    if give:
        is_something = rules.says_something(said.strengths, said.open_questions, said.suggestions, said.answers)
        require(is_something, _("Write at least one sentence. An empty sheet helps nobody."), BadInput)
    review = _sheet(found, organisation, said, by)
    is_new = give and review.state == rules.DRAFT
    _fill(review, said, by)
    if is_new:
        review.state, review.given_at = rules.GIVEN, timezone.now()
    review.save()
    _put_suggestions(review, said.suggestions)
    trail.record(_verb(review, is_new), by=by, about=review, round=found.pk, suggestions=review.suggestions.count())
    if is_new:
        Invitation.objects.filter(round=found, organisation=organisation).update(declined_at=None, declined_by=None, word="")
        tell_of_new(found, timezone.now())
    return review


def _verb(review: Review, is_new: bool) -> str:
    if is_new:
        return "feedback.review_given"
    return "feedback.review_changed" if review.state == rules.GIVEN else "feedback.draft_kept"


def require_taking(found: Round) -> None:
    """Late ones get a sentence that says what they can do."""
    if rules.is_taking(found.state, found.deadline, timezone.now()):
        return
    when = timezone.localtime(found.closed_at or found.deadline)
    sentence = _("This round closed on %(date)s. Ask %(name)s to open it again, if it still matters to you.")
    raise Refused(sentence % {"date": date_format(when, "DATETIME_FORMAT"), "name": queries.name_of(found.organisation)})


def _sheet(found: Round, organisation: Organisation | None, said: Said, by: Person) -> Review:
    """The review of this voice, locked; a new one where there is none."""
    mine = {"organisation": organisation} if organisation else {"person": by}
    review = Review.objects.select_for_update().filter(round=found, **mine).first()
    if review is None:
        return Review(round=found, **mine)
    require(review.version == said.version, _("Somebody has changed this meanwhile. Your words are still here; please compare them."))
    require(
        rules.can_write(True, review.state, queries.is_answered(review)),
        _("Those who asked have begun to answer. What you gave stands as it is."),
    )
    review.version += 1
    return review


def _fill(review: Review, said: Said, by: Person) -> None:
    review.strengths, review.open_questions, review.by = said.strengths, said.open_questions, by
    review.answer_1, review.answer_2, review.answer_3 = [*said.answers, "", "", ""][: rules.QUESTIONS]
    if review.organisation_id is None:
        review.person_name = clean_name(said.person_name)
        require(review.person_name, _("Say under which name it shall stand."), BadInput)


def _put_suggestions(review: Review, texts: Sequence[str]) -> None:
    review.suggestions.all().delete()
    said = [text for text in rules.in_order(texts, rules.SUGGESTIONS) if text]
    Suggestion.objects.bulk_create([Suggestion(review=review, position=place, text=text) for place, text in enumerate(said, 1)])


@transaction.atomic
def take_back_review(review: Review, *, by: Person) -> Review:
    """Make a draft again of what was given, as long as nobody has answered it and the round is open."""
    review = _own(review, by)
    require(review.state == rules.GIVEN, _("This has not been given yet."))
    require(
        rules.can_write(True, review.state, queries.is_answered(review)),
        _("Those who asked have begun to answer. What you gave stands as it is."),
    )
    review.state, review.given_at, review.version = rules.DRAFT, None, review.version + 1
    review.save(update_fields=["state", "given_at", "version", "changed_at"])
    trail.record("feedback.review_taken_back", by=by, about=review, round=review.round_id)
    return review


@transaction.atomic
def drop_draft(review: Review, *, by: Person) -> None:
    """Throw away what was begun; also after the round is over."""
    require(access.may_write(by, review), _("This is not yours."), NotAllowed)
    review = Review.objects.select_for_update().get(pk=review.pk)
    require(review.state == rules.DRAFT, _("This has been given. Take it back first."))
    trail.record("feedback.draft_dropped", by=by, about=review, round=review.round_id)
    review.delete()


def _own(review: Review, by: Person) -> Review:
    require(access.may_write(by, review), _("This is not yours."), NotAllowed)
    found = Round.objects.select_for_update().get(pk=review.round_id)
    require_taking(found)
    return Review.objects.select_for_update().get(pk=review.pk)


@transaction.atomic
def decline_invitation(invitation: Invitation, *, word: str = "", by: Person) -> Invitation:
    """Say that one will not answer this time, with a word if one likes. Giving feedback later takes it back by itself."""
    require(access.may_answer_invitation(by, invitation), _("Only who looks after the organisation invited can answer."), NotAllowed)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("round__project", "organisation").get(pk=invitation.pk)
    require_taking(invitation.round)
    has_given = Review.objects.filter(round=invitation.round, organisation=invitation.organisation, state=rules.GIVEN).exists()
    require(not has_given, _("You have given feedback already. Take it back first."))
    require(invitation.declined_at is None, _("Somebody of your organisation has said no already."))
    invitation.declined_at, invitation.declined_by, invitation.word = timezone.now(), by, word
    invitation.save(update_fields=["declined_at", "declined_by", "word"])
    trail.record("feedback.invitation_declined", by=by, about=invitation.round, organisation=invitation.organisation_id)
    letters.declined(invitation)
    return invitation
