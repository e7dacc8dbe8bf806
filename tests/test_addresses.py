"""Addresses are found by a look at the sign of each room, and never otherwise than without it."""

from collections.abc import Iterator

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from allmende.config.urls import Corridor


def corridors(patterns: list[URLPattern | URLResolver]) -> Iterator[Corridor]:
    for one in patterns:
        if isinstance(one, Corridor):
            yield one
        elif isinstance(one, URLResolver):
            yield from corridors(one.url_patterns)


EXAMPLES = {"slug": "a-b", "uuid": "00000000-0000-4000-8000-000000000000", "int": "17", "str": "x", "path": "a/b"}


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """An example of every address of a room, from its own patterns."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, before + str(one.pattern))
            continue
        written = before + str(one.pattern)
        while "<" in written:
            start, _lt, rest = written.partition("<")
            kind, _gt, end = rest.partition(">")
            written = start + EXAMPLES.get(kind.partition(":")[0] if ":" in kind else "str", "x") + end
        yield written


def test_the_sign_of_a_room_lets_through_every_address_it_has() -> None:
    found = list(corridors(get_resolver().url_patterns))
    assert len(found) > 40
    closed = []
    asked = 0
    for one in found:
        for address in addresses(one.url_patterns):
            if any(pattern.pattern.match(address) for pattern in one.url_patterns):
                asked += 1
                if not one.sign.match(address):
                    closed.append(address)
    assert closed == []
    assert asked > 400


@pytest.mark.parametrize("path", ["/nirgends/", "/genossenschaft/", "/genossenschaft/x/nirgends/", "/en/nirgends/"])
def test_what_no_room_has_is_not_found(path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(path)
