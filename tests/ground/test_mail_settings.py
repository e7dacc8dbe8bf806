"""What the environment says about mail: the server, the sender, the address of links."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from allmende.config.environment import Environment
from allmende.ground import checks


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", ("localhost", 25, "", "", False, False)),
        ("smtp://u%40x:p%2Fw@mail.example.org:2525?tls=starttls", ("mail.example.org", 2525, "u@x", "p/w", True, False)),
        ("smtp://mail.example.org?tls=starttls", ("mail.example.org", 587, "", "", True, False)),
        ("smtps://u:p@mail.example.org", ("mail.example.org", 465, "u", "p", False, True)),
    ],
)
def test_one_address_says_all_about_the_mail_server(url: str, expected: tuple[object, ...]) -> None:
    *found, timeout = Environment(smtp_url=url).smtp().values()
    assert (tuple(found), timeout) == (expected, 30)


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://mail.example.org?tls=maybe"])
def test_a_wrong_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must look like smtp://"):
        Environment(smtp_url=url).smtp()


def test_no_address_is_no_mail_server() -> None:
    assert Environment(smtp_url="").smtp() == {}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", '"Our map" <allmende@karte.example.org>'),
        ("post@example.org", '"Our map" <post@example.org>'),
        ("Karte <post@example.org>", "Karte <post@example.org>"),
        ("post@example.org\nBcc: eve@example.org", '"Our map" <post@example.org Bcc: eve@example.org>'),
    ],
)
def test_letters_come_from_the_house(given: str, expected: str) -> None:
    assert Environment(mail_from=given, site_name="Our map", address="https://karte.example.org").sender() == expected


@pytest.mark.parametrize(
    ("hosts", "https", "expected"),
    [
        (["localhost", "127.0.0.1"], False, "http://localhost:8001"),
        (["karte.example.org"], True, "https://karte.example.org"),
        (["*"], False, "http://localhost:8001"),
    ],
)
def test_links_begin_with_the_first_host_when_no_address_is_set(hosts: list[str], https: bool, expected: str) -> None:
    assert Environment(address="", hosts=hosts, https=https, port="8001").link_address() == expected


def test_a_house_in_public_without_a_mail_server_is_told(settings: Any) -> None:
    assert checks.mail(None) == []
    settings.SECURE_SSL_REDIRECT, settings.DELIVERY_BACKEND = True, "allmende.ground.delivery.Files"
    assert [one.id for one in checks.mail(None)] == ["ground.W001"]
    settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert checks.mail(None) == []


@pytest.mark.parametrize(
    ("address", "wrong"), [("bounces", True), ("a@b@c", True), ("bounces@example.org", False), ("bounces+{token}@example.org", False)]
)
def test_where_letters_return_to_is_an_address(address: str, wrong: bool, settings: Any) -> None:
    settings.BOUNCE_ADDRESS = address
    assert [one.id for one in checks.mail(None)] == (["ground.E001"] if wrong else [])
