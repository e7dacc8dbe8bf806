"""What this room knows of a person, and how it lets go of them.

Feedback of an organisation is the organisation's: it stays, without who wrote it. Feedback in one's own name stays as words nobody
can be found by, because those who asked have answered them and changed their project by them; drafts go.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.feedback import actions
from allmende.feedback.models import Invitation, Review, ReviewState, Round, Suggestion
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows

announces("feedback", label=gettext_lazy("Feedback on projects"))


@knows("feedback", label=gettext_lazy("Feedback you gave"))
def given(person: Person) -> list[dict[str, Any]]:
    """In one's own name, and what one wrote for an organisation; with what became of it."""
    rows = Review.objects.filter(Q(person=person) | Q(by=person)).select_related("round__project", "organisation").order_by("pk")
    return [
        {
            "project": review.round.project.title,
            "for": review.organisation.name if review.organisation else "",
            "name": review.person_name,
            "state": review.state,
            "strengths": review.strengths,
            "open_questions": review.open_questions,
            "answers": [review.answer_1, review.answer_2, review.answer_3],
            "suggestions": [_suggestion(one) for one in review.suggestions.all()],
            "given_at": review.given_at,
            "reply": review.reply,
            "thanks": review.thanks,
        }
        for review in rows.prefetch_related("suggestions")
    ]


def _suggestion(one: Suggestion) -> str:
    return " · ".join(part for part in (one.text, one.verdict, one.because) if part)


@knows("feedback-rounds", label=gettext_lazy("Feedback you asked for and answered"))
def asked(person: Person) -> list[dict[str, Any]]:
    """Rounds one opened, organisations one invited, invitations one declined, suggestions one answered."""
    rounds = (
        Round.objects.filter(asked_by=person).order_by("pk").values("project__title", "question_1", "question_2", "question_3", "opened_at")
    )
    invited = (
        Invitation.objects.filter(invited_by=person).order_by("pk").values("round__project__title", "organisation__name", "invited_at")
    )
    declined = Invitation.objects.filter(declined_by=person).order_by("pk").values("round__project__title", "word", "declined_at")
    answered = Suggestion.objects.filter(answered_by=person).order_by("pk").values("verdict", "because", "answered_at")
    named = (("round", rounds), ("invited", invited), ("declined", declined), ("answered", answered))
    return [{"what": what, **row} for what, rows in named for row in rows]


@keeps("feedback")
def kept(person: Person) -> list[Kept]:
    """What was given in one's own name, without the name."""
    if not Review.objects.filter(person=person, state=ReviewState.GIVEN).exists():
        return []
    why = _("Those who asked have worked with it. Take back what has not been answered yet, if you do not want that.")
    return [Kept(_("Feedback you gave in your own name, without your name"), why)]


@forgets("feedback", order=40)
def forget(person: Person) -> list[Kept] | None:
    """Names go, drafts go, words that were given stay."""
    stays = kept(person)
    actions.erase_person(person)
    return stays
