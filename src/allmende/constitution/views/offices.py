"""Who holds which office: the list, giving one, ending one, discharge, the account."""

from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.constitution import access, actions, forms, queries, rules
from allmende.constitution.actions.offices import Giving
from allmende.constitution.models import Office, OfficeKind
from allmende.constitution.views import SHOW, frame, sent
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Person
from allmende.people.views import SignedIn
from allmende.web.forms import HouseForm


@require_safe
def offices(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/aemter/: everybody sees the board and the supervisory board of today, offices see all."""
    cooperative = queries.cooperative_at(request.user, slug)
    today = localdate()
    found = list(access.offices_visible_to(request.user, cooperative, today))
    current = [one for one in found if one.until is None or one.until >= today]
    order = list(OfficeKind.values)
    current.sort(key=lambda one: (order.index(one.kind), one.since, one.pk))
    statute = queries.statute_on(cooperative, today)
    board = sum(1 for one in current if one.kind == OfficeKind.BOARD and one.since <= today)
    context = {
        "groups": [(OfficeKind(kind).label, list(rows)) for kind, rows in groupby(current, key=lambda one: one.kind)],
        "former": sorted((one for one in found if one.until and one.until < today), key=lambda one: (one.until, one.pk), reverse=True),
        "today": today,
        "reads": access.may_read(request.user, cooperative),
        "may_name_board": access.may_name_board(request.user, cooperative),
        "seats_missing": max(0, statute.board_size - board) if statute else 0,
        "soon": today + timedelta(days=rules.TERM_ENDS_SOON_DAYS),
        "statute": statute,
    }
    return render(request, "constitution/offices.html", frame(request, cooperative) | context)


@login_required
@require_http_methods(SHOW)
def give(request: SignedIn, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/aemter/neu/: enter who holds an office."""
    cooperative = queries.cooperative_at(request.user, slug)
    only_board = not access.may_decide(request.user, cooperative)
    if only_board and not access.may_name_board(request.user, cooperative):
        raise Http404
    initial = {"since": localdate(), "kind": request.GET.get("kind", "")}
    form = forms.OfficeForm(sent(request), only_board=only_board, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.give_office(cooperative, Giving(**form.cleaned_data), by=request.user)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("The office of %(name)s is entered.") % {"name": made.holder})
            return redirect("constitution:offices", slug)
    context = frame(request, cooperative) | {"form": form, "only_board": only_board}
    return render(request, "constitution/give_office.html", context, status=422 if form.errors else 200)


Doing = Callable[[Office, Any, Person], Office]
_DOINGS: dict[str, tuple[type[HouseForm], str, Doing]] = {
    "end": (forms.DayForm, "on", lambda office, on, by: actions.end_office(office, on, by=by)),
    "discharge": (forms.DayForm, "on", lambda office, on, by: actions.discharge(office, on, by=by)),
    "account": (forms.AccountForm, "email", lambda office, email, by: actions.link_account(office, email, by=by)),
}


@login_required
@require_http_methods(SHOW)
def office(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """/genossenschaft/<slug>/aemter/<pk>/: end an office, note a discharge, add the account. For the board, and ending for its holder."""
    cooperative = queries.cooperative_at(request.user, slug)
    found = queries.office_at(request.user, cooperative, pk)
    may = access.may_decide(request.user, cooperative)
    if not may and found.person_id != request.user.pk:
        raise Http404
    what = request.POST.get("what", "")
    made = {name: form(sent(request) if name == what else None) for name, (form, _field, _do) in _DOINGS.items()}
    if request.method == "POST":
        if what not in _DOINGS:
            raise Http404
        if made[what].is_valid() and _done(request, found, what, made[what]):
            messages.success(request, _("Saved."))
            return redirect("constitution:offices", slug)
    context = frame(request, cooperative) | {"office": found, "forms": made, "today": localdate(), "form": made.get(what)}
    return render(request, "constitution/office.html", context, status=422 if request.method == "POST" else 200)


def _done(request: SignedIn, found: Office, what: str, form: HouseForm) -> bool:
    _form, field, do = _DOINGS[what]
    try:
        do(found, form.cleaned_data[field], request.user)
    except NotAllowed:
        raise
    except Refused as no:
        form.add_error(field, str(no.sentence))
        return False
    return True
