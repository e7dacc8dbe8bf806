"""The doors of comments. Each looks first whether this viewer sees the thing that is talked about."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.comments import access, actions, panels, queries, rules
from allmende.comments.forms import ChangeForm, CommentForm, HideForm
from allmende.comments.models import Comment
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people import subjects
from allmende.people.views import person_of
from allmende.web.forms import HouseForm

AREA = {"area": "exchange"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """/kommentare/exchange.listing/7/: what is said about a thing, on a page of its own; here comments are sent to."""
    thing = _thing(request, kind, number)
    if request.method == "POST":
        return _write(request, thing)
    return _page(request, thing)


def _write(request: HttpRequest, thing: Any) -> HttpResponse:
    if not request.user.is_authenticated:  # perhaps the session ended while they wrote
        return _page(request, thing, status=403, lost=request.POST.get("text", "")[: rules.LONGEST])
    if not access.may_write(request.user, thing):
        raise NotAllowed(_("You cannot write here."))
    by, form = person_of(request), panels.form_for(request, data=request.POST)
    if not form.is_valid():
        return _page(request, thing, form, 422)
    said = form.cleaned_data
    try:
        comment = actions.write_comment(
            thing, said["text"], by=by, parent=said["parent"], organisation=form.organisation, name=said.get("name", "")
        )
    except Refused as no:
        form.add_error(None, str(no.sentence))
        return _page(request, thing, form, no.status)
    return redirect(queries.address_of(comment, thing, by, timezone.now()))


def _page(request: HttpRequest, thing: Any, form: CommentForm | None = None, status: int = 200, lost: str = "") -> HttpResponse:
    context = panels.context(request, thing, form) | {"title": subjects.of(thing).title(thing), "lost": lost}
    return render(request, "comments/thread.html", AREA | context, status=status)


@never_cache
@require_safe
def comment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """/kommentare/<uuid>/: the way to where a comment stands; what letters link to, so guests are asked who they are."""
    if not request.user.is_authenticated and access.place_of(request.user, uuid) is None:
        return redirect_to_login(request.path)
    found, thing = _place(request, uuid)
    return redirect(queries.address_of(found, thing, request.user, timezone.now()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Other words, within half an hour."""
    found, thing = _place(request, uuid)
    if not access.may_change(request.user, found) and request.method != "POST":
        raise NotAllowed(_("Comments can be changed for 30 minutes, by those who wrote them."))
    form = ChangeForm(request.POST or None, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_comment(found, form.cleaned_data["text"], by=person_of(request))
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            return redirect(queries.address_of(found, thing, request.user, timezone.now()))
    return _form_page(request, "comments/change.html", form, found, thing)


@login_required
@require_POST
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take one's own comment off the page; the page offers to take that back."""
    found, thing = _place(request, uuid)
    actions.delete_comment(found, by=person_of(request))
    messages.success(request, _("The comment is deleted."))
    return redirect(f"{subjects.of(thing).url(thing)}#kommentare")


@login_required
@require_POST
def restore(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """It was not meant to be deleted."""
    found, thing = _place(request, uuid)
    actions.restore_comment(found, by=person_of(request))
    messages.success(request, _("The comment is there again."))
    return redirect(queries.address_of(found, thing, request.user, timezone.now()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a comment off the page, with the reason that its author reads."""
    found, thing = _place(request, uuid)
    if not access.may_moderate(request.user, found) or found.deleted_at is not None:
        raise Http404
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.hide_comment(found, by=person_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("The comment is hidden. Whoever wrote it has been told why."))
        return redirect(queries.address_of(found, thing, request.user, timezone.now()))
    return _form_page(request, "comments/hide.html", form, found, thing)


@login_required
@require_POST
def unhide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a hidden comment again."""
    found, thing = _place(request, uuid)
    actions.unhide_comment(found, by=person_of(request))
    messages.success(request, _("Everybody can read the comment again."))
    return redirect(queries.address_of(found, thing, request.user, timezone.now()))


@login_required
@require_POST
def follow(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Hear of new comments on a thing, or not any more."""
    thing = _thing(request, kind, number)
    is_wanted = request.POST.get("folgen") == "ja"
    actions.follow(thing, by=person_of(request), is_wanted=is_wanted)
    messages.success(
        request,
        _("You are told of new comments here.")
        if is_wanted
        else _("You are no longer told of new comments here, unless somebody names you."),
    )
    return redirect(f"{subjects.of(thing).url(thing)}#kommentare")


def _thing(request: HttpRequest, kind: str, number: int) -> Any:
    thing = access.find(request.user, kind, number)
    if thing is None:
        raise Http404
    return thing


def _place(request: HttpRequest, uuid: UUID) -> tuple[Comment, Any]:
    found = access.place_of(request.user, uuid)
    thing = access.thing_of(request.user, found) if found else None
    if found is None or thing is None:
        raise Http404
    return found, thing


def _form_page(request: HttpRequest, template: str, form: HouseForm, found: Comment, thing: Any) -> HttpResponse:
    subject = subjects.of(thing)
    line = queries.reader(request.user, thing, timezone.now()).line(found)
    context = {"form": form, "line": line, "item": thing, "title": subject.title(thing), "url": subject.url(thing)}
    return render(request, template, AREA | context, status=422 if form.errors else 200)
