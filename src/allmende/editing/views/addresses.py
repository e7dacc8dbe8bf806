"""Doors for programs: what an address is known as while somebody types it, and a small map of where that is."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.directory import minimap
from allmende.editing.views.shared import located
from allmende.places import queries as places
from allmende.web import errors, limits

MAP_SIZE = (560, 240)


@require_safe
def place_json(request: HttpRequest) -> HttpResponse:
    """What an address is known as, and towns that begin so: while somebody types."""
    if seconds := limits.wait(request):
        return errors.page(request, 429, _("Please wait %(seconds)d seconds before you try again.") % {"seconds": seconds})
    said = [str(request.GET.get(name, "")) for name in ("postcode", "town", "country")]
    towns = [{"name": town.name, "country": town.country} for town in places.suggest_places(said[1], limit=6)]
    with translation.override(translation.get_language_from_request(request)):  # the address is the same in all languages
        response = JsonResponse({"found": located("", *said), "towns": towns})
    patch_vary_headers(response, ("Accept-Language",))
    return response


@require_safe
def place_map(request: HttpRequest) -> HttpResponse:
    """A small map around a point."""
    if seconds := limits.wait(request):
        return errors.page(request, 429, _("Please wait %(seconds)d seconds before you try again.") % {"seconds": seconds})
    try:
        lat, lon = float(request.GET.get("lat", "")), float(request.GET.get("lon", ""))
    except ValueError:
        raise Http404 from None
    if not (abs(lat) <= 85 and abs(lon) <= 180):
        raise Http404
    picture = minimap.svg([], *MAP_SIZE, title=_("Where the address was found"), vague=[(lat, lon)], names=True)
    response = HttpResponse(picture, content_type="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
