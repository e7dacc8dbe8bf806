"""Broken requests get a page with a sentence, in the visitor's language, and never a fault."""

import re
from pathlib import Path

import pytest
from django.test import Client

from allmende.config.environment import Environment

pytestmark = pytest.mark.django_db
BIG = b"a=" + b"x" * 10_000_000


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/?q=%00", 400),
        ("/karte/?q=%00", 400),
        ("/%00", 400),
        ("/?q=%ff", 400),
        ("/karte/?%ff=1", 400),
        ("/%ff", 404),
        ("/o/%ff/", 404),
        ("/nichts", 404),
        ("/?q=" + "x" * 9_000, 414),
        ("/" + "x" * 5_000, 404),
        ("/sitemap-99999999999999999999.xml", 404),
    ],
)
def test_a_broken_address_is_refused_with_a_sentence(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert b'<p class="lead">' in response.content
    assert not response.cookies


def test_the_refusal_speaks_the_language_of_the_address(client: Client) -> None:
    assert b'<html lang="en">' in client.get("/en/?q=%00").content
    assert b'<html lang="de">' in client.get("/?q=%00").content


@pytest.mark.parametrize("address", ["/en//evil.example", "/en/%5Cevil.example", "/en/%09/evil.example"])
def test_the_link_to_the_other_language_never_leaves_the_house(client: Client, address: str) -> None:
    links = re.findall(r'href="([^"]*evil[^"]*)"', client.get(address).content.decode())
    assert set(links) <= {"/%2Fevil.example", "/%5Cevil.example", "/%09/evil.example"}
    assert links


def test_programs_get_problem_details(client: Client) -> None:
    response = client.get("/nichts.json")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/", "/austausch/", "/impressum/", "/bausteine/", "/healthz"])
def test_pages_can_only_be_read(client: Client, method: str, address: str) -> None:
    response = getattr(client, method)(address)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("address", ["/", "/nichts/", "/karte/"])
def test_ten_megabytes_of_form_are_too_much(client: Client, address: str) -> None:
    assert client.post(address, BIG, content_type="application/x-www-form-urlencoded").status_code == 413


def test_ten_megabytes_of_file_are_not_read_where_nothing_is_asked(client: Client) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n' + BIG + b"\r\n--x--\r\n"
    assert client.post("/vorschlagen/", body, content_type="multipart/form-data; boundary=x").status_code == 413
    assert client.post("/verwaltung/", body, content_type="multipart/form-data; boundary=x").status_code == 302


@pytest.mark.parametrize("length", ["-1", "many", "1e9"])
def test_a_length_that_is_none_is_refused(client: Client, length: str) -> None:
    assert client.get("/", CONTENT_LENGTH=length).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver:port"])
def test_a_foreign_host_is_refused(client: Client, host: str) -> None:
    assert client.get("/", HTTP_HOST=host).status_code == 400


def test_a_head_request_gets_headers_only(client: Client) -> None:
    response = client.head("/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("length", ["\u00b2", "1_0"])
def test_a_length_of_other_digits_is_refused(client: Client, length: str) -> None:
    assert client.get("/", CONTENT_LENGTH=length).status_code == 400


def test_static_files_are_guarded_like_pages(client: Client) -> None:
    headers = client.get("/static/web/base.css").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_folder_of_the_database_is_for_the_house_alone(tmp_path: Path) -> None:
    house = Environment(var=tmp_path / "var", database_url="")
    house.database()
    house.secret_key()
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("var", "var/secret-key")] == [0o700, 0o600]


def test_a_button_s_address_opened_as_a_page_says_so(client: Client) -> None:
    response = client.get("/pflege/wer/1/beenden/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "<h1" in response.content.decode()
