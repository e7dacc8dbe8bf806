"""The doors for programs: one listing as others read it, all open ones page by page, and points for the map. Guests' view only."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from allmende.atlas import mvt
from allmende.exchange import export, queries
from allmende.exchange import points as points_of
from allmende.exchange.models import Listing, State
from allmende.ground.refusals import BadInput, require
from allmende.people.queries import GUEST
from allmende.web import answers, errors

Shape = Callable[[Listing, str], dict[str, Any]]


def listing_json(request: HttpRequest, pk: int) -> HttpResponse:
    """/boerse/12.json: a profile for Murmurations (offers_wants_schema-v0.1.0)."""
    return _one(request, pk, export.murmurations, answers.JSON)


def listing_jsonld(request: HttpRequest, pk: int) -> HttpResponse:
    """/boerse/12.jsonld: the same for schema.org."""
    return _one(request, pk, export.json_ld, answers.JSON_LD)


def _one(request: HttpRequest, pk: int, shape: Shape, kind: str) -> HttpResponse:
    """404 for what guests never could see, 410 for what is no longer open: an index drops it then."""
    item = queries.listing(GUEST, pk)
    if item is None:
        raise Http404
    if item.state != State.OPEN:
        return errors.problem(410, _("This is no longer open."))
    return answers.answer(request, answers.json(shape(item, _base(request))), kind)


def listings_json(request: HttpRequest) -> HttpResponse:
    """/api/v1/listings: open public offers and needs by number, with the filters of the list; `next` leads to the following ones."""
    said = request.GET.get("after", "0")
    require(said.isascii() and said.isdigit() and len(said) < 19, _("after must be the number of an offer or need."), BadInput)
    filters = queries.read(request.GET)
    rows = queries.after(int(said), filters)
    shown, base = rows[: queries.A_HELPING], _base(request)
    here = request.build_absolute_uri(reverse("exchange-api:listings"))
    following = f"{here}?{filters.to_query(sort='', state='', after=str(shown[-1].pk))}" if len(rows) > len(shown) else None
    return answers.answer(request, answers.json({"items": [export.listing(one, base) for one in shown], "next": following}))


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def points(request: HttpRequest) -> HttpResponse:
    """/boerse/orte.geojson: where open public offers and needs are, with the filters of the list, as far as these are few."""
    return answers.answer(request, points_of.whole(queries.read(request.GET)), answers.GEOJSON)


def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """/boerse/kacheln/z/x/y.mvt: the same for maps that hold much."""
    require(points_of.is_on_the_map(z, x, y), _("There is no such tile."), BadInput)
    return answers.answer(request, points_of.tile(queries.read(request.GET), z, x, y), mvt.KIND)
