"""What this room shows elsewhere: its link over the pages about deciding, what waits, what is deliberated now, what an idea became."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.electorates.access import takes_part
from allmende.ideas.models import Idea
from allmende.ideas.models import State as IdeaState
from allmende.people.models import Person
from allmende.proposals import access, queries
from allmende.web.panels import panel

SHOWN = 3


@panel("cooperative.sub.deciding", order=10)
def tab(request: HttpRequest, cooperative: Cooperative) -> str:
    """Proposals: for members, and for everybody where there is a public one."""
    seen = access.proposals_visible_to(request.user).filter(cooperative=cooperative)
    if not takes_part(request.user, cooperative) and not seen.exists():
        return ""
    return link(request, cooperative, "proposals:proposals", _("Proposals"), current=("proposals", "amendments"))


@panel("cooperative.main", order=40)
def open_ones(request: HttpRequest, cooperative: Cooperative) -> str:
    """On the overview: what is supported, deliberated or decided now."""
    found = list(queries.listed(request.user, cooperative, state="open")[:SHOWN])
    if not found:
        return ""
    return render_to_string("proposals/parts/overview.html", {"cooperative": cooperative, "proposals": found}, request)


@panel("cooperative.waiting", order=70)
def waiting(request: HttpRequest, cooperative: Cooperative) -> str:
    """For offices: proposals that wait to be admitted."""
    if not constitution.may_administer(request.user, cooperative):
        return ""
    found = list(queries.to_admit(request.user, cooperative)[:SHOWN])
    return render_to_string("proposals/parts/waiting.html", {"proposals": found}, request) if found else ""


@panel("people.waiting", order=70)
def waiting_for_me(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": invitations to write along."""
    found = list(queries.invitations_of(person)[:SHOWN])
    return render_to_string("proposals/parts/mine.html", {"invitations": found}, request) if found else ""


@panel("idea.actions", order=20)
def from_idea(request: HttpRequest, idea: Idea) -> str:
    """On the page of an idea: make a proposal of it, for whoever takes part, while it is not settled."""
    if idea.state in (IdeaState.MERGED, IdeaState.WITHDRAWN, IdeaState.DECLINED) or not access.may_propose(request.user, idea.cooperative):
        return ""
    return render_to_string("proposals/parts/from_idea.html", {"idea": idea}, request)
