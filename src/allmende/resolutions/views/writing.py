"""Drafts, and what becomes of a resolution."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.ground.refusals import BadInput, require
from allmende.people.views import person_of
from allmende.resolutions import access, actions, forms, letters, queries
from allmende.resolutions.models import Resolution, State
from allmende.resolutions.views.reading import AREA, page

FORM = ["GET", "HEAD", "POST"]


def _kept_by(request: HttpRequest, slug: str) -> Cooperative:
    """The cooperative, for who keeps its register; Http404 for everybody else."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_write(request.user, cooperative):
        raise Http404
    return cooperative


def _form(request: HttpRequest, cooperative: Cooperative, form: Any, draft: Resolution | None = None) -> HttpResponse:
    context = {"cooperative": cooperative, "form": form, "draft": draft, "ballot": draft.ballot if draft else None}
    return render(request, "resolutions/draft.html", AREA | context, status=400 if form.errors else 200)


@login_required
@require_http_methods(FORM)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """/beschluesse/neu/: a decision that was made elsewhere."""
    cooperative = _kept_by(request, slug)
    form = forms.Draft(cooperative, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.write_draft(cooperative, form.said(), by=person_of(request))
        return _go_on(request, made)
    return _form(request, cooperative, form)


@login_required
@require_http_methods(FORM)
def draft(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """/beschluesse/entwurf/…/: what follows from it, who carries it out."""
    cooperative = _kept_by(request, slug)
    one = queries.draft_at(request.user, cooperative, uuid)
    form = forms.Draft(cooperative, request.POST or None, draft=one)
    if request.method == "POST" and form.is_valid():
        changed = actions.change_draft(one, form.said(one), by=person_of(request))
        return _go_on(request, changed)
    return _form(request, cooperative, form, one)


def _go_on(request: HttpRequest, one: Resolution) -> HttpResponse:
    """Enter it at once where that was chosen, otherwise keep the draft."""
    if "enter" in request.POST and one.outcome:
        entered = actions.enter(one, is_done="is_done" in request.POST, by=person_of(request))
        messages.success(request, _("Entered as resolution %(number)s.") % {"number": entered.number})
        return redirect(letters.path_of(entered))
    if "enter" in request.POST:
        messages.warning(request, _("The draft is kept. Write down what follows from the decision, then it can be entered."))
    else:
        messages.success(request, _("The draft is kept."))
    return redirect(letters.path_of(one))


@login_required
@require_POST
def drop(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/verwerfen/: a draft that is not to be entered."""
    cooperative = _kept_by(request, slug)
    actions.drop(queries.draft_at(request.user, cooperative, uuid), by=person_of(request))
    messages.success(request, _("The draft is discarded."))
    return redirect("resolutions:resolutions", slug)


def _entered(request: HttpRequest, slug: str, year: int, serial: int) -> tuple[Cooperative, Resolution]:
    cooperative = cooperative_at(request.user, slug)
    return cooperative, queries.resolution_at(request.user, cooperative, year, serial)


@login_required
@require_http_methods(FORM)
def plan(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/planung/: who, until when, who reads it; with the reason."""
    _kept_by(request, slug)
    cooperative, one = _entered(request, slug, year, serial)
    form = forms.Plan(one, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.plan(one, form.said(), form.cleaned_data["reason"], by=person_of(request))
        messages.success(request, _("The plan is changed."))
        return redirect(letters.path_of(one))
    context = {"cooperative": cooperative, "one": one, "form": form}
    return render(request, "resolutions/plan.html", AREA | context, status=400 if form.errors else 200)


@login_required
@require_http_methods(FORM)
def revoke(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/aufheben/: it holds no more."""
    _kept_by(request, slug)
    cooperative, one = _entered(request, slug, year, serial)
    if one.state not in {State.IN_WORK, State.DONE}:
        raise Http404
    form = forms.Revoke(queries.replaceable(request.user, one), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.revoke(one, said["text"], on=said["on"], replaced_by=said["replaced_by"], by=person_of(request))
        messages.success(request, _("The resolution is revoked."))
        return redirect(letters.path_of(one))
    context = {"cooperative": cooperative, "one": one, "form": form}
    return render(request, "resolutions/revoke.html", AREA | context, status=400 if form.errors else 200)


@login_required
@require_POST
def report(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/bericht/: what became of it."""
    cooperative, one = _entered(request, slug, year, serial)
    form = forms.Reporting(one, request.POST, prefix="b")
    if not form.is_valid():
        return page(request, cooperative, one, report_form=form)
    uuid = form.cleaned_data.get("measure")
    measure = queries.measure_at(one, UUID(uuid)) if uuid else None
    actions.report(one, form.cleaned_data["text"], measure=measure, by=person_of(request))
    messages.success(request, _("Your report is written down."))
    return redirect(letters.path_of(one) + "#berichte")


@login_required
@require_POST
def measure(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/massnahme/: something that has to be done."""
    cooperative, one = _entered(request, slug, year, serial)
    form = forms.NewMeasure(cooperative, request.POST, prefix="m")
    if not form.is_valid():
        return page(request, cooperative, one, measure_form=form)
    said = form.cleaned_data
    actions.add_measure(
        one, said["text"], responsible=said["responsible"], person=said["person"], due_on=said["due_on"], by=person_of(request)
    )
    messages.success(request, _("The measure is written down."))
    return redirect(letters.path_of(one) + "#massnahmen")


@login_required
@require_POST
def settle(request: HttpRequest, slug: str, year: int, serial: int, uuid: UUID) -> HttpResponse:
    """…/massnahme/…/: done, dropped, open again, or another date."""
    _cooperative, one = _entered(request, slug, year, serial)
    found, form = queries.measure_at(one, uuid), forms.Settle(request.POST)
    word = form.cleaned_data["note"] if form.is_valid() else ""
    said = request.POST.get("what")
    if said == "done":
        actions.finish_measure(found, word, by=person_of(request))
    elif said == "drop":
        if not word.strip() and access.may_settle(request.user, found):
            messages.warning(request, _("Say why it is not done: write it beside the measure, then drop it."))
            return redirect(letters.path_of(one) + "#massnahmen")
        actions.drop_measure(found, word, by=person_of(request))
    elif said == "move":
        require("due_on" not in form.errors, _("This is no day. Choose one, or leave it empty."), BadInput)
        actions.move_measure(found, form.cleaned_data["due_on"], form.cleaned_data.get("note", ""), by=person_of(request))
    elif said == "reopen":
        actions.reopen_measure(found, by=person_of(request))
    else:
        raise Http404
    return redirect(letters.path_of(one) + "#massnahmen")


@login_required
@require_POST
def finish(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/umgesetzt/: it is carried out, or taken up again."""
    cooperative, one = _entered(request, slug, year, serial)
    form, again = forms.Words(request.POST, prefix="f"), one.state == State.DONE
    if not form.is_valid() and not again:
        return page(request, cooperative, one, finish_form=form)
    (actions.reopen if again else actions.finish)(one, form.cleaned_data.get("text", ""), by=person_of(request))
    messages.success(request, _("The resolution is taken up again.") if again else _("The resolution is carried out."))
    return redirect(letters.path_of(one))
