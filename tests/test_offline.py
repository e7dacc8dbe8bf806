"""The tests' own promise: nothing leaves this machine, and the browser would tell."""

import socket
from typing import Any

import pytest


@pytest.mark.parametrize("host", ["example.org", "192.0.2.1", "2001:db8::1"])
def test_a_foreign_address_is_out_of_reach(host: str) -> None:
    with pytest.raises(AssertionError, match="works offline"):
        socket.create_connection((host, 443), timeout=1)


def test_this_machine_is_within_reach() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.mark.django_db
def test_the_browser_reaches_this_house_and_no_other(open_page: Any, live_server: Any) -> None:
    page = open_page()
    assert page.goto("/healthz").status == 200
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.invalid/")
    page.errors.clear()
    page.foreign.clear()
