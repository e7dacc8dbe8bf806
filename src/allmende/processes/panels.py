"""What this room shows on the page of a thing: its phases, how long the present one is open, why dates were changed."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from allmende.people import subjects
from allmende.processes import access, queries
from allmende.processes.models import State
from allmende.web.panels import panel


@panel("thing.process", order=10)
def phases(request: HttpRequest, thing: Any) -> str:
    """The bar; for those who may run it the way to plan one where there is none."""
    process = queries.process_of(thing)
    cooperative = process.cooperative if process is not None else access.cooperative_of(thing)
    may_run = cooperative is not None and access.may_run(request.user, cooperative)
    if process is None and not may_run:
        return ""
    view = queries.view_of(process, timezone.now()) if process is not None else None
    context = {
        "cooperative": cooperative,
        "view": view,
        "may_plan": may_run and (process is None or process.state == State.ENDED or (view is not None and view.when == "over")),
        "about": f"{subjects.of(thing).kind}:{thing.pk}",
        "title": subjects.of(thing).title(thing),
    }
    return render_to_string("processes/parts/panel.html", context, request)
