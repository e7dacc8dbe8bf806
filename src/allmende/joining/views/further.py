"""Further shares: a member declares them on the own page (§ 15b GenG)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, statute_on
from allmende.joining import actions, declaration, forms, queries
from allmende.members import queries as members
from allmende.members.access import own_in
from allmende.members.models import Membership
from allmende.members.rules import is_active


def _mine(request: HttpRequest, slug: str) -> tuple[Cooperative, Membership]:
    cooperative = cooperative_at(request.user, slug)
    membership = own_in(request.user, cooperative)
    if membership is None or not is_active(membership.joined_on, membership.ends_on, localdate()):
        raise Http404
    if statute_on(cooperative, localdate()) is None:
        raise Http404
    return cooperative, membership


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def further(request: HttpRequest, slug: str) -> HttpResponse:
    """How many can be taken now and why not more; with `?anteile=2` the declaration, to be read and made."""
    cooperative, membership = _mine(request, slug)
    waiting, room = queries.further_waiting(membership), queries.room_for_further(membership)
    context: dict[str, Any] = {
        "cooperative": cooperative,
        "area": "codetermination",
        "membership": membership,
        "waiting": waiting,
        "room": room,
        "is_by_text": queries.is_by_text(room.statute),
        "form": forms.FurtherForm(most=room.most, initial={"anteile": 1}),
    }
    wanted = forms.FurtherForm(request.GET, most=room.most) if "anteile" in request.GET else None
    if wanted is None or waiting or membership.ends_on or not context["is_by_text"]:
        return render(request, "joining/further.html", context)
    if not wanted.is_valid():
        return render(request, "joining/further.html", context | {"form": wanted})
    return _declare(request, membership, room, wanted.cleaned_data["anteile"], context)


def _declare(request: HttpRequest, membership: Membership, room: queries.Room, number: int, context: dict[str, Any]) -> HttpResponse:
    cooperative, named = membership.cooperative, members.particulars_of(membership)
    text = declaration.further(cooperative, room.statute, named.spoken, membership.number, room.held, number)
    duties, seen = declaration.duties_of_further(room.statute), declaration.fingerprint(text)
    form = forms.ReviewForm(request.POST if request.method == "POST" else None, duties=duties, initial={"seen": seen})
    changed = request.method == "POST" and request.POST.get("seen") != seen
    if changed:
        form = forms.ReviewForm(duties=duties, initial={"seen": seen})
    elif request.method == "POST" and form.is_valid():
        actions.declare_further(membership, number, text_shown=text, ticked=form.ticked(), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Your declaration has gone to the board. A copy is in your mail."))
        return redirect("joining:further", cooperative.organisation.slug)
    more = {"form": form, "text": text.split("\n\n"), "number": number, "changed": changed, "sum_cents": number * room.statute.share_cents}
    return render(request, "joining/further_declare.html", context | more)
