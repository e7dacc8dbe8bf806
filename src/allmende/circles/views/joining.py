"""The doors of coming and going: joining, answering, members, inviting, leaving, naming somebody."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.circles import access, actions, forms, letters, queries, rules
from allmende.circles.models import Circle, CircleMember, MailInvitation
from allmende.circles.views import AREA, SHOW, of_inside, of_led, of_left, of_seen, sent
from allmende.circles.views.pages import join_form, outside
from allmende.directory.access import organisations_visible_to
from allmende.directory.models import Organisation
from allmende.ground.refusals import BadInput, Refused, require
from allmende.people.models import Person
from allmende.people.views import person_of


@require_POST
@of_seen
def join(request: HttpRequest, circle: Circle) -> HttpResponse:
    """Come in where it is open, ask where it is on request."""
    by, form = person_of(request), join_form(request, circle)
    if form.is_valid():
        said = form.cleaned_data
        try:
            if circle.joining == rules.OPEN:
                actions.join_circle(circle, organisation=said["organisation"], by=by)
                messages.success(request, _("You are in. Here is everything the circle shares."))
            else:
                actions.ask_to_join(circle, organisation=said["organisation"], word=said.get("word", ""), by=by)
                messages.success(request, _("Your request is with those who coordinate the circle."))
            return redirect(circle)
        except Refused as no:
            form.add_error(None, str(no.sentence))
    return render(request, "circles/outside.html", AREA | outside(request, circle, form), status=422)


@require_POST
@of_seen
def answer(request: HttpRequest, circle: Circle) -> HttpResponse:
    """To an invitation through one's organisation; or take back one's own request."""
    by, what = person_of(request), request.POST.get("what", "")
    if what == "accept":
        actions.accept_invitation(circle, by=by)
        messages.success(request, _("You are in. Here is everything the circle shares."))
        return redirect(circle)
    if what == "withdraw":
        actions.withdraw_request(circle, by=by)
        messages.success(request, _("Your request is withdrawn."))
        return redirect("circles:circles")
    require(what == "decline", _("Please accept or decline."), BadInput)
    actions.decline_invitation(circle, by=by)
    messages.success(request, _("The invitation is declined."))
    return redirect("circles:circles")


@require_http_methods(SHOW)
def mail_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """/arbeitskreise/einladung/<token>/: the link of the letter. Saying no needs no account, saying yes does."""
    invitation = queries.mail_invitation(token)
    require(invitation, _("This link is not valid any more. Ask whoever invited you for a new one."))
    assert invitation is not None  # noqa: S101 - said for mypy, required above
    response = _answer(request, invitation) if request.method == "POST" else _shown(request, invitation)
    add_never_cache_headers(response)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _shown(request: HttpRequest, invitation: MailInvitation, form: forms.JoinForm | None = None) -> HttpResponse:
    actions.require_usable(invitation)
    form = form or _background_form(request)
    context = {"invitation": invitation, "circle": invitation.circle, "who": letters.called(invitation.by), "form": form}
    return render(request, "circles/mail_invitation.html", AREA | context, status=422 if form.errors else 200)


def _background_form(request: HttpRequest) -> forms.JoinForm:
    said = request.POST if request.POST.get("what") == "accept" else None
    return forms.JoinForm(said, backgrounds=access.backgrounds_of(request.user), is_needed=False, with_word=False)


def _answer(request: HttpRequest, invitation: MailInvitation) -> HttpResponse:
    if request.POST.get("what") == "decline":
        actions.decline_mail_invitation(invitation)
        messages.success(request, _("The invitation is declined. Your address is forgotten here."))
        return redirect("circles:circles")
    if not isinstance(request.user, Person):
        return redirect_to_login(request.path)
    form = _background_form(request)
    if not form.is_valid():
        return _shown(request, invitation, form)
    try:
        member = actions.accept_mail_invitation(invitation, organisation=form.cleaned_data["organisation"], by=request.user)
    except Refused as no:
        form.add_error(None, str(no.sentence))
        return _shown(request, invitation, form)
    messages.success(request, _("You are in. Here is everything the circle shares."))
    return redirect(member.circle)


@require_http_methods(SHOW)
@of_inside
def members(request: HttpRequest, circle: Circle) -> HttpResponse:
    """/arbeitskreise/<pk>/mitglieder/: who is in, for those who are; and what one settles for oneself."""
    by = person_of(request)
    mine = access.membership(by, circle)
    backgrounds = access.backgrounds_of(by)
    initial = {"organisation": mine.organisation_id if mine else None, "wants_digest": mine.wants_digest if mine else True}
    form = forms.OwnForm(sent(request), backgrounds=backgrounds, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.change_own(circle, organisation=said["organisation"], wants_digest=bool(said["wants_digest"]), by=by)
        messages.success(request, _("Saved."))
        return redirect("circles:members", circle.pk)
    leads = access.may_coordinate(by, circle)
    context = {
        "circle": circle,
        "here": _("Members"),
        "form": form,
        "mine": mine,
        "leads": leads,
        "rows": [(letters.called(one.person), one) for one in queries.members(circle)],
        "requests": [(letters.called(one.person), one) for one in queries.requests_to(circle)] if leads else [],
        "invited": queries.invited_to(circle) if leads else [],
        "mail_invitations": list(queries.mail_invitations_to(circle)) if leads else [],
    }
    return render(request, "circles/members.html", AREA | context, status=422 if form.errors else 200)


@require_http_methods(SHOW)
@of_led
def member(request: HttpRequest, circle: Circle, number: int) -> HttpResponse:
    """/arbeitskreise/<pk>/mitglieder/<number>/: decide on a request, change a role, end a membership."""
    held = get_object_or_404(CircleMember.objects.select_related("person", "organisation", "circle"), circle=circle, pk=number)
    if held.state not in {rules.IN, rules.ASKED}:
        raise Http404
    answer = forms.AnswerForm(sent(request)) if request.POST.get("what") in {"refuse", "remove"} else forms.AnswerForm()
    fault = ""
    if request.method == "POST":
        try:
            if said := _settled(request, held, answer):
                messages.success(request, said)
                return redirect("circles:members", circle.pk)
        except Refused as no:
            fault = str(no.sentence)
    context = {
        "circle": circle,
        "here": letters.called(held.person),
        "held": held,
        "is_me": held.person_id == person_of(request).pk,
        "belongs": held.organisation
        if any(one.pk == held.pk and getattr(one, "belongs", False) for one in _with_belonging(held))
        else None,
        "form": answer,
        "fault": fault,
    }
    return render(request, "circles/member.html", AREA | context, status=422 if fault or answer.errors else 200)


def _with_belonging(held: CircleMember) -> list[CircleMember]:
    return queries.members(held.circle) if held.state == rules.IN else queries.requests_to(held.circle)


def _settled(request: HttpRequest, held: CircleMember, answer: forms.AnswerForm) -> str:
    """Do what was sent; the sentence that says so, or nothing where a reason is missing."""
    by, what = person_of(request), request.POST.get("what", "")
    if what == "accept":
        actions.accept_request(held, by=by)
        return _("The person is in, and is told.")
    if what == "role":
        actions.change_role(held, request.POST.get("role", ""), by=by)
        return _("Saved.")
    require(what in {"refuse", "remove"}, _("Please choose what is to happen."), BadInput)
    if not answer.is_valid():
        return ""
    if what == "refuse":
        actions.refuse_request(held, answer=answer.cleaned_data["answer"], by=by)
        return _("The request is declined, and the person is told why.")
    actions.remove_member(held, reason=answer.cleaned_data["answer"], by=by)
    return _("The membership is ended, and the person is told why.")


@require_http_methods(SHOW)
@of_led
def invite(request: HttpRequest, circle: Circle) -> HttpResponse:
    """/arbeitskreise/<pk>/einladen/: choose an organisation by its name, or write to an address."""
    by = person_of(request)
    search = request.GET.get("q", "")[:200]
    form = forms.MailForm(request.POST if request.POST.get("what") == "mail" else None)
    if request.method == "POST":
        try:
            if said := _invited(request, circle, form):
                messages.success(request, said)
                return redirect("circles:members", circle.pk)
        except Refused as no:
            if request.POST.get("what") != "mail":
                messages.error(request, str(no.sentence))
                return redirect("circles:invite", circle.pk)
            form.add_error("email" if isinstance(no, BadInput) else None, str(no.sentence))
    found = queries.organisations_to_invite(by, search)
    context = {"circle": circle, "here": _("Invite"), "form": form, "search": search, "found": found}
    return render(request, "circles/invite.html", AREA | context, status=422 if form.errors else 200)


def _invited(request: HttpRequest, circle: Circle, form: forms.MailForm) -> str:
    by = person_of(request)
    if request.POST.get("what") == "mail":
        if not form.is_valid():
            return ""
        actions.invite_by_mail(circle, form.cleaned_data["email"], word=form.cleaned_data["word"], by=by)
        return _("The invitation is on its way.")
    organisation = _organisation(request, organisations_visible_to(by))
    actions.invite_organisation(circle, organisation, word=request.POST.get("word", "")[:500], by=by)
    return _("Those who look after “%s” are invited.") % organisation.name


def _organisation(request: HttpRequest, among: QuerySet[Organisation]) -> Organisation:
    return get_object_or_404(among, slug=request.POST.get("organisation", "")[:100].replace("\x00", ""))


@require_POST
@of_led
def withdraw(request: HttpRequest, circle: Circle) -> HttpResponse:
    """Take back invitations that nobody has answered yet: those of an organisation, or one by mail."""
    by = person_of(request)
    if number := request.POST.get("mail", ""):
        require(number.isdecimal() and len(number) < 19, _("This invitation was withdrawn or answered already."), BadInput)
        actions.withdraw_mail_invitation(get_object_or_404(circle.mail_invitations, pk=int(number)), by=by)
    else:
        invited = Organisation.objects.filter(circle_members__circle=circle, circle_members__state=rules.INVITED).distinct()
        organisation = _organisation(request, invited) if request.POST.get("organisation") else None
        actions.withdraw_invitations(circle, organisation, by=by)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("circles:members", circle.pk)


@require_http_methods(SHOW)
@of_inside
def leave(request: HttpRequest, circle: Circle) -> HttpResponse:
    """/arbeitskreise/<pk>/austreten/: go, after a question."""
    fault = ""
    if request.method == "POST":
        try:
            actions.leave_circle(circle, by=person_of(request))
        except Refused as no:
            fault = str(no.sentence)
        else:
            messages.success(request, _("You have left the circle “%s”.") % circle.name)
            return redirect("circles:circles")
    context = {"circle": circle, "here": _("Leave"), "fault": fault}
    return render(request, "circles/leave.html", AREA | context, status=409 if fault else 200)


@require_http_methods(SHOW)
@of_left
def name_coordinator(request: HttpRequest, circle: Circle) -> HttpResponse:
    """/arbeitskreise/<pk>/koordination/: where nobody coordinates any more, for those who look after the host and its caretakers."""
    by = person_of(request)
    rows = queries.members(circle)
    if request.method == "POST":
        chosen = request.POST.get("member", "")
        member = next((one for one in rows if str(one.pk) == chosen), None)
        require(member is not None or chosen == "me", _("Choose one of the members."), BadInput)
        actions.name_coordinator(circle, member, by=by)
        messages.success(request, _("Somebody coordinates the circle again."))
        return redirect(circle)
    context = {"circle": circle, "here": _("Name a coordinator"), "rows": [(letters.called(one.person), one) for one in rows]}
    return render(request, "circles/name_coordinator.html", AREA | context)
