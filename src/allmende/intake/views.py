"""The doors of this room: a list comes in, is understood, rehearsed, entered, and can be taken back. For board and administration."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, statute_on
from allmende.ground.refusals import Refused
from allmende.ground.sheets import csv_parts
from allmende.intake import actions, forms, queries, rules, samples
from allmende.intake.models import Intake, State
from allmende.people.views import person_of
from allmende.web.paper import answer

PER_PAGE = 50
AREA = {"area": "codetermination", "tab": "members"}
KINDS = {
    "csv": (samples.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (samples.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def _cooperative(request: HttpRequest, slug: str) -> Cooperative:
    found = cooperative_at(request.user, slug)
    if not constitution.may_administer(request.user, found):
        raise Http404
    return found


def _intake(request: HttpRequest, slug: str, uuid: UUID) -> tuple[Cooperative, Intake]:
    cooperative = _cooperative(request, slug)
    return cooperative, queries.intake_at(cooperative, uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, slug: str) -> HttpResponse:
    """/uebernahme/: hand a list in; what came before."""
    cooperative = _cooperative(request, slug)
    form = forms.Upload(request.POST, request.FILES) if request.method == "POST" else forms.Upload()
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.upload(cooperative, *form.given(), by=person_of(request))
        except Refused as fault:
            form.add_error("file", str(fault.sentence))
        else:
            return redirect("intake:columns", slug=slug, uuid=made.uuid)
    context = {
        "cooperative": cooperative,
        "form": form,
        "lists": queries.intakes(cooperative)[:PER_PAGE],
        "has_statute": statute_on(cooperative, timezone.localdate()) is not None,
        "keep_days": rules.KEEP_UPLOADED.days,
    }
    return render(request, "intake/intake.html", AREA | context, status=400 if form.errors else 200)


@login_required
@require_safe
def template(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """/uebernahme/vorlage.csv: the table to fill in."""
    _cooperative(request, slug)
    if ending not in KINDS:
        raise Http404
    made, kind = KINDS[ending]
    return answer(made(), f"{_('members-template')}.{ending}", kind)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/spalten/: what each column holds."""
    cooperative, found = _intake(request, slug, uuid)
    if found.state != State.OPEN:
        return redirect("intake:one", slug=slug, uuid=uuid)
    form = forms.Columns(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_columns(found, form.chosen(), by=person_of(request))
        except Refused as fault:
            form.add_error(None, str(fault.sentence))
        else:
            return redirect("intake:one", slug=slug, uuid=uuid)
    context = {"cooperative": cooperative, "intake": found, "form": form, "count": len(queries.unpacked(found.rows))}
    return render(request, "intake/columns.html", AREA | context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/<uuid>/: the rehearsal, how far it is, or what became of it."""
    cooperative, found = _intake(request, slug, uuid)
    if found.state == State.QUEUED:
        response = render(request, "intake/running.html", AREA | {"cooperative": cooperative, "intake": found})
        response["Refresh"] = "5"
        return response
    if found.state != State.OPEN:
        return _result(request, cooperative, found)
    form = forms.Choices(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rehearse(found, form.chosen(), by=person_of(request))
        except Refused as fault:
            form.add_error(None, str(fault.sentence))
        else:
            return redirect("intake:one", slug=slug, uuid=uuid)
    return _rehearsal(request, cooperative, found, form)


def _rehearsal(request: HttpRequest, cooperative: Cooperative, found: Intake, form: forms.Choices) -> HttpResponse:
    which = request.GET.get("show", "")
    context = {
        "cooperative": cooperative,
        "intake": found,
        "form": form,
        "sums": found.sums,
        "which": which,
        "pages": Paginator(queries.findings(found, which), PER_PAGE).get_page(request.GET.get("page")),
        "may_start": constitution.may_decide(request.user, cooperative),
        "can_start": found.sums.get("taken") and (not found.sums.get("with_errors") or found.options.get("leave_out")),
        "keep_until": found.uploaded_at + rules.KEEP_UPLOADED,
    }
    return render(request, "intake/rehearsal.html", AREA | context, status=400 if form.errors else 200)


def _result(request: HttpRequest, cooperative: Cooperative, found: Intake) -> HttpResponse:
    rows = found.entered.select_related("membership")
    undone = found.state == State.UNDONE
    context = {
        "cooperative": cooperative,
        "intake": found,
        "sums": found.sums,
        "pages": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_undo": not undone and constitution.may_decide(request.user, cooperative) and rules.may_undo(found.done_at, timezone.now()),
        "undo_until": found.done_at + rules.MAY_UNDO if found.done_at else None,
    }
    return render(request, "intake/result.html", AREA | context)


@login_required
@require_safe
def findings(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/pruefung.csv: the sentences of the rehearsal, to work through beside the list."""
    _cooperative_found, found = _intake(request, slug, uuid)
    lines: list[list[str | int | None]] = [[_("Row"), _("Member number"), _("Name"), _("Errors"), _("Warnings")]]
    for item in queries.findings(found):
        if item.errors or item.warnings:
            lines.append([item.row, item.number, item.name, " ".join(item.errors), " ".join(item.warnings)])
    return answer(b"".join(csv_parts(lines)), f"{_('rehearsal')}.csv", "text/csv; charset=utf-8")


@login_required
@require_POST
def start(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/starten/: the board lets the list be entered."""
    _cooperative_found, found = _intake(request, slug, uuid)
    if request.POST.get("sums_are_right") != "on":
        messages.error(request, _("Please compare the sums with your own books first and confirm it."))
    elif actions.start(found, by=person_of(request)):
        messages.success(request, _("The list is being entered."))
    else:
        messages.info(request, _("The list is entered already, or is being entered just now."))
    return redirect("intake:one", slug=slug, uuid=uuid)


@login_required
@require_POST
def discard(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/verwerfen/: the list goes, nothing was entered."""
    _cooperative_found, found = _intake(request, slug, uuid)
    actions.discard(found, by=person_of(request))
    messages.success(request, _("The list is deleted. Nothing was entered."))
    return redirect("intake:intake", slug=slug)


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/rueckgaengig/: all members of the list are taken out again."""
    _cooperative_found, found = _intake(request, slug, uuid)
    count = actions.undo(found, by=person_of(request))
    if count:
        messages.success(request, ngettext("%(n)d member was taken back.", "%(n)d members were taken back.", count) % {"n": count})
    else:
        messages.info(request, _("The list was taken back already."))
    return redirect("intake:one", slug=slug, uuid=uuid)
