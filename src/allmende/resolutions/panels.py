"""What this room shows elsewhere: its link, what waits, measures of mine, resolutions on a thing."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.electorates.access import takes_part
from allmende.people.queries import is_person
from allmende.resolutions import access, queries, wording
from allmende.web.panels import panel


@panel("cooperative.sub.deciding", order=50)
def sub(request: HttpRequest, cooperative: Cooperative) -> str:
    """The register in the second row of links; for guests where it holds something public."""
    if not takes_part(request.user, cooperative) and not queries.register(request.user, cooperative).exists():
        return ""
    return link(request, cooperative, "resolutions:resolutions", _("Resolutions"), current=("resolutions",))


@panel("cooperative.waiting", order=70)
def waiting(request: HttpRequest, cooperative: Cooperative) -> str:
    """Outcome statements that are missing, what is overdue, what is to be looked at again."""
    if not access.may_write(request.user, cooperative):
        return ""
    found = queries.waiting(request.user, cooperative)
    if not (found.drafts or found.overdue or found.reviews):
        return ""
    return render_to_string("resolutions/parts/waiting.html", {"cooperative": cooperative, "found": found}, request)


@panel("people.waiting", order=80)
def waiting_for_me(request: HttpRequest, person: object) -> str:
    """In "Mein Bereich": measures of mine."""
    if not is_person(request.user):
        return ""
    rows = queries.mine(request.user)
    return render_to_string("resolutions/parts/mine.html", {"rows": rows}, request) if rows else ""


def _rows(request: HttpRequest, thing: Any) -> list[dict[str, Any]]:
    found = queries.about(request.user, thing._meta.label_lower, thing.pk)[:20]
    return [
        {
            "one": one,
            "votes": wording.votes_shown(one),
            "standing": wording.standing_label(one.standing),
            "mark": wording.standing_class(one.standing),
        }
        for one in found
    ]


@panel("thing.resolutions")
def resolutions(request: HttpRequest, thing: Any) -> str:
    """On the page of a thing: what was decided about it, and what became of that."""
    rows = _rows(request, thing)
    return render_to_string("resolutions/parts/about.html", {"rows": rows}, request) if rows else ""
