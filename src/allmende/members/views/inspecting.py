"""The list of members for members and third parties, for a purpose and page by page (§ 31 GenG); the log of who looked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, read_by
from allmende.members import access, actions, forms, listing, queries
from allmende.members.listing import Wanted
from allmende.members.models import Inspection, Look
from allmende.members.views import inspected, page, sent, uncover
from allmende.people.views import person_of


def _inspecting(request: HttpRequest, slug: str) -> Cooperative:
    """For members and offices; Http404 for everybody else."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_inspect(request.user, cooperative):
        raise Http404
    return cooperative


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inspection(request: HttpRequest, slug: str) -> HttpResponse:
    """mitglieder/einsicht/: say what for; the administration also for somebody else."""
    cooperative = _inspecting(request, slug)
    is_third = request.POST.get("what") == "third" and constitution.may_administer(request.user, cooperative)
    mine = forms.Purpose(None if is_third else sent(request), prefix="own")
    third = forms.ThirdParty(sent(request) if is_third else None, prefix="third")
    form = third if is_third else mine
    if form.is_valid():
        said = form.cleaned_data
        made = actions.begin_inspection(
            cooperative, purpose=said["purpose"], inspector=said.get("inspector", ""), as_of=localdate(), by=person_of(request)
        )
        uncover(request, cooperative, ":inspection", made.pk)
        return redirect("members:inspection_list", slug)
    status = 422 if form.is_bound else 200
    is_office = constitution.may_read(request.user, cooperative)
    recent = list(queries.looks_of(cooperative)[:8]) if is_office else []
    tab = "members" if is_office else ""
    return page(
        request, "members/inspection.html", cooperative, tab=tab, mine=mine, third=third, form=form, status=status, recent=recent,
        is_open=inspected(request, cooperative) is not None,
    )  # fmt: skip


@login_required
@require_safe
def inspection_list(request: HttpRequest, slug: str) -> HttpResponse:
    """mitglieder/einsicht/liste/: what § 30 GenG puts into the list, as of today; each page stands in the log."""
    cooperative = _inspecting(request, slug)
    by = person_of(request)
    pk = inspected(request, cooperative)
    held = Inspection.objects.filter(pk=pk, person=by, cooperative=cooperative, what=Look.INSPECTION).first() if pk else None
    if held is None:
        messages.info(request, _("Please say first what for you inspect the list. An inspection lasts for an hour."))
        return redirect("members:inspection", slug)
    wanted = Wanted(held.as_of or localdate())
    pages = Paginator(listing.found(cooperative, wanted).values_list("pk", flat=True), listing.AT_ONCE).get_page(request.GET.get("page"))
    rows = listing.rows_of(list(pages), wanted)
    actions.note_page(held, len(rows), by=by)
    tab = "members" if constitution.may_read(by, cooperative) else ""
    return page(request, "members/inspection_list.html", cooperative, tab=tab, rows=rows, pages=pages, inspection=held)


@login_required
@require_safe
def inspection_log(request: HttpRequest, slug: str) -> HttpResponse:
    """mitglieder/einsicht/protokoll/: who saw names when and what for."""
    cooperative = read_by(request.user, slug)
    pages = Paginator(queries.looks_of(cooperative), listing.AT_ONCE).get_page(request.GET.get("page"))
    return page(request, "members/inspection_log.html", cooperative, tab="members", pages=pages)
