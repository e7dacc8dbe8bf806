"""The list of members for those who hold an office: as of any day, names uncovered for a purpose, to take away."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by
from allmende.members import actions, export, forms, listing, queries
from allmende.members.listing import Wanted
from allmende.members.models import Group, Kind, Look
from allmende.members.views import asked, names_until, page, sent, shown_name, uncover
from allmende.people.views import person_of
from allmende.web import paper

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """mitglieder/: who is a member on a day, fifty at a time."""
    cooperative = read_by(request.user, slug)
    form = asked(request)
    wanted = form.wanted()
    pages = Paginator(listing.found(cooperative, wanted).values_list("pk", flat=True), listing.AT_ONCE).get_page(request.GET.get("page"))
    until = names_until(request, cooperative)
    rows = [(row, shown_name(row.membership, row.particulars, until is not None)) for row in listing.rows_of(list(pages), wanted)]
    return page(
        request, "members/register.html", cooperative, tab="members", rows=rows, pages=pages, wanted=wanted, until=until,
        today=localdate(), groups=Group.objects.filter(cooperative=cooperative), names=listing.group_names(cooperative),
        kinds=Kind.choices, is_filtered=_is_filtered(wanted),
    )  # fmt: skip


def _is_filtered(wanted: Wanted) -> bool:
    return bool(wanted.q or wanted.group or wanted.kind or wanted.left)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, slug: str) -> HttpResponse:
    """mitglieder/aufdecken/: say what for, and see names for an hour."""
    cooperative = read_by(request.user, slug)
    back = _back(request, cooperative)
    form = forms.Purpose(sent(request))
    if form.is_valid():
        actions.note_look(cooperative, Look.NAMES, purpose=form.cleaned_data["purpose"], by=person_of(request))
        uncover(request, cooperative)
        messages.success(request, _("Names are shown for an hour. Your purpose stands in the log."))
        return redirect(back)
    return page(request, "members/reveal.html", cooperative, tab="members", form=form, back=back, status=422 if form.is_bound else 200)


def _back(request: HttpRequest, cooperative: Cooperative) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if inside else reverse("members:register", args=[cooperative.organisation.slug])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export_list(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """mitglieder/liste.csv, .xlsx, .pdf: what § 30 GenG asks for, for a purpose that stands in the log."""
    cooperative = read_by(request.user, slug)
    if kind not in export.KINDS:
        raise Http404
    form = forms.Export(sent(request), initial={"on": asked(request).wanted().on, "with_left": True})
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return page(request, "members/export.html", cooperative, tab="members", form=form, kind=kind, kinds=export.KINDS, status=status)
    said = form.cleaned_data
    on, with_left = said["on"], said["with_left"]
    made = _made(cooperative, kind, on, with_left=with_left)
    rows = queries.totals_on(cooperative, on).members
    actions.note_look(cooperative, kind, purpose=said["purpose"], as_of=on, rows=rows, by=person_of(request))
    return made


def _made(cooperative: Cooperative, kind: str, on: date, *, with_left: bool) -> HttpResponseBase:
    name = f"{cooperative.organisation.slug}-{_('members')}-{on:%Y-%m-%d}.{kind}"
    if kind == "pdf":
        return paper.answer(export.on_paper(cooperative, on, with_left=with_left), name)
    made: HttpResponseBase
    if kind == "csv":
        made = StreamingHttpResponse(export.csv_parts(cooperative, on, with_left=with_left), content_type="text/csv; charset=utf-8")
    else:
        made = FileResponse(export.xlsx(cooperative, on, with_left=with_left), content_type=XLSX)
    made["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    made["Cache-Control"] = "private, no-store"
    made["X-Content-Type-Options"] = "nosniff"
    return made
