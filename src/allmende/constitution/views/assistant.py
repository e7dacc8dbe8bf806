"""The statute assistant: a draft in six steps, its document, what it changes, adopting; and taking back what does not hold yet."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.constitution import actions, choices, forms, queries, rules, wording
from allmende.constitution.models import Cooperative, Statute, StatuteState
from allmende.constitution.views import SHOW, frame, sent
from allmende.ground.refusals import Refused
from allmende.people.views import SignedIn


def _draft_at(request: SignedIn, slug: str) -> tuple[Cooperative, Statute]:
    """The draft of a cooperative on whose board the viewer is; Http404 where there is none."""
    cooperative = queries.board_at(request.user, slug)
    draft = queries.draft_of(cooperative)
    if draft is None:
        raise Http404
    return cooperative, draft


@login_required
@require_safe
def draft(request: SignedIn, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/entwurf/: the steps, what changes, what still stands against adopting."""
    cooperative = queries.board_at(request.user, slug)
    found = queries.draft_of(cooperative)
    context = frame(request, cooperative) | {"draft": found, "in_force": queries.statute_on(cooperative, localdate())}
    if found is None:
        context["versions"] = Statute.objects.filter(cooperative=cooperative).exclude(state=StatuteState.DRAFT)
        return render(request, "constitution/begin.html", context)
    return render(request, "constitution/draft.html", context | _look(found) | {"form": _adopt_form(found)})


def _adopt_form(found: Statute, data: Any = None) -> forms.AdoptForm:
    return forms.AdoptForm(data, initial={"valid_from": localdate()})


def _look(found: Statute) -> dict[str, Any]:
    """What the draft says, what it changes, what stands against it, what follows from it."""
    said = queries.says(found)
    faults = rules.check_statute(said, localdate())
    before = queries.before(found, localdate())
    return {
        "parts": wording.sheet(found),
        "steps": [(step, any(fault.field in {one.name for one in step.choices} for fault in faults)) for step in choices.STEPS],
        "faults": [(choices.STEP_OF[fault.field].key, wording.label(fault.field), wording.sentence(fault)) for fault in faults],
        "hints": list(wording.sentences(rules.hints_for_statute(said))),
        "before": before,
        "changes": wording.changes(found, before) if before else [],
    }


@login_required
@require_POST
def begin(request: SignedIn, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/entwurf/beginnen/: a new draft, from the law or like a version there is."""
    cooperative = queries.board_at(request.user, slug)
    said = request.POST.get("like", "")
    like = queries.version_at(request.user, cooperative, int(said)) if said.isdecimal() and len(said) < 6 else None
    actions.begin_statute(cooperative, like=like, by=request.user)
    return redirect("constitution:statute_step", slug, choices.STEPS[0].key)


@login_required
@require_http_methods(SHOW)
def step(request: SignedIn, slug: str, key: str) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/entwurf/<step>/: one step of the assistant."""
    cooperative, found = _draft_at(request, slug)
    if key not in choices.BY_KEY:
        raise Http404
    at = choices.STEPS.index(choices.BY_KEY[key])
    form = forms.StepForm(sent(request), step=choices.STEPS[at], statute=found, today=localdate())
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_statute(found, form.values(), form.places(), by=request.user)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            return _on(request, slug, at)
    context = {"draft": found, "step": choices.STEPS[at], "number": at + 1, "steps": choices.STEPS, "form": form}
    context["back"] = choices.STEPS[at - 1] if at else None
    return render(request, "constitution/step.html", frame(request, cooperative) | context, status=422 if form.errors else 200)


def _on(request: SignedIn, slug: str, at: int) -> HttpResponse:
    """To the next step; after the last one, or where somebody wants to, to the overview."""
    if request.POST.get("then") == "overview":
        messages.success(request, _("Saved."))
        return redirect("constitution:statute_edit", slug)
    if at + 1 < len(choices.STEPS):
        return redirect("constitution:statute_step", slug, choices.STEPS[at + 1].key)
    return redirect("constitution:draft_document", slug)


@login_required
@require_http_methods(SHOW)
def draft_document(request: SignedIn, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/entwurf/dokument/: the statute as people read it."""
    cooperative, found = _draft_at(request, slug)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_document(found, by=request.user)
        messages.success(request, _("The PDF is taken away."))
        return redirect("constitution:draft_document", slug)
    return _document(request, cooperative, found)


@login_required
@require_http_methods(SHOW)
def late_document(request: SignedIn, slug: str, version: int) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/<version>/nachreichen/: the document for a version that was adopted without."""
    cooperative = queries.board_at(request.user, slug)
    found = queries.version_at(request.user, cooperative, version)
    if found.state != StatuteState.ADOPTED or found.sha256 or found.text:
        raise Http404
    return _document(request, cooperative, found)


def _document(request: SignedIn, cooperative: Cooperative, found: Statute) -> HttpResponse:
    slug = cooperative.organisation.slug
    form = forms.DocumentForm(sent(request), request.FILES or None, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        data, name = form.given()
        try:
            actions.add_document(found, data=data, name=name, text=form.cleaned_data["text"], by=request.user)
        except Refused as no:
            form.add_error("file" if data or name else None, str(no.sentence))
        else:
            messages.success(request, _("Saved."))
            to = "statute_edit" if found.state == StatuteState.DRAFT else "statute"
            return redirect(f"constitution:{to}", slug)
    context = frame(request, cooperative) | {"shown": found, "form": form, "steps": choices.STEPS, "is_draft": found.state == "draft"}
    return render(request, "constitution/document.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(SHOW)
def adopt(request: SignedIn, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/entwurf/beschliessen/: put the draft in force."""
    cooperative, found = _draft_at(request, slug)
    if request.method != "POST":
        return redirect("constitution:statute_edit", slug)
    form = _adopt_form(found, request.POST)
    if form.is_valid():
        days = form.cleaned_data
        is_first = queries.is_first_from(found, days["valid_from"])
        for fault in rules.check_dates(**days, is_first=is_first, today=localdate()):
            form.add_error(fault.field, wording.sentence(fault))
    if form.is_valid():
        try:
            adopted = actions.adopt_statute(found, **form.cleaned_data, by=request.user)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Version %(number)d is adopted.") % {"number": adopted.version})
            return redirect("constitution:statute_version", slug, adopted.version)
    context = {"draft": found, "form": form, "in_force": queries.statute_on(cooperative, localdate())}
    return render(request, "constitution/draft.html", frame(request, cooperative) | context | _look(found), status=422)


@login_required
@require_POST
def discard(request: SignedIn, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/entwurf/verwerfen/: throw the draft away."""
    _cooperative, found = _draft_at(request, slug)
    actions.discard_statute(found, by=request.user)
    messages.success(request, _("The draft is thrown away."))
    return redirect("constitution:statute", slug)


@login_required
@require_POST
def withdraw(request: SignedIn, slug: str, version: int) -> HttpResponse:
    """/genossenschaft/<slug>/satzung/<version>/zuruecknehmen/: take back what does not hold yet."""
    cooperative = queries.board_at(request.user, slug)
    actions.withdraw_statute(queries.version_at(request.user, cooperative, version), by=request.user)
    messages.success(request, _("Version %(number)d is withdrawn and will not hold.") % {"number": version})
    return redirect("constitution:statute", slug)
