"""The list of landscapes, one landscape with its picture, and its numbers for programs."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from allmende.constitution.models import Cooperative
from allmende.constitution.queries import cooperative_at
from allmende.electorates.access import takes_part
from allmende.ground.sheets import csv_parts
from allmende.opinions import access, export, queries
from allmende.opinions.models import Landscape, Result, State, Statement
from allmende.opinions.picture import picture
from allmende.people.queries import is_person

PER_PAGE = 20
AREA = {"area": "codetermination", "tab": "deciding"}


@require_safe
def landscapes(request: HttpRequest, slug: str) -> HttpResponse:
    """/meinungsbilder/: all that the viewer may see; guests only where a report is published."""
    cooperative = cooperative_at(request.user, slug)
    found = queries.landscapes_of(request.user, cooperative)
    inside = takes_part(request.user, cooperative)
    if not inside and not found.exists():
        raise Http404
    context = {
        "cooperative": cooperative,
        "pages": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "inside": inside,
        "may_run": access.may_run(request.user, cooperative),
        "now": timezone.now(),
    }
    return render(request, "opinions/landscapes.html", AREA | context)


@require_safe
def landscape(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/<uuid>/: the next statement to answer, and the picture of all answers."""
    cooperative = cooperative_at(request.user, slug)
    asked = queries.landscape_at(request.user, cooperative, uuid)
    result = queries.result_of(asked)
    statements = list(queries.asked(asked))
    shown = picture(result, statements, queries.own_place(asked, request.user)) if result else None
    context = {
        "cooperative": cooperative,
        "landscape": asked,
        "result": result,
        "picture": shown,
        "count": len(statements),
        "is_open": queries.is_answering_open(asked, timezone.now()),
        "changes": list(asked.changes.all()),
        "may_run": access.may_run(request.user, cooperative),
        "may_publish": access.may_publish(request.user, asked),
        "now": timezone.now(),
    }
    return render(request, "opinions/landscape.html", AREA | context | _answering(request, cooperative, asked))


def _answering(request: HttpRequest, cooperative: Cooperative, asked: Landscape) -> dict[str, Any]:
    """What somebody who takes part needs: the next statement, how far they are, what they said last."""
    if not is_person(request.user) or not takes_part(request.user, cooperative):
        return {"inside": False}
    done, all_of_them = queries.progress(asked, request.user)
    return {
        "inside": True,
        "may_add": access.may_add(request.user, asked),
        "statement": queries.next_statement(asked, request.user) if asked.state == State.OPEN else None,
        "last": queries.last_answer(asked, request.user),
        "done": done,
        "left": all_of_them - done,
        "all": all_of_them,
    }


@require_safe
def csv(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/zahlen.csv: the numbers that are shown."""
    asked, result, statements = _numbers(request, slug, uuid)
    lines = csv_parts(export.rows(result, statements))
    answer = HttpResponse(b"".join(lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="meinungsbild-{asked.uuid}.csv"'
    return answer


@require_safe
def json(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/zahlen.json: the same for programs."""
    return JsonResponse(export.landscape(*_numbers(request, slug, uuid)), json_dumps_params={"ensure_ascii": False})


def _numbers(request: HttpRequest, slug: str, uuid: UUID) -> tuple[Landscape, Result, list[Statement]]:
    cooperative = cooperative_at(request.user, slug)
    asked = queries.landscape_at(request.user, cooperative, uuid)
    result = queries.result_of(asked)
    if result is None or not result.shown["is_enough"]:
        raise Http404
    return asked, result, list(queries.asked(asked))
