"""Preparing a ballot in steps, with the roll and the rule in words before it is opened."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.ballots import access, actions, queries, rules, wording
from allmende.ballots.actions.preparing import obstacles
from allmende.ballots.forms import AboutForm, OptionsForm, RollForm, RuleForm, WindowForm, first_end
from allmende.ballots.models import Ballot, State
from allmende.ballots.views.reading import AREA
from allmende.constitution.queries import cooperative_at
from allmende.electorates import queries as electorates
from allmende.ground.refusals import Refused
from allmende.people import subjects
from allmende.people.views import person_of

DEPENDING = ("groups", "offices", "circle", "members", "table", "place", "measure")
"""Fields of the roll that belong to one answer: the style sheet shows them when it is chosen."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """…/neu/?about=kind:id: the first step of a new ballot, about a thing of another room where one is named."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_prepare(request.user, cooperative):
        raise Http404
    thing = _thing(request)
    title = subjects.of(thing).title(thing)[:200] if thing else ""
    form = AboutForm(request.POST or None, initial={"method": rules.MAJORITY, "title": title})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        rule = {"method": data.pop("method")} | ({"budget": 100_00} if form.cleaned_data["method"] == rules.BUDGET else {})
        made = actions.prepare(cooperative, **data, rule=rule, closes_at=first_end(), about=thing, by=person_of(request))
        return redirect(_address(made, 3 if rule["method"] in rules.ANSWERED else 2))
    context = {"cooperative": cooperative, "form": form, "step": 1, "steps": _steps(None), "thing": title}
    return render(request, "ballots/prepare.html", AREA | context, status=400 if form.errors else 200)


def _thing(request: HttpRequest) -> Any:
    kind, _colon, number = request.GET.get("about", "").partition(":")
    return subjects.find(kind, int(number), request.user) if number.isdecimal() and len(number) < 20 else None


def _address(ballot: Ballot, step: int) -> str:
    return f"{reverse('ballots:prepare', args=[ballot.slug, ballot.uuid])}?step={step}"


def _steps(ballot: Ballot | None) -> list[tuple[int, str]]:
    named = [(1, _("Question")), (2, _("Options")), (3, _("Rule")), (4, _("Who votes")), (5, _("Time and box")), (6, _("Check and open"))]
    asks = ballot is not None and ballot.rule["method"] in rules.ANSWERED
    return [one for one in named if not (asks and one[0] == 2)]


def _draft(request: HttpRequest, slug: str, uuid: UUID) -> Ballot:
    found = queries.ballot_at(request.user, slug, uuid)
    if not access.may_prepare(request.user, found.cooperative):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/vorbereiten/?step=3: one step of a draft; the last one shows everything in words and opens it."""
    ballot = _draft(request, slug, uuid)
    if ballot.state != State.DRAFT:
        return redirect("ballots:ballot", slug=slug, uuid=uuid)
    known = [number for number, _name in _steps(ballot)]
    asked = request.GET.get("step", "1")
    step = int(asked) if asked.isdecimal() and len(asked) < 2 and int(asked) in known else 1
    if step == 6:
        return _check(request, ballot)
    form = _form(ballot, step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _kept(request, ballot, step, form):
        if "more" in request.POST:
            return redirect(_address(ballot, step))
        fresh = Ballot.objects.get(pk=ballot.pk)
        return redirect(_address(fresh, next(one for one, _name in _steps(fresh) if one > step)))
    context = {"cooperative": ballot.cooperative, "ballot": ballot, "form": form, "step": step, "steps": _steps(ballot)}
    context |= {"roll": _roll(ballot), "depending": DEPENDING} if step == 4 else {}
    return render(request, "ballots/prepare.html", AREA | context, status=400 if form.errors else 200)


def _form(ballot: Ballot, step: int, data: Any) -> Any:
    if step == 2:
        return OptionsForm(data, ballot=ballot)
    if step == 3:
        return RuleForm(data, ballot=ballot)
    if step == 4:
        return RollForm(data, cooperative=ballot.cooperative, basis=ballot.electorate.basis, day=ballot.electorate.day)
    names = ("opens_at", "closes_at", "box", "visibility", "shows_interim")
    if step == 5:
        return WindowForm(data, initial={name: getattr(ballot, name) for name in names})
    first = {name: getattr(ballot, name) for name in ("title", "question", "description")}
    return AboutForm(data, initial=first | {"method": ballot.rule["method"]})


def _kept(request: HttpRequest, ballot: Ballot, step: int, form: Any) -> bool:
    said = dict(form.cleaned_data)
    if step == 1:
        method = said.pop("method")
        if method != ballot.rule["method"]:
            said["rule"] = {"method": method, "quorum": ballot.rule["quorum"]} | ({"budget": 100_00} if method == rules.BUDGET else {})
            said |= {"options": []} if method in rules.ANSWERED else {}
    elif step == 2:
        said = {"options": form.chosen()}
        if "more" not in request.POST and len(said["options"]) < 2:
            form.add_error(None, wording.problem("two_options"))
            return False
    elif step == 3:
        said = {"rule": form.rule()}
    elif step == 4:
        said = {"basis": form.basis(), "day": said["day"]}
    try:
        actions.change(ballot, by=person_of(request), **said)
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    return True


def _roll(ballot: Ballot) -> dict[str, Any]:
    try:
        return {"figures": electorates.figures(ballot.electorate), "words": electorates.in_words(ballot.electorate)}
    except Refused as refusal:
        return {"words": [str(refusal.sentence)]}


def _check(request: HttpRequest, ballot: Ballot) -> HttpResponse:
    found, status = obstacles(ballot, timezone.now()), 200
    if request.method == "POST":
        try:
            actions.open_ballot(ballot, by=person_of(request))
        except Refused as refusal:
            found, status = [str(refusal.sentence)], refusal.status
        else:
            messages.success(request, _("The ballot is open. Everybody on the roll is told."))
            return redirect("ballots:ballot", slug=ballot.slug, uuid=ballot.uuid)
    context = {
        "cooperative": ballot.cooperative,
        "ballot": ballot,
        "step": 6,
        "steps": _steps(ballot),
        "obstacles": found,
        "rule": wording.rule_in_words(ballot.rule, ballot.box),
        "method": wording.METHODS[ballot.rule["method"]],
        "options": list(ballot.options.all()),
        "roll": _roll(ballot),
    }
    return render(request, "ballots/prepare.html", AREA | context, status=status)


@login_required
@require_POST
def discard(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/verwerfen/"""
    actions.discard(_draft(request, slug, uuid), by=person_of(request))
    messages.success(request, _("The draft is gone."))
    return redirect("ballots:ballots", slug=slug)


@login_required
@require_POST
def next_round(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/naechste-runde/"""
    made = actions.next_round(_draft(request, slug, uuid), by=person_of(request))
    return redirect(_address(made, 1))
