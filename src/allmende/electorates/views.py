"""The door of this room: who votes, in figures for members, by name for offices, and why for oneself."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from allmende.constitution.queries import cooperative_at
from allmende.electorates import access, queries
from allmende.electorates.models import Electorate, ElectorateState
from allmende.people.views import person_of

PER_PAGE = 100
LISTS = ("voters", "missing", "excluded")


@login_required
@require_safe
def electorate(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """/waehlerverzeichnis/…/: by which rule, how many, who is missing and why; the own line with its reason."""
    cooperative = cooperative_at(request.user, slug)
    found = queries.electorate_at(request.user, cooperative, uuid)
    context: dict[str, Any] = {
        "cooperative": cooperative,
        "area": "codetermination",
        "tab": "deciding",
        "electorate": found,
        "is_frozen": found.state == ElectorateState.FROZEN,
        "words": queries.in_words(found),
        "figures": queries.figures(found),
        "mine": queries.explain(found, person_of(request)),
    }
    if access.may_see_names(request.user, found):
        context |= _names(request, found)
    return render(request, "electorates/electorate.html", context)


def _names(request: HttpRequest, found: Electorate) -> dict[str, Any]:
    which, search = request.GET.get("liste", ""), request.GET.get("q", "")[:100]
    which = which if which in LISTS else LISTS[0]
    rows: Any = queries.named(found, which, search)  # has a length and parts, which is all a paginator asks for
    pages = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {"sees_names": True, "which": which, "search": search, "pages": pages, "is_unchanged": queries.is_unchanged(found)}
