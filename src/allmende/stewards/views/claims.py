"""The doors of claims: making one, following its link, vouching, deciding."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.directory import access as entries
from allmende.directory.models import Organisation, State
from allmende.ground import outbox
from allmende.ground.refusals import BadInput, Refused, require
from allmende.people.models import Person
from allmende.people.views import person_of
from allmende.stewards import access, actions, forms, letters, queries, rules
from allmende.stewards.models import Claim, ClaimState
from allmende.stewards.views import of_entry, sent, unkept

WAYS = {"domain": forms.DomainClaim, "vouched": forms.VouchedClaim, "granted": forms.GrantedClaim}
SHOW = ["GET", "HEAD", "POST"]


@require_http_methods(SHOW)
@of_entry
def claim(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """/o/<slug>/uebernehmen/: the ways to look after an entry, or where one's claim stands."""
    require(organisation.state == State.PUBLISHED, _("This entry is not published, so nobody can claim it at the moment."))
    if not isinstance(request.user, Person):
        return redirect_to_login(request.path) if request.method == "POST" else _ways(request, organisation, {})
    mine = queries.open_claim(request.user, organisation)
    if request.method == "POST":
        return _make(request, organisation, request.user)
    if mine:
        return _stands(request, mine)
    if not access.may_claim(request.user, organisation):
        return redirect("stewards:team", organisation.slug)
    return _ways(request, organisation, _blank())


def _blank() -> dict[str, Any]:
    return {way: form(prefix=way) for way, form in WAYS.items()}


def _ways(request: HttpRequest, organisation: Organisation, made: dict[str, Any], status: int = 200) -> HttpResponse:
    known = queries.domains(organisation)
    context = {
        "area": "map",
        "organisation": organisation,
        "forms": made,
        "wrong": next((form for form in made.values() if form.errors), None),
        "domains": known.shown,
        "by_mail": bool(known.shown) or not known.are_all_shown,
        "own_address": queries.own_address(request.user, organisation) if isinstance(request.user, Person) else "",
        "care": queries.care(organisation),
        "is_team": entries.role_of(request.user, organisation),
    }
    return render(request, "stewards/claim.html", context, status=status)


def _make(request: HttpRequest, organisation: Organisation, by: Person) -> HttpResponse:
    way = request.POST.get("way", "")
    made = _blank()
    if way not in WAYS:
        raise Http404
    form = made[way] = WAYS[way](request.POST, prefix=way)
    if form.is_valid():
        try:
            made_claim = actions.open_claim(organisation, by=by, proof=way, **form.cleaned_data)
        except Refused as no:
            form.add_error("address" if way == "domain" and isinstance(no, BadInput) else None, str(no.sentence))
        else:
            return _made(request, made_claim)
    if mine := queries.open_claim(by, organisation):
        messages.error(request, " ".join(str(one) for one in form.non_field_errors()) or _("You have an open claim to this entry already."))
        return redirect("stewards:claim", mine.organisation.slug)
    return _ways(request, organisation, made, status=422)


def _made(request: HttpRequest, made: Claim) -> HttpResponse:
    if made.state == ClaimState.GRANTED:
        messages.success(request, _("You now look after this entry. Please look through it and confirm that it is true."))
        return redirect("directory:organisation", made.organisation.slug)
    return redirect("stewards:claim", made.organisation.slug)


def _stands(request: HttpRequest, mine: Claim) -> HttpResponse:
    context = {
        "area": "map",
        "organisation": mine.organisation,
        "claim": mine,
        "care": queries.care(mine.organisation),
        "vouches": [(letters.called(vouch.person), vouch) for vouch in mine.vouches.select_related("person", "organisation")],
        "needed": rules.VOUCHES,
        "missing": rules.VOUCHES - mine.vouches.count(),
        "link": outbox.link(_vouch_path(mine)),
        "days": rules.CLAIM_DAYS,
        "link_days": rules.LINK_DAYS,
        "may_send_again": mine.letters < rules.LETTERS_A_CLAIM,
        "domains_hidden": not queries.domains(mine.organisation).are_all_shown,
    }
    return render(request, "stewards/my_claim.html", context)


def _vouch_path(mine: Claim) -> str:
    from django.urls import reverse

    return reverse("stewards:vouch", args=[mine.uuid])


@login_required
@require_POST
@of_entry
def change(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Have the letter sent again, or withdraw one's claim."""
    by = person_of(request)
    mine = queries.open_claim(by, organisation)
    require(mine, _("This claim is closed already."))
    assert mine is not None  # noqa: S101 - said for mypy, required above
    if request.POST.get("what") == "again":
        actions.send_claim_letter_again(mine, by=by)
        messages.success(request, _("The letter is on its way again. Only the newest link works."))
        return redirect("stewards:claim", organisation.slug)
    actions.withdraw_claim(mine, by=by)
    messages.success(request, _("Your claim is withdrawn. You can make another one."))
    return redirect("stewards:claim", organisation.slug)


@login_required
@require_http_methods(SHOW)
@unkept
def prove(request: HttpRequest, token: str) -> HttpResponse:
    """/uebernehmen/<token>/: the link of the letter; a click on its page uses it, so that no mail scanner does."""
    by = person_of(request)
    if request.method != "POST":
        found = actions.usable_link(token, by=by)
        return render(request, "stewards/prove.html", {"area": "map", "claim": found, "organisation": found.organisation})
    return _made(request, actions.prove_address(token, by=by))


@login_required
@require_http_methods(SHOW)
@unkept
def vouch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """/buergschaft/<uuid>/: say that one knows the claimant, as somebody who looks after another entry."""
    by = person_of(request)
    found = queries.claim_to_vouch_for(uuid)
    if found is None:
        raise Http404
    form = forms.VouchForm(sent(request), entries=access.vouching_entries(by, found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.vouch_for(found, form.cleaned_data["organisation"], form.cleaned_data["why"], by=by)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Your word is noted."))
            return redirect("stewards:vouch", uuid)
    context = {
        "area": "mine",
        "claim": found,
        "organisation": found.organisation,
        "who": letters.called(found.person),
        "form": form,
        "may_vouch": access.may_vouch(by, found) and found.state == ClaimState.OPEN and found.proved_at is None,
        "is_mine": found.person_id == by.pk,
        "mine": found.vouches.filter(person=by).select_related("organisation").first(),
    }
    return render(request, "stewards/vouch.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(SHOW)
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """/anfrage/<uuid>/: whether somebody may look after an entry, decided by those who answer for it or take care of it."""
    by = person_of(request)
    found = queries.claim(by, uuid)
    if found is None or not access.may_decide_claim(by, found):
        raise Http404
    form = forms.DecisionForm(sent(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.decide_claim(found, said["answer"] == "yes", said["reason"], by, said["role"])
        messages.success(request, _("Your decision is noted, and the person is told."))
        return redirect("stewards:decide", uuid)
    context = {
        "area": "mine",
        "claim": found,
        "organisation": found.organisation,
        "who": letters.called(found.person),
        "form": form,
        "proof": letters.asked_sentence(found),
        "vouches": [(letters.called(vouch.person), vouch) for vouch in found.vouches.select_related("person", "organisation")],
        "care": queries.care(found.organisation),
        "is_open": found.state == ClaimState.OPEN,
    }
    return render(request, "stewards/decide.html", context, status=422 if form.errors else 200)
