"""The doors of the board: all exits, what came by paper, one exit with its decision."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import read_by, statute_on
from allmende.leaving import access, actions, forms, queries, rules
from allmende.leaving.models import Reason, Scope, State, Termination
from allmende.leaving.views import METHODS, OFFICE, done, the_termination
from allmende.members.actions import note_member_look
from allmende.members.queries import particulars_of
from allmende.people.models import Person
from allmende.people.views import person_of

A_PAGE = 50
SHOWN = {"offen": (State.RECEIVED, State.CONFIRMED), "abgerechnet": (State.SETTLED,), "beendet": (State.WITHDRAWN, State.UNDONE)}


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """/austritte/: what waits, when what is due, everything that was."""
    cooperative = read_by(request.user, slug)
    chosen = request.GET.get("stand", "offen")
    states = SHOWN.get(chosen, SHOWN["offen"])
    found = access.terminations_visible_to(request.user, cooperative).filter(state__in=states).select_related("membership")
    page = Paginator(found.order_by("effective_on", "pk"), A_PAGE).get_page(request.GET.get("page"))
    counts = queries.counted(request.user, cooperative)
    context = {
        "cooperative": cooperative,
        "page_obj": page,
        "chosen": chosen if chosen in SHOWN else "offen",
        "tabs": [(key, sum(counts.get(state, 0) for state in states)) for key, states in SHOWN.items()],
        "due": queries.due_dates(cooperative),
        "transfers": queries.waiting_transfers(cooperative),
        "may_enter": access.may_enter(request.user, cooperative),
        "may_decide": access.may_decide(request.user, cooperative),
    }
    return render(request, "leaving/desk.html", OFFICE | context)


@never_cache
@login_required
@require_http_methods(METHODS)
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """/austritte/neu/?reason=death: what came by paper or was resolved."""
    cooperative, by = read_by(request.user, slug), person_of(request)
    if not access.may_enter(by, cooperative):
        raise Http404
    kind = request.GET.get("reason", "notice")
    if kind not in forms.PAPERS:
        raise Http404
    initial = {"received_on": localdate(), "number": request.GET.get("nummer", "")[:10]}
    form = forms.PAPERS[kind](cooperative.pk, request.POST or None, initial=initial)
    made: list[tuple[Termination, bool]] = []
    if request.method == "POST" and done(form, lambda: made.append(actions.enter_exit(_of(form), form.entered, by=by))):
        found, is_new = made[0]
        messages.success(request, _("Entered. Check the day, then confirm it.") if is_new else _("This is entered already."))
        return redirect("leaving:termination", slug, found.uuid)
    reasons = statute_on(cooperative, localdate())
    context = {"cooperative": cooperative, "form": form, "kind": kind, "statute": reasons}
    return render(request, "leaving/enter.html", OFFICE | context)


def _of(form: Any) -> Any:
    return form.membership


@never_cache
@login_required
@require_http_methods(METHODS)
def termination(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """/austritte/<uuid>/: one exit with the day, how it comes about, and what the board decides."""
    cooperative = read_by(request.user, slug)
    found = the_termination(request, cooperative, uuid)
    confirm, back = _forms(request, found)
    if request.method == "POST" and _decided(request, cooperative, found, confirm, back):
        return redirect("leaving:termination", slug, uuid)
    note_member_look(found.membership, by=person_of(request))
    over = rules.is_over(found.effective_on, localdate())
    context = {
        "cooperative": cooperative,
        "found": found,
        "named": particulars_of(found.membership),
        "steps": queries.explained(found),
        "confirm": confirm,
        "back": back,
        "is_over": over,
        "may_decide": access.may_decide(request.user, cooperative),
        "may_enter": access.may_enter(request.user, cooperative),
        "may_take_back": found.state == State.RECEIVED or (found.state == State.CONFIRMED and not over),
        "is_special": found.reason in {Reason.HARDSHIP, Reason.MOVED, Reason.STATUTE_CHANGE},
        "is_all": found.scope == Scope.ALL,
        "stays": (found.capital_cents or 0) - (found.loss_cents or 0) - (found.settled_cents or 0),
    }
    return render(request, "leaving/termination.html", OFFICE | context)


def _forms(request: HttpRequest, found: Termination) -> tuple[Form, Form]:
    kind = forms.ConfirmExclusion if found.reason == Reason.EXCLUSION else forms.Confirm
    confirming, going_back = "confirm" in request.POST, "back" in request.POST
    confirm = kind(request.POST if confirming else None, initial={"dispatched_on": localdate()}, prefix="c")
    return confirm, forms.Why(request.POST if going_back else None, prefix="b")


def _decided(request: HttpRequest, cooperative: Cooperative, found: Termination, confirm: Form, back: Form) -> bool:
    by = person_of(request)
    if "confirm" in request.POST:
        return _told(request, confirm, lambda: _confirm(found, confirm, by), _("Confirmed and entered."), _("It is confirmed already."))
    if "back" in request.POST:
        write = lambda: actions.take_exit_back(found, why=back.cleaned_data["why"], by=by)  # noqa: E731
        return _told(request, back, write, _("Taken back."), _("It is off already."))
    return False


def _confirm(found: Termination, form: Form, by: Person) -> bool:
    data = form.cleaned_data
    as_notice = bool(data.get("as_notice"))
    return actions.confirm_exit(found, as_notice=as_notice, dispatched_on=data.get("dispatched_on"), by=by)


def _told(request: HttpRequest, form: Form, write: Callable[[], bool], yes: str, already: str) -> bool:
    """Carry it out and say what happened; a second click is told that it was done."""
    answers: list[bool] = []
    if not done(form, lambda: answers.append(write())):
        return False
    messages.success(request, yes if answers[0] else already)
    return True
