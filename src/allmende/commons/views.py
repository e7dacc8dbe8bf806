"""The doors of the data cooperative: rules and votes, requests, answers, the key, the log."""

from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.commons import access, actions, letters, queries
from allmende.commons.forms import FIELD_NAMES, DecisionForm, OpenForm, RequestForm, RulesForm
from allmende.commons.models import Answer, Choice, DataRequest, RequestState
from allmende.commons.rules import TIME_TO_ANSWER
from allmende.directory import queries as directory
from allmende.directory.models import DataRules, Organisation, RulesState, Visibility
from allmende.directory.rules import HIDEABLE, level
from allmende.ground.refusals import Refused
from allmende.people.models import Person
from allmende.people.views import person_of

PER_PAGE = 25
AREA = {"area": "map", "page": "data"}


# ------------------------------------------------------------------------------------------------------------- rules


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """/datenregeln/: what holds today, what is to be decided, what held before."""
    in_force = directory.rules_in_force()
    versions = list(queries.versions(request.user))
    context = {
        "in_force": in_force,
        "levels": _levels(in_force),
        "open": next((one for one in versions if one.state == RulesState.OPEN), None),
        "drafts": [one for one in versions if one.state == RulesState.DRAFT],
        "earlier": [one for one in versions if one.state in {RulesState.REPLACED, RulesState.REJECTED}],
        "may_propose": access.may_propose(request.user),
    }
    return render(request, "commons/rules.html", AREA | context)


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """/datenregeln/3/: one version, its settings beside those in force, the vote on it."""
    return _version_page(request, _version(request, number), OpenForm())


def _version(request: HttpRequest, number: int) -> DataRules:
    return get_object_or_404(access.rules_visible_to(request.user), version=number)


def _version_page(request: HttpRequest, one: DataRules, form: OpenForm, status: int = 200) -> HttpResponse:
    is_draft, in_force = one.state == RulesState.DRAFT, directory.rules_in_force()
    mine = isinstance(request.user, Person) and (one.by_id == request.user.pk or access.may_decide_requests(request.user))
    context = {
        "one": one,
        "in_force": in_force,
        "levels": _levels(one, in_force),
        "tally": queries.tally(one),
        "entitled": queries.entitled().count(),
        "my_votes": queries.my_votes(request.user, one) if one.state == RulesState.OPEN else [],
        "choices": Choice.choices,
        "may_change": is_draft and mine and access.may_propose(request.user),
        "form": form,
    }
    return render(request, "commons/version.html", AREA | context, status=status)


def _levels(one: DataRules | None, other: DataRules | None = None) -> list[dict[str, Any]]:
    """For each field who sees it by default, and who did under another version where that differs."""
    names = dict(Visibility.choices)
    found = []
    for field in HIDEABLE:
        here, there = (level(field, {}, rule.defaults if rule else None) for rule in (one, other or one))
        found.append({"name": FIELD_NAMES[field], "level": names[here], "before": names[there] if here != there else ""})
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """/datenregeln/vorschlagen/: a draft that begins as what holds today."""
    if not access.may_propose(request.user):
        raise Http404
    form = RulesForm(request.POST) if request.method == "POST" else RulesForm(initial=RulesForm.initial_from(directory.rules_in_force()))
    if request.method == "POST" and form.is_valid():
        made = actions.propose_rules(form.said(), by=person_of(request))
        messages.success(request, _("Draft saved. Read it once more, then put it to the vote."))
        return redirect("commons:version", made.version)
    return render(request, "commons/propose.html", AREA | {"form": form, "one": None}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """/datenregeln/3/bearbeiten/: a draft, as long as it is one."""
    if not access.may_propose(request.user):
        raise Http404
    one = _version(request, number)
    form = RulesForm(request.POST) if request.method == "POST" else RulesForm(initial=RulesForm.initial_from(one) | {"reason": one.reason})
    if request.method == "POST" and form.is_valid():
        actions.edit_rules(one, form.said(), by=person_of(request))
        messages.success(request, _("Draft saved. Read it once more, then put it to the vote."))
        return redirect("commons:version", number)
    return render(request, "commons/propose.html", AREA | {"form": form, "one": one}, status=422 if form.errors else 200)


@login_required
@require_POST
def put_to_vote(request: HttpRequest, number: int) -> HttpResponse:
    """A draft becomes a question to all organisations of the network."""
    one, form = _version(request, number), OpenForm(request.POST)
    if not form.is_valid():
        return _version_page(request, one, form, status=422)
    try:
        actions.open_rules(one, form.closes_at(), by=person_of(request))
    except Refused as no:
        form.add_error("closes_on", str(no.sentence))
        return _version_page(request, one, form, status=no.status)
    messages.success(request, _("The vote is open. Everybody who may vote is told."))
    return redirect("commons:version", number)


@login_required
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """A draft is thrown away."""
    actions.drop_rules(_version(request, number), by=person_of(request))
    messages.success(request, _("The draft is deleted."))
    return redirect("commons:rules")


@login_required
@require_POST
def vote(request: HttpRequest, number: int) -> HttpResponse:
    """One organisation's vote."""
    actions.vote_on_rules(_version(request, number), _mine(request), request.POST.get("choice", ""), by=person_of(request))
    messages.success(request, _("Your organisation’s vote is noted. You can change it until the vote ends."))
    return redirect("commons:version", number)


def _mine(request: HttpRequest) -> Organisation:
    """The organisation named in the form; strangers' ones do not exist here."""
    named = request.POST.get("organisation", "")
    return get_object_or_404(access.answers_for(request.user), slug=named[:100])


# ---------------------------------------------------------------------------------------------------------- requests


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """/datennutzung/: who asked for what, and what went out."""
    pages = Paginator(queries.requests(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"pages": pages, "log": queries.log(request.user)[:20], "in_force": directory.rules_in_force()}
    return render(request, "commons/requests.html", AREA | context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """/datennutzung/anfragen/: open to everybody, without an account."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.ask_for_data(form.said(), language=getattr(request, "LANGUAGE_CODE", "de"))
        return redirect("commons:asked")
    return render(request, "commons/ask.html", AREA | {"form": form}, status=422 if form.errors else 200)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "commons/asked.html", AREA)


@require_safe
def data_request(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """/datennutzung/<uuid>/: one request, open to everybody."""
    return _request_page(request, _request(request, uuid), DecisionForm())


def _request(request: HttpRequest, uuid: UUID) -> DataRequest:
    return get_object_or_404(access.requests_visible_to(request.user), uuid=uuid)


def _request_page(request: HttpRequest, one: DataRequest, form: DecisionForm, status: int = 200) -> HttpResponse:
    is_open = one.state in {RequestState.OPEN, RequestState.GRANTED}
    context = {
        "one": one,
        "fields": [FIELD_NAMES[field] for field in one.fields if field in FIELD_NAMES],
        "counts": queries.answer_counts(one),
        "my_answers": queries.my_answers(request.user, one) if is_open else [],
        "answers": Answer.choices,
        "log": one.hand_outs.all()[:50],
        "may_decide": access.may_decide_requests(request.user),
        "decides_from": one.opened_at + TIME_TO_ANSWER if one.opened_at else None,
        "form": form,
    }
    return render(request, "commons/request.html", AREA | context, status=status)


@login_required
@require_POST
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Agree or object for one's organisation."""
    actions.answer_request(_request(request, uuid), _mine(request), request.POST.get("answer", ""), by=person_of(request))
    messages.success(request, _("Noted. You can change it at any time; it holds from the next download on."))
    return redirect("commons:request", uuid)


@login_required
@require_POST
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Grant, refuse or end early."""
    one, form, what = _request(request, uuid), DecisionForm(request.POST), request.POST.get("what", "")
    if not access.may_decide_requests(request.user):
        raise Http404
    if not form.is_valid():
        return _request_page(request, one, form, status=422)
    try:
        if what == "revoke":
            actions.revoke_request(one, why=form.cleaned_data["why"], by=person_of(request))
        else:
            actions.decide_request(one, grant=what == "grant", why=form.cleaned_data["why"], by=person_of(request), now=timezone.now())
    except Refused as no:
        form.add_error(None, str(no.sentence))
        return _request_page(request, one, form, status=no.status)
    messages.success(request, _("Decided. Whoever asked gets a letter."))
    return redirect("commons:request", uuid)


# -------------------------------------------------------------------------------------------------- for who has asked


@require_http_methods(["GET", "HEAD", "POST"])
def own_request(request: HttpRequest, word: str) -> HttpResponse:
    """/datennutzung/meine/<word>/: by the link in the letter: confirm, see the state, get the key, withdraw."""
    one = _by_word(word)
    key = ""
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what == "confirm":
            one = actions.confirm_request(one)
        elif what == "withdraw":
            one = actions.withdraw_request(one)
        elif what == "key":
            key = actions.make_key(one, timezone.localdate())
            one.refresh_from_db()
    context = {"one": one, "word": word, "key": key, "is_running": one.state == RequestState.GRANTED and one.until >= timezone.localdate()}
    response = render(request, "commons/own_request.html", AREA | context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"  # with none at all, browsers send the buttons with "Origin: null": a refusal
    return response


def _by_word(word: str) -> DataRequest:
    try:
        uuid = signing.loads(word, salt=letters.SALT, max_age=letters.A_YEAR)
    except signing.BadSignature as fault:
        raise Http404 from fault
    return get_object_or_404(DataRequest, uuid=uuid)


@require_safe
def data(request: HttpRequest) -> HttpResponseBase:
    """/datennutzung/daten.json: what an agreement covers, with `Authorization: Bearer <key>`. Every call is a line of the public log."""
    scheme, _blank, key = request.headers.get("Authorization", "").partition(" ")
    one = actions.request_of(key.strip() if scheme.lower() == "bearer" else "", timezone.localdate())
    if request.method == "HEAD":
        return HttpResponse(content_type="application/json")
    line, rows = actions.hand_out(one)
    head = {"request": str(one.uuid), "purpose": one.purpose, "until": one.until.isoformat(), "fields": one.fields, "entries": line.entries}
    response = StreamingHttpResponse(_stream(head, rows), content_type="application/json")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = 'attachment; filename="daten.json"'
    return response


def _stream(head: dict[str, Any], rows: Any) -> Any:
    yield orjson.dumps(head)[:-1] + b',"organisations":['
    for number, row in enumerate(rows):
        yield (b",\n" if number else b"\n") + orjson.dumps(row)
    yield b"\n]}\n"
