"""The doors of processes: the page of one for whoever sees its thing, planning and changing for board and administration."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.constitution import queries as constitution
from allmende.constitution.models import Cooperative
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people import subjects
from allmende.people.views import person_of
from allmende.processes import access, actions, queries, rules, wording
from allmende.processes.forms import EndForm, MoveForm, PhaseForms, ProcessForm, TemplateForm
from allmende.processes.models import Kind, Process, Template
from allmende.web.forms import HouseForm

AREA = {"area": "codetermination", "tab": "deciding"}


@require_safe
def process(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """The phases of a process, what each opens and until when, and every change with its reason."""
    cooperative = constitution.cooperative_at(request.user, slug)
    found, thing = _at(request, cooperative, uuid)
    now = timezone.now()
    view = queries.view_of(found, now)
    changes = [(one, wording.differences(one.before, one.after)) for one in found.changes.select_related("by")]
    more = {
        "view": view,
        "changes": changes,
        "may_run": access.may_run(request.user, cooperative),
        "is_started": rules.has_started([queries.span(one.phase) for one in view.steps], now),
    }
    return render(request, "processes/process.html", _context(cooperative, thing) | more)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """First the template and the beginning, then the phases with their dates, which can be changed before they are put up."""
    cooperative = _run_by(request, slug)
    thing = access.thing_at(request.user, cooperative, request.GET.get("about", ""))
    if thing is None:
        raise Http404
    begins = localtime(rules.usual_beginning(timezone.now()))
    chosen = TemplateForm(request.GET if "template" in request.GET else None, initial={"template": "decision", "begins": begins})
    context = _context(cooperative, thing) | {"chosen": chosen, "templates": _templates()}
    if not chosen.is_valid():
        return render(request, "processes/begin.html", context, status=422 if chosen.errors else 200)
    template = chosen.cleaned_data["template"]
    form = ProcessForm(request.POST or None, initial={"title": subjects.of(thing).title(thing)[: rules.LONGEST_TITLE]}, is_started=False)
    phases = PhaseForms(request.POST or None, initial=_proposed(template, chosen.cleaned_data["begins"]), prefix="phase")
    if request.method == "POST" and form.is_valid() and phases.is_valid():
        try:
            made = actions.plan_process(thing, template, form.cleaned_data["title"], _spans(phases), by=person_of(request))
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("The process is planned."))
            return redirect(made)
    context |= {"form": form, "phases": phases, "name": Template(template).label}
    return render(request, "processes/edit.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Other phases: freely before the first begins, with a reason afterwards."""
    cooperative = _run_by(request, slug)
    found, thing = _at(request, cooperative, uuid)
    now, before = timezone.now(), queries.spans(found)
    is_started = rules.has_started(before, now)
    over = [one for one in before if is_started and one.ends_at <= now]
    form = ProcessForm(request.POST or None, initial={"title": found.title}, is_started=is_started)
    phases = PhaseForms(request.POST or None, initial=[_row(one) for one in before if one not in over], prefix="phase")
    if request.method == "POST" and form.is_valid() and phases.is_valid():
        said = form.cleaned_data
        try:
            actions.change_process(
                found,
                [*over, *_as_begun(_spans(phases), before, now)],
                by=person_of(request),
                title=said["title"],
                reason=said.get("reason", ""),
            )
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(
                request, _("The phases are changed; all participants are told.") if is_started else _("The phases are changed.")
            )
            return redirect(found)
    shown = queries.view_of(found, now)
    context = _context(cooperative, thing) | {"form": form, "phases": phases, "process": found, "is_started": is_started, "view": shown}
    return render(request, "processes/edit.html", context | {"over": over}, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Prolong or shorten the phase that runs."""
    cooperative = _run_by(request, slug)
    found, thing = _at(request, cooperative, uuid)
    running = queries.running(found, timezone.now())
    if running is None and request.method != "POST":
        raise Refused(_("No phase runs at the moment. Change the dates of the phases instead."))
    form = MoveForm(request.POST or None, initial={"ends_at": running.ends_at if running else None})
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_end(found, form.cleaned_data["ends_at"], by=person_of(request), reason=form.cleaned_data["reason"])
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("The phases are changed; all participants are told."))
            return redirect(found)
    return _form_page(request, "processes/move.html", form, cooperative, thing, found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Close a started process early."""
    cooperative = _run_by(request, slug)
    found, thing = _at(request, cooperative, uuid)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_process(found, by=person_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("The process is closed; all participants are told."))
        return redirect(found)
    return _form_page(request, "processes/end.html", form, cooperative, thing, found)


@login_required
@require_POST
def call_off(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Remove a process that has not begun."""
    cooperative = _run_by(request, slug)
    found, thing = _at(request, cooperative, uuid)
    actions.call_off(found, by=person_of(request))
    messages.success(request, _("The process is called off."))
    return redirect(subjects.of(thing).url(thing))


def _at(request: HttpRequest, cooperative: Cooperative, uuid: UUID) -> tuple[Process, Any]:
    found = access.process_at(request.user, cooperative, uuid)
    if found is None:
        raise Http404
    return found


def _run_by(request: HttpRequest, slug: str) -> Cooperative:
    cooperative = constitution.cooperative_at(request.user, slug)
    if not access.may_run(request.user, cooperative):
        raise Http404
    return cooperative


def _context(cooperative: Cooperative, thing: Any) -> dict[str, Any]:
    subject = subjects.of(thing)
    about = {"item": thing, "about": f"{subject.kind}:{thing.pk}", "title": subject.title(thing), "url": subject.url(thing)}
    return AREA | about | {"cooperative": cooperative}


def _form_page(request: HttpRequest, page: str, form: HouseForm, cooperative: Cooperative, thing: Any, found: Process) -> HttpResponse:
    view = queries.view_of(found, timezone.now())
    context = _context(cooperative, thing) | {"form": form, "process": found, "view": view}
    return render(request, page, context, status=422 if form.errors else 200)


def _templates() -> list[dict[str, Any]]:
    return [
        {
            "key": one.value,
            "label": one.label,
            "why": wording.TEMPLATES[one.value],
            "phases": [(Kind(usual.kind).label, usual.days) for usual in rules.TEMPLATES[one.value]],
        }
        for one in Template
    ]


def _proposed(template: str, begins: Any) -> list[dict[str, Any]]:
    planned = rules.planned(template, begins)
    return [{"kind": usual.kind, "doors": list(usual.doors), "starts_at": start, "ends_at": end} for usual, start, end in planned]


def _row(one: rules.Span) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "title": one.title,
        "doors": list(one.doors),
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
    }


def _as_begun(said: list[rules.Span], before: list[rules.Span], now: datetime) -> list[rules.Span]:
    """Forms know no seconds: what was not changed keeps them; a phase that runs keeps its beginning, which no form asks for."""
    was = {one.number: one for one in before if one.number is not None}
    return [_same_moments(one, was[one.number], now) if one.number in was else one for one in said]


def _same_moments(said: rules.Span, old: rules.Span, now: datetime) -> rules.Span:
    def same(new: datetime, before: datetime) -> datetime:
        return before if new == before.replace(second=0, microsecond=0) else new

    if old.starts_at <= now:
        said = said._replace(starts_at=old.starts_at, kind=old.kind)
    return said._replace(starts_at=same(said.starts_at, old.starts_at), ends_at=same(said.ends_at, old.ends_at))


def _spans(phases: Any) -> list[rules.Span]:
    """What was typed: rows left empty and rows to be left out do not count."""
    return [one.span() for one in phases if one.has_changed() or one.initial if not one.cleaned_data.get("is_dropped")]
