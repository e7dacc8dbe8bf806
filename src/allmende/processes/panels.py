"""What this room shows on the page of a thing: its phases, how long the present one is open, why dates were changed."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.calendars.export import Entry
from allmende.calendars.sources import source
from allmende.ground import outbox
from allmende.people import subjects
from allmende.people.models import Person
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


@source("processes")
def ends(person: Person) -> list[Entry]:
    """In somebody's own calendar: when the phases of their cooperatives end, the last half hour of each."""
    now = timezone.now()
    found: QuerySet[Any] = access.of_own(queries.coming(person, now - timedelta(days=30)), person)
    found = found.annotate(n_changes=Count("process__changes"), changed_at=Max("process__changes__at"))
    return [
        Entry(
            uid=f"phase-{one.pk}@{one.process.uuid}",
            changed_at=one.changed_at or one.process.created_at,
            starts=max(one.starts_at, one.ends_at - timedelta(minutes=30)),
            ends=one.ends_at,
            title=_("%(phase)s ends: %(title)s") % {"phase": one.called, "title": one.process.title},
            text=outbox.link(one.process.get_absolute_url()),
            revision=one.n_changes,
        )
        for one in found[:200]
    ]
