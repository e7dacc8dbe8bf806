"""What this room shows elsewhere: the call to join, what waits for the board, further shares beside a membership."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import of_entry, statute_on
from allmende.constitution.tabs import link
from allmende.directory.models import Organisation, State
from allmende.joining import access, queries, rules
from allmende.members.models import Membership
from allmende.members.rules import is_active
from allmende.people.models import Person
from allmende.people.queries import is_person
from allmende.web.panels import panel


@panel("cooperative.sub.members", order=20)
def sub(request: HttpRequest, cooperative: Cooperative) -> str:
    """The desk in the second row of links."""
    return link(request, cooperative, "joining:desk", _("Applications"), current=("joining",)) if _sees(request, cooperative) else ""


def _sees(request: HttpRequest, cooperative: Cooperative) -> bool:
    return access.may_see_desk(request.user, cooperative)


@panel("cooperative.main", order=20)
def call(request: HttpRequest, cooperative: Cooperative) -> str:
    """The call to join, for whoever is no member yet and holds no office."""
    statute = statute_on(cooperative, localdate()) if cooperative.is_joinable else None
    if statute is None or _sees(request, cooperative) or queries.membership_here(request.user, cooperative):
        return ""
    context = {"cooperative": cooperative, "statute": statute, "declared": queries.declared_by(request.user, cooperative)}
    return render_to_string("joining/parts/call.html", context, request)


@panel("cooperative.main", order=40)
def waiting_main(request: HttpRequest, cooperative: Cooperative) -> str:
    """For offices: the declarations that wait, the oldest first."""
    if not _sees(request, cooperative):
        return ""
    found = queries.waiting(request.user, cooperative)
    rows = list(found[:3])
    context = {"cooperative": cooperative, "rows": rows, "number": found.count() if rows else 0}
    return render_to_string("joining/parts/waiting_main.html", context, request) if rows else ""


@panel("cooperative.waiting", order=20)
def waiting(request: HttpRequest, cooperative: Cooperative) -> str:
    """A line of what waits: how many declarations, since when."""
    if not _sees(request, cooperative):
        return ""
    found = queries.waiting(request.user, cooperative)
    first = found.first()
    if first is None:
        return ""
    context = {"cooperative": cooperative, "number": found.count(), "since": first.declared_on}
    context["is_overdue"] = rules.is_overdue(first.declared_on, localdate())
    return render_to_string("joining/parts/waiting.html", context, request)


@panel("directory.organisation.side", order=15)
def beside_the_entry(request: HttpRequest, item: Organisation) -> str:
    """Beside an entry where one can join."""
    cooperative = of_entry(request.user, item) if item.state == State.PUBLISHED else None
    if cooperative is None or not cooperative.is_joinable or statute_on(cooperative, localdate()) is None:
        return ""
    return render_to_string("joining/parts/side.html", {"cooperative": cooperative}, request)


@panel("people.waiting", order=20)
def waiting_for_me(request: HttpRequest, person: object) -> str:
    """In "Mein Bereich": declarations that wait for the boards one sits on."""
    if not is_person(request.user):
        return ""
    rows = queries.waiting_of_board(request.user)
    return render_to_string("joining/parts/waiting_mine.html", {"rows": rows}, request) if rows else ""


@panel("membership.side", order=30)
def further(request: HttpRequest, membership: Membership) -> str:
    """Beside one's own membership: further shares, or what waits of them."""
    is_own = is_person(request.user) and membership.person_id == request.user.pk
    if not is_own or not is_active(membership.joined_on, membership.ends_on, localdate()):
        return ""
    if membership.ends_on or statute_on(membership.cooperative, localdate()) is None:
        return ""
    context: dict[str, Any] = {"membership": membership, "waiting": queries.further_waiting(membership)}
    return render_to_string("joining/parts/further.html", context | {"room": queries.room_for_further(membership)}, request)


@panel("membership.side", order=35)
def declaration_of(request: HttpRequest, membership: Membership) -> str:
    """For offices: the declaration this membership rests on."""
    if not _sees(request, membership.cooperative):
        return ""
    one = access.applications_visible_to(request.user, membership.cooperative).filter(membership=membership, further=None).first()
    return render_to_string("joining/parts/declaration.html", {"membership": membership, "one": one}, request) if one else ""


@panel("people.mine", order=16)
def declared_by_me(request: HttpRequest, person: Person) -> str:
    """What one declared and a board has not decided on yet."""
    found = queries.waiting_of(person)
    return render_to_string("joining/parts/mine.html", {"found": found}, request) if found else ""
