"""What is read: the list of ballots, one ballot with its panel and its result, the published papers."""

import json
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from allmende.ballots import access, boxes, queries, results, tally, wording
from allmende.ballots.actions.closing import finish
from allmende.ballots.deciding import panel_for
from allmende.ballots.models import Ballot, Box, State
from allmende.constitution.queries import cooperative_at
from allmende.electorates import access as electorates
from allmende.electorates.queries import Answer, explain, in_words
from allmende.ground.sheets import Cell, csv_parts
from allmende.people.models import Person
from allmende.web.paper import answer

AREA = {"area": "codetermination", "tab": "deciding"}
PER_PAGE = 30
PAPERS_PER_PAGE = 200


@require_safe
def ballots(request: HttpRequest, slug: str) -> HttpResponse:
    """/abstimmungen/: what is open, what comes, what was decided. Guests see what is public; 404 where there is nothing for them."""
    cooperative = cooperative_at(request.user, slug)
    found = queries.ballots_of(request.user, cooperative)
    may_prepare = access.may_prepare(request.user, cooperative)
    if not (may_prepare or electorates.takes_part(request.user, cooperative) or found.exists()):
        raise Http404
    now = timezone.now()
    pages = Paginator(found.exclude(state__in=[State.OPEN, State.DRAFT]), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cooperative": cooperative,
        "running": [(one, queries.is_open(one, now)) for one in found.filter(state=State.OPEN).order_by("closes_at")],
        "drafts": list(found.filter(state=State.DRAFT)) if may_prepare else [],
        "pages": pages,
        "missing": {one.ballot.pk: one.missing for one in queries.open_for(request.user, now)},
        "methods": wording.METHODS,
        "may_prepare": may_prepare,
    }
    return render(request, "ballots/ballots.html", AREA | context)


@never_cache
@require_safe
def ballot(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """One ballot. The first look after the end closes and counts it."""
    now = timezone.now()
    one = finish(queries.ballot_at(request.user, slug, uuid), now)
    panel = panel_for(one, request.user, now)
    result = one.result or (tally.interim(one) if one.shows_interim and panel.is_open and one.box == Box.OPEN else None)
    told = _why_not(request, one) if panel.is_open and not panel.voices else []
    may_prepare, may_decide = access.may_prepare(request.user, one.cooperative), access.may_decide(request.user, one)
    context = {
        "cooperative": one.cooperative,
        "ballot": one,
        "panel": panel,
        "why_not": told,
        "shown": results.shown(one, result) if result else None,
        "outcome": wording.outcome_in_words(one.outcome),
        "about": queries.about(one, request.user),
        "roll": in_words(one.electorate),
        "sees_roll": electorates.electorates_visible_to(request.user).filter(pk=one.electorate_id).exists(),
        "changes": list(one.changes.all()),
        "may_prepare": may_prepare,
        "may_decide": may_decide,
        "all_voted": panel.taken >= one.voters_count,
        "next": one.followed_by.exclude(state=State.DRAFT).first() if one.state == State.COUNTED else None,
        "may_next": may_prepare and one.outcome == "objections" and not one.followed_by.exclude(state=State.CANCELLED).exists(),
    }
    return render(request, "ballots/ballot.html", AREA | context)


def _why_not(request: HttpRequest, one: Ballot) -> list[Answer]:
    """For those who take part in the cooperative and have no voice in this ballot: why."""
    if not isinstance(request.user, Person) or not electorates.takes_part(request.user, one.cooperative):
        return []
    return explain(one.electorate, request.user)


def _counted(request: HttpRequest, slug: str, uuid: UUID) -> Ballot:
    one = finish(queries.ballot_at(request.user, slug, uuid), timezone.now())
    if one.state != State.COUNTED:
        raise Http404
    return one


@require_safe
def papers(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/stimmzettel/: all papers after the end; with names where the box was open and the reader takes part."""
    one = _counted(request, slug, uuid)
    named = one.box == Box.OPEN and access.may_see_names(request.user, one)
    labels = [option.label for option in one.options.all()]
    slips = boxes.of(one).slips(one)
    rows: list[Any] = [(slip.name if named else slip.mark, wording.choice_in_words(slip.choice, labels)) for slip in slips]
    if one.box == Box.OPEN and not named:
        rows.sort(key=lambda row: row[1])  # the order of names says nothing any more
    pages = Paginator(rows, PAPERS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "ballots/papers.html", AREA | {"cooperative": one.cooperative, "ballot": one, "pages": pages, "named": named})


@require_safe
def published_json(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/stimmzettel.json: rule, papers, result, as `./allmende count` reads them. No names."""
    one = _counted(request, slug, uuid)
    content = json.dumps(tally.file_of(one), ensure_ascii=False, indent=1).encode()
    return answer(content, f"{one.number.replace(' ', '-')}.json", "application/json")


@require_safe
def published_csv(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """…/stimmzettel.csv: one paper a line. No names."""
    one = _counted(request, slug, uuid)
    labels = [option.label for option in one.options.all()]
    lines: list[list[Cell]] = [["code", "votes", "class", "investing", "choice", "in_words"]]
    for row in tally.file_of(one)["ballots"]:
        raw, said = json.dumps(row["choice"], ensure_ascii=False), wording.choice_in_words(row["choice"], labels)
        lines.append([row.get("code", ""), row.get("votes", 1), row.get("class", ""), row.get("investing", ""), raw, said])
    return answer(b"".join(csv_parts(lines)), f"{one.number.replace(' ', '-')}.csv", "text/csv; charset=utf-8")
