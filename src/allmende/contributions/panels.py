"""What this room shows elsewhere: its link over a cooperative's pages, the bars on its overview, the own position, what waits."""

from django.core.cache import cache
from django.db.models import Count, Min
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.tabs import link
from allmende.contributions import access, queries
from allmende.contributions.models import Confirmer
from allmende.contributions.spread import KEPT, positions, shown_type, spread, stamp
from allmende.members import access as members
from allmende.members.models import Membership
from allmende.people.models import Person
from allmende.web.panels import panel


@panel("cooperative.tabs", order=60)
def tab(request: HttpRequest, cooperative: Cooperative) -> str:
    """Contributions, for members and offices."""
    is_office = constitution.may_read(request.user, cooperative)
    if not is_office and members.own_in(request.user, cooperative) is None:
        return ""
    return link(request, cooperative, "contributions:contributions", _("Contributions"), current=("contributions",))


@panel("cooperative.main", order=30)
def bars(request: HttpRequest, cooperative: Cooperative) -> str:
    """On the overview: votes, capital and work of this year by group, as far as this viewer may see them."""
    if not access.may_see_groups(request.user, cooperative):
        return ""
    year, kind = queries.year_of(cooperative), shown_type(queries.types_of(cooperative))

    def make() -> str:
        shown = spread(request.user, cooperative, year, kind)
        said = {"spread": shown, "cooperative": cooperative}
        return render_to_string("contributions/parts/overview.html", said, request) if shown.rows else ""

    made = cache.get_or_set(stamp(request.user, cooperative, "overview", kind.key if kind else ""), make, KEPT)
    return mark_safe(made or "")  # noqa: S308 - rendered by a template


@panel("cooperative.waiting", order=60)
def waiting(request: HttpRequest, cooperative: Cooperative) -> str:
    """What waits for a second person."""
    found = access.waiting_for(request.user, cooperative).aggregate(count=Count("pk"), oldest=Min("done_on"))
    if not found["count"]:
        return ""
    return render_to_string("contributions/parts/waiting.html", {"cooperative": cooperative, **found}, request)


@panel("people.waiting", order=75)
def waiting_for_me(request: HttpRequest, person: Person) -> str:
    """In "Mein Bereich": contributions that wait where this person was named to confirm."""
    today = localdate()
    mine = members.own(request.user).filter(members.active_on(today))
    named = Confirmer.objects.filter(until=None, since__lte=today, membership__in=mine).select_related("cooperative__organisation")[:5]
    rows = mark_safe("".join(waiting(request, one.cooperative) for one in named))  # noqa: S308 - rendered by templates
    return render_to_string("contributions/parts/mine.html", {"rows": rows}, request) if rows else ""


@panel("membership.side", order=50)
def position(request: HttpRequest, membership: Membership) -> str:
    """Beside a membership: what was contributed this year."""
    cooperative = membership.cooperative
    is_own = membership in members.own(request.user).filter(pk=membership.pk)
    if not is_own and not constitution.may_read(request.user, cooperative):
        return ""
    year = queries.year_of(cooperative)
    context = {
        "positions": positions(request.user, membership, year),
        "year": year,
        "is_own": is_own,
        "slug": cooperative.organisation.slug,
        "membership": membership,
    }
    return render_to_string("contributions/parts/position.html", context, request) if context["positions"] else ""
