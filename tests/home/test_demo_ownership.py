"""The demo of co-ownership: lawful books, something that waits for everybody, marked, loaded once, and nobody gets mail of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate

from allmende.auditing.checks import examine
from allmende.constitution.models import Cooperative
from allmende.directory.demo import load as network
from allmende.ground.models import Letter
from allmende.home.demo import ownership, people
from allmende.joining.models import Application
from allmende.leaving.models import Termination
from allmende.members.models import Membership
from allmende.money import queries as money
from allmende.people.models import Notice, Person

pytestmark = pytest.mark.django_db
SHOP, NETWORK = "demo-hofladen-ackerglueck", "netzwerk-plattformgenossenschaften"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[int, int, int]]:
    """What loading returned: before the demo people were there, then, and once more."""
    with django_db_blocker.unblock(), transaction.atomic():
        network.load()
        early = ownership.load()
        people.load()
        letters = Letter.objects.count()
        found = (early, ownership.load(), ownership.load())
        assert Letter.objects.exclude(body="").count() <= letters
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper() -> None:
    """Takes the place of pytest-django's own: it would give every test a transaction of its own."""


def test_it_is_loaded_once_and_all_of_it_is_marked(loaded: tuple[int, int, int]) -> None:
    assert loaded == (0, 10, 0)
    assert {one.organisation.slug for one in Cooperative.objects.filter(is_demo=True)} == {SHOP, NETWORK}
    assert not Cooperative.objects.filter(is_demo=False).exists()
    assert all("(Demo)" in one.particulars.get().name for one in Membership.objects.all())
    assert not Notice.objects.filter(kind__startswith="members").exists()


def test_the_books_hold(loaded: tuple[int, int, int]) -> None:
    for cooperative in Cooperative.objects.all():
        assert [one.name for one in examine(cooperative, localdate()) if not one.holds] == []


def test_something_waits_for_everybody(loaded: tuple[int, int, int]) -> None:
    shop = Cooperative.objects.get(organisation__slug=SHOP)
    assert (Application.objects.filter(cooperative=shop).count(), Termination.objects.count()) == (1, 1)
    assert money.open_requests(shop).exists()


def test_its_pages_open(loaded: tuple[int, int, int], client: Client) -> None:
    shop = f"/genossenschaft/{SHOP}/"
    for who, pages in (
        (None, ("", "satzung/", "beitreten/", "beitraege/")),
        ("emil", ("", "ich/", "ich/konto/", "beitraege/", "ich/beitraege/")),
        ("anna", ("", "mitglieder/", "antraege/", "kasse/", "bank/", "austritte/", "pruefung/", "ueberschuss/")),
    ):
        if who:
            client.force_login(Person.objects.get(email=f"{who}@demo.example"))
        for page in pages:
            assert client.get(shop + page).status_code == 200, (who, page)
    client.force_login(Person.objects.get(email="ida@demo.example"))
    assert client.get(f"/genossenschaft/{NETWORK}/verbund/").status_code == 200
