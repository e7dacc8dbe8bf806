"""How often one client may ask."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from allmende.web import limits

STRANGER = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> None:
    settings.API_RATE = 3
    cache.clear()


@pytest.mark.django_db
def test_who_asks_too_often_waits_and_is_told_how_long(client: Client) -> None:
    answers = [client.get("/api/v1/version", **STRANGER) for _ in range(4)]  # type: ignore[arg-type]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 20
    assert client.get("/api/v1/version", REMOTE_ADDR="203.0.113.10").status_code == 200


def test_a_file_weighs_more_than_a_small_request_but_is_never_out_of_reach(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "time", lambda: 1_000_000.0)
    request = RequestFactory().get("/", **STRANGER)  # type: ignore[arg-type]
    assert [limits.wait(request, cost=10), limits.wait(request, cost=10)] == [0, 60]
    settings.API_RATE = 25
    cache.clear()
    assert [limits.wait(request, cost=10) for _ in range(3)] == [0, 0, 12]


def test_the_bucket_fills_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr(limits, "time", lambda: now)
    request = RequestFactory().get("/", **STRANGER)  # type: ignore[arg-type]
    assert [limits.wait(request) for _ in range(4)] == [0, 0, 0, 20]
    now += 20
    assert [limits.wait(request) for _ in range(2)] == [0, 20]


def test_the_house_itself_and_a_rate_of_zero_are_not_limited(settings: Any) -> None:
    assert {limits.wait(RequestFactory().get("/")) for _ in range(9)} == {0}
    settings.API_RATE = 0
    assert {limits.wait(RequestFactory().get("/", **STRANGER)) for _ in range(9)} == {0}  # type: ignore[arg-type]


def test_addresses_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr(cache, "set", lambda key, *rest: kept.append(repr((key, rest))))
    limits.wait(RequestFactory().get("/", **STRANGER))  # type: ignore[arg-type]
    assert kept
    assert not any("203.0.113" in one for one in kept)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (2, "198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "10.0.0.1", "127.0.0.1"),
    ],
)
def test_only_trusted_proxies_may_name_the_client(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    import dataclasses

    settings.ENV = dataclasses.replace(settings.ENV, trusted_proxies=proxies)
    assert limits.client_address(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})) == address


def test_a_household_of_ipv6_addresses_is_one_client() -> None:
    """RFC 6177: a site has at least a /64, so single addresses in it are free."""
    asked = [limits.wait(RequestFactory().get("/", REMOTE_ADDR=f"2001:db8:1:2::{number:x}")) for number in range(4)]
    assert asked[:3] == [0, 0, 0] and asked[3] > 0
    assert limits.wait(RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:3::1")) == 0


@pytest.mark.django_db
def test_the_old_door_leads_to_signing_in_ten_times_a_minute(client: Client) -> None:
    statuses = [client.post("/verwaltung/login/", {"username": "a@b.c", "password": "x"}, **STRANGER).status_code for _ in range(11)]  # type: ignore[arg-type]
    assert statuses == [302] * 10 + [429]
