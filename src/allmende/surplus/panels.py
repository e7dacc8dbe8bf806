"""The word in the second row of links, and a member's part on their own page."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.members.models import Membership
from allmende.surplus import access, queries
from allmende.surplus.models import YearState
from allmende.web.panels import panel

AT_ONCE = 3


@panel("cooperative.sub.money", order=70)
def sub(request: HttpRequest, cooperative: Cooperative) -> str:
    """Surplus."""
    return link(request, cooperative, "surplus:years", _("Surplus"), current=("surplus",))


@panel("membership.side", order=60)
def own_parts(request: HttpRequest, membership: Membership) -> str:
    """What the last years brought this member, for them and for offices."""
    years = access.years_visible_to(request.user, membership.cooperative).filter(state=YearState.BOOKED)[:AT_ONCE]
    rows = [(year, part) for year in years if (part := queries.part_of(year, membership))]
    return render_to_string("surplus/parts/own.html", {"rows": rows, "membership": membership}, request) if rows else ""
