"""What those who asked answer: what becomes of each suggestion, a reply to the questions, thanks."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.feedback import access, letters, rules
from allmende.feedback.models import Review, Suggestion, Verdict
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.people.models import Person


@dataclass(frozen=True)
class Answer:
    """What becomes of one suggestion; an empty verdict leaves it open."""

    verdict: str
    because: str = ""


@transaction.atomic
def answer_review(review: Review, answers: Mapping[int, Answer], *, reply: str = "", thanks: str = "", by: Person) -> Review:
    """Answer suggestions by their number, the questions, and thank. Those who gave are told of what is new; repeating tells nobody.

    An answer may change later ("later" becomes "taken up"), it is not taken away again: somebody has been told.
    """
    require(access.may_run(by, review.round), _("Only those who asked can answer."), NotAllowed)
    review = Review.objects.select_for_update(of=("self",)).select_related("round__project", "organisation", "person").get(pk=review.pk)
    require(review.state == rules.GIVEN, _("This was taken back. There is nothing to answer at the moment."))
    suggestions = {one.pk: one for one in review.suggestions.select_for_update()}
    require(set(answers) <= set(suggestions), _("One of these suggestions is not there any more. Please read them again."))
    changed = [suggestions[pk] for pk, answer in sorted(answers.items()) if _answer(suggestions[pk], answer, by)]
    fresh = _write(review, reply, thanks)
    for one in changed:
        trail.record("feedback.suggestion_answered", by=by, about=one, verdict=one.verdict)
    if changed or fresh:
        trail.record("feedback.review_answered", by=by, about=review, round=review.round_id, suggestions=len(changed), fields=fresh)
        letters.answered(review, changed, by)
    return review


def _answer(one: Suggestion, answer: Answer, by: Person) -> bool:
    """Write what becomes of a suggestion; whether that is news."""
    if (one.verdict, one.because) == (answer.verdict, answer.because):
        return False
    require(
        answer.verdict in (Verdict.values if one.verdict else ("", *Verdict.values)), _("Say what becomes of each suggestion."), BadInput
    )
    if not answer.verdict:
        require(not answer.because, _("Say what becomes of each suggestion."), BadInput)
        return False
    require(
        answer.because or not rules.needs_reason(answer.verdict), _("Say why: a no with a reason helps, one without does not."), BadInput
    )
    one.verdict, one.because, one.answered_at, one.answered_by = answer.verdict, answer.because, timezone.now(), by
    one.save(update_fields=["verdict", "because", "answered_at", "answered_by"])
    return True


def _write(review: Review, reply: str, thanks: str) -> list[str]:
    """The reply and the thanks; which of them are new or different. Empty ones leave what stands there."""
    now, fresh = timezone.now(), []
    if reply and reply != review.reply:
        review.reply, review.replied_at = reply, now
        fresh.append("reply")
    if thanks and thanks != review.thanks:
        review.thanks, review.thanked_at = thanks, now
        fresh.append("thanks")
    if fresh:
        review.save(update_fields=["reply", "replied_at", "thanks", "thanked_at"])
    return fresh
