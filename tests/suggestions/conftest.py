"""The people of these tests, and how a form is filled in."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Organisation, Proof, Role, Stewardship
from allmende.people.models import Person
from allmende.suggestions import rules
from tests.cast import BERLIN, organisation


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests fill in forms faster than people; one test switches this off."""
    monkeypatch.setattr(rules, "FASTEST", timedelta(0))


@pytest.fixture
def haus(db: None) -> Organisation:
    return organisation(
        "Haus eG", "Berlin", BERLIN, sector="housing", summary="Ein Haus.", website="https://haus.example", email="post@haus.example"
    )


def person(name: str, **more: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name.capitalize(), **more)


def steward_of(item: Organisation, name: str = "steward", role: str = Role.EDITOR) -> Person:
    found = Person.objects.filter(email=f"{name}@example.org").first() or person(name)
    Stewardship.objects.create(organisation=item, person=found, role=role, proof=Proof.GRANTED, since=timezone.now())
    return found


@pytest.fixture
def steward(haus: Organisation) -> Person:
    return steward_of(haus)


@pytest.fixture
def caretaker(db: None) -> Person:
    return person("caretaker", is_caretaker=True)


def as_(who: Person | None) -> Client:
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


def filled(client: Client, address: str, **said: Any) -> dict[str, Any]:
    """The form of a page as it stands there, with these fields changed."""
    page = client.get(address).content.decode()
    form = re.search(r'<form class="stack.*?</form>', page, re.DOTALL)
    assert form, page
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag and 'type="checkbox"' not in tag:
            values[name[1]] = _plain(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form[0], re.DOTALL):
        values[name] = _plain(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return {**values, **said}


def _plain(text: str) -> str:
    from html import unescape

    return unescape(text).removeprefix("\n")


def send(client: Client, address: str, **said: Any) -> HttpResponse:
    """Open a page, change these fields of its form, send it."""
    response: HttpResponse = client.post(address, filled(client, address, **said))
    return response


Send = Callable[..., HttpResponse]
