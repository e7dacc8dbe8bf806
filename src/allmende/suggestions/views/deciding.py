"""The doors for those who decide: an entry's inbox, suggestions, missing organisations, reports and appeals; and the yearly numbers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from allmende.directory.access import may_edit
from allmende.directory.history import EditConflict
from allmende.directory.models import Organisation
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Person
from allmende.people.views import person_of
from allmende.suggestions import access, actions, decisions, queries, rules
from allmende.suggestions.actions.judging import Verdict
from allmende.suggestions.models import Outcome, Suggestion
from allmende.suggestions.views.pointing import about_entry, door


@login_required
@about_entry
def inbox(request: HttpRequest, item: Organisation) -> HttpResponse:
    """/o/<slug>/vorschlaege/: all suggestions for an entry, for those who may edit it."""
    if not may_edit(request.user, item):
        raise Http404
    found = queries.inbox(request.user, item)
    is_open = [one for one in found if one.state == rules.OPEN]
    closed = [one for one in found if one.state != rules.OPEN]
    return render(request, "suggestions/inbox.html", {"area": "mine", "item": item, "is_open": is_open, "closed": closed})


@never_cache
@login_required
@door
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """/vorschlag/<uuid>/pruefen/: what is proposed beside what the entry says, and the decision."""
    person = person_of(request)
    found = queries.suggestion(person, uuid)
    if found is None:
        raise Http404
    return _admit(request, person, found) if found.kind == rules.MISSING else _decide(request, person, found)


def _decide(request: HttpRequest, person: Person, found: Suggestion) -> HttpResponse:
    comparison, is_outdated = queries.comparison(found), False
    form = decisions.Decision(request.POST if request.method == "POST" else None, proposed=found.fields, now=comparison.now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.decide_suggestion(
                found, form.taken(), by=person, seen=said["seen"], answer=said["answer"], is_settled=form.is_settled()
            )
            return redirect("suggestions:decide", uuid=found.uuid)
        except EditConflict:
            comparison, is_outdated = queries.comparison(found), True
    context = {"area": "mine", "found": found, "item": found.organisation, "form": form, "comparison": comparison}
    context |= {"is_outdated": is_outdated, "rows": decisions.rows(form, comparison), **_state(person, found)}
    return render(request, "suggestions/decide.html", context)


def _admit(request: HttpRequest, person: Person, found: Suggestion) -> HttpResponse:
    form = decisions.Admission(request.POST if request.method == "POST" else None, proposed=found.fields)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        if form.cleaned_data["take_all"] == "yes":
            actions.accept_proposal(found, form.said(), by=person, answer=answer)
        else:
            actions.decline_proposal(found, by=person, answer=answer)
        return redirect("suggestions:decide", uuid=found.uuid)
    context = {"area": "mine", "found": found, "form": form, **_state(person, found)}
    context["alike"] = queries.look_alikes(person, found.fields, public=False) if found.state == rules.OPEN else []
    return render(request, "suggestions/admit.html", context)


def _state(person: Person, found: Suggestion) -> dict[str, Any]:
    is_open = found.state == rules.OPEN
    from_when = found.opened_at + rules.STEWARDS_FIRST
    return {"is_open": is_open, "may_decide": is_open and access.may_decide(person, found), "from_when": from_when}


@never_cache
@login_required
@door
def judge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """/meldung/<uuid>/pruefen/: a report of illegal content and the decision on it."""
    person = person_of(request)
    found = queries.report(person, uuid)
    if found is None:
        raise Http404
    about = queries.about(found)
    form = decisions.Judging(request.POST if request.method == "POST" else None, about=about)
    if request.method == "POST" and form.is_valid() and _is_done(form, lambda: actions.decide_report(found, _verdict(form), by=person)):
        return redirect("suggestions:judge", uuid=found.uuid)
    may = access.may_judge(person, found)
    context = {"area": "mine", "found": found, "about": about, "form": form, "may_judge": may, **queries.case(found)}
    return render(request, "suggestions/judge.html", context)


@never_cache
@login_required
@door
def judge_appeal(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """/meldung/<uuid>/einspruch/<number>/: an appeal and the decision on it."""
    person = person_of(request)
    found = queries.report(person, uuid)
    appeal = found.appeals.filter(pk=number).select_related("decided_by").first() if found else None
    if found is None or appeal is None:
        raise Http404
    about = queries.about(found)
    form = decisions.JudgingAppeal(request.POST if request.method == "POST" else None, about=about)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        verdict = _verdict(form) if said["outcome"] == Outcome.CHANGED else None
        if _is_done(form, lambda: actions.decide_appeal(appeal, said["outcome"], said["facts"], by=person, verdict=verdict)):
            return redirect("suggestions:judge_appeal", uuid=found.uuid, number=number)
    may = access.may_judge_appeal(person, appeal)
    context = {"area": "mine", "found": found, "appeal": appeal, "about": about, "form": form, "may_judge": may}
    return render(request, "suggestions/judge_appeal.html", context | queries.case(found))


def _is_done(form: decisions.Judging, act: Callable[[], Any]) -> bool:
    """Whether the decision was taken; what its rules refuse is said in the form, so that nothing written there is lost."""
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    return True


def _verdict(form: decisions.Judging) -> Verdict:
    said = form.cleaned_data
    is_fields = said["effect"] == "fields"
    gone = tuple(said.get("fields_gone", ())) if is_fields else ()
    restricts = said["effect"] != "none"
    ground, basis = (said["ground"], said["basis"]) if restricts else ("", "")
    return Verdict(said["effect"], said["facts"], gone, ground, basis)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """/meldungen/: what became of reports, in yearly numbers, and how it goes."""
    return render(request, "suggestions/register.html", {"area": "map", "years": queries.register()})
