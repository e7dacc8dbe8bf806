"""The door to one entry: its page for people, its twins for programs (JSON, JSON-LD, vCard), its small map.

Everybody is a guest here: signed in or not, all see the same entry, so that every copy may be kept by every cache.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import blake2b

import orjson
from csp.decorators import csp_replace
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from allmende.directory import export, jsonld, minimap, portrait, queries, vcard
from allmende.directory.models import Organisation, Precision, State
from allmende.people.queries import GUEST
from allmende.web import errors, limits

MAX_AGE = 60  # seconds a copy may be shown without asking; afterwards the ETag decides
MERGED_AGE = 3_600  # a merge can be undone, so browsers must not believe it for ever
MAP_SIZE = (560, 320)

View = Callable[[HttpRequest, Organisation], HttpResponseBase]
Door = Callable[[HttpRequest, str], HttpResponseBase]


def _entry(view: View, *, for_programs: bool = True) -> Door:
    """Gives the view the entry of the address: 301 where it was merged, 410 where it was archived, 404 where there is none.

    Programs get what guests get, whoever asks: their answers are kept by caches and read by scripts of other sites.
    """

    @wraps(view)
    def handle(request: HttpRequest, slug: str) -> HttpResponseBase:
        item = queries.organisation(GUEST if for_programs else request.user, slug)
        if item is None:
            return _missing(request, slug)
        if item.slug != slug:
            return _moved(request, item)
        return view(request, item)

    return require_safe(handle)


def _missing(request: HttpRequest, slug: str) -> HttpResponse:
    archived = Organisation.objects.filter(Q(slug=slug) | Q(merged_from__slug=slug), state=State.ARCHIVED)
    if not archived.exists():
        raise Http404
    return errors.page(request, 410, _("This entry was taken off the map. Nothing of it is shown any more."))


def _moved(request: HttpRequest, item: Organisation) -> HttpResponseBase:
    name = request.resolver_match.view_name if request.resolver_match else "directory:organisation"
    response = redirect(name, item.slug, permanent=True)
    response.headers["Cache-Control"] = f"public, max-age={MERGED_AGE}"
    return response


def _for_programs(door: Door) -> Door:
    """Readable from scripts on every site, at a limit per client."""

    @wraps(door)
    def handle(request: HttpRequest, slug: str) -> HttpResponseBase:
        if seconds := limits.wait(request):
            response: HttpResponseBase = errors.page(request, 429, _slower(seconds))
            response.headers["Retry-After"] = str(seconds)
        else:
            response = door(request, slug)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
        return response

    return handle


def _slower(seconds: int) -> str:
    return ngettext("Please wait %d second before you ask again.", "Please wait %d seconds before you ask again.", seconds) % seconds


def _page(request: HttpRequest, item: Organisation) -> HttpResponseBase:
    response = render(request, "directory/organisation.html", portrait.context(item, _base(request), item.seen_from))
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)  # ages are told in days
    return _kept(request, response, max(_changed(item), today))


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The page of an entry, as this viewer may read it."""
    return _entry(_page, for_programs=False)(request, slug)


@_for_programs
@_entry
def organisation_json(request: HttpRequest, item: Organisation) -> HttpResponseBase:
    """The public export of an entry, as the API and the dumps have it."""
    return _answer(request, item, orjson.dumps(export.organisation(item, _base(request))), "application/json")


@_for_programs
@_entry
def organisation_jsonld(request: HttpRequest, item: Organisation) -> HttpResponseBase:
    """An entry as linked data."""
    node = jsonld.organisation(export.organisation(item, _base(request)), _base(request))
    return _answer(request, item, orjson.dumps(node), "application/ld+json")


@_for_programs
@_entry
def organisation_vcard(request: HttpRequest, item: Organisation) -> HttpResponseBase:
    """An entry for address books."""
    text = vcard.organisation(export.organisation(item, _base(request)))
    response = _answer(request, item, text.encode(), "text/vcard; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{item.slug}.vcf"'
    return response


@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"]})  # type: ignore[arg-type]  # brings its own colours, nothing else
@_for_programs
@_entry
def organisation_map(request: HttpRequest, item: Organisation) -> HttpResponseBase:
    """A small map of where an entry is found; 404 where it has no point."""
    found = [(place.lat, place.lon, place.precision) for place in item.places.all() if place.lat is not None and place.lon is not None]
    if not found:
        raise Http404
    exact = [(lat, lon, 1) for lat, lon, precision in found if precision in ("", Precision.EXACT)]
    vague = {(lat, lon) for lat, lon, precision in found if precision not in ("", Precision.EXACT)}
    picture = minimap.svg(exact, *MAP_SIZE, title=item.name, vague=sorted(vague), names=True)
    return _answer(request, item, picture.encode(), "image/svg+xml")


def _base(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _changed(item: Organisation) -> datetime:
    """When anything the entry says last changed: its own fields, a confirmation, a record of a source."""
    confirmed: datetime | None = getattr(item, "confirmed_at", None)
    moments = [item.changed_at, confirmed, *(moment for one in item.records.all() for moment in (one.retrieved_at, one.gone_at))]
    return min(max(moment for moment in moments if moment), timezone.now())


def _answer(request: HttpRequest, item: Organisation, body: bytes, kind: str) -> HttpResponseBase:
    return _kept(request, HttpResponse(body, content_type=kind), _changed(item))


def _kept(request: HttpRequest, response: HttpResponse, modified: datetime) -> HttpResponseBase:
    """The answer with the marks by which caches know it, or 304. The ETag is made from the whole answer, language included."""
    etag = f'W/"{blake2b(response.content, digest_size=12).hexdigest()}"'
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(modified.timestamp())
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return get_conditional_response(request, etag, int(modified.timestamp()), response) or response
