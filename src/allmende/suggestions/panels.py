"""What this room shows elsewhere: the quiet way to point something out, and what waits for those who decide."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.directory.access import may_edit
from allmende.directory.models import Organisation, State
from allmende.people import subjects
from allmende.suggestions import queries
from allmende.web.panels import panel


@panel("directory.organisation.side", order=80)
def point_out(request: HttpRequest, item: Organisation) -> str:
    """Beside an entry: suggest a change, or report something."""
    if item.state != State.PUBLISHED:
        return ""
    return render_to_string("suggestions/parts/side.html", {"item": item, "may_edit": may_edit(request.user, item)}, request)


@panel("directory.organisation.head", order=60)
def waiting_here(request: HttpRequest, item: Organisation) -> str:
    """Under the title, for those who decide: how many suggestions wait."""
    number = queries.waiting_at(request.user, item) if request.user.is_authenticated else 0
    return render_to_string("suggestions/parts/head.html", {"item": item, "number": number}, request) if number else ""


@panel("people.waiting", order=30)
def waiting(request: HttpRequest, person: object) -> str:
    """In "Mein Bereich": everything of this room that waits for this person's decision."""
    context = {
        "entries": queries.waiting_by_entry(request.user),
        "proposals": queries.proposals_waiting(request.user).count(),
        "first_proposal": queries.proposals_waiting(request.user).first(),
        "reports": list(queries.reports_waiting(request.user)[:5]),
        "appeals": list(queries.appeals_waiting(request.user)[:5]),
    }
    return render_to_string("suggestions/parts/waiting.html", context, request) if any(context.values()) else ""


@panel("thing.report")
def report(request: HttpRequest, thing: Any) -> str:
    """Beside anything people put up: the quiet way to report it. Asks nothing, so that it can stand in every row of a list."""
    context = {"kind": subjects.of(thing).kind, "number": thing.pk}
    return render_to_string("suggestions/parts/report.html", context, request)


@panel("editing.new.guest", order=50)
def without_account(request: HttpRequest, thing: object) -> str:
    """Where new entries are made: the way for those without an account."""
    return render_to_string("suggestions/parts/guest.html", {}, request)
