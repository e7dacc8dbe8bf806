"""The doors of invitations: sending, sending again, taking back; and for those invited: yes or no."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.directory.models import Organisation
from allmende.ground.refusals import BadInput, Refused, require
from allmende.people.models import Person
from allmende.people.views import person_of
from allmende.stewards import access, actions, forms, letters, queries
from allmende.stewards.models import Invitation
from allmende.stewards.views import sent, unkept
from allmende.stewards.views.teams import of_led_team


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@of_led_team
def invite(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """/o/<slug>/team/einladen/: ask somebody by mail."""
    form = forms.InvitationForm(sent(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.invite_person(organisation, said["email"], role=said["role"], message=said["message"], by=person_of(request))
        except Refused as no:
            form.add_error("email" if isinstance(no, BadInput) else None, str(no.sentence))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("stewards:team", organisation.slug)
    context = {"area": "map", "organisation": organisation, "form": form}
    return render(request, "stewards/invite.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@of_led_team
def change(request: HttpRequest, organisation: Organisation, pk: int) -> HttpResponse:
    """Send an open invitation again, or take it back."""
    by = person_of(request)
    invitation = get_object_or_404(access.invitations_visible_to(by), organisation=organisation, pk=pk)
    if request.POST.get("what") == "again":
        actions.send_invitation_again(invitation, by=by)
        messages.success(request, _("The letter is on its way again. Only the newest link works."))
    else:
        actions.withdraw_invitation(invitation, by=by)
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("stewards:team", organisation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """/einladung/<token>/: the link of the letter. Saying no needs no account, saying yes does."""
    found = queries.invitation_by_token(token)
    require(found, _("This link is not valid, or a newer letter has replaced it. Ask whoever invited you for a new one."))
    assert found is not None  # noqa: S101 - said for mypy, required above
    return _answer(request, found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """/mein/einladung/<pk>/: the same for somebody whose confirmed address was invited."""
    return _answer(request, get_object_or_404(queries.invitations_for(person_of(request)), pk=pk))


def _answer(request: HttpRequest, found: Invitation) -> HttpResponse:
    if request.method != "POST":
        actions.require_usable_invitation(found)
        context = {
            "area": "mine",
            "invitation": found,
            "organisation": found.organisation,
            "who": letters.called(found.by),
            "means": letters.ROLES[found.role],
        }
        return render(request, "stewards/invitation.html", context)
    by = request.user if isinstance(request.user, Person) else None
    if request.POST.get("what") == "decline":
        actions.decline_invitation(found, by=by)
        messages.success(request, _("The invitation is declined. Your address is forgotten here."))
        return redirect("directory:organisation", found.organisation.slug)
    if by is None:
        return redirect_to_login(request.path)
    held = actions.accept_invitation(found, by=by)
    messages.success(request, _("You now belong to the team of this entry."))
    return redirect("stewards:team", held.organisation.slug)
