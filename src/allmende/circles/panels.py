"""What this room shows elsewhere: its word in the menu, my circles with tasks and dates, what waits for an answer of mine."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from allmende.calendars.export import Entry
from allmende.calendars.sources import source
from allmende.circles import export, letters, queries
from allmende.circles.views.pages import with_lateness
from allmende.people.models import Person
from allmende.web.panels import panel

TASKS, DATES = 8, 4


@panel("web.subnav.exchange", order=40)
def way_in(request: HttpRequest, page: str) -> str:
    """The word in the menu of the exchange."""
    return render_to_string("circles/parts/subnav.html", {"page": page}, request)


@panel("people.mine", order=45)
def mine(request: HttpRequest, person: Person) -> str:
    """My circles, what I have to do in them, and when we meet next; nothing for who is in none."""
    held = queries.mine(person)
    if not held:
        return ""
    context = {
        "held": held,
        "tasks": with_lateness(list(queries.my_tasks(person)[:TASKS])),
        "dates": queries.my_dates(person, timezone.now())[:DATES],
    }
    return render_to_string("circles/parts/mine.html", context, request)


@panel("people.waiting", order=45)
def waiting(request: HttpRequest, person: Person) -> str:
    """Invitations to me, requests I decide on, circles of my organisations that nobody coordinates."""
    context = {
        "invitations": queries.my_invitations(person),
        "mail_invitations": [(letters.link_word(one), one) for one in queries.my_mail_invitations(person)],
        "requests": [(letters.called(one.person), one) for one in queries.to_decide(person)],
        "abandoned": queries.to_name(person),
    }
    return render_to_string("circles/parts/waiting.html", context, request)


@source("circles")
def dates_of(person: Person) -> list[Entry]:
    """The dates of my circles, those called off as well: calendars have to learn of it."""
    return [export.entry(one.circle, one) for one in queries.my_calendar(person, timezone.now())]
