"""Rounds of feedback: one open, one closed and answered, one that ends soon."""

from datetime import datetime

from allmende.feedback import actions
from allmende.feedback.actions.answering import Answer
from allmende.feedback.actions.giving import Said
from allmende.feedback.models import Invitation, Review, Round, Suggestion
from allmende.home.demo.exchange.cast import Cast, Row, story


def ask(cast: Cast) -> None:
    """All rounds of the story."""
    for row in story("rounds"):
        found = _open(cast, row)
        for given in row["given"]:
            _give(cast, found, given)
        for draft in row.get("drafts", []):
            actions.keep_draft(found, cast.home(draft["by"]), _said(draft), by=cast.people[draft["by"]])
        for no in row.get("declined", []):
            _decline(cast, found, no)
        if "closed" in row:
            with cast.told(row["closed"]):
                actions.close_round(found, word=row["word"], by=cast.people[row["by"]])
        _set_back(cast, found, row)


def _deadline(cast: Cast, row: Row) -> datetime:
    """In the evening of its last day; the closed one gets its real one afterwards."""
    return cast.at(row["deadline"], 18)


def _open(cast: Cast, row: Row) -> Round:
    facts = {"readers": row["readers"], "is_open_to_all": row["open_to_all"], "invited": cast.named(row["invited"]), "text": row["text"]}
    by = cast.people[row["by"]]
    with cast.told(row["opened"]):
        return actions.open_round(
            cast.projects[row["project"]], cast.home(row["by"]), asked=row["asked"], deadline=_deadline(cast, row), by=by, **facts
        )


def _said(row: Row) -> Said:
    return Said(
        strengths=row.get("strengths", ""),
        open_questions=row.get("open_questions", ""),
        suggestions=row.get("suggestions", ()),
        answers=row.get("answers", ()),
        person_name=row.get("person", ""),
    )


def _give(cast: Cast, found: Round, row: Row) -> None:
    organisation = None if "person" in row else cast.home(row["by"])
    with cast.told(row["days_ago"]):
        review = actions.give_review(found, organisation, _said(row), by=cast.people[row["by"]])
    at = cast.ago(row["days_ago"])
    Review.objects.filter(pk=review.pk).update(begun_at=at, given_at=at, changed_at=at)
    if "verdicts" in row:
        _answer(cast, review, row)


def _answer(cast: Cast, review: Review, row: Row) -> None:
    """The asker answers two days later."""
    days = row["days_ago"] - 2
    answers = {one.pk: Answer(*verdict) for one, verdict in zip(review.suggestions.all(), row["verdicts"], strict=True)}
    by = cast.keeper(review.round.organisation.slug)
    with cast.told(days):
        actions.answer_review(review, answers, reply=row.get("reply", ""), thanks=row.get("thanks", ""), by=by)
    at = cast.ago(days)
    Suggestion.objects.filter(review=review, answered_at__isnull=False).update(answered_at=at)
    Review.objects.filter(pk=review.pk, replied_at__isnull=False).update(replied_at=at)
    Review.objects.filter(pk=review.pk, thanked_at__isnull=False).update(thanked_at=at)


def _decline(cast: Cast, found: Round, row: Row) -> None:
    invitation = Invitation.objects.get(round=found, organisation=cast.home(row["by"]))
    with cast.told(1):
        actions.decline_invitation(invitation, word=row["word"], by=cast.people[row["by"]])
    Invitation.objects.filter(pk=invitation.pk).update(declined_at=cast.ago(1))


def _set_back(cast: Cast, found: Round, row: Row) -> None:
    opened = cast.ago(row["opened"])
    Invitation.objects.filter(round=found).update(invited_at=opened)
    Round.objects.filter(pk=found.pk).update(is_demo=True, opened_at=opened, told_at=cast.now)
    if "closed" in row:
        Round.objects.filter(pk=found.pk).update(deadline=cast.ago(row["deadline"]), closed_at=cast.ago(row["closed"]))
