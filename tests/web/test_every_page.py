"""What holds for every page: status, headers, no cookie, valid HTML, one main heading, the way to the other language."""

import gzip
import re
from pathlib import Path

import html5lib
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from tests.cast import BERLIN, organisation, source
from tests.people.ways import person, sign_in
from tests.web.pages import addresses, names

pytestmark = pytest.mark.django_db
SPECIAL = {"/o/haus-eg/": 200, "/en/o/haus-eg/": 200, "/nichts/": 404, "/en/nichts/": 404, "/karte/?nonsense=1": 400}
EMBEDDED = ("/karte/rahmen/", "/en/karte/rahmen/")
ALL = [*dict.fromkeys(addresses()), *SPECIAL]


@pytest.fixture(autouse=True)
def a_house(db: None) -> None:
    cache.clear()
    organisation("Haus eG", "Berlin", BERLIN, sector="housing", from_source=source())


def get(client: Client, address: str, status: int = 0) -> HttpResponse:
    response: HttpResponse = client.get(address)
    if response.status_code == 302 and "/konto/anmelden/" in response.headers["Location"]:  # a page of those who are signed in
        sign_in(client, person(name="Anna", is_caretaker=True))
        response = client.get(address)
    if response.status_code == 405:
        pytest.skip("takes forms only")
    assert response.status_code == (status or SPECIAL.get(address, 200))
    return response


def html(client: Client, address: str) -> str:
    response = get(client, address)
    if not response.headers["Content-Type"].startswith("text/html"):
        pytest.skip("not a page")
    return response.content.decode()


def test_the_pages_are_found() -> None:
    assert {"home:start", "home:imprint", "web:components", "atlas:map", "atlas:figures", "opendata:data"} <= set(names())


@pytest.mark.parametrize("address", ALL)
def test_guests_get_no_cookie_but_the_guard_of_a_form(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code in {SPECIAL.get(address, 200), 302, 405}
    has_form = b'method="post"' in response.content
    assert set(response.cookies) <= ({settings.CSRF_COOKIE_NAME} if has_form else set())
    is_page = response.headers["Content-Type"].startswith("text/html")
    assert ("Cookie" in response.headers.get("Vary", "")) == is_page  # pages differ by who is signed in, files do not


@pytest.mark.parametrize("address", ALL)
def test_every_page_is_guarded(client: Client, address: str) -> None:
    headers = get(client, address).headers
    policy = dict(directive.strip().split(" ", 1) for directive in headers["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["base-uri"]) == ("'none'", "'none'")
    assert (policy["script-src"], policy["style-src"], policy["form-action"]) == ("'self'",) * 3
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    if address.startswith(EMBEDDED):
        assert "X-Frame-Options" not in headers
    else:
        assert headers["X-Frame-Options"] == "DENY"
        assert policy["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("address", ALL)
def test_every_page_is_valid_html(client: Client, address: str) -> None:
    html5lib.HTMLParser(strict=True).parse(html(client, address))


@pytest.mark.parametrize("address", ALL)
def test_nothing_is_styled_or_scripted_inline(client: Client, address: str) -> None:
    page = html(client, address)
    assert re.findall(r'<style|\sstyle="|\son[a-z]+="|<script(?![^>]*\b(?:src|type="application/(?:ld\+)?json")=?)[^>]*>', page) == []


@pytest.mark.parametrize("address", ALL)
def test_every_page_loads_only_from_here(client: Client, address: str) -> None:
    page = html(client, address)
    loaded = re.findall(r'<(?:script|img|source|iframe)[^>]*\b(?:src|srcset)="([^"]*)"', page) + re.findall(
        r'<link rel="(?:stylesheet|preload|icon|modulepreload)"[^>]*href="([^"]*)"', page
    )
    own = [one.removeprefix("http://testserver") for one in loaded]
    assert [one for one in own if not one.startswith("/") or one.startswith("//")] == []


@pytest.mark.parametrize("address", ALL)
def test_headings_leave_no_level_out(client: Client, address: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", html(client, address))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [pair for pair in zip(levels, levels[1:], strict=False) if pair[1] > pair[0] + 1] == []


@pytest.mark.parametrize("address", ALL)
def test_ids_are_used_once(client: Client, address: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', html(client, address))
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


@pytest.mark.parametrize("address", ALL)
def test_the_language_is_the_one_of_the_address_and_the_other_is_one_link_away(client: Client, address: str) -> None:
    page = html(client, address)
    language = "en" if address.startswith("/en/") else "de"
    assert f'<html lang="{language}">' in page
    if "rahmen" in address:
        return
    other = address.removeprefix("/en") if language == "en" else "/en" + address
    wanted = other.replace("&", "&amp;")
    assert f'<link rel="alternate" hreflang="{"de" if language == "en" else "en"}" href="{wanted}">' in page
    get(client, other, SPECIAL.get(address, 200))


@pytest.mark.parametrize("address", ["/", "/austausch/", "/datenschutz/", "/bausteine/", "/zahlen/", "/daten/", "/o/haus-eg/"])
def test_a_page_is_light(client: Client, address: str) -> None:
    """HTML, styles, scripts and fonts, compressed, stay under 150 kB."""
    page = html(client, address)
    files = set(re.findall(r'(?:href|src)="/static/([^"#]+\.(?:css|mjs|js|svg))', page))
    fonts = [path for path in _folder("web/fonts").glob("*.woff2") if "-ext" not in path.name]
    weight = len(gzip.compress(page.encode())) + sum(path.stat().st_size for path in fonts)
    weight += sum(len(gzip.compress(_file(name).read_bytes())) for name in files)
    print(f"{address}: {weight / 1000:.0f} kB")
    assert weight < 150_000


def _file(name: str) -> Path:
    found = finders.find(name)
    assert isinstance(found, str)
    return Path(found)


def _folder(name: str) -> Path:
    return _file(name)
