"""Accounts and entries that belong to a member."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.constitution.queries import cooperative_at
from allmende.directory.models import Organisation, State
from allmende.ground.refusals import BadInput, Refused, require
from allmende.members import actions, forms
from allmende.members.views import page
from allmende.members.views.member import SHOW, administered, member_page
from allmende.people.models import Person
from allmende.people.queries import is_person
from allmende.people.views import person_of


@login_required
@require_POST
def member_account(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """mitglieder/<number>/konto/: invite the member to join an account, or take it off."""
    _cooperative, found = administered(request, slug, number)
    what = request.POST.get("what", "")
    require(what in {"invite", "unlink"}, _("Please choose one of the buttons."), BadInput)
    if what == "unlink":
        actions.unlink_account(found, by=person_of(request))
        messages.success(request, _("The account no longer belongs to this membership."))
        return redirect("members:member", slug, number)
    try:
        actions.invite_account(found, by=person_of(request))
        messages.success(request, _("The link is on its way to the address in the register. It works for two weeks."))
    except Refused as no:
        messages.error(request, str(no.sentence))
    return redirect("members:member", slug, number)


@login_required
@require_POST
def member_organisation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """mitglieder/<number>/eintrag/: which entry of the map this member is."""
    cooperative, found = administered(request, slug, number)
    form = forms.Entry(request.POST)
    if form.is_valid():
        try:
            actions.link_organisation(found, _entry(form.cleaned_data["organisation"]), by=person_of(request))
            messages.success(request, _("The entry is joined."))
            return redirect("members:member", slug, number)
        except Refused as no:
            form.add_error("organisation", str(no.sentence))
    return member_page(request, cooperative, found, status=422, entry=form)


def _entry(said: str) -> Organisation | None:
    """The published entry that is meant by its address or its name; Refused where it is none or several."""
    if not said:
        return None
    published = Organisation.objects.filter(state=State.PUBLISHED)
    by_address = published.filter(slug=said.rstrip("/").rsplit("/", 1)[-1][:120]).first()
    if by_address:
        return by_address
    named = list(published.filter(name__iexact=said)[:2])
    require(named, _("There is no published entry with this name."), Refused)
    require(len(named) == 1, _("Several entries have this name. Please give the address of its page."), Refused)
    return named[0]


@require_http_methods(SHOW)
def link(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """mitglieder/verknuepfen/<token>/: the link of the letter. It says little before somebody signs in, and works once."""
    cooperative = cooperative_at(request.user, slug)
    found = actions.invited_by(token, cooperative)
    if request.method == "POST":
        if not is_person(request.user):
            raise Http404
        actions.accept_link(token, cooperative, by=person_of(request))
        messages.success(request, _("Your account belongs to your membership now."))
        return redirect("members:own", slug)
    account = request.user if isinstance(request.user, Person) else None
    return page(request, "members/link.html", cooperative, membership=found, account=account, status=200 if found else 410)
