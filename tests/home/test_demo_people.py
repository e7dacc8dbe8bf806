"""The demo people: marked as such, without a password, loaded once, and each with something to do."""

import pytest

from allmende.directory.demo import load as network
from allmende.ground.models import Letter
from allmende.home.demo import people
from allmende.people.models import Person
from allmende.stewards.queries import claims_waiting
from allmende.suggestions.queries import proposals_waiting, suggestions_waiting

pytestmark = pytest.mark.django_db


def test_without_the_demo_network_there_are_no_demo_people() -> None:
    assert people.load() == 0
    assert not Person.objects.filter(is_service=False).exists()


def test_they_come_once_say_what_they_are_and_have_something_to_do() -> None:
    network.load()
    assert (people.load(), people.load()) == (12, 0)
    found = Person.objects.filter(email__endswith="@demo.example")
    assert all(one.name.endswith("(Demo)") and not one.has_usable_password() for one in found)
    anna, frida, gustav = (Person.objects.get(email=f"{name}@demo.example") for name in ("anna", "frida", "gustav"))
    assert suggestions_waiting(anna).count() == 1
    assert (claims_waiting(frida).count(), proposals_waiting(frida).count()) == (1, 1)
    assert (claims_waiting(gustav).count(), proposals_waiting(gustav).count()) == (1, 1)
    assert not Letter.objects.filter(to__endswith="@demo.example").exists()
