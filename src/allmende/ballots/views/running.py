"""What the board does while a ballot runs: prolong, close early, cancel; each with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.ballots import access, actions, queries
from allmende.ballots.forms import ProlongForm, ReasonForm
from allmende.ballots.models import Ballot
from allmende.ballots.views.reading import AREA
from allmende.ground.refusals import Refused
from allmende.people.views import person_of


def _decided(request: HttpRequest, slug: str, uuid: UUID) -> Ballot:
    found = queries.ballot_at(request.user, slug, uuid)
    if not access.may_decide(request.user, found):
        raise Http404
    return found


def _page(request: HttpRequest, ballot: Ballot, form: Any, words: dict[str, str]) -> HttpResponse:
    context = AREA | {"cooperative": ballot.cooperative, "ballot": ballot, "form": form} | words
    return render(request, "ballots/reason.html", context, status=400 if form.errors else 200)


def _act(request: HttpRequest, ballot: Ballot, form: Any, act: Any, words: dict[str, str]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, words["done"])
            return redirect("ballots:ballot", slug=ballot.slug, uuid=ballot.uuid)
    return _page(request, ballot, form, words)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prolong(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/verlaengern/"""
    one = _decided(request, slug, uuid)
    form = ProlongForm(request.POST or None, initial={"closes_at": one.closes_at})
    words = {"heading": _("Prolong voting"), "button": _("Prolong"), "done": _("The end is later now; everybody on the roll is told.")}

    def act(data: dict[str, Any]) -> None:
        until: datetime = data["closes_at"]
        actions.prolong(one, until, data["reason"], by=person_of(request))

    return _act(request, one, form, act, words)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_early(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/schliessen/"""
    one = _decided(request, slug, uuid)
    words = {"heading": _("Close early"), "button": _("Close and count"), "done": _("Voting is closed and will be counted.")}
    return _act(
        request, one, ReasonForm(request.POST or None), lambda data: actions.close_early(one, data["reason"], by=person_of(request)), words
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/abbrechen/"""
    one = _decided(request, slug, uuid)
    words = {"heading": _("Cancel the ballot"), "button": _("Cancel the ballot"), "done": _("The ballot is cancelled; nothing is counted.")}
    return _act(
        request, one, ReasonForm(request.POST or None), lambda data: actions.cancel(one, data["reason"], by=person_of(request)), words
    )


@login_required
@require_POST
def count(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/auszaehlen/: once more, after a count that failed."""
    one = _decided(request, slug, uuid)
    actions.count_again(one, by=person_of(request))
    messages.success(request, _("The ballot is counted."))
    return redirect("ballots:ballot", slug=one.slug, uuid=one.uuid)
