"""What is talked about in these tests: an offer of the Haus eG, which everybody or only chosen ones may see; and who talks."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.comments.actions import write_comment
from allmende.comments.models import Comment
from allmende.directory.audience import Audience
from allmende.directory.models import Organisation, Proof, Role, Stewardship
from allmende.exchange import access as exchange
from allmende.exchange.models import Listing
from allmende.people import subjects
from allmende.people.models import Person
from tests.cast import organisation, term

KIND = "exchange.listing"


@pytest.fixture(autouse=True)
def _listings_are_discussed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kind of thing as a room would register it; whatever the exchange itself says is not looked at here."""
    told = subjects.Subject(
        Listing,
        label="Listing",
        visible_to=exchange.listings_visible_to,
        url=lambda listing: f"/kommentare/{KIND}/{listing.pk}/",
        may_discuss=lambda viewer, listing: isinstance(viewer, Person),
        may_moderate=exchange.may_moderate,
        people=exchange.keepers_of,
    )
    monkeypatch.setitem(subjects._SUBJECTS, KIND, told)
    return


@pytest.fixture
def haus(db: None) -> Organisation:
    return organisation("Haus eG", "Berlin")


@pytest.fixture
def werk(db: None) -> Organisation:
    return organisation("Werk eG", "Berlin")


@pytest.fixture
def offer(haus: Organisation) -> Listing:
    return listing(haus)


@pytest.fixture
def anna(haus: Organisation) -> Person:
    return keeper(haus, "anna")


@pytest.fixture
def ben(db: None) -> Person:
    return person("ben")


@pytest.fixture
def frida(db: None) -> Person:
    return person("frida", is_caretaker=True)


def listing(of: Organisation, title: str = "Lastenrad zu leihen", **more: Any) -> Listing:
    fields = {"direction": "offer", "terms": "gift", "state": "open", "until": date(2099, 1, 1), "opened_at": timezone.now()}
    return Listing.objects.create(organisation=of, title=title, category=term("exchange", "mobility"), **fields | more)


def chosen_only(one: Listing, *entries: Organisation) -> Listing:
    """Meant for these organisations only."""
    one.audience = Audience.CHOSEN
    one.save()
    one.chosen.set(entries)
    return one


def person(name: str, **more: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=more.pop("called", name.capitalize()), **more)


def keeper(of: Organisation, name: str, role: str = Role.EDITOR) -> Person:
    found = Person.objects.filter(email=f"{name}@example.org").first() or person(name)
    Stewardship.objects.create(organisation=of, person=found, role=role, proof=Proof.GRANTED, since=timezone.now())
    return found


def says(who: Person, one: Listing, text: str = "Gern dabei.", **more: Any) -> Comment:
    return write_comment(one, text, by=who, **more)


def as_(who: Person | None) -> Client:
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


def page_of(one: Listing) -> str:
    return f"/kommentare/{KIND}/{one.pk}/"
