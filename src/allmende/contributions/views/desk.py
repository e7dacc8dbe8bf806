"""The office's desk: confirm, enter for members, the whole book, take back, files."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, read_by
from allmende.contributions import access, actions, queries, rows
from allmende.contributions.forms import FileForm, OfficeEntryForm, ReasonForm, VerdictForm
from allmende.contributions.models import Contribution, Import, Source, Verdict
from allmende.ground.refusals import Refused
from allmende.members.access import members_visible_to
from allmende.members.queries import particulars_on
from allmende.people.views import person_of

PER_PAGE = 50
AREA = {"area": "codetermination"}
SHOWN = 100  # rows of a rehearsed file


def _handled_by(request: HttpRequest, slug: str) -> Cooperative:
    """The cooperative for whoever handles contributions; Http404 for everybody else."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_handle(request.user, cooperative):
        raise Http404
    return cooperative


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/bestaetigen/: what waits for a second person, oldest first."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_confirm(request.user, cooperative):
        raise Http404
    waiting = queries.with_state(access.waiting_for(request.user, cooperative)).order_by("done_on", "pk")
    pages = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(pages.object_list)
    form = VerdictForm(lines=[one.uuid for one in shown])
    if request.method == "POST":
        # what was decided in between is no longer on this page: the action says so, the form does not stumble over it
        form = VerdictForm(request.POST, lines=_sent(request))
        if form.is_valid() and _decide(request, cooperative, form):
            return redirect("contributions:confirm", slug)
    names = particulars_on([one.membership for one in shown], localdate()) if shown else {}
    listed = [(row, names[row.line.membership_id].name) for row in rows.rows(shown, request.user)]
    context = {"cooperative": cooperative, "pages": pages, "rows": listed, "form": form, "chosen": set(request.POST.getlist("lines"))}
    context["can_decide"] = any(not row.is_ours for row, _name in listed)
    return render(request, "contributions/confirm.html", AREA | context, status=400 if form.errors else 200)


def _sent(request: HttpRequest) -> list[UUID]:
    found = []
    for word in request.POST.getlist("lines")[:500]:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found


def _decide(request: HttpRequest, cooperative: Cooperative, form: VerdictForm) -> bool:
    data = form.cleaned_data
    uuids = [UUID(one) for one in data["lines"]]
    try:
        done, skipped = actions.decide_contributions(cooperative, uuids, data["verdict"], reason=data["reason"], by=person_of(request))
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    if done and data["verdict"] == Verdict.CONFIRMED:
        messages.success(request, ngettext("%(n)d contribution confirmed.", "%(n)d contributions confirmed.", done) % {"n": done})
    elif done:
        messages.success(request, ngettext("%(n)d contribution refused.", "%(n)d contributions refused.", done) % {"n": done})
    if skipped:
        words = ngettext("%(n)d was decided or taken back already.", "%(n)d were decided or taken back already.", skipped)
        messages.info(request, words % {"n": skipped})
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/eintragen/: the office enters a contribution of a member."""
    cooperative = _handled_by(request, slug)
    types = [one for one in queries.types_of(cooperative) if one.is_open]
    form = OfficeEntryForm(request.POST if request.method == "POST" else None, types=types)
    if request.method == "POST" and form.is_valid():
        membership = members_visible_to(request.user, cooperative).filter(number=form.cleaned_data["number"]).first()
        if membership is None:
            form.add_error("number", _("There is no member with this number."))
        else:
            try:
                line, is_new = actions.enter_contribution(membership, form.entering(), source=Source.OFFICE, by=person_of(request))
            except Refused as refusal:
                form.add_error(None, str(refusal.sentence))
            else:
                said = _("Entered.") if line.counts_at_once else _("Entered. It counts when somebody else has confirmed it.")
                messages.success(request, said if is_new else _("This is entered already; nothing was entered twice."))
                return redirect("contributions:enter", slug)
    context = {"cooperative": cooperative, "form": form, "types": types}
    return render(request, "contributions/enter.html", AREA | context, status=400 if form.errors else 200)


@require_safe
def ledger(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/buch/: every line, the latest first; `nr` shows one member's."""
    cooperative = read_by(request.user, slug)
    number, year = request.GET.get("nr", "").strip(), request.GET.get("jahr", "")
    years = queries.years_of(cooperative)
    found = queries.with_state(access.contributions_visible_to(request.user, cooperative))
    if number:
        found = found.filter(membership__number=int(number)) if number.isascii() and number.isdigit() and len(number) < 9 else found.none()
    if chosen := next((one for one in years if one.ends_on.isoformat() == year), None):
        found = found.filter(done_on__gte=chosen.starts_on, done_on__lte=chosen.ends_on)
    pages = Paginator(found.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cooperative": cooperative, "pages": pages, "rows": rows.rows(pages.object_list, request.user), "number": number,
        "years": years, "chosen": chosen, "may_handle": access.may_handle(request.user, cooperative),
    }  # fmt: skip
    return render(request, "contributions/ledger.html", AREA | context)


@require_http_methods(["GET", "HEAD", "POST"])
def reverse(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/buch/<uuid>/: one line; take it back with a reason."""
    cooperative = _handled_by(request, slug)
    line = get_object_or_404(queries.with_state(access.contributions_visible_to(request.user, cooperative)), uuid=uuid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _reverse(request, line, form):
        return redirect("contributions:ledger", slug)
    context = {"cooperative": cooperative, "row": rows.rows([line], request.user)[0], "form": form}
    return render(request, "contributions/reverse.html", AREA | context, status=400 if form.errors else 200)


def _reverse(request: HttpRequest, line: Contribution, form: ReasonForm) -> bool:
    try:
        _made, is_new = actions.reverse_contribution(line, reason=form.cleaned_data["reason"], by=person_of(request))
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    messages.success(request, _("Taken back.") if is_new else _("This was taken back already."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/import/: a file comes in and is rehearsed."""
    cooperative = _handled_by(request, slug)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = actions.rehearse_import(cooperative, file.name, file.read(), by=person_of(request))
        except Refused as refusal:
            form.add_error("file", str(refusal.sentence))
        else:
            return redirect("contributions:file", slug, run.uuid)
    runs = Import.objects.filter(cooperative=cooperative)[:20]
    context = {"cooperative": cooperative, "form": form, "runs": runs, "types": queries.types_of(cooperative)}
    return render(request, "contributions/files.html", AREA | context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/import/<uuid>/: what a file would enter; enter it, or throw it away."""
    cooperative = _handled_by(request, slug)
    run = get_object_or_404(Import, cooperative=cooperative, uuid=uuid)
    if request.method == "POST" and "discard" in request.POST:
        actions.discard_import(run, by=person_of(request))
        messages.success(request, _("The file was thrown away; nothing was entered."))
        return redirect("contributions:files", slug)
    if request.method == "POST":
        count = actions.enter_import(run, by=person_of(request))
        words = ngettext("%(n)d contribution entered.", "%(n)d contributions entered.", count) % {"n": count}
        messages.success(request, words if count else _("This file is entered already."))
        return redirect("contributions:files", slug)
    names = {one.pk: one for one in queries.types_of(cooperative)}
    sums: dict[int, int] = {}
    for row in run.rows:
        if not row["fault"]:
            sums[row["type"]] = sums.get(row["type"], 0) + row["amount"]
    wrong = [row for row in run.rows if row["fault"]]
    context = {
        "cooperative": cooperative, "run": run, "wrong": wrong[:SHOWN], "faults": len(wrong),
        "rows": [row for row in run.rows if not row["fault"]][:SHOWN], "shown": SHOWN,
        "sums": [(queries.type_name(names[pk]), queries.amount_of(names[pk], amount)) for pk, amount in sums.items() if pk in names],
    }  # fmt: skip
    return render(request, "contributions/file.html", AREA | context)
