"""Moving on: steps, support, who writes along, who reads it, how proposals are admitted."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.constitution.queries import cooperative_at
from allmende.ground.refusals import BadInput, Refused
from allmende.people.models import Person
from allmende.people.views import person_of
from allmende.proposals import access, actions, queries
from allmende.proposals.forms import AdmissionForm, InviteForm, ReasonForm, VisibilityForm
from allmende.proposals.models import Proposal
from allmende.proposals.views import AREA

Do = Callable[..., Proposal]
STEPS: dict[str, Do] = {
    "bring-in": actions.bring_in_proposal,
    "admit": actions.admit_proposal,
    "reopen": actions.reopen_proposal,
}
METHODS = ["GET", "HEAD", "POST"]


def _at(request: HttpRequest, slug: str, year: int, serial: int) -> Proposal:
    return queries.proposal_at(request.user, cooperative_at(request.user, slug), year, serial)


@login_required
@require_POST
def step(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/schritt/: a step that needs no words: what=bring-in, admit, reopen."""
    shown = _at(request, slug, year, serial)
    do = STEPS.get(request.POST.get("what", ""))
    if do is None:
        raise BadInput(_("This step is not known."))
    moved = do(shown, by=person_of(request))
    messages.success(request, _("State: %s.") % moved.get_state_display())
    return redirect(shown)


@login_required
@require_POST
def support(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/unterstuetzen/: support it, or with what=back no longer."""
    shown, by = _at(request, slug, year, serial), person_of(request)
    if request.POST.get("what") == "back":
        actions.unsupport_proposal(shown, by=by)
        messages.success(request, _("You do not support this proposal any more."))
    else:
        actions.support_proposal(shown, by=by)
        messages.success(request, _("You support this proposal and hear what becomes of it."))
    return redirect(shown)


@login_required
@require_http_methods(METHODS)
def reasoned(request: HttpRequest, slug: str, year: int, serial: int, kind: str) -> HttpResponse:
    """…/schritt/<kind>/: withdrawing or sending back, with a reason others read."""
    shown = _at(request, slug, year, serial)
    if not _may_give_reason(request, shown, kind):
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        do = actions.send_back_proposal if kind == "zurueckgeben" else actions.withdraw_proposal
        try:
            do(shown, form.cleaned_data["reason"], by=person_of(request))
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            back = _("Sent back to its authors.") if kind == "zurueckgeben" else _("Withdrawn. Its authors can take it up again.")
            messages.success(request, back)
            return redirect(shown)
    context = {"cooperative": shown.cooperative, "proposal": shown, "form": form, "kind": kind}
    return render(request, "proposals/reason.html", AREA | context, status=422 if form.errors else 200)


def _may_give_reason(request: HttpRequest, shown: Proposal, kind: str) -> bool:
    if kind == "zurueckgeben":
        return access.may_administer(request.user, shown)
    return kind == "zurueckziehen" and access.may_write(request.user, shown)


@login_required
@require_http_methods(METHODS)
def visibility(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/lesbar/: board and administration say whether everybody may read it."""
    shown = _at(request, slug, year, serial)
    if not access.may_administer(request.user, shown):
        raise Http404
    form = VisibilityForm(request.POST if request.method == "POST" else None, initial={"visibility": shown.visibility})
    if request.method == "POST" and form.is_valid():
        actions.set_visibility(shown, form.cleaned_data["visibility"], by=person_of(request))
        messages.success(request, _("Saved."))
        return redirect(shown)
    context = {"cooperative": shown.cooperative, "proposal": shown, "form": form}
    return render(request, "proposals/visibility.html", AREA | context, status=422 if form.errors else 200)


@login_required
@require_http_methods(METHODS)
def authors(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/mitschreiben/: who writes along; inviting, taking an invitation back, leaving."""
    shown, by = _at(request, slug, year, serial), person_of(request)
    if not access.is_author(by, shown):
        raise Http404
    form = InviteForm(request.POST if "who" in request.POST else None)
    if request.method == "POST" and ("who" not in request.POST or form.is_valid()):
        try:
            return _change_authors(request, shown, form, by)
        except Refused as no:
            if "who" not in request.POST:
                raise
            form.add_error("who", str(no.sentence))
    rows = [(one, queries.called(one.person), one.person_id == by.pk) for one in queries.authors_of(shown)]
    context = {"cooperative": shown.cooperative, "proposal": shown, "form": form, "rows": rows}
    return render(request, "proposals/authors.html", AREA | context, status=422 if form.errors else 200)


def _change_authors(request: HttpRequest, shown: Proposal, form: InviteForm, by: Person) -> HttpResponse:
    if "who" in request.POST:
        actions.invite_author(shown, form.cleaned_data["who"], by=by)
        messages.success(request, _("Invited. They find it under “Notices” and on the page of the proposal."))
    elif request.POST.get("what") == "leave":
        actions.leave_proposal(shown, by=by)
        messages.success(request, _("You do not write along any more."))
        return redirect("proposals:proposals", shown.cooperative.organisation.slug)
    else:
        author = request.POST.get("author", "")
        if not author.isdecimal() or len(author) > 18:
            raise BadInput(_("This invitation is not known."))
        actions.withdraw_invitation(shown, int(author), by=by)
        messages.success(request, _("The invitation is taken back."))
    return redirect("proposals:authors", shown.cooperative.organisation.slug, shown.year, shown.serial)


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/mitschreiben/antwort/: accept or decline an invitation."""
    shown = _at(request, slug, year, serial)
    accepts = request.POST.get("what") == "yes"
    actions.answer_invitation(shown, accepts=accepts, by=person_of(request))
    if accepts:
        messages.success(request, _("You write along now."))
        return redirect(shown)
    messages.success(request, _("Declined."))
    return redirect("proposals:proposals", slug)


@login_required
@require_http_methods(METHODS)
def admission(request: HttpRequest, slug: str) -> HttpResponse:
    """…/zulassung/: the board says what a proposal needs before it is deliberated."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_set_admission(request.user, cooperative):
        raise Http404
    rule = queries.admission_of(cooperative)
    initial = {"supporters_needed": rule.supporters_needed, "needs_office": rule.needs_office}
    form = AdmissionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.set_admission(cooperative, by=person_of(request), **form.cleaned_data)
        messages.success(request, _("Saved. It holds for proposals that are brought in from now on."))
        return redirect("proposals:proposals", slug)
    return render(
        request, "proposals/admission.html", AREA | {"cooperative": cooperative, "form": form}, status=422 if form.errors else 200
    )
