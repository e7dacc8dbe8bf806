"""The doors of transfers: a member gives, a member takes, the board agrees."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at, read_by, statute_on
from allmende.ground.refusals import BadInput, Refused, require
from allmende.leaving import access, actions, forms, queries
from allmende.leaving.actions import Giving
from allmende.leaving.models import Transfer, TransferState
from allmende.leaving.views import AREA, METHODS, OFFICE, done, own_membership
from allmende.members.actions import note_member_look
from allmende.members.models import Membership
from allmende.members.queries import particulars_of
from allmende.people.models import Person
from allmende.people.views import person_of


def _giving(cooperative: Cooperative, form: Form) -> Giving:
    """Who is meant. Number and name have to fit; which of the two does not, is not said."""
    data = form.cleaned_data
    if not data["taker_number"]:
        return Giving(data["quantity"], newcomer=data["taker_name"][:200])
    taker = queries.member_by(cooperative, data["taker_number"], data["taker_name"])
    require(taker is not None, _("No member has this number and this name. Ask the person for both."), BadInput)
    return Giving(data["quantity"], taker, taker_name=" ".join(data["taker_name"].split()))


@never_cache
@login_required
@require_http_methods(METHODS)
def transfer(request: HttpRequest, slug: str) -> HttpResponse:
    """/ich/uebertragen/: all or some of one's shares go to somebody else; first the words, then sending."""
    cooperative, membership = own_membership(request, slug)
    by, statute = person_of(request), statute_on(cooperative, localdate())
    if waiting := queries.open_transfer(membership):
        return redirect("leaving:transferring", slug, waiting.uuid)
    may = statute is not None and access.may_give_notice(by, membership)
    form, text = forms.Transferring(request.POST or None), ""
    if may and request.method == "POST" and form.is_valid():
        try:
            giving = _giving(cooperative, form)
            text = actions.declaration(membership, giving)
            if "send" in request.POST:
                made, _is_new = actions.want_transfer(membership, giving, by=by)
                messages.success(request, _("Your declaration is in. Now the other side has to agree, then the board."))
                return redirect("leaving:transferring", slug, made.uuid)
        except Refused as no:
            form.add_error(None, str(no.sentence))
            text = ""
    context = {
        "cooperative": cooperative, "membership": membership, "form": form, "may": may, "text": text,
        "held": queries.transferable(membership, localdate()),
        "least": queries.least_shares(membership, statute) if statute else 0,
    }  # fmt: skip
    return render(request, "leaving/transfer.html", AREA | context)


@never_cache
@login_required
@require_http_methods(METHODS)
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """/austritte/uebertragung/: a transfer both sides have declared on paper."""
    cooperative, by = read_by(request.user, slug), person_of(request)
    if not access.may_enter(by, cooperative):
        raise Http404
    form = forms.PaperTransfer(cooperative.pk, request.POST or None, initial={"declared_on": localdate()})
    made: list[tuple[Transfer, bool]] = []
    if request.method == "POST" and done(form, lambda: made.append(_enter(cooperative, form, by))):
        found, is_new = made[0]
        messages.success(request, _("Entered. Now the board agrees.") if is_new else _("This is entered already."))
        return redirect("leaving:transferring", slug, found.uuid)
    return render(request, "leaving/enter_transfer.html", OFFICE | {"cooperative": cooperative, "form": form})


def _enter(cooperative: Cooperative, form: forms.PaperTransfer, by: Person) -> tuple[Transfer, bool]:
    giver, data = form.membership, form.cleaned_data
    if giver is None:
        raise BadInput(_("There is no member with this number."))
    giving = _giving(cooperative, form)
    return actions.enter_transfer(giver, giving, declared_on=data["declared_on"], evidence=data["evidence"], by=by)


@never_cache
@login_required
@require_http_methods(METHODS)
def transferring(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """/uebertragung/<uuid>/: one transfer, for giver, taker and offices; each sees what is theirs to say."""
    cooperative, by = cooperative_at(request.user, slug), person_of(request)
    whole = ("giver__cooperative__organisation", "giver__person", "taker__cooperative__organisation", "taker__person")
    found = get_object_or_404(access.transfers_visible_to(by, cooperative).select_related(*whole), uuid=uuid)
    what = next((name for name in ("take", "stop", "record", "agree") if name in request.POST), "")
    said = {name: request.POST if what == name else None for name in ("stop", "record", "agree")}
    is_party = access.is_own(by, found.giver) or (found.taker is not None and access.is_own(by, found.taker))
    given = {
        "stop": forms.Why(said["stop"], prefix="s"),
        "record": forms.Taker(said["record"], prefix="r", initial={"taken_on": localdate()}),
        "agree": forms.Agree(said["agree"], prefix="a", initial={"effective_on": localdate()}),
    }
    given["stop"].fields["why"].required = not is_party
    if request.method == "POST" and _carried_out(request, found, what, given):
        return redirect("leaving:transferring", slug, uuid)
    is_taker = found.taker is not None and access.is_own(by, found.taker)
    if not is_party:
        _note_looks(found, by)
    context = {
        "cooperative": cooperative, "found": found, "giver": particulars_of(found.giver),
        # the giver knows of the taker what the declaration says, and no more
        "taker": particulars_of(found.taker) if found.taker and (is_taker or not is_party) else None, "text": actions.acceptance(found),
        "is_taker": is_taker, "is_party": is_party,
        "is_giver": access.is_own(by, found.giver),
        "may_enter": access.may_enter(by, cooperative), "may_decide": access.may_decide(by, cooperative), "forms": given,
    }  # fmt: skip
    is_office = context["may_enter"] and not is_party
    return render(request, "leaving/transferring.html", (OFFICE if is_office else AREA) | context)


def _note_looks(found: Transfer, by: Person) -> None:
    """Somebody with an office sees the names of both."""
    for side in (found.giver, found.taker):
        if side:
            note_member_look(side, by=by)


def _carried_out(request: HttpRequest, found: Transfer, what: str, given: Mapping[str, Form]) -> bool:
    by = person_of(request)
    if what == "take":
        actions.take_shares(found, shown=request.POST.get("shown", "").replace("\r\n", "\n"), by=by)
        messages.success(request, _("You take the shares over. Now the board agrees."))
        return True
    if what not in given or not done(given[what], lambda: _WRITES[what](found, given[what], by)):
        return False
    found.refresh_from_db()
    messages.success(request, _("The shares have gone over.") if found.state == TransferState.DONE else _("Noted."))
    return True


def _stop(found: Transfer, form: Form, by: Person) -> bool:
    return actions.stop_transfer(found, why=form.cleaned_data["why"], by=by)


def _record(found: Transfer, form: Form, by: Person) -> bool:
    data = form.cleaned_data
    taker = None
    if data["taker_number"] and found.taker is None:
        taker = Membership.objects.filter(cooperative=found.giver.cooperative_id, number=data["taker_number"], ends_on=None).first()
        require(taker is not None, _("There is no member with this number."), BadInput)
    return actions.record_taker(found, taker, taken_on=data["taken_on"], evidence=data["evidence"], by=by)


def _agree(found: Transfer, form: Form, by: Person) -> bool:
    return actions.agree_to_transfer(found, effective_on=form.cleaned_data["effective_on"], by=by)


_WRITES = {"stop": _stop, "record": _record, "agree": _agree}
