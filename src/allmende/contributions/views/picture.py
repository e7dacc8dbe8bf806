"""Votes, capital and work side by side, as they are at this moment."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from allmende.constitution.access import may_read
from allmende.constitution.models import Cooperative
from allmende.contributions import access, queries, rules
from allmende.contributions.models import ContributionType
from allmende.contributions.rules import Year
from allmende.contributions.spread import KEPT, shown_type, spread, stamp
from allmende.members import access as members
from allmende.web.answers import tag, unchanged

AREA = {"area": "codetermination"}


@require_safe
def contributions(request: HttpRequest, slug: str) -> HttpResponse:
    """/genossenschaft/<slug>/beitraege/: the three bars by group, for members and offices; for everybody where the board opens it."""
    cooperative = queries.come_in(request.user, slug)
    years, types = queries.years_of(cooperative), queries.types_of(cooperative)
    year, kind = _asked(request, years, types)
    context = {
        "cooperative": cooperative,
        "years": years,
        "types": [(one.key, queries.type_name(one)) for one in types],
        "year": year,
        "type": kind,
        "may_see": access.may_see_groups(request.user, cooperative),
        "own": members.own_in(request.user, cooperative),
        "is_office": may_read(request.user, cooperative),
        "may_confirm": access.may_confirm(request.user, cooperative),
        "waiting": access.waiting_for(request.user, cooperative).count(),
        "may_handle": access.may_handle(request.user, cooperative),
        "may_decide": access.may_decide(request.user, cooperative),
        "visibility": access.openness_of(cooperative),
        "picture": _picture(request, cooperative, year, kind) if access.may_see_groups(request.user, cooperative) else "",
    }
    return render(request, "contributions/contributions.html", AREA | context)


def _asked(request: HttpRequest, years: list[Year], types: list[ContributionType]) -> tuple[Year, ContributionType | None]:
    """Year and kind from the address; what is not there becomes this year and the first kind."""
    year = next((one for one in years if one.ends_on.isoformat() == request.GET.get("jahr")), years[0])
    return year, shown_type(types, request.GET.get("art", ""))


@require_safe
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """The same picture as a part of the page, asked every few seconds: 304 while nothing has changed (ADR 0022)."""
    cooperative = queries.come_in(request.user, slug)
    if not access.may_see_groups(request.user, cooperative):
        return HttpResponse(status=204)
    year, kind = _asked(request, queries.years_of(cooperative), queries.types_of(cooperative))
    etag = tag(_stamp(request, cooperative, year, kind).encode())
    response = unchanged(request, etag) or HttpResponse(_picture(request, cooperative, year, kind))
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _stamp(request: HttpRequest, cooperative: Cooperative, year: Year, kind: ContributionType | None) -> str:
    return stamp(request.user, cooperative, year.ends_on.isoformat(), kind.key if kind else "")


def _picture(request: HttpRequest, cooperative: Cooperative, year: Year, kind: ContributionType | None) -> SafeString:
    """The picture, made once for all who see the same; its page decided before whether they may."""

    def make() -> str:
        shown = spread(request.user, cooperative, year, kind)
        return render_to_string("contributions/parts/picture.html", picture_context(shown), request)

    return mark_safe(cache.get_or_set(_stamp(request, cooperative, year, kind), make, KEPT) or "")  # noqa: S308 - rendered by a template


def picture_context(shown: Any) -> dict[str, Any]:
    """What the part needs."""
    return {"spread": shown, "least": rules.LEAST_MEMBERS}
