"""The doors of a member who leaves: look before sending, send, take back, letters."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.constitution.queries import cooperative_at, statute_on
from allmende.ground.refusals import Refused
from allmende.leaving import access, actions, forms, letters, papers, queries
from allmende.leaving.models import Reason, State
from allmende.leaving.views import AREA, METHODS, own_membership, the_termination
from allmende.members.actions import note_member_look
from allmende.members.models import Membership
from allmende.people.views import person_of
from allmende.web import paper as documents

PAPERS = {
    "eingang": (papers.receipt, letters.RECEIPT),
    "bestaetigung": (papers.confirmation, letters.CONFIRMATION),
    "ausschluss": (papers.exclusion, letters.EXCLUSION),
    "abrechnung": (papers.statement, letters.STATEMENT),
}


@never_cache
@login_required
@require_http_methods(METHODS)
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """/ich/kuendigen/: first the day, the sum and the words, then sending; paper where the statute asks for a signature."""
    cooperative, membership = own_membership(request, slug)
    statute = statute_on(cooperative, localdate())
    may = statute is not None and access.may_give_notice(request.user, membership) and membership.ends_on is None
    page = {"cooperative": cooperative, "membership": membership, "open": queries.open_of(membership), "may": may, "statute": statute}
    if not may or statute is None:
        return render(request, "leaving/leave.html", AREA | page)
    form = forms.Leave(membership, statute, request.POST or None)
    foreseen = None
    if request.method == "POST" and form.is_valid():
        try:
            if answer := _step(request, membership, form.wanted):
                return answer
            foreseen = queries.foresee(membership, form.wanted, localdate())
        except Refused as no:
            form.add_error(None, str(no.sentence))
    return render(request, "leaving/leave.html", AREA | page | {"form": form, "foreseen": foreseen})


def _step(request: HttpRequest, membership: Membership, wanted: queries.Wanted) -> HttpResponse | None:
    """What the button says: send, or make the letter; otherwise the notice is shown first."""
    if "send" in request.POST:
        shown = request.POST.get("shown", "").replace("\r\n", "\n")
        _made, is_new = actions.give_notice(membership, wanted, shown=shown, by=person_of(request))
        said = _("Your notice has come in. The receipt is on its way to you.") if is_new else _("Your notice is here already.")
        messages.success(request, said)
        return redirect("leaving:leave", membership.cooperative.organisation.slug)
    if "paper" in request.POST:
        foreseen = queries.foresee(membership, wanted, localdate())
        return documents.answer(papers.to_sign(membership, foreseen.text, foreseen.steps), "kuendigung.pdf")
    actions.require_wanted(membership, wanted)
    return None


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Take a notice back, or ask the board to let it be taken back."""
    cooperative, membership = own_membership(request, slug)
    found = the_termination(request, cooperative, uuid)
    if found.membership_id != membership.pk and not access.is_own(request.user, found.membership):
        raise Http404
    found = actions.withdraw_notice(found, by=person_of(request))
    said = _("The notice is taken back.") if found.state == State.WITHDRAWN else _("The board was asked. You hear of its answer.")
    messages.success(request, said)
    return redirect("leaving:leave", slug)


@never_cache
@login_required
@require_safe
def document(request: HttpRequest, slug: str, uuid: UUID, paper: str) -> HttpResponse:
    """A letter about an exit, for the member and for offices; only those that exist already."""
    cooperative = cooperative_at(request.user, slug)
    found = the_termination(request, cooperative, uuid)
    is_exclusion = found.reason == Reason.EXCLUSION
    there = {
        "eingang": bool(found.declared_text),
        "bestaetigung": found.confirmed_at is not None and not is_exclusion,
        # before it is sent the letter is the board's alone
        "ausschluss": is_exclusion and (found.confirmed_at is not None or access.may_enter(request.user, cooperative)),
        "abrechnung": found.settled_at is not None,
    }
    if not there.get(paper):
        raise Http404
    if not access.is_own(request.user, found.membership):
        note_member_look(found.membership, by=person_of(request))
    make, name = PAPERS[paper]
    return documents.answer(make(found), name)
