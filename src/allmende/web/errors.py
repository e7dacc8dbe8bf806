"""The pages for no: one for people, one for programs (problem details, RFC 9457), in the reader's language."""

import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

TITLES = {
    400: gettext_noop("This request cannot be read"),
    403: gettext_noop("This is not open to you"),
    404: gettext_noop("There is nothing here"),
    405: gettext_noop("This address cannot do that"),
    409: gettext_noop("This is not possible"),
    410: gettext_noop("This is no longer here"),
    413: gettext_noop("That is too much at once"),
    414: gettext_noop("This address is too long"),
    429: gettext_noop("That was a bit fast"),
    500: gettext_noop("Something went wrong on our side"),
    503: gettext_noop("Not available right now"),
}


def wants_program_answer(request: HttpRequest) -> bool:
    """Whether the asker is a program: by address or by what it accepts."""
    if request.path_info.startswith("/api/") or request.path_info.endswith((".json", ".jsonld", ".geojson", ".mvt")):
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """Problem details (RFC 9457) as `application/problem+json`."""
    body = {"type": "about:blank", "title": _title(status), "status": status, "detail": detail, **more}
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Length"] = str(len(response.content))  # also where Django's middleware for it has not been reached
    return response


def page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """The answer for `status` with a sentence that says what to do."""
    if wants_program_answer(request):
        return problem(status, sentence)
    context = {"status": status, "title": _title(status), "sentence": sentence, "back": _came_from(request)}
    return HttpResponse(render_to_string("web/error.html", context, request=request), status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of this house one came from, as a way back; empty where there is none or it is this one."""
    with suppress(ValueError, DisallowedHost):  # broken addresses, and a host that is not ours
        come = urlsplit(request.headers.get("Referer", ""))
        if come.netloc == request.get_host() and come.path != request.path:
            return urlunsplit(("", "", escape_leading_slashes(come.path), come.query, ""))
    return ""


def _title(status: int) -> str:
    return _(TITLES[status]) if status in TITLES else HTTPStatus(status).phrase


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came in cannot be read."""
    return page(request, 400, _("Please go back and check what you entered."))


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not allowed."""
    return page(request, 403, _("You may not do this here."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: unknown, or not for this viewer."""
    return page(request, 404, _("The address is wrong or the entry is gone. The search finds what is here."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form from another site, or cookies switched off."""
    return page(request, 403, _("The form has expired. Please go back, reload the page and send it again."))


def too_fast(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many tries in a short time."""
    return page(request, 429, _("That was tried too often in a short time. Please wait a few minutes before you try again."))


def fault(request: HttpRequest) -> HttpResponse:
    """500: our fault; without database and templates that could fail again."""
    if wants_program_answer(request):
        return problem(500, _("The fault has been logged. Please try again later."))
    text = (
        f"<!doctype html><title>{_title(500)}</title><h1>{_title(500)}</h1><p>{_('The fault has been logged. Please try again later.')}</p>"
    )
    return HttpResponse(text, status=500)
