"""A short way in to what is asked most: tiles, lists, points and suggestions for programs, which are the same for everybody.

A view marked by `door` needs no session, no account and no cookie. `Shortcut` stands before Django's own application and answers
such doors itself: it calls the same view, with the same middleware for language and input, and puts the same headers on the answer.
What is out of the ordinary (another method, a body, plain HTTP where HTTPS is wanted, an unknown host) goes the long way, so that
it is refused in one place only. tests/web/test_short.py compares both ways (ADR 0017).
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import convert_exception_to_response, response_for_exception
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern
from django.utils import translation

from allmende.ground import replicas
from allmende.web import middleware

View = Callable[..., HttpResponseBase]


def door(view: View) -> View:
    """Mark a view for the short way. It must not look at cookies, session or account: for it there are none, on both ways."""
    view.is_short = True  # type: ignore[attr-defined]
    return view


class Route(NamedTuple):
    """One short door: how its address begins, the whole pattern, the view, and what the route itself hands to it."""

    beginning: str
    pattern: RoutePattern
    view: View
    given: dict[str, Any]


@lru_cache(maxsize=1)
def routes() -> tuple[Route, ...]:
    """All short doors, found in the addresses of the house; they have no language of their own."""
    return tuple(_marked(get_resolver().url_patterns))


def _marked(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[Route]:
    for one in patterns:
        if isinstance(one, URLResolver) and not isinstance(one.pattern, LocalePrefixPattern):
            yield from _marked(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern) and getattr(one.callback, "is_short", False):
            written = before + str(one.pattern)
            yield Route("/" + written.partition("<")[0], RoutePattern(written, is_endpoint=True), one.callback, one.default_args)


def find(path: str) -> tuple[View, dict[str, Any]] | None:
    """The short door at this address with its arguments; None where there is none."""
    for one in routes():
        if path.startswith(one.beginning) and (match := one.pattern.match(path[1:])):
            return one.view, {**match[2], **one.given}
    return None


def anonymous(get_response: middleware.Handler) -> middleware.Handler:
    """On the long way too nobody looks at the cookies of a short door: whoever asks is a guest, and gets none."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if find(request.path_info):
            request.is_short = True  # type: ignore[attr-defined]  # read by Gzip and private_when_signed_in
            request.META.pop("HTTP_COOKIE", None)
            request.COOKIES = {}
        return get_response(request)

    return handle


class Shortcut:
    """The application before the application: short doors are answered here, everything else by `long_way`."""

    def __init__(self, long_way: WSGIApplication) -> None:
        self.long_way = long_way
        checked: Any = convert_exception_to_response(middleware.clean_input(_open))  # its type allows for asynchronous views
        self.ask = middleware.language(checked)
        self.frames = {secure: _frame(secure) for secure in (False, True)}
        self.is_off = settings.DEBUG  # whoever builds wants Django's own pages of faults

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """PEP 3333. Nothing is sent before the whole answer is there."""
        request = None if self.is_off else _ordinary(environ)
        if request is None:
            return self.long_way(environ, start_response)
        _drop_old_connections()
        try:
            response = self._read(request)
        finally:
            translation.deactivate()
            _drop_old_connections()
        body: bytes = response.content  # type: ignore[attr-defined]  # short doors never stream
        if "Content-Length" not in response.headers:
            response.headers["Content-Length"] = str(len(body))
        frame = self.frames[request.is_secure()]
        headers = [*response.items(), *(pair for pair in frame if pair[0] not in response.headers)]
        start_response(f"{response.status_code} {response.reason_phrase}", headers)
        return [body]

    def _read(self, request: "_Request") -> HttpResponseBase:
        """The answer, from a replica where there is a fresh one; should it fail, once more from the beginning."""
        method = request.method

        def answer() -> HttpResponseBase:
            request.method = method  # the view answers HEAD as GET
            return self.ask(request)

        return replicas.read(answer)


def _drop_old_connections() -> None:
    """What Django does by its signals at the beginning and the end of a request: close what is too old or broken.

    A connection in the middle of a transaction belongs to who began it: a test.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


class _Request(WSGIRequest):
    """A request at a short door."""

    is_short = True
    door: tuple[View, dict[str, Any]]


def _ordinary(environ: WSGIEnvironment) -> _Request | None:
    """The request as a guest's, if it is for a short door and nothing about it is out of the ordinary."""
    if not environ["PATH_INFO"].startswith(_beginnings()) or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    if environ.get("SCRIPT_NAME") or environ.get("CONTENT_LENGTH", "") not in {"", "0"}:
        return None
    request = _Request({name: value for name, value in environ.items() if name != "HTTP_COOKIE"})
    found = find(request.path_info)
    if found is None or (settings.SECURE_SSL_REDIRECT and not request.is_secure()):
        return None
    try:
        request.get_host()
    except DisallowedHost:
        return None
    request.door = found
    return request


@lru_cache(maxsize=1)
def _beginnings() -> tuple[str, ...]:
    return tuple({one.beginning for one in routes()})


def _open(request: HttpRequest) -> HttpResponseBase:
    """Call the view; a refusal or a fault becomes what it becomes on the long way, a fault with its line in the log."""
    view, given = request.door  # type: ignore[attr-defined]
    try:
        return view(request, **given)  # type: ignore[no-any-return]
    except Exception as fault:
        if replicas.is_lost():
            return HttpResponse(status=503)  # nobody is told: the primary is asked again
        return middleware.Refusals(view).process_exception(request, fault) or response_for_exception(request, fault)


class _Plain(HttpRequest):
    """A request that is only asked whether it came by HTTPS."""

    def __init__(self, secure: bool) -> None:
        super().__init__()
        self.path = self.path_info = "/"
        self.secure = secure

    def is_secure(self) -> bool:
        return self.secure


def _frame(secure: bool) -> list[tuple[str, str]]:
    """The headers that the long way puts on every answer, asked of the same middleware once."""

    def bare(request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        del response.headers["Content-Type"]
        return response

    request, security = _Plain(secure), SecurityMiddleware(bare)
    policy = CSPMiddleware(bare).process_response(request, bare(request))
    framed = middleware.headers(lambda _request: policy)(request)
    return list(security.process_response(request, framed).items())  # type: ignore[arg-type]  # Django's own is for all responses
