"""What networks show elsewhere: confirmed memberships on both entries, questions to an organisation's people, the way in."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import of_entry
from allmende.constitution.tabs import link
from allmende.directory.models import Organisation, State
from allmende.members.models import Membership, Party
from allmende.members.queries import particulars_of
from allmende.networks import access, queries
from allmende.networks.models import Representative
from allmende.people.models import Person
from allmende.web.panels import panel

MOST_SHOWN = 12


@panel("cooperative.sub.members", order=90)
def sub(request: HttpRequest, cooperative: Cooperative) -> str:
    """The members that are organisations, for offices."""
    if not constitution.may_read(request.user, cooperative) or not queries.is_network(cooperative):
        return ""
    return link(request, cooperative, "networks:networks", _("Network membership"), current=("networks",))


@panel("directory.organisation.side", order=35)
def both_sides(request: HttpRequest, item: Organisation) -> str:
    """Beside an entry: the networks it is a member of and the members it has, as both sides confirm."""
    if item.state != State.PUBLISHED:
        return ""
    found = queries.confirmed_in(item) if of_entry(request.user, item) else Organisation.objects.none()
    members, networks = list(found[:MOST_SHOWN]), queries.confirmed_of(item)
    asked = [one for one in access.asked_of(request.user) if one.organisation_id == item.pk]
    if not (members or networks or asked):
        return ""
    more = found.count() - MOST_SHOWN if len(members) == MOST_SHOWN else 0
    context = {"item": item, "networks": networks, "members": members, "more": more, "asked": asked}
    return render_to_string("networks/parts/side.html", context, request)


@panel("people.waiting", order=35)
def waiting(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": networks that list one's organisation, and representatives one is to confirm."""
    asked = list(access.asked_of(request.user)[:10])
    mine = access.memberships_of(request.user).values("pk")
    named = Representative.objects.filter(membership__in=mine, confirmed_at=None, is_named_by_network=True)
    rows = list(named.select_related("membership__cooperative__organisation")[:10])
    return render_to_string("networks/parts/waiting.html", {"asked": asked, "named": rows}, request) if asked or rows else ""


@panel("people.mine", order=45)
def mine(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": memberships of one's organisations in networks, and for whom one acts."""
    memberships = access.memberships_of(request.user).exclude(organisation=None).exclude(person=person)
    rows = list(memberships.select_related("cooperative__organisation", "organisation").order_by("pk")[:20])
    acting = list(access.representations_of(request.user).exclude(confirmed_at=None)[:20])
    return render_to_string("networks/parts/mine.html", {"rows": rows, "acting": acting}, request) if rows or acting else ""


@panel("cooperative.waiting", order=60)
def waiting_here(request: HttpRequest, cooperative: Cooperative) -> str:
    """For the member administration: representatives that members have named."""
    if not constitution.may_administer(request.user, cooperative):
        return ""
    named = Representative.objects.filter(membership__cooperative=cooperative, confirmed_at=None, is_named_by_network=False)
    rows = list(named.select_related("membership").order_by("named_at")[:5])
    return render_to_string("networks/parts/waiting_here.html", {"cooperative": cooperative, "rows": rows}, request) if rows else ""


@panel("membership.side", order=60)
def organisation(request: HttpRequest, membership: Membership) -> str:
    """Beside a membership of an organisation: the way to its size, fees and representatives."""
    seen = constitution.may_read(request.user, membership.cooperative) or access.may_act_for(request.user, membership)
    if not seen or particulars_of(membership).party != Party.LEGAL:
        return ""
    return render_to_string(
        "networks/parts/membership.html", {"membership": membership, "bond": getattr(membership, "bond", None)}, request
    )
