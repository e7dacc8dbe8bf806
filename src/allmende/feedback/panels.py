"""What this room shows elsewhere: the rounds of a project, giving and getting of an organisation, and what waits for a person."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from allmende.directory.models import Organisation, State
from allmende.feedback import access, letters, queries
from allmende.ground.text import shorten
from allmende.people.models import Person
from allmende.projects.models import Project
from allmende.web.markdown import plain
from allmende.web.panels import panel

WAITING, VOICES, EXCERPT = 5, 4, 240


@panel("web.subnav.exchange", order=30)
def way(request: HttpRequest, page: str) -> str:
    """The link in the second row."""
    return render_to_string("feedback/parts/subnav.html", {"page": page}, request)


@panel("people.waiting", order=50)
def waiting(request: HttpRequest, person: Person) -> str:
    """Invitations nobody has answered, and feedback that waits for a word."""
    invitations = queries.invitations_waiting(request.user, timezone.now())
    reviews = queries.reviews_waiting(request.user)
    shown_first = max(0, WAITING - len(invitations))
    context = {
        "invitations": invitations[:WAITING],
        "reviews": [queries.Given(one) for one in reviews[:shown_first]],
        "more": len(invitations[WAITING:]) + len(reviews[shown_first:]),
    }
    return render_to_string("feedback/parts/waiting.html", context, request) if invitations or reviews else ""


@panel("projects.project.deeds", order=40)
def ask(request: HttpRequest, project: Project) -> str:
    """For those who lead the project: ask for feedback."""
    if project.is_draft or project.hidden_at or not access.may_ask_as(request.user, project).exists():
        return ""
    return render_to_string("feedback/parts/deeds.html", {"project": project}, request)


@panel("projects.project.main", order=50)
def of_project(request: HttpRequest, project: Project) -> str:
    """On a project's page: its rounds, what became of the suggestions, and a few voices the viewer may read."""
    if project.is_draft or project.hidden_at:
        return ""
    rounds, runs = queries.rounds_of(project, request.user), access.may_ask_as(request.user, project).exists()
    if not rounds and not runs:
        return ""
    given = [one for found in rounds[:1] for one in queries.given_in(found, request.user) if one.review.hidden_at is None]
    context = {
        "project": project,
        "rounds": rounds,
        "runs": runs,
        "became": letters.became_sentence(queries.became_of(rounds[0])) if given else "",
        "voices": _voices(given),
        "may_give": queries.answerable(rounds, request.user, timezone.now()),
    }
    return render_to_string("feedback/parts/project.html", context, request)


def _voices(given: list[queries.Given]) -> list[tuple[str, str, str, str]]:
    """The first words of what was given last, strengths and questions in turn."""
    said = []
    for one in reversed(given):
        address = one.review.get_absolute_url()
        texts = (("for", one.review.strengths), ("ask", one.review.open_questions))
        said += [(kind, shorten(plain(text), EXCERPT), one.giver, address) for kind, text in texts if text]
    return said[:VOICES]


@panel("directory.organisation.side", order=60)
def balance(request: HttpRequest, item: Organisation) -> str:
    """Beside an entry: how much feedback it gave and got. Giving is as visible as getting."""
    found = queries.balance_of(item, request.user) if item.state == State.PUBLISHED else None
    return render_to_string("feedback/parts/side.html", {"balance": found}, request) if found else ""
