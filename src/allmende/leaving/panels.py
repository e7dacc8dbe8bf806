"""What this room shows elsewhere: the way to the desk, what waits for the board and for members, exits beside a membership."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.leaving import access, queries
from allmende.members.models import Membership
from allmende.people.models import Person
from allmende.web.panels import panel

DESK = ("leaving:termination", "leaving:enter", "leaving:settlements", "leaving:dissolved", "leaving:enter_transfer")


@panel("cooperative.sub.members", order=30)
def desk_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """The way to the desk, for offices."""
    if not constitution.may_read(request.user, cooperative):
        return ""
    return link(request, cooperative, "leaving:desk", _("Exits"), current=DESK)


@panel("membership.main", order=60)
def beside_membership(request: HttpRequest, membership: Membership) -> str:
    """Exits and transfers of this member: on the own page with the ways to leave, for offices with the ways to decide."""
    is_own = access.is_own(request.user, membership)
    if not is_own and not constitution.may_read(request.user, membership.cooperative):
        return ""
    context = {
        "membership": membership,
        "slug": membership.cooperative.organisation.slug,
        "exits": queries.exits_of(membership),
        "transfers": queries.transfers_of(membership),
        "is_own": is_own,
        "may_leave": is_own and membership.ends_on is None,
        "may_enter": not is_own and membership.ends_on is None and access.may_enter(request.user, membership.cooperative),
    }
    return render_to_string("leaving/parts/membership.html", context, request)


@panel("cooperative.waiting", order=50)
def waits_for_board(request: HttpRequest, cooperative: Cooperative) -> str:
    """Notices to confirm, transfers to agree to, settlements that are due."""
    if not access.may_enter(request.user, cooperative):
        return ""
    waiting = queries.waiting(cooperative, localdate())
    return render_to_string("leaving/parts/waiting.html", {"cooperative": cooperative, "waiting": waiting}, request) if waiting else ""


@panel("people.waiting", order=35)
def waits_for_me(request: HttpRequest, person: Person) -> str:
    """Shares somebody wants to transfer to me."""
    found = queries.asked_to_take(person)
    return render_to_string("leaving/parts/asked.html", {"found": found}, request) if found else ""
