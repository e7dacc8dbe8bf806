"""The door to "Mein Bereich": what waits, what one was told, one's own data, and the way out."""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.ground.refusals import Refused
from allmende.people import access, actions, export, letters, personal, queries, rules
from allmende.people.forms import Erase, MailChoices, OwnData
from allmende.people.models import Person, Purpose

A_PAGE = 30
FRESH = 15 * 60
"""For so many seconds a sign-in by code counts as fresh."""


class SignedIn(HttpRequest):
    """A request of somebody who is signed in: what `login_required` lets through."""

    user: Person


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; only for views behind `login_required`."""
    assert isinstance(request.user, Person)  # noqa: S101 - login_required lets in nobody else
    return request.user


Door = Callable[..., HttpResponse]


def certain(view: Door) -> Door:
    """Let only those through who showed a moment ago that it is them: by password, app, passkey, or a fresh sign-in by code."""

    @wraps(view)
    def guarded(request: SignedIn, *args: Any, **options: Any) -> HttpResponse:
        if get_reauthentication_flows(request.user):
            if not did_recently_reauthenticate(request):
                raise ReauthenticationRequired
        elif not _signed_in_lately(request):
            return render(request, "people/again.html", {"area": "mine", "next": request.path})
        return view(request, *args, **options)

    return login_required(guarded)


def fresh(view: Door) -> Door:
    """For allauth's own doors to an account: who has nothing to be asked for once more must have signed in by code a moment ago.

    allauth lets these in at any time. A browser left open would be enough to set a password or another address, and so to become
    somebody for good; with a password or a second step allauth itself asks again.
    """

    @wraps(view)
    def guarded(request: SignedIn, *args: Any, **options: Any) -> HttpResponse:
        if request.user.is_authenticated and not get_reauthentication_flows(request.user) and not _signed_in_lately(request):
            return render(request, "people/again.html", {"area": "mine", "next": request.path})
        return view(request, *args, **options)

    return guarded


def _signed_in_lately(request: SignedIn) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time() - float(records[-1]["at"]) < FRESH


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Caretakers sign in where everybody does, so that their second step is asked for too."""
    target = request.GET.get("next", "")
    query = urlencode({"next": target if rules.is_own_path(target) else reverse("admin:index")})
    return redirect(f"{reverse('account_login')}?{query}")


def _page(request: SignedIn, name: str, **context: Any) -> HttpResponse:
    return render(request, f"people/{name}.html", {"area": "mine", "page": name, "person": request.user} | context)


@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """/mein/: what waits, what one looks after, what one was told."""
    notices = access.notices_visible_to(request.user)[:5]
    return _page(request, "mine", notices=notices, unread=queries.unread(request.user), agreed=queries.agreed(request.user))


@login_required
@require_safe
def notices(request: SignedIn) -> HttpResponse:
    """/mein/mitteilungen/: all of them, newest first."""
    pages = Paginator(access.notices_visible_to(request.user), A_PAGE)
    return _page(request, "notices", notices=pages.get_page(request.GET.get("page")), unread=queries.unread(request.user))


@login_required
@require_POST
def read(request: SignedIn, pk: int | None = None) -> HttpResponse:
    """Mark one notice as read, or all."""
    if pk is not None:
        get_object_or_404(access.notices_visible_to(request.user), pk=pk)
    actions.read_notices(None if pk is None else [pk], by=request.user)
    return redirect("people:notices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: SignedIn) -> HttpResponse:
    """/mein/einstellungen/: of which notices one also wants a mail."""
    form = MailChoices(request.POST if request.method == "POST" else None, areas=queries.mail_areas(request.user))
    if request.method == "POST" and form.is_valid():
        actions.choose_mail(form.cleaned_data, by=request.user)
        messages.success(request, _("Your choice is saved."))
        return redirect("people:mail")
    return _page(request, "mail", form=form)


@csrf_exempt  # mail programs post here without having seen a page (RFC 8058); the signed link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_mail(request: HttpRequest, token: str) -> HttpResponse:
    """One click in a mail ends the mails of its area, without signing in."""
    found = letters.signed_off(token)
    person = Person.objects.filter(pk=found[0]).first() if found else None
    if found is None or person is None:
        raise Http404
    if request.method == "POST":
        actions.choose_mail({found[1]: False}, by=person)
    return render(request, "people/no_mail.html", {"label": queries.label(found[1]), "done": request.method == "POST"})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: SignedIn) -> HttpResponse:
    """/mein/daten/: name and language at once, the rest a link away."""
    form = OwnData(
        request.POST if request.method == "POST" else None, initial={"name": request.user.name, "language": request.user.language}
    )
    if request.method == "POST" and form.is_valid():
        actions.correct(request.user, **form.cleaned_data, by=request.user)
        messages.success(request, _("Your data are saved."))
        return redirect("people:data")
    return _page(request, "data", form=form)


@never_cache
@certain
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: SignedIn) -> HttpResponse:
    """Everything about oneself as a ZIP file."""
    if request.method != "POST":
        return _page(request, "download", areas=[area for _name, area in sorted(personal.AREAS.items())])
    now = timezone.now()
    response = HttpResponse(export.archive(request.user, now), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="allmende-{timezone.localdate(now).isoformat()}.zip"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: SignedIn) -> HttpResponse:
    """/mein/einwilligungen/: what one agreed to; agree to the present version."""
    if request.method == "POST":
        actions.give_consent(request.user, by=request.user)
        messages.success(request, _("Thank you. We noted that you agree."))
        return redirect("people:consents")
    given = queries.consents_of(request.user)
    return _page(request, "consents", consents=given, agreed=queries.agreed(request.user), version=rules.AGREEMENT, purpose=Purpose.ACCOUNT)


@login_required
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw a consent."""
    get_object_or_404(queries.consents_of(request.user), pk=pk)
    actions.withdraw_consent(request.user, pk, by=request.user)
    messages.success(request, _("We noted that you no longer agree. If we are not to keep your data any more, delete your account."))
    return redirect("people:consents")


@never_cache
@certain
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: SignedIn) -> HttpResponse:
    """Delete one's account: what goes, what stays and why, and the last question."""
    form = Erase(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.erase(request.user, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            logout(request)
            return redirect("people:goodbye")
    areas = [area for _name, area in sorted(personal.AREAS.items())]
    return _page(request, "erase", form=form, blockers=personal.blockers(request.user), kept=personal.kept(request.user), areas=areas)


@require_safe
def goodbye(request: HttpRequest) -> HttpResponse:
    """After the account is gone."""
    return render(request, "people/goodbye.html", {"area": ""})
