"""What a member contributed: entered, seen, taken back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.constitution.queries import cooperative_at
from allmende.contributions import access, actions, queries, rows
from allmende.contributions.forms import EntryForm
from allmende.contributions.models import Entrant
from allmende.contributions.spread import positions
from allmende.ground.refusals import Refused
from allmende.members import access as members
from allmende.members.models import Membership
from allmende.people.views import person_of

PER_PAGE = 50


def _own(request: HttpRequest, slug: str) -> Membership:
    """The own membership here; whoever has none finds nothing."""
    cooperative = cooperative_at(request.user, slug)
    membership = members.own_in(request.user, cooperative)
    if membership is None:
        raise Http404
    membership.cooperative = cooperative
    return membership


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/ich/beitraege/: position, form, history."""
    membership = _own(request, slug)
    types = [one for one in queries.types_of(membership.cooperative) if one.is_open and one.entrant == Entrant.MEMBERS]
    form = EntryForm(request.POST if request.method == "POST" else None, types=types)
    if request.method == "POST" and form.is_valid():
        try:
            line, is_new = actions.enter_contribution(membership, form.entering(), by=person_of(request))
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            said = _("Entered.") if line.counts_at_once else _("Entered. It counts when somebody has confirmed it.")
            messages.success(request, said if is_new else _("This is entered already; nothing was entered twice."))
            return redirect("contributions:own", slug)
    return _page(request, membership, form if types else None)


def _page(request: HttpRequest, membership: Membership, form: EntryForm | None) -> HttpResponse:
    cooperative = membership.cooperative
    year = queries.year_of(cooperative)
    mine = queries.with_state(access.contributions_visible_to(request.user, cooperative).filter(membership=membership))
    pages = Paginator(mine.order_by("-done_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "area": "codetermination",
        "cooperative": cooperative,
        "membership": membership,
        "form": form,
        "year": year,
        "positions": positions(request.user, membership, year),
        "recognition": queries.recognition_of(membership, year),
        "pages": pages,
        "lines": rows.rows(pages.object_list, request.user),
    }
    return render(request, "contributions/own.html", context, status=400 if form and form.errors else 200)


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Take an own line back that nobody has decided on."""
    membership = _own(request, slug)
    line = get_object_or_404(access.contributions_visible_to(request.user, membership.cooperative), membership=membership, uuid=uuid)
    _made, is_new = actions.reverse_contribution(line, by=person_of(request))
    messages.success(request, _("Taken back.") if is_new else _("This was taken back already."))
    return redirect("contributions:own", slug)
