"""What every request passes: headers, language, clean input, and the one way to say no."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from allmende.ground import once
from allmende.ground.refusals import BadInput, Refused
from allmende.web import errors

Handler = Callable[[HttpRequest], HttpResponseBase]

# Nothing of a device is ever asked for, but the place, and that only on the map and on request.
PERMISSIONS = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"
_NO_GZIP = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")
UPLOADS = {"/verwaltung/": 66_000_000, "/dateien/an/": 11_000_000}
"""Where files come in, and how much at once: a file and its form. Only there: elsewhere what guests send is taken apart before anybody
asks who they are."""


def headers(get_response: Handler) -> Handler:
    """Security headers on every answer, static files included."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
        if not getattr(response, "embeddable", False):
            response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response

    return handle


def remembering(get_response: Handler) -> Handler:
    """While somebody only looks, what many parts of a page ask is asked once (`ground/once.py`)."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        with once.remembering():
            return get_response(request)

    return handle


class Gzip(GZipMiddleware):
    """Django's own, which pads its answers against BREACH; it overlooks that `gzip;q=0` is a no (RFC 9110, 12.5.3)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Pack the answer unless the client refuses. Short doors pack their own, which hold no secret to pad; some things are packed."""
        if (
            getattr(request, "is_short", False)
            or getattr(response, "is_packed", False)
            or _NO_GZIP.search(request.headers.get("Accept-Encoding", ""))
        ):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


def language(get_response: Handler) -> Handler:
    """The address decides: /en/ is English, all other pages German. Programs (/api/) are answered by `Accept-Language`."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        by_header = request.path_info.startswith("/api/")
        if by_header:
            chosen = translation.get_language_from_request(request)
        else:
            chosen = "en" if request.path_info.startswith("/en/") else settings.LANGUAGE_CODE
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        if by_header:
            patch_vary_headers(response, ("Accept-Language",))
        return response

    return handle


def clean_input(get_response: Handler) -> Handler:
    """Refuses what no form of ours sends: NUL bytes, broken UTF-8, bodies too large. A sentence instead of a fault."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.page(request, 400, _("The address contains a character that cannot be read. Please check the link."))
        if len(request.META.get("QUERY_STRING", "")) > 8_000:
            return errors.page(request, 414, _("The address is too long. Please use fewer filters."))
        if "�" in "".join((*request.GET.keys(), *(value for values in request.GET.lists() for value in values[1]))):
            return errors.page(request, 400, _("The address is not valid UTF-8. Please check the link."))
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            return errors.page(request, 400, _("The length of the request is not a number."))
        if int(length) > (most := _most_of(request)):
            return errors.page(request, 413, _too_much(most))
        return get_response(request)

    return handle


def _most_of(request: HttpRequest) -> int:
    """How many bytes may come in at this door."""
    is_upload = (request.content_type or "").startswith("multipart/form-data")
    path = request.path_info.removeprefix("/en")
    uploads = [most for door, most in UPLOADS.items() if is_upload and path.startswith(door)]
    return uploads[0] if uploads else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _too_much(most: int) -> str:
    if most <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return _("That is too much at once. Please send less than one megabyte.")
    limit = {"limit": (most - 1_000_000) // 1_000_000}
    return _("That is too much at once. A file can have at most %(limit)d MB here; please go back and choose a smaller one.") % limit


def private_when_signed_in(get_response: Handler) -> Handler:
    """Pages differ by who looks: caches must ask about the cookie, and what a signed-in person saw is kept for nobody else.

    Guests' pages stay public as their views say. Static files are answered before this, programs (`/api/`) always as a guest;
    files whose name changes with their content (`immutable`) are the same for all.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path_info.startswith("/api/") or getattr(request, "is_short", False):
            return response
        if response.headers.get("Content-Type", "text/html").startswith("text/html"):  # a 304 has no type, but may be a page
            patch_vary_headers(response, ("Cookie",))
        kept = response.headers.get("Cache-Control", "")
        if _is_personal(request, response) and "immutable" not in kept and "no-store" not in kept:
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    return handle


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether an answer may hold something for this client only: the house knows it, or it gets a cookie now."""
    return is_known(request) or bool(response.cookies)


def is_known(request: HttpRequest) -> bool:
    """Whether a client may be signed in, or is to be told something; all others are guests and see the same."""
    return bool({settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys())


class Refusals:
    """Turns a refusal into its page or, for programs, into problem details (RFC 9457)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and not response.content:
            sentence = _("This address belongs to a button. Please go back and press it there.")
            page = errors.page(request, 405, sentence)  # who signs in again on the way comes here by a link; browsers show nothing
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal has its own status and sentence; all other faults go on to the 500 page."""
        if isinstance(exception, Refused):
            return errors.page(request, exception.status, str(exception.sentence))
        if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
            return errors.page(request, 413, _("That is too much at once. Please send less than one megabyte."))
        if isinstance(exception, UnicodeDecodeError):
            return errors.page(request, BadInput.status, _("What was sent is not valid UTF-8."))
        return None
