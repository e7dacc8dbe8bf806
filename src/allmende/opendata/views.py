"""The doors to everything at once: the page about the data, the page about the interface, dumps, schema, catalogue."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.atlas import forms
from allmende.atlas import queries as atlas
from allmende.directory import access
from allmende.directory.jsonld import licence_url
from allmende.ground.refusals import NotAllowed, require
from allmende.opendata import catalogue as dcat
from allmende.opendata import documented, dumps, nightly, queries
from allmende.opendata.answers import stamp
from allmende.opendata.api import base, nothing_but
from allmende.web import limits
from allmende.web.answers import JSON_LD, answer, json, label, takes_gzip, unchanged, zipped


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What there is, under which licence, in which formats."""
    nothing_but(request)
    address = base(request)
    context: dict[str, Any] = {
        "area": "map",
        "page": "data",
        "base": address,
        "totals": queries.totals(),
        "licences": [
            {"licence": licence, "count": count, "url": licence_url(licence), "words": documented.licence(licence)}
            for licence, _alike, count in queries.licences()
        ],
        "sources": queries.sources(),
        "formats": [(form, nightly.current(form, address)) for form in dumps.FORMATS.values()],
        "changed_at": atlas.version()[1],
        "fields": documented.fields(),
        "filters": documented.filters(),
        "examples": documented.examples(),
    }
    return render(request, "opendata/data.html", context)


@require_safe
def interface(request: HttpRequest) -> HttpResponse:
    """The API for people: every operation as the description has it."""
    nothing_but(request)
    context = {
        "area": "map",
        "page": "data",
        "base": base(request),
        "operations": documented.operations(queries.an_entry()),
        "rate": limits.rate(),
    }
    return render(request, "opendata/interface.html", context)


def dump(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Everything that matches in one format: the file of the night with what changed since, otherwise a stream."""
    filters, form = forms.parse(request.GET), dumps.FORMATS[kind]
    sentence = _("The data rules of this network keep files with everything for its members or for who has an agreement.")
    require(access.may_take_all(request.user), sentence, NotAllowed)
    etag, modified = stamp("dump", kind, base(request), filters), atlas.version()[1]
    if same := unchanged(request, etag, modified if filters.is_empty else None):
        return same
    packed = takes_gzip(request)
    file = nightly.current(form, base(request)) if filters.is_empty else None
    if file:
        parts = dumps.first(file.packed_blocks() if packed else file.unpacked_blocks())
    else:
        parts = dumps.first(dumps.stream(form, filters, base(request)))
        parts = zipped(parts) if packed else parts
    response = StreamingHttpResponse(parts, content_type=form.media_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if file and file.is_whole:
        response.headers["Content-Length"] = str(file.packed if packed else file.unpacked)
    response.headers["Content-Disposition"] = f'attachment; filename="{form.file_name}"'
    return label(response, etag, modified)


def schema(request: HttpRequest) -> HttpResponse:
    """JSON Schema of one entry."""
    nothing_but(request)
    return answer(request, json(documented.schema(base(request))), "application/schema+json")


def catalogue(request: HttpRequest) -> HttpResponse:
    """DCAT-AP description of the data set."""
    nothing_but(request)
    return answer(request, json(dcat.catalogue(base(request))), JSON_LD)
