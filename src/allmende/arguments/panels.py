"""What this room shows on the page of any thing that can be argued about: the columns and the way to add something."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from allmende.arguments import access, queries
from allmende.people import subjects
from allmende.web.panels import panel


@panel("thing.arguments", order=50)
def arguments(request: HttpRequest, thing: Any) -> str:
    """For and against and the questions, for those who see the thing."""
    subject = subjects.by_kind(thing._meta.label_lower)
    if subject is None or access.find(request.user, subject.kind, thing.pk) is None:
        return ""
    who = queries.reader(request.user, thing, timezone.now())
    columns = queries.columns(who)
    context = {
        "item": thing,
        "kind": subject.kind,
        "who": who,
        "for": columns[0],
        "against": columns[1],
        "questions": columns[2],
        "count": sum(one.count for one in columns),
        "url": subject.url(thing),
    }
    return render_to_string("arguments/parts/section.html", context, request)
