"""What this room shows on pages further down: the ways to edit and to look back, and what waits."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from allmende.directory.access import KEEPERS, may_edit
from allmende.directory.models import Organisation, State, Stewardship
from allmende.editing import access, queries
from allmende.people.models import Person
from allmende.web.panels import panel


@panel("directory.organisation.head", order=20)
def ways(request: HttpRequest, item: Organisation) -> str:
    """Under an entry's title, for those who may: edit, look back, put it on the map."""
    if not may_edit(request.user, item):
        return ""
    may_look = item.state != State.PUBLISHED and access.may_look(request.user, item)
    context = {"item": item, "may_look": may_look}
    return render_to_string("editing/parts/ways.html", context, request)


@panel("directory.organisation.side", order=80)
def back(request: HttpRequest, item: Organisation) -> str:
    """In the margin of every entry: the way to its history."""
    return render_to_string("editing/parts/back.html", {"item": item}, request)


@panel("stewards.mine.entry", order=20)
def mine(request: HttpRequest, held: Stewardship) -> str:
    """Beside an entry one looks after: the way to its form."""
    if held.role not in KEEPERS:
        return ""
    return render_to_string("editing/parts/edit_link.html", {"item": held.organisation}, request)


@panel("stewards.mine.empty", order=20)
def enter(request: HttpRequest, thing: object) -> str:
    """For those who look after nothing yet: the way to enter something."""
    return render_to_string("editing/parts/enter.html", {}, request)


@panel("people.waiting", order=60)
def waiting(request: HttpRequest, person: Person) -> str:
    """What this person entered and nobody has looked at yet."""
    items = list(queries.mine_waiting(person)[:10])
    return render_to_string("editing/parts/waiting.html", {"items": items}, request) if items else ""


@panel("people.mine", order=70)
def inviting(request: HttpRequest, person: Person) -> str:
    """The way to an invitation, for those who may invite."""
    if not access.may_invite(person):
        return ""
    return render_to_string("editing/parts/invite.html", {}, request)
