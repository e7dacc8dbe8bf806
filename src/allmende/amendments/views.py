"""The doors of amendments: proposing, reading, fitting to a text that moved on, deciding."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.amendments import access, actions, queries, rules
from allmende.amendments.forms import AmendmentForm, AnswerForm, Wanted, keys_of
from allmende.amendments.models import Amendment, State
from allmende.constitution.queries import cooperative_at
from allmende.ground.refusals import BadInput, Refused
from allmende.people.views import person_of
from allmende.proposals import access as proposals
from allmende.proposals import queries as texts
from allmende.proposals.models import Proposal
from allmende.proposals.models import State as ProposalState
from allmende.proposals.rules import Part

AREA: dict[str, Any] = {"area": "codetermination", "tab": "deciding"}
METHODS = ["GET", "HEAD", "POST"]


def _proposal(request: HttpRequest, slug: str, year: int, serial: int) -> Proposal:
    return texts.proposal_at(request.user, cooperative_at(request.user, slug), year, serial)


def _at(request: HttpRequest, slug: str, year: int, serial: int, number: int) -> Amendment:
    return queries.amendment_at(request.user, _proposal(request, slug, year, serial), number)


@login_required
@require_http_methods(METHODS)
def new(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/aenderungen/neu/: first the paragraphs (?p=<key>), then what shall be different."""
    proposal = _proposal(request, slug, year, serial)
    if not access.may_amend(request.user, proposal):
        raise Http404
    parts = queries.parts_now(proposal)
    wanted = _wanted(request, parts)
    if not wanted:
        context = {"cooperative": proposal.cooperative, "proposal": proposal, "parts": parts, "is_open": queries.is_open(proposal)}
        chose_none = "gewaehlt" in request.GET
        return render(request, "amendments/choose.html", AREA | context | {"chose_none": chose_none}, status=422 if chose_none else 200)
    return _form_page(request, proposal, None, parts, wanted)


def _wanted(request: HttpRequest, parts: Sequence[Part]) -> list[Wanted]:
    """The chosen paragraphs; of those that are gone by now, what was typed stays, after the paragraph before."""
    said = request.POST if request.method == "POST" else request.GET
    now = queries.words_now(parts)
    return [
        Wanted(key, rules.CHANGE if key else rules.INSERT, now.get(key, "") if key else "")
        for key in keys_of(said.getlist("p"))
        if key is None or key in now or request.method == "POST"
    ]


@login_required
@require_http_methods(METHODS)
def edit(request: HttpRequest, slug: str, year: int, serial: int, number: int) -> HttpResponse:
    """…/bearbeiten/: its author changes it; one that was overtaken is offered on top of the present text."""
    amendment = _at(request, slug, year, serial, number)
    if not access.may_change(request.user, amendment):
        raise Http404
    if amendment.state not in access.OPEN:
        raise Refused(_("This amendment is not open any more."))
    parts = queries.parts_now(amendment.proposal)
    wanted = _wanted(request, parts) if request.method == "POST" else _offered(amendment, parts)
    return _form_page(request, amendment.proposal, amendment, parts, wanted)


def _offered(amendment: Amendment, parts: Sequence[Part]) -> list[Wanted]:
    """Its changes on the text of now: a changed paragraph is said, one that is gone becomes an insertion where it stood."""
    now = queries.words_now(parts)
    base = texts.parts_of(texts.version_of(amendment.proposal, amendment.base))
    offered = []
    for one in queries.edits_of(amendment):
        trouble = rules.overtaken(one, now)
        if trouble == "gone" and one.key is not None:
            if one.text:
                offered.append(Wanted(rules.neighbour(one.key, base, now), rules.INSERT, one.text, trouble))
        else:
            offered.append(Wanted(one.key, one.kind, one.text or now.get(one.key, "") if one.key else one.text, trouble))
    return offered


def _form_page(
    request: HttpRequest, proposal: Proposal, amendment: Amendment | None, parts: Sequence[Part], wanted: Sequence[Wanted]
) -> HttpResponse:
    known = {"title": amendment.title, "reason": amendment.reason} if amendment else {}
    data = request.POST if request.method == "POST" and "title" in request.POST else None
    read = _read_version(proposal, data)
    form = AmendmentForm(data, parts=read, wanted=wanted, initial={**known, "base": proposal.newest})
    if data is not None and form.is_valid():
        try:
            made = _save(request, proposal, amendment, form)
        except Refused as no:
            form.add_error(None, str(no.sentence))
            if form.cleaned_data.get("base") != proposal.newest:
                form = _on_top(request, proposal, wanted, parts, str(no.sentence))
        else:
            messages.success(request, _("Saved.") if amendment else _("Your amendment is there. The authors of the proposal are told."))
            return redirect(made)
    context = {"cooperative": proposal.cooperative, "proposal": proposal, "amendment": amendment, "form": form}
    return render(request, "amendments/edit.html", AREA | context, status=422 if form.errors else 200)


def _read_version(proposal: Proposal, data: Any) -> list[Part]:
    """The text the writer had before them: that of the version named in the form."""
    said = str(data.get("base", "")) if data is not None else ""
    number = int(said) if said.isdecimal() and len(said) < 9 else proposal.newest
    return texts.parts_of(texts.version_of(proposal, min(max(number, 1), proposal.newest)))


def _on_top(request: HttpRequest, proposal: Proposal, wanted: Sequence[Wanted], parts: Sequence[Part], no: str) -> AmendmentForm:
    """The same form once more, on the text of now; everything that was typed is still in it."""
    data = request.POST.copy()
    data["base"] = str(proposal.newest)
    form = AmendmentForm(data, parts=parts, wanted=wanted)
    form.is_valid()
    form.add_error(None, no)
    return form


def _save(request: HttpRequest, proposal: Proposal, amendment: Amendment | None, form: AmendmentForm) -> Amendment:
    said, by = form.cleaned_data, person_of(request)
    words = {"title": said["title"], "reason": said["reason"], "base": said["base"]}
    if amendment is None:
        return actions.propose_amendment(proposal, form.edits(), by=by, **words)
    return actions.change_amendment(amendment, form.edits(), by=by, **words)


@require_safe
def amendment(request: HttpRequest, slug: str, year: int, serial: int, number: int) -> HttpResponse:
    """…/aenderungen/<number>/: what it changes, what stands against it, what became of it."""
    shown = _at(request, slug, year, serial, number)
    row = queries.rows_of_page([shown], shown.proposal)[0]
    inside = proposals.may_see_names(request.user, shown.proposal)
    may_decide = inside and access.may_decide(request.user, shown) and shown.proposal.state == ProposalState.DELIBERATION
    context = {
        "cooperative": shown.proposal.cooperative,
        "proposal": shown.proposal,
        "amendment": shown,
        "row": row,
        "inside": inside,
        "rivals": list(access.amendments_visible_to(request.user).filter(proposal=shown.proposal, serial__in=row.against)),
        "may_change": access.may_change(request.user, shown) and shown.state in access.OPEN,
        "may_accept": may_decide and shown.state == State.OPEN,
        "may_reject": may_decide and shown.state in access.OPEN,
        "may_undo": may_decide and shown.ballot_id is None and queries.newest_of(shown.proposal, shown),
        "may_vote": access.may_have_voted(request.user, shown)
        and shown.state in rules.TO_VOTE
        and shown.proposal.state == ProposalState.DELIBERATION,
        "decided_by": texts.called(shown.decided_by) if inside and shown.decided_by else "",
    }
    return render(request, "amendments/amendment.html", AREA | context)


DECISIONS: dict[str, tuple[Callable[..., Amendment], Any]] = {
    "accept": (actions.accept_amendment, lambda: _("Adopted: the text is a new version.")),
    "undo": (actions.undo_acceptance, lambda: _("Taken out of the text again. The amendment is open.")),
    "withdraw": (actions.withdraw_amendment, lambda: _("Withdrawn.")),
}


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, year: int, serial: int, number: int) -> HttpResponse:
    """…/entscheiden/: what=accept, undo, withdraw."""
    shown = _at(request, slug, year, serial, number)
    found = DECISIONS.get(request.POST.get("what", ""))
    if found is None:
        raise BadInput(_("This step is not known."))
    do, said = found
    do(shown, by=person_of(request))
    messages.success(request, said())
    return redirect(shown)


@login_required
@require_http_methods(METHODS)
def reject(request: HttpRequest, slug: str, year: int, serial: int, number: int) -> HttpResponse:
    """…/ablehnen/: the authors do not adopt it, and say why."""
    shown = _at(request, slug, year, serial, number)
    if not access.may_decide(request.user, shown):
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reject_amendment(shown, form.cleaned_data["reason"], by=person_of(request))
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Rejected. Who proposed it reads the reason."))
            return redirect(shown)
    context = {"cooperative": shown.proposal.cooperative, "proposal": shown.proposal, "amendment": shown, "form": form}
    return render(request, "amendments/reject.html", AREA | context, status=422 if form.errors else 200)
