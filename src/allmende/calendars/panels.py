"""What the calendar shows in "Mein Bereich"."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.people.models import Person
from allmende.web.panels import panel


@panel("people.mine", order=62)
def mine(request: HttpRequest, person: Person) -> str:
    """The way to one's own calendar."""
    return render_to_string("calendars/parts/mine.html", {}, request)
