"""What the tests of conversations stand on: a shop with an offer, a garden that asks, their people."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Organisation, Role, Stewardship
from allmende.enquiries import actions
from allmende.enquiries.models import Enquiry
from allmende.exchange.models import Listing
from allmende.people.models import Person
from tests.cast import BERLIN, HAMBURG, organisation, term

Listed = Callable[..., Listing]


def person(name: str, **more: Any) -> Person:
    """Somebody with an account."""
    return Person.objects.create_user(f"{name}@leute.example", name=name.capitalize(), **more)


def steward(item: Organisation, name: str, role: str = Role.OWNER) -> Person:
    """Somebody who belongs to an organisation."""
    found = Person.objects.filter(email=f"{name}@leute.example").first() or person(name)
    Stewardship.objects.create(person=found, organisation=item, role=role, proof="granted", since=timezone.now())
    return found


def leaves(who: Person, item: Organisation) -> None:
    """They no longer belong to it."""
    Stewardship.objects.filter(person=who, organisation=item).update(until=timezone.now())


@pytest.fixture
def shop(db: None) -> Organisation:
    """A farm shop in Hamburg."""
    return organisation("Hofladen Probe eG", "Hamburg", HAMBURG, email="laden@hofladen.example", phone="+49 40 123")


@pytest.fixture
def garden(db: None) -> Organisation:
    """Another cooperative, in Berlin."""
    return organisation("Garten Probe eG", "Berlin", BERLIN)


@pytest.fixture
def anna(shop: Organisation) -> Person:
    """Answers for the shop."""
    return steward(shop, "anna")


@pytest.fixture
def ben(shop: Organisation) -> Person:
    """Edits the entry of the shop."""
    return steward(shop, "ben", Role.EDITOR)


@pytest.fixture
def emil(shop: Organisation) -> Person:
    """A plain member of the shop."""
    return steward(shop, "emil", Role.MEMBER)


@pytest.fixture
def clara(garden: Organisation) -> Person:
    """Answers for the garden."""
    return steward(garden, "clara")


@pytest.fixture
def dora(garden: Organisation) -> Person:
    """A plain member of the garden."""
    return steward(garden, "dora", Role.MEMBER)


@pytest.fixture
def frida(db: None) -> Person:
    """Caretaker of the house."""
    return person("frida", is_caretaker=True)


def listing(item: Organisation, title: str = "Lastenrad zum Ausleihen", **more: Any) -> Listing:
    """An open offer of an organisation, for everybody."""
    now = timezone.now()
    said = {"direction": "offer", "state": "open", "opened_at": now, "until": now.date() + timedelta(days=60), "terms": "gift"}
    said |= {"category": term("exchange", "bikes", "Fahrräder", "Bicycles"), "audience": "public"}
    return Listing.objects.create(organisation=item, title=title, **(said | more))


@pytest.fixture
def offer(shop: Organisation) -> Listing:
    """The shop lends its cargo bike."""
    return listing(shop)


@pytest.fixture
def asked(offer: Listing, garden: Organisation, clara: Person, anna: Person) -> Enquiry:
    """Clara asks for the garden; anna and who else looks after the shop can answer."""
    return actions.open_enquiry(offer, "Können wir das Rad am Montag sehen?", by=clara, organisation=garden)


def as_(who: Person | None) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


def fresh(item: Any) -> Any:
    """As the database has it now."""
    item.refresh_from_db()
    return item
