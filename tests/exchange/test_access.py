"""Who sees, changes and writes what: the no before the yes."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from allmende.directory.models import Belonging, Caretaking, Organisation, Role, State
from allmende.exchange import access, actions
from allmende.people.models import Person
from allmende.people.queries import service
from tests.exchange.conftest import Opening, person, steward

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()


@pytest.fixture
def viewers(shop: Organisation, garden: Organisation, anna: Person, emil: Person, clara: Person, frida: Person) -> dict[str, Any]:
    """Everybody who looks; the shop and the bakery belong to one network, the garden to none."""
    network, bakery = (Organisation.objects.create(name=name, slug=name.lower()) for name in ("Bund", "Backstube"))
    for member in (shop, bakery):
        Belonging.objects.create(network=network, member=member)
    regional = person("regional")
    Caretaking.objects.create(person=regional, country="AT")
    return {
        "guest": GUEST, "stranger": person("fremd"), "foreign steward": clara, "neighbour": steward(bakery, "nachbar"), "member": emil,
        "own steward": anna, "caretaker": frida, "caretaker elsewhere": regional, "service": service("dienst"),
    }  # fmt: skip


ALL = {"guest", "stranger", "foreign steward", "neighbour", "member", "own steward", "caretaker", "caretaker elsewhere", "service"}
NETWORK = {"neighbour", "member", "own steward", "caretaker", "caretaker elsewhere"}


@pytest.mark.parametrize(
    ("audience", "seen"),
    [("public", ALL), ("network", NETWORK), ("chosen", {"foreign steward", "member", "own steward", "caretaker"})],
)
def test_who_sees_an_open_listing(opened: Opening, viewers: dict[str, Any], garden: Organisation, audience: str, seen: set[str]) -> None:
    item = opened(audience=audience, chosen=[garden] if audience == "chosen" else [])
    found = {name for name, viewer in viewers.items() if access.open_listings_visible_to(viewer).filter(pk=item.pk).exists()}
    assert found == seen


def test_drafts_are_seen_by_those_who_may_change_them(opened: Opening, viewers: dict[str, Any]) -> None:
    item = opened(as_draft=True)
    assert {name for name, viewer in viewers.items() if access.listings_visible_to(viewer).filter(pk=item.pk).exists()} == {"own steward"}


def test_what_was_taken_off_is_seen_by_its_own_people_and_caretakers(opened: Opening, viewers: dict[str, Any], frida: Person) -> None:
    item = actions.hide_listing(opened(), by=frida, reason="Werbung")
    found = {name for name, viewer in viewers.items() if access.listings_visible_to(viewer).filter(pk=item.pk).exists()}
    assert found == {"own steward", "caretaker"}


def test_who_may_change_a_listing_of_an_organisation_and_one_of_a_member(opened: Opening, viewers: dict[str, Any], emil: Person) -> None:
    ours, his = opened(), opened(by=emil, as_member=True)
    assert {name for name, viewer in viewers.items() if access.may_change(viewer, ours)} == {"own steward"}
    assert {name for name, viewer in viewers.items() if access.may_change(viewer, his)} == {"member", "own steward"}
    assert {name for name, viewer in viewers.items() if access.may_moderate(viewer, ours)} == {"caretaker"}


def test_in_whose_name_one_may_write(shop: Organisation, viewers: dict[str, Any]) -> None:
    assert {name for name, viewer in viewers.items() if access.may_write_for(viewer, shop, as_member=False)} == {"own steward"}
    assert {name for name, viewer in viewers.items() if access.may_write_for(viewer, shop, as_member=True)} == {"member", "own steward"}


def test_nobody_writes_for_an_organisation_that_is_not_published(shop: Organisation, anna: Person) -> None:
    Organisation.objects.filter(pk=shop.pk).update(state=State.ARCHIVED)
    assert not access.may_write_for(anna, shop, as_member=True)
    assert not access.may_write(anna)


def test_a_former_member_may_not_change_what_was_theirs(opened: Opening, emil: Person, shop: Organisation) -> None:
    item = opened(by=emil, as_member=True)
    emil.stewardships.filter(role=Role.MEMBER).update(until=item.created_at)
    assert not access.may_change(emil, item)


def test_listings_of_an_archived_organisation_disappear_and_come_back(opened: Opening, shop: Organisation, viewers: dict[str, Any]) -> None:
    item = opened()
    Organisation.objects.filter(pk=shop.pk).update(state=State.ARCHIVED)
    seen = {name for name, viewer in viewers.items() if access.listings_visible_to(viewer).filter(pk=item.pk).exists()}
    assert seen == {"member", "own steward", "caretaker"}
    Organisation.objects.filter(pk=shop.pk).update(state=State.PUBLISHED)
    assert access.listings_visible_to(GUEST).filter(pk=item.pk).exists()
