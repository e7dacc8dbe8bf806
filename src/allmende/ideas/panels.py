"""What this room shows elsewhere: its link under "Deciding", and what an author is asked about."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.ideas import access, queries
from allmende.people.models import Person
from allmende.web.panels import panel


@panel("cooperative.sub.deciding", order=20)
def tab(request: HttpRequest, cooperative: Cooperative) -> str:
    """Ideas, for those who see some."""
    if not access.may_come_in(request.user, cooperative):
        return ""
    return link(request, cooperative, "ideas:ideas", _("Ideas"), current=("ideas",))


@panel("people.waiting", order=72)
def wishes(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": merges of ideas that wait for my answer."""
    asked = list(queries.wishes_for(person)[:5])
    return render_to_string("ideas/parts/waiting.html", {"wishes": asked}, request) if asked else ""
