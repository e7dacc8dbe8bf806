"""How programs are answered: readable from every site, compressed, cacheable by ETag, and never with a cookie."""

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache, wraps
from hashlib import blake2b
from threading import Lock
from typing import Any, TypeVar
from zlib import DEFLATED, MAX_WBITS, compressobj

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django.utils.translation import gettext as _

from allmende.ground.refusals import Refused
from allmende.web import errors, limits

JSON = "application/json"
GEOJSON = "application/geo+json"
JSON_LD = "application/ld+json"
MAX_AGE = 60  # seconds a copy may be shown without asking; afterwards the ETag decides
SMALL = 1_000  # bytes below which compressing costs more than it saves
LEVEL = 5
READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After",
    "Access-Control-Max-Age": "86400",
}
"""CORS for reading: every site may, nobody with credentials."""

View = Callable[..., HttpResponseBase]
Response = TypeVar("Response", bound=HttpResponseBase)


def open_door(view: View, cost: int = 1, room: str = "api", times: int = 1) -> View:
    """A view for programs: GET, HEAD and OPTIONS only, a limit per client, readable from scripts on every site.

    `cost` says how many small requests it weighs; a `room` of its own allows `times` as many. A refusal is told as problem details
    (RFC 9457).
    """

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _readable(HttpResponse(status=204))
        if request.method not in {"GET", "HEAD"}:
            refused = errors.problem(405, _("This address can only be read, with GET or HEAD."))
            refused.headers["Allow"] = "GET, HEAD, OPTIONS"
            return _readable(refused)
        if seconds := limits.wait(request, cost, room, times):
            slow = errors.problem(429, _("Please wait %(n)d seconds; whoever needs everything takes a dump.") % {"n": seconds})
            slow.headers["Retry-After"] = str(seconds)
            return _readable(slow)
        head, request.method = request.method == "HEAD", "GET"
        try:
            response = view(request, *args, **kwargs)
        except Refused as refusal:
            response = errors.page(request, refusal.status, str(refusal.sentence))
        return _without_body(_readable(response)) if head else _readable(response)

    handle.csrf_exempt = True  # type: ignore[attr-defined]  # nothing is written here, and foreign scripts may read
    return handle


def _readable(response: HttpResponseBase) -> HttpResponseBase:
    for name, value in READABLE.items():
        response.headers[name] = value
    return response


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The same headers and nothing behind them; the length is that of the whole, where it is known."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = iter(())
    elif isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    return response


def json(value: Any) -> bytes:
    """A value as compact UTF-8 JSON."""
    return orjson.dumps(value)


def tag(seed: bytes) -> str:
    """An ETag made of what it stands for; weak, because compressed and plain copies share it."""
    return f'W/"{blake2b(seed, digest_size=12).hexdigest()}"'


def holds(known: str, etag: str) -> bool:
    """Whether an `If-None-Match` names this version."""
    tags = {one.removeprefix("W/") for one in parse_etags(known)}
    return "*" in tags or etag.removeprefix("W/") in tags


def unchanged(request: HttpRequest, etag: str, modified: datetime | None = None) -> HttpResponse | None:
    """304 when the client already holds this version, otherwise None (RFC 9110: If-None-Match wins over If-Modified-Since)."""
    if known := request.META.get("HTTP_IF_NONE_MATCH"):
        same = holds(known, etag)
    else:
        since = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", "")) if modified else None
        same = bool(since and modified and int(modified.timestamp()) <= since)
    return label(HttpResponse(status=304), etag, modified) if same else None


def label(response: Response, etag: str, modified: datetime | None = None) -> Response:
    """The headers by which caches know a version."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    if modified:
        response.headers["Last-Modified"] = http_date(modified.timestamp())
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


@dataclass
class Body:
    """What is answered, and once somebody asked for it so, packed; `headers` belong to it."""

    plain: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def packed(self) -> bytes:
        """Compressed: the same bytes every time."""
        return gzip.compress(self.plain, LEVEL, mtime=0)


class Shelf:
    """Bodies made lately, by their ETags: while the index stays as it is, what many ask for is made once.

    Only for what is made of the index alone, so that nothing is told longer than the index tells it.
    """

    def __init__(self, room: int) -> None:
        self.room, self.taken = room, 0
        self.bodies: OrderedDict[str, Body] = OrderedDict()
        self.lock = Lock()

    def body(self, etag: str, make: Callable[[], Body]) -> Body:
        """The body with this ETag; made now, if it is not here."""
        with self.lock:
            if held := self.bodies.get(etag):
                self.bodies.move_to_end(etag)
                return held
        made = make()
        with self.lock:
            if etag not in self.bodies:
                self.bodies[etag] = made
                self.taken += len(made.plain)
            while self.taken > self.room:
                self.taken -= len(self.bodies.popitem(last=False)[1].plain)
        return made


def answer(request: HttpRequest, body: bytes | Body, kind: str = JSON, *, etag: str = "", modified: datetime | None = None) -> HttpResponse:
    """The body, compressed where the client can read it, or 304. Without an `etag` one is made from the body."""
    whole = body if isinstance(body, Body) else Body(body)
    etag = etag or tag(whole.plain)
    if same := unchanged(request, etag, modified):
        return same
    is_packed = len(whole.plain) > SMALL and takes_gzip(request)
    response = HttpResponse(whole.packed if is_packed else whole.plain, content_type=kind, headers=whole.headers)
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))
    return label(response, etag, modified)


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the client reads gzip; `gzip;q=0` is a no."""
    return reads_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=256)
def reads_gzip(accepted: str) -> bool:
    """The same for an `Accept-Encoding` as it came."""
    return any(re.fullmatch(r"(gzip|\*)(;q=(1(\.0*)?|0?\.\d*[1-9]\d*))?", part.replace(" ", "").lower()) for part in accepted.split(","))


def zipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A stream compressed on its way, with memory for one chunk."""
    packer = compressobj(LEVEL, DEFLATED, MAX_WBITS | 16)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()
