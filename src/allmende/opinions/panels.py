"""What this room shows elsewhere: its link over the pages about deciding, what one may still answer, landscapes beside a thing."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.electorates.access import takes_part
from allmende.opinions import access, queries
from allmende.opinions.models import Landscape, State
from allmende.people.models import Person
from allmende.web.panels import panel

MOST_WAITING = 5
MOST_OPEN = 3


@panel("cooperative.sub.deciding", order=30)
def sub(request: HttpRequest, cooperative: Cooperative) -> str:
    """For those who take part; for guests where a report is published."""
    if not takes_part(request.user, cooperative) and not queries.landscapes_of(request.user, cooperative).exists():
        return ""
    return link(request, cooperative, "opinions:opinions", _("Opinions"), current=("opinions",))


@panel("cooperative.main", order=60)
def open_here(request: HttpRequest, cooperative: Cooperative) -> str:
    """On the overview of a cooperative: what it asks at the moment."""
    if not takes_part(request.user, cooperative):
        return ""
    found = list(queries.landscapes_of(request.user, cooperative).filter(state=State.OPEN)[:MOST_OPEN])
    return render_to_string("opinions/parts/main.html", {"cooperative": cooperative, "landscapes": found}, request) if found else ""


@panel("people.waiting", order=70)
def waiting(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": open landscapes with statements one has not answered."""
    now = timezone.now()
    rows = []
    for one in queries.open_for(person)[:MOST_WAITING]:
        done, whole = queries.progress(one, person)
        if done < whole and queries.is_answering_open(one, now):
            rows.append((one, whole - done))
    return render_to_string("opinions/parts/waiting.html", {"rows": rows}, request) if rows else ""


@panel("thing.opinions", order=50)
def about_thing(request: HttpRequest, thing: Any) -> str:
    """Beside a thing: its opinion landscapes, and the way to start one for those who may."""
    kind, number = thing._meta.label_lower, thing.pk
    found = list(access.landscapes_visible_to(request.user).filter(about_kind=kind, about_id=number))
    cooperative = getattr(thing, "cooperative", None)
    may_start = isinstance(cooperative, Cooperative) and access.may_run(request.user, cooperative) and not isinstance(thing, Landscape)
    if not found and not may_start:
        return ""
    context = {"landscapes": found, "may_start": may_start, "about": f"{kind}:{number}", "cooperative": cooperative}
    return render_to_string("opinions/parts/about.html", context, request)
