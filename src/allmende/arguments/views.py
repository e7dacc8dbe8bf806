"""The doors of arguments. Each looks first whether this viewer sees the thing that is argued about."""

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

from allmende.arguments import access, actions, queries
from allmende.arguments.forms import AnswerForm, ArgumentForm, ChangeForm, HideForm
from allmende.arguments.models import Argument, Side
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people import subjects
from allmende.people.views import person_of
from allmende.web.forms import HouseForm

AREA = {"area": "codetermination"}


@never_cache
@require_safe
def arguments(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """/argumente/proposals.proposal/7/?side=for: everything that is said on one side."""
    who = queries.reader(request.user, _thing(request, kind, number), timezone.now())
    asked = request.GET.get("side", "")
    side = asked if asked in Side.values else Side.FOR.value
    pages, lines = queries.page(who, side, request.GET.get("page"))
    more = {"pages": pages, "lines": lines, "side": side, "sides": [(one.value, queries.HEADINGS[one]) for one in Side]}
    return render(request, "arguments/arguments.html", _about(who) | more)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Add an argument or a question; what is similar is shown before it is put up."""
    who = queries.reader(request.user, _thing(request, kind, number), timezone.now())
    if not who.may_write:
        raise NotAllowed(_("You cannot write here now."))
    form = ArgumentForm(request.POST or None, initial={"side": request.GET.get("side")})
    similar: list[queries.Line] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if "anyway" not in request.POST:
            similar = queries.lines_of(who, queries.similar(who.thing, said["side"], said["text"]))
        if not similar:
            try:
                made = actions.write_argument(who.thing, said["side"], said["text"], by=person_of(request))
            except NotAllowed:
                raise
            except Refused as no:
                form.add_error(None, str(no.sentence))
            else:
                messages.success(request, _("It is put up, with your name. You can change it for 30 minutes."))
                return redirect(queries.address_of(who, made))
    return render(request, "arguments/new.html", _about(who) | {"form": form, "similar": similar}, status=422 if form.errors else 200)


@never_cache
@require_safe
def argument(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """/argumente/<uuid>/: the way to where an argument stands, or for its author to what was withdrawn.

    Letters link to it, so guests are asked who they are.
    """
    if not request.user.is_authenticated and access.place_of(request.user, uuid) is None:
        return redirect_to_login(request.path)
    found, who = _place(request, uuid)
    if found.withdrawn_at is not None:
        return _form_page(request, "withdrawn", HideForm(), found, who)
    return redirect(queries.address_of(who, found))


@login_required
@require_POST
def share(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """See it the same way, or not any more; then back to where one was."""
    found, who = _place(request, uuid)
    actions.share_argument(found, by=person_of(request), is_shared=request.POST.get("share") == "yes")
    if request.POST.get("from") == "list":
        return redirect(queries.address_of(who, found))
    return redirect(f"{subjects.of(who.thing).url(who.thing)}#argument-{found.pk}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Other words, within half an hour."""
    found, who = _place(request, uuid)
    if not access.may_change(request.user, found, who.now) and request.method != "POST":
        raise NotAllowed(_("Arguments can be changed for 30 minutes and until somebody shares them."))
    form = ChangeForm(request.POST or None, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_argument(found, form.cleaned_data["text"], by=person_of(request))
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error(None, str(no.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect(queries.address_of(who, found))
    return _form_page(request, "change", form, found, who)


@login_required
@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take one's own argument off the page; the page offers to take that back."""
    found, _who = _place(request, uuid)
    actions.withdraw_argument(found, by=person_of(request))
    return redirect("arguments:argument", found.uuid)


@login_required
@require_POST
def restore(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """It was not meant to be withdrawn."""
    found, who = _place(request, uuid)
    found = actions.restore_argument(found, by=person_of(request))
    messages.success(request, _("The argument is there again."))
    return redirect(queries.address_of(who, found))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The authors answer."""
    found, who = _place(request, uuid)
    if not who.may_answer or found.withdrawn_at is not None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"answer": found.answer})
    if request.method == "POST" and form.is_valid():
        actions.answer_argument(found, form.cleaned_data["answer"], by=person_of(request))
        messages.success(request, _("Your answer stands below it."))
        return redirect(queries.address_of(who, found))
    return _form_page(request, "answer", form, found, who)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an argument off the page, with the reason that its author reads."""
    found, who = _place(request, uuid)
    if not who.is_moderator or found.withdrawn_at is not None:
        raise Http404
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.hide_argument(found, by=person_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("The argument is hidden. Whoever wrote it has been told why."))
        return redirect(queries.address_of(who, found))
    return _form_page(request, "hide", form, found, who)


@login_required
@require_POST
def unhide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a hidden argument again."""
    found, who = _place(request, uuid)
    actions.unhide_argument(found, by=person_of(request))
    messages.success(request, _("Everybody who sees this page can read the argument again."))
    return redirect(queries.address_of(who, found))


def _thing(request: HttpRequest, kind: str, number: int) -> Any:
    thing = access.find(request.user, kind, number)
    if thing is None:
        raise Http404
    return thing


def _place(request: HttpRequest, uuid: UUID) -> tuple[Argument, queries.Reader]:
    found = access.place_of(request.user, uuid)
    thing = access.thing_of(request.user, found) if found else None
    if found is None or thing is None:
        raise Http404
    return found, queries.reader(request.user, thing, timezone.now())


def _about(who: queries.Reader) -> dict[str, Any]:
    subject = subjects.of(who.thing)
    return AREA | {"who": who, "item": who.thing, "kind": subject.kind, "title": subject.title(who.thing), "url": subject.url(who.thing)}


def _form_page(request: HttpRequest, template: str, form: HouseForm, found: Argument, who: queries.Reader) -> HttpResponse:
    context = _about(who) | {"form": form, "line": queries.line(who, found)}
    return render(request, f"arguments/{template}.html", context, status=422 if form.errors else 200)
