"""What caches may keep: guests' pages for all, what a signed-in person saw for nobody, files for ever."""

import pytest
from django.test import Client

from tests.cast import BERLIN, organisation
from tests.people.ways import person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_house(db: None) -> None:
    organisation("Haus eG", "Berlin", BERLIN)


def test_a_guests_page_stays_public_and_differs_by_cookie(client: Client) -> None:
    headers = client.get("/o/haus-eg/").headers
    assert headers["Cache-Control"].startswith("public, max-age=")
    assert "Cookie" in headers["Vary"]


def test_the_same_page_is_private_for_somebody_signed_in(client: Client) -> None:
    headers = sign_in(client, person()).get("/o/haus-eg/").headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in headers["Vary"]


def test_not_modified_says_it_too(client: Client) -> None:
    first = client.get("/o/haus-eg/")
    tag = (
        {"If-None-Match": first.headers["ETag"]}
        if "ETag" in first.headers
        else {"If-Modified-Since": first.headers.get("Last-Modified", "")}
    )
    guest = client.get("/o/haus-eg/", headers=tag)
    sign_in(client, person())
    again = client.get("/o/haus-eg/")
    tag = {"If-None-Match": again.headers["ETag"]} if "ETag" in again.headers else tag
    known = client.get("/o/haus-eg/", headers=tag)
    assert "Cookie" in guest.headers["Vary"] and "Cookie" in known.headers["Vary"]
    assert known.headers["Cache-Control"] == "private, no-cache"


def test_even_an_expired_session_is_private(client: Client) -> None:
    client.cookies["allmende_sitzung"] = "langstvorbei"
    assert client.get("/o/haus-eg/").headers["Cache-Control"] == "private, no-cache"


def test_programs_and_files_are_left_alone(client: Client) -> None:
    sign_in(client, person())
    assert "private" not in client.get("/api/v1/").headers.get("Cache-Control", "")
    assert "Cookie" not in client.get("/api/v1/").headers.get("Vary", "")
    static = client.get("/static/web/base.css")
    assert "private" not in static.headers.get("Cache-Control", "")


def test_a_page_that_sets_a_cookie_is_for_one_only(client: Client) -> None:
    response = client.get("/konto/anmelden/")
    assert "allmende_csrf" in response.cookies
    assert "no-store" in response.headers["Cache-Control"] or response.headers["Cache-Control"] == "private, no-cache"


def test_no_page_of_mine_may_be_kept(client: Client) -> None:
    sign_in(client, person())
    for address in ("/mein/", "/mein/daten/", "/mein/daten/herunterladen/", "/konto/sitzungen/", "/konto/zwei-faktor/"):
        control = client.get(address).headers["Cache-Control"]
        assert "private" in control, address
