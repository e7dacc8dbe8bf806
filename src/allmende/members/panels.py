"""What this room shows elsewhere: links over a cooperative's pages, changes of data that wait, my memberships."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import OWN_PAGES, link
from allmende.members import access, queries
from allmende.people.models import Person
from allmende.web.panels import panel

LIST = ("members:member", "members:member_data", "members:member_reverse", "members:export")
INSPECTION = ("members:inspection_list", "members:inspection_log")
OF_OFFICES = (*LIST, *INSPECTION, "members:changes", "members:change", "members:groups", "members:group", "members:statistics")


@panel("cooperative.tabs", order=15)
def own_tab(request: HttpRequest, cooperative: Cooperative) -> str:
    """The own membership, for whoever has or had one."""
    if access.own_in(request.user, cooperative) is None:
        return ""
    return link(request, cooperative, "members:own", _("My membership"), current=(OWN_PAGES,))


@panel("cooperative.tabs", order=30)
def members_tab(request: HttpRequest, cooperative: Cooperative) -> str:
    """The register, for those who hold an office."""
    if not constitution.may_read(request.user, cooperative):
        return ""
    current = (*OF_OFFICES, "members:inspection", "joining", "leaving", "intake")
    return link(request, cooperative, "members:register", _("Members"), current=current)


@panel("cooperative.sub.members", order=10)
def list_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """The list."""
    return _for_offices(request, cooperative, "members:register", _("List of members"), LIST)


@panel("cooperative.sub.members", order=40)
def changes_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """What members want changed."""
    return _for_offices(request, cooperative, "members:changes", _("Changes"), ("members:change",))


@panel("cooperative.sub.members", order=50)
def groups_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """Stakeholder groups."""
    return _for_offices(request, cooperative, "members:groups", _("Groups"), ("members:group",))


@panel("cooperative.sub.members", order=60)
def statistics_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """Numbers as of a date."""
    return _for_offices(request, cooperative, "members:statistics", _("Figures"), ())


@panel("cooperative.sub.members", order=70)
def inspection_link(request: HttpRequest, cooperative: Cooperative) -> str:
    """Inspection and its log."""
    return _for_offices(request, cooperative, "members:inspection", _("Inspection"), INSPECTION)


def _for_offices(request: HttpRequest, cooperative: Cooperative, name: str, label: str, current: tuple[str, ...]) -> str:
    return link(request, cooperative, name, label, current=current) if constitution.may_read(request.user, cooperative) else ""


@panel("cooperative.waiting", order=40)
def changes_waiting(request: HttpRequest, cooperative: Cooperative) -> str:
    """Changes of data that members asked for."""
    if not constitution.may_administer(request.user, cooperative):
        return ""
    found = queries.changes_of(cooperative)
    first = found.first()
    context = {"cooperative": cooperative, "number": found.count(), "first": first}
    return render_to_string("members/parts/waiting.html", context, request) if first else ""


@panel("cooperative.waiting", order=15)
def size_waiting(request: HttpRequest, cooperative: Cooperative) -> str:
    """Fewer than three members, or more than twenty with a board of one or without a supervisory board: what the law asks then."""
    if not constitution.may_read(request.user, cooperative):
        return ""
    number, found = queries.faults_of_size(cooperative, localdate())
    said = [(one.what, one.paragraph) for one in found]
    context = {"cooperative": cooperative, "number": number, "faults": said}
    return render_to_string("members/parts/size.html", context, request) if found else ""


@panel("cooperative.side", order=30)
def inspect(request: HttpRequest, cooperative: Cooperative) -> str:
    """A member finds the way to the list and to the figures."""
    if not access.is_member(request.user, cooperative):
        return ""
    return render_to_string("members/parts/side.html", {"cooperative": cooperative}, request)


@panel("people.mine", order=15)
def mine(request: HttpRequest, person: Person) -> str:
    """The memberships of this account."""
    held = queries.held_by(person)
    return render_to_string("members/parts/mine.html", {"held": held}, request) if held else ""
