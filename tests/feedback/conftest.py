"""What these tests stand on."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from allmende.directory.models import Organisation
from allmende.feedback.models import Round
from allmende.people.models import Person
from allmende.projects.models import Project
from tests.feedback.cast import asked, member_of, organisation, person, project_of, steward


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences are compared in English; pages choose their language by address."""
    with translation.override("en"):
        yield


@pytest.fixture
def network(db: None) -> Organisation:
    return organisation("Bund eG", kind="network")


@pytest.fixture
def shop(network: Organisation) -> Organisation:
    item = organisation("Hofladen Probe eG")
    member_of(network, item)
    return item


@pytest.fixture
def garden(network: Organisation) -> Organisation:
    item = organisation("Garten Probe eG")
    member_of(network, item)
    return item


@pytest.fixture
def bakery(network: Organisation) -> Organisation:
    item = organisation("Backstube Probe eG")
    member_of(network, item)
    return item


@pytest.fixture
def anna(shop: Organisation) -> Person:
    """Answers for the shop, which asks."""
    return steward(shop, "anna")


@pytest.fixture
def clara(garden: Organisation) -> Person:
    """Answers for the garden, which is asked."""
    return steward(garden, "clara")


@pytest.fixture
def dora(bakery: Organisation) -> Person:
    """Answers for the bakery, which is not asked."""
    return steward(bakery, "dora")


@pytest.fixture
def hanna(db: None) -> Person:
    """Belongs nowhere."""
    return person("hanna")


@pytest.fixture
def frida(db: None) -> Person:
    """Takes care of the whole house."""
    return person("frida", is_caretaker=True)


@pytest.fixture
def project(shop: Organisation) -> Project:
    return project_of(shop)


@pytest.fixture
def round_(project: Project, anna: Person, clara: Person, garden: Organisation) -> Round:
    """The shop asks the garden; both read the answers."""
    return asked(project, anna, garden)


def as_(who: Person | None) -> Client:
    """A browser with this person signed in."""
    client = Client()
    if who is not None:
        client.force_login(who)
    return client
