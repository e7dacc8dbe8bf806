"""The caretakers' desk: what waits, the background, who takes care of what."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.desk import access, actions, queries
from allmende.desk.forms import CaretakerForm, places
from allmende.desk.sources import BY_KEY
from allmende.directory.models import Caretaking, RevisionSet, Term, Tree
from allmende.ground import queue
from allmende.ground.models import Job
from allmende.ground.refusals import Refused
from allmende.people.queries import Viewer
from allmende.people.views import person_of
from allmende.places.queries import country_name
from allmende.stewards import actions as stewards
from allmende.stewards import queries as caretakers

PER_PAGE = 25
View = Callable[..., HttpResponse]


def _caretakers(may: Callable[[Viewer], bool]) -> Callable[[View], View]:
    """Only for those who may: guests are asked to sign in, for all others there is nothing here."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if not may(request.user):
                raise Http404
            return view(request, *args, **named)

        return handle

    return guard


@require_safe
@_caretakers(access.may_work_here)
def desk(request: HttpRequest) -> HttpResponse:
    """/pflege/: everything that waits; `kind` shows one pile whole, `where` and `sector` narrow it down."""
    where, sector, kind = (request.GET.get(name, "")[:130] for name in ("where", "sector", "kind"))
    country, _colon, region = where.partition(":")
    area, source = queries.area_of(country, region, sector), BY_KEY.get(kind)
    counts = queries.counts(request.user, area)
    context: dict[str, Any] = {
        "area": "care",
        "places": places(get_language() or "de"),
        "sectors": queries.sectors(),
        "where": where,
        "sector": sector,
        "kind": kind if source else "",
        "counts": counts,
        "is_house": access.may_see_background(request.user),
    }
    if source:
        pages = Paginator(source.find(request.user, area), PER_PAGE).get_page(request.GET.get("page"))
        context |= {"source": source, "pages": pages, "rows": [source.row(one) for one in pages]}
    else:
        context |= {"piles": queries.piles(request.user, area, counts), "waits": queries.waits(timezone.now())}
    context["failed"] = queue.summary().failed if context["is_house"] else 0
    return render(request, "desk/desk.html", context)


@require_POST
@_caretakers(access.may_see_background)
def looked(request: HttpRequest, pk: int) -> HttpResponse:
    """An import's refused rows have been seen."""
    actions.look_at_import(get_object_or_404(RevisionSet, pk=pk), by=person_of(request))
    messages.success(request, _("Noted."))
    return redirect("desk:desk")


@require_safe
@_caretakers(access.may_see_background)
def background(request: HttpRequest) -> HttpResponse:
    """/pflege/hintergrund/: the queue, what failed, the periodic jobs."""
    context = {
        "area": "care",
        "summary": queue.summary(),
        "failures": queue.failures(),
        "jobs": Job.objects.order_by("name"),
    }
    return render(request, "desk/background.html", context)


@require_POST
@_caretakers(access.may_see_background)
def task(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try again, or give up for good."""
    if request.POST.get("what") == "retry":
        actions.retry_task(pk, by=person_of(request))
        messages.success(request, _("It runs again in a moment."))
    else:
        actions.discard_task(pk, by=person_of(request))
        messages.success(request, _("Given up."))
    return redirect("desk:background")


@require_http_methods(["GET", "HEAD", "POST"])
@_caretakers(access.may_see_background)
def who(request: HttpRequest) -> HttpResponse:
    """/pflege/wer/: who takes care of which region or sector; naming and ending it."""
    form = CaretakerForm(request.POST or None, language=get_language() or "de")
    if request.method == "POST" and form.is_valid() and _name(request, form):
        messages.success(request, _("Named. The person is told."))
        return redirect("desk:who")
    context = {"area": "care", "form": form, "house": caretakers.caretakers_of_the_house(), "areas": _areas()}
    return render(request, "desk/who.html", context, status=422 if form.errors else 200)


def _areas() -> list[Caretaking]:
    areas = list(caretakers.caretakings())
    for one in areas:
        one.country_name = country_name(one.country, get_language() or "de")  # type: ignore[attr-defined]  # for the page
    return areas


def _name(request: HttpRequest, form: CaretakerForm) -> bool:
    data = form.cleaned_data
    country, _colon, region = data["where"].partition(":")
    sector = Term.objects.filter(tree=Tree.SECTOR, key=data["sector"]).first() if data["sector"] else None
    try:
        stewards.name_caretaker(data["email"], country, region, sector, by=person_of(request))
    except Refused as no:
        form.add_error("email", str(no.sentence))
        return False
    return True


@require_POST
@_caretakers(access.may_see_background)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody does not take care of this area any more."""
    stewards.end_caretaking(get_object_or_404(Caretaking, pk=pk), by=person_of(request))
    messages.success(request, _("Ended. The person is told."))
    return redirect("desk:who")


@require_POST
@_caretakers(access.may_see_background)
def end_house(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody does not take care of the whole house any more."""
    stewards.end_caretaking_of_the_house(get_object_or_404(caretakers.caretakers_of_the_house(), pk=pk), by=person_of(request))
    messages.success(request, _("Ended. The person is told."))
    return redirect("desk:who")
