"""For those who run a landscape: writing, opening, closing, hiding statements, publishing the report."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.ground.refusals import Refused
from allmende.opinions import access, actions, forms, queries
from allmende.opinions.models import Landscape, State, Statement
from allmende.opinions.views.showing import AREA
from allmende.people import subjects
from allmende.people.views import person_of


def _run(request: HttpRequest, slug: str, uuid: UUID) -> tuple[Cooperative, Landscape]:
    cooperative = cooperative_at(request.user, slug)
    return cooperative, queries.run_by(request.user, cooperative, uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """/meinungsbilder/neu/?about=proposals.proposal:12: a draft, about a thing or by itself."""
    cooperative = cooperative_at(request.user, slug)
    if not access.may_run(request.user, cooperative):
        raise Http404
    about = _about(request, cooperative)
    form = forms.Asking(None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create_landscape(cooperative, form.wording(), about=about, by=person_of(request))
        messages.success(request, _("The draft is saved. Now write the first statements."))
        return redirect("opinions:statements", slug=slug, uuid=made.uuid)
    context = {"cooperative": cooperative, "form": form, "about": about}
    return render(request, "opinions/edit.html", AREA | context, status=400 if form.errors else 200)


def _about(request: HttpRequest, cooperative: Cooperative) -> Any | None:
    """The thing named in the address, if the viewer sees it and it is of this cooperative; Http404 otherwise."""
    said = request.GET.get("about", "")
    if not said:
        return None
    kind, _colon, number = said.rpartition(":")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    thing = subjects.find(kind, int(number), request.user) if is_number else None
    if thing is None or getattr(thing, "cooperative_id", None) != cooperative.pk:
        raise Http404
    return thing


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/bearbeiten/: words and dates of a draft."""
    cooperative, asked = _run(request, slug, uuid)
    if asked.state != State.DRAFT:
        return redirect("opinions:landscape", slug=slug, uuid=uuid)
    form = forms.Asking(asked, request.POST or None)
    return _formed(
        request,
        form,
        lambda: actions.change_landscape(asked, form.wording(), by=person_of(request)),
        ("opinions/edit.html", {"cooperative": cooperative, "landscape": asked}),
        _("Saved."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/frist/: another end, or open again what was closed."""
    cooperative, asked = _run(request, slug, uuid)
    form = forms.NewEnd(request.POST or None, initial={"ends_at": asked.ends_at if asked.state == State.OPEN else None})
    return _formed(
        request,
        form,
        lambda: actions.move_end(asked, form.cleaned_data["ends_at"], form.cleaned_data["reason"], by=person_of(request)),
        ("opinions/move.html", {"cooperative": cooperative, "landscape": asked}),
        _("The end is moved. Everybody who answered is told."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, slug: str, uuid: UUID, number: int) -> HttpResponse:
    """…/ausblenden/: take a statement out, with a reason everybody reads."""
    cooperative, asked = _run(request, slug, uuid)
    statement = get_object_or_404(Statement.objects.select_related("landscape"), landscape=asked, number=number)
    form = forms.Reason(request.POST or None)
    return _formed(
        request,
        form,
        lambda: actions.hide_statement(statement, reason=form.cleaned_data["reason"], by=person_of(request)),
        ("opinions/hide.html", {"cooperative": cooperative, "landscape": asked, "statement": statement}),
        _("The statement is hidden."),
        page="opinions:statements",
    )


def _formed(
    request: HttpRequest,
    form: Any,
    change: Callable[[], Any],
    shown: tuple[str, dict[str, Any]],
    said: str,
    page: str = "opinions:landscape",
) -> HttpResponse:
    """A form, its change, and the way back; what was typed stays where it could not be taken."""
    template, context = shown
    if request.method == "POST" and form.is_valid():
        try:
            change()
        except Refused as fault:
            form.add_error(None, str(fault.sentence))
        else:
            messages.success(request, said)
            return redirect(page, slug=context["cooperative"].organisation.slug, uuid=context["landscape"].uuid)
    return render(request, template, AREA | context | {"form": form}, status=400 if form.errors else 200)


@login_required
@require_POST
def unhide(request: HttpRequest, slug: str, uuid: UUID, number: int) -> HttpResponse:
    """…/einblenden/: ask a statement again."""
    _cooperative, asked = _run(request, slug, uuid)
    statement = get_object_or_404(Statement.objects.select_related("landscape"), landscape=asked, number=number)
    actions.unhide_statement(statement, by=person_of(request))
    messages.success(request, _("The statement is asked again."))
    return redirect("opinions:statements", slug=slug, uuid=uuid)


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, uuid: UUID, number: int) -> HttpResponse:
    """…/entfernen/: take a statement out of a draft."""
    _cooperative, asked = _run(request, slug, uuid)
    actions.remove_statement(get_object_or_404(Statement, landscape=asked, number=number), by=person_of(request))
    messages.success(request, _("The statement is removed."))
    return redirect("opinions:statements", slug=slug, uuid=uuid)


@login_required
@require_POST
def open_it(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/oeffnen/: put it to all who take part."""
    _cooperative, asked = _run(request, slug, uuid)
    actions.open_landscape(asked, by=person_of(request))
    messages.success(request, _("It is open. All members are told."))
    return redirect("opinions:landscape", slug=slug, uuid=uuid)


@login_required
@require_POST
def close(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/schliessen/: end it now."""
    _cooperative, asked = _run(request, slug, uuid)
    actions.close_landscape(asked, by=person_of(request))
    messages.success(request, _("It is closed. The final picture follows in some minutes."))
    return redirect("opinions:landscape", slug=slug, uuid=uuid)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/veroeffentlichen/: the final report for everybody, or only for members again (`take_back`)."""
    _cooperative, asked = _run(request, slug, uuid)
    if "take_back" in request.POST:
        actions.take_back_report(asked, by=person_of(request))
        messages.success(request, _("Only those who take part see the report now."))
    else:
        actions.publish_report(asked, by=person_of(request))
        messages.success(request, _("Everybody sees the report now."))
    return redirect("opinions:landscape", slug=slug, uuid=uuid)


@login_required
@require_POST
def discard(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/verwerfen/: throw a draft away."""
    _cooperative, asked = _run(request, slug, uuid)
    actions.discard_landscape(asked, by=person_of(request))
    messages.success(request, _("The draft is thrown away."))
    return redirect("opinions:opinions", slug=slug)
