"""The door for programs: /api/v1/. Small answers written by hand with orjson, described by `shapes` and `described`.

Ninja describes, `api_urls` opens the doors; what comes in is read by the same `atlas.forms.parse` as on every page, so that one
address means one thing everywhere. Errors are problem details (RFC 9457) in the language the client asks for.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI

from allmende import __version__
from allmende.atlas import completion, forms, lean
from allmende.atlas import queries as atlas
from allmende.atlas.clusters import clusters
from allmende.atlas.export import collection, features
from allmende.atlas.queries import Listed
from allmende.atlas.rules import MAX_ZOOM, REACH, Box, Filters
from allmende.directory.models import Tree
from allmende.ground.refusals import BadInput, require
from allmende.opendata import queries, shapes
from allmende.opendata.answers import stamp
from allmende.opendata.described import BBOX, FILTERS, MAX_PAGE, MAX_PER_PAGE, PAGING, TREE, TYPED, ZOOM, operation
from allmende.web import errors
from allmende.web.answers import GEOJSON, Body, Shelf, answer, json, unchanged

VERSION = "1"
PREFIX = "api/v1/"
SHELF = Shelf(room=16_000_000)  # bytes: some hundreds of lists
WORLD = Box(-180, -85.05, 180, 85.05)

api = NinjaAPI(
    title="Allmende",
    version=f"{VERSION}.0.0",
    description=gettext_noop(
        "Public cooperatives, networks and initiatives: search, read, draw on a map. No key, no registration, no cookie. "
        "What is not public does not exist here."
    ),
    openapi_url=None,
    docs_url=None,
    urls_namespace="opendata-api",
    openapi_extra={"info": {"license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}}},
)


def base(request: HttpRequest) -> str:
    """The site's address as the client knows it, without a slash at the end."""
    return f"{request.scheme}://{request.get_host()}"


@api.get("organisations", response=shapes.Page, **operation("organisations", *FILTERS, *PAGING))
def organisations(request: HttpRequest) -> HttpResponse:
    """A page of what matches, best first, each with everything that is public; of many places only the first."""
    asked = _asked(request)
    etag = stamp("organisations", base(request), *asked)
    if same := unchanged(request, etag):
        return same
    body = _page(request, *asked, lambda found: queries.page(found.ids, base(request)))
    return answer(request, body, etag=etag)  # asked of the directory every time: it knows who may read what


@api.get("entries", response=shapes.Entries, **operation("entries", *FILTERS, *PAGING))
def entries(request: HttpRequest) -> HttpResponse:
    """A page of what matches, best first, each with just enough for a list or a map."""
    asked = _asked(request)
    etag = stamp("entries", base(request), *asked)
    if same := unchanged(request, etag):
        return same
    body = SHELF.body(etag, lambda: _page(request, *asked, lambda found: lean.entries(found.ids, asked[0])))
    return answer(request, body, etag=etag)


def _asked(request: HttpRequest) -> tuple[Filters, int, int]:
    """Filters, page and entries on a page."""
    filters = forms.parse(request.GET, also=("page", "per_page"))
    page = number(request.GET, "page", 1, 1, MAX_PAGE)
    per_page = number(request.GET, "per_page", 25, 1, MAX_PER_PAGE)
    if page * per_page > REACH:
        sentence = _("Pages end at entry %(n)d. Please use filters, or take a file: there is one with everything under /daten/.")
        raise BadInput(sentence % {"n": REACH})
    return filters, page, per_page


def _page(request: HttpRequest, filters: Filters, page: int, per_page: int, items: Callable[[Listed], list[dict[str, Any]]]) -> Body:
    found = atlas.listed(filters, page=page, per_page=per_page)
    following = _next(request, filters, page, per_page) if page < found.pages else None
    told = {
        "total": found.total,
        "page": page,
        "pages": found.pages,
        "per_page": per_page,
        "next": following,
        "corrected": found.corrected,
        "items": items(found),
    }
    return Body(json(told), {"Link": f'<{following}>; rel="next"'} if following else {})


def _next(request: HttpRequest, filters: Filters, page: int, per_page: int) -> str:
    return f"{base(request)}{request.path}?{forms.to_query(filters, page=page + 1, per_page=per_page)}"


@api.get("organisations/{id}", response=shapes.Organisation, **operation("organisation", refusals=(404,)))
def organisation(request: HttpRequest, id: str) -> HttpResponse:
    """By stable id (UUID) or by slug. Merged entries lead to the one they became."""
    nothing_but(request)
    found = queries.organisation(id, base(request))
    if found is None:
        return errors.problem(404, _("There is no such entry, or it is not public."))
    return answer(request, json(found))


@api.get("terms", response=shapes.Terms, **operation("terms", TREE))
def terms(request: HttpRequest) -> HttpResponse:
    """The keys that filters take, with German and English names and codes of foreign vocabularies."""
    nothing_but(request, "tree")
    tree = request.GET.get("tree", "")
    require(tree in {"", *Tree.values}, _("tree must be one of: %(names)s.") % {"names": ", ".join(Tree.values)}, BadInput)
    return answer(request, json({"items": queries.terms(tree)}))


@api.get("suggest", response=shapes.Suggestions, **operation("suggest", TYPED))
def suggest(request: HttpRequest) -> HttpResponse:
    """Organisations, places and words of the taxonomy that begin like this."""
    nothing_but(request, "q")
    require("q" in request.GET, _("q is missing: what has been typed so far."), BadInput)
    q = forms.parse(request.GET).q
    etag = stamp("suggest", q)
    if same := unchanged(request, etag):
        return same
    body = SHELF.body(etag, lambda: Body(json({"items": [_leading(one) for one in completion.suggest(q)]})))
    return answer(request, body, etag=etag)


def _leading(one: dict[str, str]) -> dict[str, str]:
    """A suggestion with where it leads: the page of an entry, or the filter of a list."""
    if one["type"] == "organisation":
        return {**one, "url": reverse("directory:organisation", args=[one["slug"]])}
    return {**one, "query": urlencode({one["type"]: one.get("key", one["label"])})}


@api.get("points", response=shapes.Points, **operation("points", *[one for one in FILTERS if one is not BBOX], BBOX, ZOOM, kind=GEOJSON))
def points(request: HttpRequest) -> HttpResponse:
    """GeoJSON for a box at a zoom. Places that would touch on the screen come as one pile with their number."""
    filters = forms.parse(request.GET, also=("zoom",))
    zoom = number(request.GET, "zoom", 2, 0, 24)
    etag = stamp("points", filters, zoom)
    if same := unchanged(request, etag):
        return same
    box, deep = filters.bbox or WORLD, min(zoom, MAX_ZOOM)
    body = SHELF.body(etag, lambda: Body(json(collection(features(clusters(filters, box, deep))))))
    return answer(request, body, GEOJSON, etag=etag)


@api.get("sources", response=shapes.Sources, **operation("sources"))
def sources(request: HttpRequest) -> HttpResponse:
    """Sources with licence and the attribution that has to be shown."""
    nothing_but(request)
    return answer(request, json({"items": queries.sources()}))


@api.get("version", response=shapes.Version, **operation("version"))
def version(request: HttpRequest) -> HttpResponse:
    """A number that grows with every change, and when that was."""
    nothing_but(request)
    count, changed_at = atlas.version()
    body = {"api": VERSION, "software": __version__, "number": count, "changed_at": changed_at.isoformat(timespec="seconds")}
    return answer(request, json(body), modified=changed_at)


def nothing_but(request: HttpRequest, *names: str) -> None:
    """Refuse parameters that this address does not know; a typing error should not silently widen the answer."""
    if unknown := sorted(set(request.GET) - set(names)):
        raise BadInput(_("Unknown parameter: %(name)s.") % {"name": ", ".join(unknown)[:80]})


def number(params: QueryDict, name: str, default: int, low: int, high: int) -> int:
    """A whole number between two bounds, or the default where nothing is said."""
    value = params.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 10 and low <= int(value) <= high):
        raise BadInput(_("%(name)s must be a whole number between %(low)d and %(high)d.") % {"name": name, "low": low, "high": high})
    return int(value)


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The OpenAPI 3.1 description. Its words are English message ids; the page translates them."""
    described: dict[str, Any] = orjson.loads(orjson.dumps(api.get_openapi_schema(path_prefix=PREFIX), option=orjson.OPT_NON_STR_KEYS))
    problem = shapes.Problem.model_json_schema(mode="serialization")
    described["components"]["schemas"]["Problem"] = problem
    for path in described["paths"].values():
        for one in path.values():
            content = one["responses"]["200"]["content"]
            if kind := one.pop("x-media-type", None):
                content[kind] = content.pop("application/json")
    return described


def openapi(request: HttpRequest) -> HttpResponse:
    """The description itself, for generators and tests."""
    return answer(request, json({**description(), "servers": [{"url": base(request)}]}))
