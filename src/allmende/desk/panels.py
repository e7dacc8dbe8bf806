"""The way to the desk from My area."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.desk import access, queries
from allmende.people.models import Person
from allmende.web.panels import panel


@panel("people.waiting", order=10)
def waiting(request: HttpRequest, person: Person) -> str:
    """How much waits at the desk, for those who work there."""
    if not access.may_work_here(person):
        return ""
    count = sum(number for _source, number in queries.counts(person, None))
    return render_to_string("desk/parts/waiting.html", {"count": count}, request)
