"""What the tests of offers and needs stand on: two cooperatives, their people, categories."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from allmende.directory.models import Organisation, Role, Stewardship, Term
from allmende.exchange import actions
from allmende.exchange.models import Listing
from allmende.people.models import Person
from tests.cast import BERLIN, HAMBURG, organisation, term

Opening = Callable[..., Listing]


def person(name: str, **more: Any) -> Person:
    """Somebody with an account."""
    return Person.objects.create_user(f"{name}@leute.example", name=name, **more)


def steward(item: Organisation, name: str, role: str = Role.OWNER) -> Person:
    """Somebody who belongs to an organisation."""
    found = person(name)
    Stewardship.objects.create(person=found, organisation=item, role=role, proof="granted", since=timezone.now())
    return found


@pytest.fixture
def shop(db: None) -> Organisation:
    """A farm shop in Hamburg."""
    return organisation("Hofladen Probe eG", "Hamburg", HAMBURG)


@pytest.fixture
def garden(db: None) -> Organisation:
    """Another cooperative, in Berlin."""
    return organisation("Garten Probe eG", "Berlin", BERLIN)


@pytest.fixture
def anna(shop: Organisation) -> Person:
    """Answers for the shop."""
    return steward(shop, "anna")


@pytest.fixture
def emil(shop: Organisation) -> Person:
    """A plain member of the shop."""
    return steward(shop, "emil", Role.MEMBER)


@pytest.fixture
def clara(garden: Organisation) -> Person:
    """Answers for the garden."""
    return steward(garden, "clara")


@pytest.fixture
def frida(db: None) -> Person:
    """Caretaker of the house."""
    return person("frida", is_caretaker=True)


@pytest.fixture
def bikes(db: None) -> Term:
    """A category."""
    head = term("exchange", "mobility-exchange", "Fahrzeuge und Transport", "Vehicles and transport")
    return term("exchange", "bikes", "Fahrräder und Lastenräder", "Bicycles and cargo bikes", parent=head)


@pytest.fixture
def said(shop: Organisation, bikes: Term) -> dict[str, Any]:
    """What a form says of a good offer."""
    return {
        "direction": "offer",
        "organisation": shop,
        "title": "Lastenrad zum Ausleihen",
        "text": "Unser Lastenrad steht **werktags** bereit.",
        "category": bikes,
        "tags": ["Lastenrad"],
        "town": "Hamburg",
        "lat": HAMBURG[0],
        "lon": HAMBURG[1],
        "terms": "gift",
        "until": timezone.localdate() + timedelta(days=30),
    }


@pytest.fixture
def opened(said: dict[str, Any], anna: Person) -> Opening:
    """Open a listing like `said` with changes."""

    def make(*, by: Person | None = None, as_draft: bool = False, **changes: Any) -> Listing:
        return actions.open_listing(said | changes, by=by or anna, as_draft=as_draft)

    return make
