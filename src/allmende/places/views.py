"""The door for maps: tiles of the basemap. Asks neither the database nor who is there."""

import gzip

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.places import basemap
from allmende.web import errors
from allmende.web.answers import takes_gzip

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def tile(request: HttpRequest, version: str, z: int, x: int, y: int) -> HttpResponseBase:
    """One vector tile: 204 where the map is empty, 404 outside it; an old version leads to the present one."""
    if not basemap.exists(z, x, y):
        return errors.page(request, 404, _("The base map has no such tile."))
    if version != basemap.version():
        response: HttpResponseBase = redirect("places-api:tile", basemap.version(), z, x, y)
        response.headers["Cache-Control"] = "no-cache"
    else:
        response = _packed(request, basemap.tile(z, x, y))
        response.headers["Cache-Control"] = FOR_EVER
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _packed(request: HttpRequest, packed: bytes | None) -> HttpResponse:
    if packed is None:
        return HttpResponse(status=204)
    plain = not takes_gzip(request)
    response = HttpResponse(gzip.decompress(packed) if plain else packed, content_type="application/vnd.mapbox-vector-tile")
    if not plain:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
