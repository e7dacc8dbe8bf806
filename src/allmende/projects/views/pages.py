"""What everybody looks at: the list, a project, its pitch, one's own projects."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from allmende.ground import outbox
from allmende.projects import access, queries, rules
from allmende.projects.models import LICENCE_PAGES, Licence, Project, Stage

AREA: dict[str, Any] = {"area": "exchange", "page": "projects"}
PER_PAGE = 20
NEWS_SHOWN = 5
MUCH = 900  # letters; with more, a pitch is set smaller so that it stays one page


def seen_project(request: HttpRequest, pk: int) -> Project:
    """The project, if this viewer may read it; 404 otherwise."""
    found = access.projects_visible_to(request.user).select_related("organisation", "handover_to")
    return get_object_or_404(found, pk=pk)


def own_project(request: HttpRequest, pk: int) -> Project:
    """The project, if this viewer may change it; 404 otherwise."""
    return get_object_or_404(access.projects_of(request.user).select_related("organisation", "handover_to"), pk=pk)


def filters_of(request: HttpRequest) -> queries.Filters:
    """What the address narrows the list by; unknown stages do not narrow."""
    asked = request.GET
    stage = asked.get("stage", "")
    return queries.Filters(
        q=" ".join(asked.get("q", "")[:200].split()),
        stage=stage if stage in Stage.values else "",
        sdg=asked.get("sdg", "")[:60],
        organisation=asked.get("organisation", "")[:120].strip(),
        wants=asked.get("wants", "") == "1",
    )


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """/projekte/: all projects this viewer may read."""
    filters = filters_of(request)
    pages = Paginator(queries.projects(request.user, filters), PER_PAGE).get_page(request.GET.get("page"))
    number = pages.paginator.count
    context = {
        "pages": pages,
        "number": number,
        "filters": filters,
        "stages": Stage.choices,
        "goals": [(term.key, f"{term.key}. {term.name}") for term in queries.goals()],
        "may_write": access.organisations_to_carry_for(request.user).exists(),
    }
    return render(request, "projects/projects.html", AREA | context)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """/projekte/meine/: what one's organisations lead, take part in, and have to answer."""
    pages = Paginator(queries.mine(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "pages": pages,
        "parts": queries.parts_of_mine(request.user)[:100],
        "waiting": queries.waiting_parts(request.user)[:100],
        "handovers": queries.handovers(request.user)[:20],
        "may_write": access.organisations_to_carry_for(request.user).exists(),
    }
    return render(request, "projects/mine.html", AREA | context)


@require_safe
def found(request: HttpRequest, pk: int) -> HttpResponseBase:
    """/projekte/7/: the short address leads to the readable one."""
    return redirect(seen_project(request, pk), permanent=False)


@require_safe
def project(request: HttpRequest, pk: int, slug: str) -> HttpResponseBase:
    """/projekte/7/datentreuhand/: everything about one project."""
    item = seen_project(request, pk)
    if slug != item.slug:
        return redirect(item)
    return render(request, "projects/project.html", AREA | _whole(request, item))


def _whole(request: HttpRequest, item: Project) -> dict[str, Any]:
    """What the page shows, and which ways on it offers this viewer."""
    viewer, steps = request.user, queries.steps(item)
    parts, wanted = queries.parts(viewer, item), queries.wanted(viewer, item)
    may_change = access.may_change(viewer, item)
    mine = {one.pk: one for one in access.organisations_to_carry_for(viewer)}
    may_hand_over = access.may_hand_over(viewer, item)
    take_over = list(access.may_take_over_for(viewer, item)) if mine else []
    own_parts = [part for part in (*parts.confirmed, *parts.open) if part.organisation_id in mine]
    taking_part = {part.organisation_id for part in (*parts.confirmed, *parts.open)} | {item.organisation_id}
    return {
        "item": item,
        "steps": steps,
        "way": _named(queries.way(steps)),
        "since": queries.first_day(steps),
        "step_to_take_back": queries.step_to_take_back(steps) if may_change else None,
        "parts": parts,
        "own_parts": own_parts,
        "wanted": wanted,
        "is_wanting": any(one.is_open for one in wanted),
        "updates": list(item.updates.all()[: NEWS_SHOWN if "news" not in request.GET else 200]),
        "update_count": item.updates.count(),
        "correct_since": timezone.now() - rules.CORRECT_WITHIN,
        "sdgs": list(item.sdgs.order_by("position", "key")),
        "licence_page": LICENCE_PAGES.get(Licence(item.licence), "") if item.licence in Licence.values else "",
        "source": queries.source(viewer, item),
        "adoptions": queries.adoptions(viewer, item),
        "may_change": may_change,
        "may_publish": item.organisation_id in mine,
        "may_hand_over": may_hand_over,
        "may_act": bool(take_over) or may_hand_over,
        "may_moderate": access.may_moderate(viewer, item),
        "is_without_lead": access.is_without_lead(item),
        "take_over": take_over,
        "may_join": not item.is_draft and item.hidden_at is None and bool(set(mine) - taking_part),
        "may_adopt": not item.is_draft and item.hidden_at is None and bool(set(mine) - {item.organisation_id}),
        "canonical": outbox.link(item.get_absolute_url()),
        "is_public": item.audience == "public" and not item.is_draft and item.hidden_at is None,
    }


def _named(way: list[rules.Mark]) -> list[tuple[str, rules.Mark]]:
    return [(str(Stage(mark.stage).label), mark) for mark in way]


@require_safe
def pitch(request: HttpRequest, pk: int) -> HttpResponse:
    """/projekte/7/pitch/: the project on one page, for a meeting: on a wall or on paper."""
    item = seen_project(request, pk)
    steps = queries.steps(item)
    context = {
        "item": item,
        "steps": steps,
        "way": _named(queries.way(steps)),
        "since": queries.first_day(steps),
        "parts": queries.parts(request.user, item),
        "wanted": [one for one in queries.wanted(request.user, item) if one.is_open],
        "sdgs": list(item.sdgs.order_by("position", "key")),
        "is_full": sum(map(len, (item.title, item.summary, item.challenge, item.audience_text, item.text, item.funding, item.results)))
        > MUCH,
        "address": outbox.link(item.get_absolute_url()),
        "site": settings.SITE_NAME,
    }
    return render(request, "projects/pitch.html", AREA | context)
