"""Writing: a new proposal, also from an idea, and further versions; a preview; two who save at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.ground.refusals import Refused
from allmende.ground.text import clean
from allmende.ideas.models import Idea
from allmende.people.views import person_of
from allmende.proposals import access, actions, queries, rules
from allmende.proposals.actions import Overtaken, Written
from allmende.proposals.forms import ProposalForm
from allmende.proposals.models import Version
from allmende.proposals.views import AREA
from allmende.proposals.views.reading import compared

METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(METHODS)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """…/vorschlaege/neu/: a draft; ?idea=<uuid> copies title and text of an idea and links both."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_propose(request.user, cooperative):
        raise Http404
    idea = _idea(request, cooperative)
    initial = {"title": idea.title[: rules.TITLE_LIMIT], "text": idea.text} if idea else {}
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=initial, is_new=True)
    context: dict[str, Any] = {"cooperative": cooperative, "form": form, "idea": idea}
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            context["preview"] = rules.paragraphs(clean(form.cleaned_data["text"]))
        else:
            try:
                made = actions.start_proposal(cooperative, _said(form), idea=idea, by=person_of(request))
            except Refused as no:
                form.add_error(None, str(no.sentence))
            else:
                messages.success(request, _("Saved as a draft. Only its authors see it until you bring it in."))
                return redirect(made)
    return render(request, "proposals/edit.html", AREA | context, status=422 if form.errors else 200)


def _idea(request: HttpRequest, cooperative: Cooperative) -> Idea | None:
    said = request.POST.get("idea") or request.GET.get("idea")
    if not said:
        return None
    try:
        found = Idea.objects.filter(uuid=UUID(said), cooperative=cooperative, hidden_at=None).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    found.cooperative = cooperative
    return found


@login_required
@require_http_methods(METHODS)
def edit(request: HttpRequest, slug: str, year: int, serial: int) -> HttpResponse:
    """…/bearbeiten/: another version. Who was overtaken sees both texts and saves again on top."""
    cooperative = cooperative_at(request.user, slug)
    shown = queries.proposal_at(request.user, cooperative, year, serial)
    if not access.may_write(request.user, shown):
        raise Http404
    newest = queries.version_of(shown)
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=_initial(newest))
    context: dict[str, Any] = {"cooperative": cooperative, "proposal": shown, "form": form}
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            context |= _preview(newest, form)
        else:
            try:
                actions.save_version(shown, _said(form), base=form.cleaned_data["base"] or 0, by=person_of(request))
            except Overtaken as no:
                return _both(request, context, no)
            except Refused as no:
                form.add_error(None, str(no.sentence))
            else:
                messages.success(request, _("Saved."))
                return redirect(shown)
    return render(request, "proposals/edit.html", AREA | context, status=422 if form.errors else 200)


def _initial(version: Version) -> dict[str, Any]:
    return {
        "title": version.title,
        "summary": version.summary,
        "text": queries.text_of(version),
        "rationale": version.rationale,
        "base": version.number,
    }


def _said(form: ProposalForm) -> Written:
    said = form.cleaned_data
    return Written(said["title"], said["summary"], said["text"], said["rationale"], said.get("why", ""))


def _preview(newest: Version, form: ProposalForm) -> dict[str, Any]:
    """The text as it would stand there, and what that changes."""
    said = form.cleaned_data
    texts = rules.paragraphs(clean(said["text"]))
    typed = Version(number=newest.number + 1, title=said["title"], summary=said["summary"], rationale=said["rationale"])
    parts = queries.parts_of(newest)
    return {"preview": texts, **compared(newest, typed, parts, rules.keyed(parts, texts))}


def _both(request: HttpRequest, context: dict[str, Any], no: Overtaken) -> HttpResponse:
    """What was typed stays in the form, now on top of what stands there; beside it the differences between the two."""
    form: ProposalForm = context["form"]
    typed = form.cleaned_data
    more = _preview(no.newest, form) | {"preview": None, "overtaken": no.newest, "who": queries.called(no.newest.by)}
    fresh = ProposalForm(initial={**typed, "base": no.newest.number})
    return render(request, "proposals/edit.html", AREA | context | more | {"form": fresh}, status=409)
