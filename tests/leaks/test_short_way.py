"""The short way in: the same walk past Django's sessions and accounts. Whoever asks is a guest there, and hears what a guest hears."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from allmende.web import short
from tests.leaks.conftest import Walks
from tests.leaks.doors import Address, Route, addresses
from tests.leaks.scene import LEVELS, Scene
from tests.leaks.secrets import CARETAKER, GUEST, NEIGHBOUR, VIEWERS, values
from tests.leaks.test_every_channel import leaks
from tests.leaks.walk import Answer, Walker

pytestmark = pytest.mark.django_db
FINDERS = ("/api/v1/organisations?q=", "/api/v1/entries?q=", "/api/v1/points?zoom=18&q=", "/api/v1/suggest?q=")


class ShortClient(Client):
    """Asks short doors by the short way alone, with all its cookies; other doors as always (to sign in)."""

    def request(self, **asking: Any) -> Any:
        if not short.find(asking["PATH_INFO"]):
            return super().request(**asking)
        said: list[Any] = []
        body = short.Shortcut(_never)(self._base_environ(**asking), lambda status, told, *_rest: said.extend([status, told]))  # type: ignore[arg-type, attr-defined]
        return HttpResponse(b"".join(body), status=int(said[0].split()[0]), headers=dict(said[1]))


def _never(*_asked: Any) -> Any:
    raise AssertionError("This goes the long way.")


@pytest.fixture(scope="module")
def short_walks(scene: Scene) -> Walks:
    """`short_walks(viewer)`: what this viewer gets at every short door."""
    made: dict[str, list[Answer]] = {}

    def walk(viewer: str) -> list[Answer]:
        if viewer not in made:
            walker = Walker(scene, viewer, kind=ShortClient)
            made[viewer] = [walker.get(address) for address in addresses(scene) if short.find(urlsplit(address.path).path)]
        return made[viewer]

    return walk


def test_every_short_door_is_walked(short_walks: Walks) -> None:
    walked = short_walks(GUEST)
    assert len(walked) > 20
    assert len({answer.address.route for answer in walked}) == len(short.routes())
    assert {answer.status for answer in walked} <= {200, 204, 404}


@pytest.mark.parametrize("viewer", VIEWERS)
def test_nobody_reads_what_is_not_for_everybody(short_walks: Walks, viewer: str) -> None:
    answers = short_walks(viewer)
    assert leaks(answers) == []
    assert [str(answer) for answer in answers if answer.fault or answer.writes or answer.cookies] == []
    assert [f"{answer}: {secret.what}" for answer in answers for secret in answer.secrets if GUEST not in secret.sees] == []


@pytest.mark.parametrize("viewer", [one for one in VIEWERS if one != GUEST])
def test_who_is_signed_in_gets_what_a_guest_gets(short_walks: Walks, viewer: str) -> None:
    mine, theirs = short_walks(viewer), short_walks(GUEST)
    assert [(answer.address, answer.status, answer.headers) for answer in mine] == [
        (answer.address, answer.status, answer.headers) for answer in theirs
    ]


@pytest.mark.parametrize("viewer", [GUEST, CARETAKER])
def test_both_ways_say_the_same(walks: Walks, short_walks: Walks, viewer: str) -> None:
    long_way = {answer.address: answer for answer in walks(viewer)}
    for answer in short_walks(viewer):
        other = long_way[answer.address]
        assert (answer.status, answer.headers, answer.secrets) == (other.status, other.headers, other.secrets), str(answer)


@pytest.mark.parametrize("viewer", [GUEST, NEIGHBOUR])
@pytest.mark.parametrize("finder", FINDERS)
def test_a_hidden_word_finds_nothing_here_either(scene: Scene, viewer: str, finder: str) -> None:
    walker, told = Walker(scene, viewer, kind=ShortClient), []
    for name in ("description", "street", "register", "legal_name", "email", "phone"):
        address = Address(Route("", "", frozenset(), False), finder + values(LEVELS.index("stewards") + 1)[name])
        content = walker.client.get(address.path).content.decode()
        told += [name] if "offen-stewards" in content or "Offen stewards" in content else []
    assert told == []
