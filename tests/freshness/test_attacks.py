"""Websites of entries that lead to neighbours of this machine."""

import pytest

from allmende.freshness.fetching import is_public


@pytest.mark.parametrize("address", [
    "192.0.0.192", "192.88.99.1", "fec0::1", "3fff::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::",
    "::127.0.0.1", "fe80::1%eth0", "100.100.100.200",
])  # fmt: skip
def test_neighbours_are_not_public(address: str) -> None:
    assert not is_public(address)
