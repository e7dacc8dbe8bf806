"""Feedback rounds of the demo network: one that is open, with answers in every state, and one that is over and says what came of it.

They are asked about demo projects, by whoever of the demo people looks after them; where there are none, nothing is asked.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation

from allmende.directory.access import stewarded_by
from allmende.directory.models import Organisation
from allmende.feedback import access, actions, rules
from allmende.feedback.actions.answering import Answer
from allmende.feedback.actions.giving import Said
from allmende.feedback.models import Review, Round
from allmende.people.models import Person
from allmende.projects.models import Project

ASKED = ["Was müsste geschehen, damit ihr mitmacht?", "Was kostet es euch heute, dass es das noch nicht gibt?"]
FIRST = Said(
    strengths="Es fängt dort an, wo alle dasselbe brauchen, und niemand muss dafür etwas abgeben.",
    open_questions="Wer springt ein, wenn eine der Beteiligten ausfällt?",
    suggestions=[
        "Mit drei Organisationen anfangen und die Kosten offenlegen",
        "Die Regeln auch auf Englisch",
        "Eine App für alle Mitglieder",
    ],
    answers=["Ein Preis, den unsere Generalversammlung vor der Sommerpause beschließen kann.", "Etwa einen Tag Arbeit im Monat.", ""],
)
ANSWERS = (
    Answer("taken_up", "Steht seit dieser Woche im Plan."),
    Answer("later", "Sobald Partner*innen von außerhalb dabei sind."),
    Answer("no", "Dafür fehlt das Geld, und die Seite geht auf jedem Telefon."),
)
SECOND = Said(strengths="Verständlich auch für Neue.", suggestions=["Einmal im Monat eine offene Sprechstunde"], answers=["", "", ""])


@transaction.atomic
def load(people: Mapping[str, Person]) -> int:
    """Ask, answer and close; how many rounds there are. The letters it writes are the caller's to forget."""
    found = [(project, by) for project in _projects() if (by := _asker(project, people)) is not None]
    with translation.override("de"):
        for (project, by), make in zip(found, (_open, _over), strict=False):
            make(project, by, people)
    return Round.objects.filter(is_demo=True).count()


def _projects() -> list[Project]:
    shown = Project.objects.filter(is_demo=True, is_draft=False, hidden_at=None, feedback_rounds=None)
    return list(shown.select_related("organisation").order_by("pk"))


def _asker(project: Project, people: Mapping[str, Person]) -> Person | None:
    return next((one for one in people.values() if access.may_ask_as(one, project).exists()), None)


def _others(project: Project, by: Person, people: Mapping[str, Person]) -> list[tuple[Organisation, Person]]:
    """Organisations of the other demo people that see the project, each with somebody who answers for it."""
    seen = access.organisations_that_see(project).exclude(pk__in=access.askers_of(project).values("pk"))
    rows = {
        organisation.pk: (organisation, one)
        for one in people.values()
        if one != by and not access.may_ask_as(one, project).exists()
        for organisation in seen.filter(pk__in=stewarded_by(one).values("pk"))
    }
    return [rows[pk] for pk in sorted(rows)]


def _ask(project: Project, by: Person, invited: list[Organisation], readers: str) -> Round:
    asker = access.may_ask_as(by, project)[0]
    until = timezone.localtime() + timedelta(days=12)
    made = actions.open_round(
        project,
        asker,
        asked=ASKED,
        text="Bevor wir weitergehen, wollen wir wissen, was *fehlt*.",
        deadline=until.replace(hour=18, minute=0, second=0, microsecond=0),
        readers=readers,
        is_open_to_all=True,
        invited=invited,
        by=by,
    )
    Round.objects.filter(pk=made.pk).update(is_demo=True)
    return made


def _open(project: Project, by: Person, people: Mapping[str, Person]) -> None:
    others = _others(project, by, people)
    made = _ask(project, by, [one for one, _who in others], rules.EVERYBODY)
    for (organisation, who), words in zip(others, (FIRST, SECOND), strict=False):
        review = actions.give_review(made, organisation, words, by=who)
        if words is FIRST:
            _answer(review, by)


def _answer(review: Review, by: Person) -> None:
    answers = dict(zip(review.suggestions.values_list("pk", flat=True), ANSWERS, strict=False))
    thanks = "Eure Frage nach dem Ausfall hat unsere Rechnung besser gemacht."
    actions.answer_review(review, answers, reply="Die anderen, jede mit höchstens einem Jahresbeitrag.", thanks=thanks, by=by)


def _over(project: Project, by: Person, people: Mapping[str, Person]) -> None:
    others = _others(project, by, people)
    made = _ask(project, by, [one for one, _who in others], rules.INVITED)
    for organisation, who in others[:1]:
        _answer(actions.give_review(made, organisation, FIRST, by=who), by)
    actions.close_round(made, word="Wir fangen mit drei Organisationen an und legen die Kosten offen.", by=by)
