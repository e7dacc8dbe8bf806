"""The doors for what is new: the form, the way to it, inviting to it, and the caretakers' look at it."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.directory.models import State
from allmende.editing import access, actions, differences, forms, queries, sheets
from allmende.editing.views.shared import SHOW_AGAIN, own, sheet_context
from allmende.ground import outbox
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.people.models import Person
from allmende.people.views import SignedIn


def new(request: HttpRequest) -> HttpResponse:
    """/eintragen/: the form for an organisation that is not here yet; guests read how to get to it."""
    signed = str(request.POST.get("einladung") or request.GET.get("einladung") or "")
    invited = queries.invitation(signed) if signed else None
    if not isinstance(request.user, Person) or not access.may_enter(request.user):
        return render(request, "editing/guest.html", {"area": "map", "invited": invited, "here": request.get_full_path()})
    step = str(request.POST.get("step", ""))
    sent = request.method == "POST"
    form = sheets.filled(forms.NewSheet, sheets.blank(), request.POST if sent else None, ruled=queries.ruled(), more=int(step == "add"))
    shown = sheet_context(form, step) | {"signed": signed if invited else "", "invited": invited, "was_invited": bool(signed)}
    if not sent:
        return render(request, "editing/new.html", shown | {"token": secrets.token_urlsafe(18)})
    shown["token"] = request.POST.get("token", "")
    if before := queries.entered_with(request.user, shown["token"]):
        return redirect("editing:entered", before.slug)
    if step in SHOW_AGAIN:
        form.quiet()
        return render(request, "editing/new.html", shown)
    return _entered(request, request.user, form, shown)


def _entered(request: HttpRequest, person: Person, form: sheets.Filled, shown: dict[str, Any]) -> HttpResponse:
    if not form.is_valid():
        return render(request, "editing/new.html", shown | {"has_errors": True}, status=422)
    said, refused = form.said(), _numbers(request.POST.getlist("not_these"))
    alike = queries.alike(person, said, but=refused)
    if alike:
        asked = [*refused, *(one.organisation.pk for one in alike)]
        return render(request, "editing/new.html", shown | {"alike": alike, "asked": asked, "refused": refused})
    token = str(request.POST.get("token", "")) or secrets.token_urlsafe(18)
    try:
        item = actions.enter_organisation(said, by=person, token=token, invitation=shown["signed"], different=refused)
    except Refused as refusal:  # said on the form itself, so that nothing typed is lost
        return render(request, "editing/new.html", shown | {"refusal": refusal.sentence}, status=refusal.status)
    return redirect("editing:entered", item.slug)


def _numbers(words: list[str]) -> list[int]:
    found = {word for one in words for word in one.split(",")}
    return sorted(int(word) for word in found if word.isascii() and word.isdigit() and len(word) < 16)[:20]


@login_required
@require_safe
def entered(request: SignedIn, slug: str) -> HttpResponse:
    """What happened with the form that was sent, and what one can do next."""
    item = own(request, slug)
    waits = queries.mine_waiting(request.user).filter(pk=item.pk).exists()
    return render(request, "editing/entered.html", {"area": "map", "item": item, "waits": waits})


@login_required
def invite(request: SignedIn) -> HttpResponse:
    """/eintragen/einladen/: make a link by which somebody enters an organisation that is published at once."""
    require(access.may_invite(request.user), _("Caretakers invite, and those who look after a published entry."), NotAllowed)
    form = forms.Invite(request.POST if request.method == "POST" else None, label_suffix="")
    shown: dict[str, Any] = {"area": "mine", "form": form}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        path = actions.invite_to_enter(by=request.user, email=said["email"], greeting=said["greeting"])
        shown |= {"link": outbox.link(path), "sent_to": said["email"]}
    return render(request, "editing/invite.html", shown)


@login_required
def look(request: SignedIn, slug: str) -> HttpResponse:
    """/o/<slug>/sichten/: a caretaker looks at an entry that is not published, and decides."""
    item = own(request, slug)
    require(access.may_look(request.user, item), _("Only caretakers may publish entries."), NotAllowed)
    form = forms.Look(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        decide = actions.publish_entry if form.cleaned_data["decision"] == "publish" else actions.decline_entry
        done = decide(item, by=request.user, reason=form.cleaned_data["reason"])
        told = _("“%(name)s” is on the map now.") if done.state == State.PUBLISHED else _("“%(name)s” stays off the map.")
        messages.success(request, told % {"name": item.name})
        return redirect("directory:organisation", slug)
    said = queries.state_now(item.pk)
    alike = queries.alike(request.user, said, but=[item.pk])
    shown = {"area": "care", "item": item, "form": form, "differences": differences.differences({}, said), "alike": alike}
    return render(request, "editing/look.html", shown | {"entering": queries.entering_of(item)})
