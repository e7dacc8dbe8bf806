"""What conversations show on pages further down: the way in from an offer or need, and what waits."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.enquiries import access, queries
from allmende.exchange.models import Listing
from allmende.people.models import Person
from allmende.web.panels import panel


@panel("exchange.listing.deeds", order=20)
def ask(request: HttpRequest, item: Listing) -> str:
    """The button; guests sign in on the way. Nobody asks themselves."""
    is_open = access.takes_enquiries(item) and access.is_there(item.organisation)
    if not is_open or queries.is_own(request.user, item):
        return ""
    return render_to_string("enquiries/parts/ask.html", {"item": item}, request)


@panel("exchange.listing.main", order=30)
def threads(request: HttpRequest, item: Listing) -> str:
    """One's own conversations about it."""
    rows = queries.lines(request.user, queries.about_listing(request.user, item))
    return render_to_string("enquiries/parts/threads.html", {"item": item, "rows": rows}, request) if rows else ""


@panel("exchange.listings.side", order=50)
def figures(request: HttpRequest, filters: object) -> str:
    """Beside the list: what becomes of enquiries here."""
    return render_to_string("enquiries/parts/figures.html", {}, request)


@panel("people.waiting", order=50)
def waiting(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": the conversations in which it is this person's turn."""
    number = queries.waiting(person)
    return render_to_string("enquiries/parts/waiting.html", {"number": number}, request) if number else ""


@panel("web.subnav.exchange", order=50)
def subnav(request: HttpRequest, page: str) -> str:
    """The word in the second row, with what is unread; only for people."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return ""
    context = {"is_here": page == "enquiries", "unread": queries.unread(person)}
    return render_to_string("enquiries/parts/subnav.html", context, request)
