"""The doors of the team: who looks after an entry, changing roles, handing over, leaving."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.directory import access as entries
from allmende.directory.models import Organisation, Role, Stewardship
from allmende.ground.refusals import Refused, require
from allmende.people.models import Person
from allmende.people.views import person_of
from allmende.stewards import access, actions, forms, letters, queries, rules
from allmende.stewards.actions.granting import owners_of
from allmende.stewards.views import of_entry, sent

View = Callable[..., HttpResponse]


def _of_team(may: Callable[[Person, Organisation], bool]) -> Callable[[View], View]:
    """Gives the view the entry; 404 for whoever may not see or lead its team."""

    def register(view: View) -> View:
        @wraps(view)
        def handle(request: HttpRequest, organisation: Organisation, **more: Any) -> HttpResponse:
            if not may(person_of(request), organisation):
                raise Http404
            return view(request, organisation, **more)

        return of_entry(handle)

    return register


of_seen_team = _of_team(access.may_see_team)
of_led_team = _of_team(access.may_lead_team)


@login_required
@require_safe
@of_seen_team
def team(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """/o/<slug>/team/: who looks after the entry, for those who do."""
    by = person_of(request)
    leads = access.may_lead_team(by, organisation)
    rows = [(letters.called(held.person), held) for held in queries.team(organisation)]
    mine = next((held for _name, held in rows if held.person_id == by.pk), None)
    now = timezone.now()
    invitations = queries.invitations_of(organisation) if leads else []
    context = {
        "area": "map",
        "organisation": organisation,
        "rows": rows,
        "mine": mine,
        "leads": leads,
        "has_owner": any(held.role == Role.OWNER for _name, held in rows),
        "is_caretaker": entries.may_caretake_entry(by, organisation),
        "claims": [(letters.called(one.person), one) for one in queries.claims_of_team(by, organisation)] if leads else [],
        "invitations": [(one, rules.is_past(one.sent_at, rules.INVITATION_DAYS, now)) for one in invitations],
    }
    return render(request, "stewards/team.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@of_led_team
def member(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """/o/<slug>/team/<pk>/: another role for somebody, handing over to them, or the end of their stewardship."""
    by, held = person_of(request), queries.stewardship(organisation, pk)
    if held is None:
        raise Http404
    is_last = rules.loses_last_owner(owners_of(organisation), held.role, None)
    what = request.POST.get("what", "")
    role = forms.RoleForm(request.POST if what == "role" else None, initial={"role": held.role}, auto_id="role_%s")
    ending = forms.EndForm(request.POST if what == "end" else None, entry=organisation, is_needed=is_last, auto_id="end_%s")
    if request.method == "POST":
        try:
            done = _change(what, held, by, role, ending)
        except Refused as no:
            messages.error(request, str(no.sentence))
            return redirect("stewards:member", organisation.slug, pk)
        if done:
            messages.success(request, done)
            return redirect("stewards:team", organisation.slug)
    context = {
        "area": "map",
        "organisation": organisation,
        "held": held,
        "name": letters.called(held.person),
        "is_me": held.person_id == by.pk,
        "is_last": is_last,
        "may_hand_over": entries.role_of(by, organisation) == Role.OWNER and held.person_id != by.pk,
        "role": role,
        "ending": ending,
    }
    return render(request, "stewards/member.html", context, status=422 if role.errors or ending.errors else 200)


def _change(what: str, held: Stewardship, by: Person, role: forms.RoleForm, ending: forms.EndForm) -> str:
    """Do what was asked and say so; nothing where a form has errors."""
    if what == "hand_over":
        actions.hand_over(held.organisation, held, by=by)
        return _("Handed over. You go on editing the entry.")
    if what == "role" and role.is_valid():
        actions.change_role(held, role.cleaned_data["role"], by=by)
        return _("The role is changed, and the person is told.")
    if what == "end" and ending.is_valid():
        reason = ending.cleaned_data["reason"]
        actions.end_stewardship(held, by=by, reason=reason, without_successor=ending.is_needed)
        return _("They no longer look after this entry, and are told.")
    return ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@of_seen_team
def leave(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """/o/<slug>/team/verlassen/: stop looking after an entry oneself."""
    by = person_of(request)
    rows = [(letters.called(held.person), held) for held in queries.team(organisation)]
    mine = next((held for _name, held in rows if held.person_id == by.pk), None)
    require(mine, _("You do not look after this entry."))
    assert mine is not None  # noqa: S101 - said for mypy, required above
    is_last = rules.loses_last_owner(owners_of(organisation), mine.role, None)
    form = forms.TypedConfirmation(sent(request), entry=organisation, is_needed=is_last)
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave(organisation, by=by, without_successor=is_last)
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("You no longer look after this entry."))
            return redirect("people:mine")
    context = {
        "area": "map",
        "organisation": organisation,
        "mine": mine,
        "is_last": is_last,
        "others": [(name, held) for name, held in rows if held.person_id != by.pk],
        "form": form,
    }
    return render(request, "stewards/leave.html", context, status=422 if form.errors else 200)
