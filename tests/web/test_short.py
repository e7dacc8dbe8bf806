"""The short way in gives what the long way gives, byte by byte: whatever is asked, good, bad or hostile."""

import logging
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote
from wsgiref.types import WSGIApplication

import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import URLResolver, get_resolver, resolve
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as some

from allmende.ground import replicas
from allmende.web import short
from allmende.web.short import Shortcut
from tests.cast import BERLIN, HAMBURG, organisation, source, term

pytestmark = pytest.mark.django_db
API_ROUTES = {
    f"api/v1/{name}"
    for name in (
        "openapi.json",
        "cooperatives/openapi.json",
        "organisations",
        "entries",
        "organisations/<id>",
        "terms",
        "suggest",
        "points",
        "sources",
        "version",
        "listings",
    )
}
Answer = tuple[str, list[tuple[str, str]], bytes]
API = "/api/v1/"
HOST = "testserver"


@pytest.fixture(autouse=True)
def _house(db: None) -> Iterator[None]:
    """A few entries; Django's handler would close the connection after each answer, and with it the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    logging.disable(logging.CRITICAL)
    term("legal_form", "eg", "eG")
    organisation("Hostsharing eG", "Hamburg", HAMBURG, sector="digital", website="https://example.org")
    organisation("Brotkorb eG", "Berlin", BERLIN, sector="food", from_source=source("osm", "ODbL-1.0"))
    organisation("Überall eG")
    yield
    logging.disable(logging.NOTSET)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def environ(path: str, query: str = "", method: str = "GET", **more: Any) -> dict[str, Any]:
    """A request as a server hands it over (PEP 3333): bytes of the address as letters of Latin-1."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_HOST": HOST,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **more,
    }


def asked(application: WSGIApplication, asking: dict[str, Any]) -> Answer:
    """Status, headers in alphabetical order, and body."""
    said: list[Any] = []
    parts = application({**asking, "wsgi.input": BytesIO()}, lambda status, headers, *_rest: said.extend([status, headers]))  # type: ignore[arg-type]
    body = b"".join(parts)
    if close := getattr(parts, "close", None):
        close()
    return said[0], sorted(said[1]), body


def never(*_asked: Any) -> Any:
    raise AssertionError("This goes the long way.")


def same(asking: dict[str, Any], *, is_short: bool | None = None) -> Answer:
    """What both ways say to a request; each begins with nothing remembered. `is_short` says which way it must take."""
    long_way = WSGIHandler()
    cache.clear()
    expected = asked(long_way, asking)
    cache.clear()
    taken: list[str] = []

    def noted(asking: Any, start: Any) -> Any:
        taken.append("long")
        return long_way(asking, start)

    found = asked(Shortcut(noted), asking)
    assert taken or found == expected  # the long way twice may give two different tokens
    if is_short is not None:
        assert (not taken) is is_short
    return found


GOOD = [
    ("entries", ""), ("entries", "near=53.55,10&per_page=1"),
    ("organisations", ""), ("organisations", "q=hosting&per_page=1"), ("organisations", "sector=food&bbox=9,52,14,54"),
    ("organisations", "near=53.55,10&radius=50&sort=near"), ("organisations", "page=2&per_page=1&sort=name"),
    ("organisations/hostsharing-eg", ""), ("suggest", "q=Ham"), ("suggest", "q=%C3%9Cber"), ("points", "zoom=4"),
    ("points", "bbox=9,53,11,54&zoom=12"), ("terms", "tree=sector"), ("sources", ""), ("version", ""), ("openapi.json", ""),
]  # fmt: skip


@pytest.mark.parametrize(("address", "query"), GOOD)
@pytest.mark.parametrize("language", ["", "en", "de-AT,de;q=0.9,en;q=0.5"])
@pytest.mark.parametrize("coding", ["", "gzip"])
def test_good_requests_are_answered_on_the_short_way_as_on_the_long_one(address: str, query: str, language: str, coding: str) -> None:
    said = {"HTTP_ACCEPT_LANGUAGE": language, "HTTP_ACCEPT_ENCODING": coding}
    status, headers, body = same(environ(API + address, query, **said), is_short=True)
    assert status == "200 OK"
    told = dict(headers)
    again = same(environ(API + address, query, HTTP_IF_NONE_MATCH=told["ETag"], **said), is_short=True)
    assert (again[0], again[2]) == ("304 Not Modified", b"")
    head = same(environ(API + address, query, "HEAD", **said), is_short=True)
    assert head == (status, headers, b"")
    assert len(body) == int(told["Content-Length"])


@pytest.mark.parametrize(
    ("address", "query", "status"),
    [
        ("organisations", "page=0", 400), ("organisations", "colour=red", 400), ("organisations", "q=%00", 400),
        ("organisations", "q=%FF", 400), ("organisations", "q=" + "a" * 8001, 414), ("organisations/niemand", "", 404),
        ("points", "zoom=99", 400), ("suggest", "", 400), ("organisations", "&".join(f"x={n}" for n in range(300)), 400),
    ],
)  # fmt: skip
def test_refusals_are_the_same_and_short(address: str, query: str, status: int) -> None:
    answer = same(environ(API + address, query, HTTP_ACCEPT_LANGUAGE="en"), is_short=True)
    assert answer[0].startswith(str(status))
    assert ("Content-Type", "application/problem+json") in answer[1]


OUT_OF_THE_ORDINARY: dict[str, dict[str, Any]] = {
    "another method": {"method": "POST"},
    "asking what is allowed": {"method": "OPTIONS"},
    "a body": {"CONTENT_LENGTH": "5"},
    "a length that is none": {"CONTENT_LENGTH": "²"},
    "a body too large": {"CONTENT_LENGTH": "99999999999"},
    "an unknown host": {"HTTP_HOST": "elsewhere.example"},
    "a host that is none": {"HTTP_HOST": "a b\"><script>"},
    "a folder before the house": {"SCRIPT_NAME": "/haus"},
}  # fmt: skip


@pytest.mark.parametrize("what", OUT_OF_THE_ORDINARY)
def test_what_is_out_of_the_ordinary_goes_the_long_way(what: str) -> None:
    same(environ(API + "version", **OUT_OF_THE_ORDINARY[what]), is_short=False)


@pytest.mark.parametrize(
    "path", ["/", "/karte/", "/en/karte/", "/api/v1", "/api/v1/", "/api/v1/nichts", "//api/v1/version", "/api/v1/version/"]
)
def test_other_addresses_go_the_long_way(path: str) -> None:
    sent: list[str] = []

    def noted(asking: Any, _start: Any) -> list[bytes]:
        sent.append(asking["PATH_INFO"])
        return []

    Shortcut(noted)(environ(path), never)
    assert sent == [path]


COOKIES = [
    "allmende_sitzung=",
    "allmende_sitzung=unbekannt",
    "allmende_csrf=kaputt",
    "messages=x",
    "allmende_csrf=" + "a" * 32,
    "\x80=\xff; ;;",
]


@pytest.mark.parametrize("cookie", COOKIES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_cookies_are_neither_read_nor_set(cookie: str, method: str) -> None:
    with_one = same(environ(API + "organisations", method=method, HTTP_COOKIE=cookie))
    assert with_one == same(environ(API + "organisations", method=method))
    assert "Set-Cookie" not in dict(with_one[1])
    assert "Cookie" not in dict(with_one[1]).get("Vary", "")


@pytest.fixture
def _https(settings: Any) -> None:
    """As with ALLMENDE_HTTPS=1 behind a trusted proxy."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.usefixtures("_https")
def test_plain_requests_are_sent_to_https_and_secure_ones_are_told_to_stay() -> None:
    plain = same(environ(API + "version", "x=1"), is_short=False)
    assert plain[0].startswith("301") and ("Location", f"https://{HOST}/api/v1/version?x=1") in plain[1]
    secure = same(environ(API + "version", HTTP_X_FORWARDED_PROTO="https"), is_short=True)
    assert ("Strict-Transport-Security", "max-age=31536000") in secure[1]
    assert same(environ(API + "version", HTTP_X_FORWARDED_PROTO="http"), is_short=False)[0].startswith("301")


def test_the_same_bucket_runs_dry_on_both_ways(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_RATE = 2
    monkeypatch.setattr("allmende.web.limits.time", lambda: 1_000_000.0)
    ways: list[WSGIApplication] = [WSGIHandler(), Shortcut(never)]
    answers = []
    for way in ways:
        cache.clear()
        answers.append([asked(way, environ(API + "version")) for _ in range(3)])
    assert answers[0] == answers[1]
    assert [one[0] for one in answers[1]] == ["200 OK", "200 OK", "429 Too Many Requests"]
    assert asked(ways[0], environ(API + "version"))[0].startswith("429")  # and it is one bucket for both


class Line:
    """A connection to a database that notes when it is looked after."""

    def __init__(self, in_atomic_block: bool) -> None:
        self.in_atomic_block, self.looked_after = in_atomic_block, 0

    def close_if_unusable_or_obsolete(self) -> None:
        self.looked_after += 1


def test_old_and_broken_connections_are_closed_before_and_after_but_for_those_inside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    free, busy = Line(in_atomic_block=False), Line(in_atomic_block=True)
    monkeypatch.setattr(short.connections, "all", lambda initialized_only: [free, busy])
    asked(Shortcut(never), environ(API + "version"))
    assert (free.looked_after, busy.looked_after) == (2, 0)
    monkeypatch.setattr("allmende.opendata.queries.sources", lambda: 1 / 0)
    asked(Shortcut(never), environ(API + "sources"))
    assert (free.looked_after, busy.looked_after) == (4, 0)


def test_what_a_replica_could_not_say_is_asked_again_from_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    once = asked(Shortcut(never), environ(API + "organisations", "per_page=1", "HEAD"))
    monkeypatch.setattr(replicas, "read", lambda answer: (answer(), answer())[1])
    assert asked(Shortcut(never), environ(API + "organisations", "per_page=1", "HEAD")) == once


def test_a_fault_is_told_whole_and_noted(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    logging.disable(logging.NOTSET)
    monkeypatch.setattr("allmende.opendata.queries.sources", lambda: 1 / 0)
    status, headers, body = same(environ(API + "sources", HTTP_ACCEPT_LANGUAGE="en"), is_short=True)
    assert status == "500 Internal Server Error"
    assert ("Content-Type", "application/problem+json") in headers and b"ZeroDivision" not in body
    assert len([line for line in caplog.records if line.levelname == "ERROR" and "/api/v1/sources" in line.getMessage()]) == 2


def test_the_language_of_one_answer_is_not_that_of_the_next(client: Any) -> None:
    from django.utils import translation

    asked(Shortcut(never), environ(API + "version", HTTP_ACCEPT_LANGUAGE="en"))
    assert translation.get_language() == "de"


def test_every_short_door_is_found_where_the_addresses_have_it() -> None:
    """And no other route stands before it, so that both ways lead to the same view."""
    found = {str(one.pattern): one.view for one in short.routes()}
    assert {route for route in found if route.startswith("api/")} == API_ROUTES
    for one in short.routes():
        path = "/" + str(one.pattern).replace("<id>", "hostsharing-eg")
        for kind in ("int:z", "int:x", "int:y", "int:pk"):
            path = path.replace(f"<{kind}>", "0")
        assert resolve(path).func is one.view


def test_a_short_door_has_one_language() -> None:
    """Marked behind a language prefix, a door would be found on one way only."""

    def walk(patterns: Any, inside: bool = False) -> Iterator[Any]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, inside or type(one.pattern).__name__ == "LocalePrefixPattern")
            elif inside and getattr(one.callback, "is_short", False):
                yield one

    assert list(walk(get_resolver().url_patterns)) == []


# ----------------------------------------------------------------------------------------------------------- whatever is asked

NAMES = [
    "q",
    "sector",
    "bbox",
    "near",
    "radius",
    "place",
    "page",
    "per_page",
    "zoom",
    "sort",
    "fresh",
    "tree",
    "country",
    "x",
    "share_alike",
]
VALUES = [
    "", "0", "1", "2", "-1", "eG", "food", "digital,food", "9,53,11,54", "170,-20,-170,20", "53.55,10", "Hamburg", "near", "name", "DE",
    "3", "never", "sector", "99999999999999999999", "nan", "1e9", "²", "%00", "%FF", "%ED%A0%80", "%F0%9F%8C%8D", "+", "%2B", "'\"<b>",
    "a" * 300,
]  # fmt: skip
texts = some.text(max_size=30).map(quote)
values = some.sampled_from(VALUES) | texts
pairs = some.tuples(some.sampled_from(NAMES) | texts, values).map("=".join)
queries = some.lists(pairs, max_size=5).map("&".join) | some.binary(max_size=40).map(lambda raw: raw.decode("latin-1").replace("\n", ""))
tails = some.sampled_from(
    ["organisations", "organisations/hostsharing-eg", "suggest", "points", "terms", "sources", "version", "openapi.json", "", "nichts"]
)
paths = (tails | texts.map(lambda text: f"organisations/{text}") | some.text(max_size=12)).map(lambda tail: API + tail)
headers = some.fixed_dictionaries(
    {},
    optional={
        "HTTP_ACCEPT_LANGUAGE": some.sampled_from(["de", "en", "fr", "en-US,de;q=0.1", "*", ";;;", "x" * 600, "\xff"])
        | some.text(max_size=20),
        "HTTP_ACCEPT_ENCODING": some.sampled_from(["gzip", "br, gzip;q=0", "*", "gzip;q=0.5", "", "\xff"]),
        "HTTP_ACCEPT": some.sampled_from(["text/html", "application/json", "*/*", ""]),
        "HTTP_IF_NONE_MATCH": some.sampled_from(["*", 'W/"x"', '"x", W/"y"', "unquoted", ""]) | some.text(max_size=20),
        "HTTP_IF_MODIFIED_SINCE": some.sampled_from(["Sun, 06 Nov 2044 08:49:37 GMT", "gestern", "Sun, 06 Nov 1994 08:49:37 GMT"]),
        "HTTP_COOKIE": some.sampled_from(COOKIES),
        "HTTP_ORIGIN": some.sampled_from(["https://elsewhere.example", "null"]),
        "HTTP_HOST": some.sampled_from([HOST, f"{HOST}:80", "localhost", "elsewhere.example", ""]),
        "HTTP_X_FORWARDED_PROTO": some.sampled_from(["https", "http", "https, http"]),
        "HTTP_X_FORWARDED_FOR": some.sampled_from(["198.51.100.1", "\xff", "a, b"]),
        "CONTENT_LENGTH": some.sampled_from(["", "0", "3", "-1", "²"]),
        "CONTENT_TYPE": some.sampled_from(["application/json", "multipart/form-data; boundary=x", "text/plain; charset=nothing"]),
    },
)


def plenty(function: Callable[..., None]) -> Callable[..., None]:
    return effort(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)(function)


@plenty
@given(path=paths, query=queries, method=some.sampled_from(["GET"] * 6 + ["HEAD", "OPTIONS", "POST", "BREW"]), said=headers)
def test_whatever_is_asked_both_ways_say_the_same(path: str, query: str, method: str, said: dict[str, str]) -> None:
    same(environ(path, query, method, **said))


@plenty
@given(query=queries, said=headers)
@pytest.mark.usefixtures("_https")
def test_also_behind_https(query: str, said: dict[str, str]) -> None:
    same(environ(API + "points", query, **{"HTTP_X_FORWARDED_PROTO": "https", **said}))
