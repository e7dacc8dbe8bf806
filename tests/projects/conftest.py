"""The people of these tests: Anna looks after Acker, Ben after Bund, Clara after Chor; Dora is a member of Acker; Emil belongs nowhere."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Belonging, Organisation, Proof, Role, Stewardship
from allmende.people.models import Person
from allmende.projects import actions
from allmende.projects.models import Part, Project
from tests.cast import HAMBURG, organisation, term

GUEST = AnonymousUser()


def person(name: str, **more: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name.capitalize(), **more)


def steward_of(item: Organisation, name: str, role: str = Role.OWNER) -> Person:
    found = Person.objects.filter(email=f"{name}@example.org").first() or person(name)
    Stewardship.objects.create(organisation=item, person=found, role=role, proof=Proof.GRANTED, since=timezone.now())
    return found


class Cast:
    """Three organisations of one network and one outside, with their people."""

    def __init__(self) -> None:
        net = organisation("Netz", kind="network")
        self.acker, self.bund, self.chor = (organisation(name, "Hamburg", HAMBURG) for name in ("Acker eG", "Bund eG", "Chor eG"))
        for one in (self.acker, self.bund, self.chor):
            Belonging.objects.create(network=net, member=one)
        self.fern = organisation("Fern eG")
        self.anna, self.ben, self.clara = steward_of(self.acker, "anna"), steward_of(self.bund, "ben"), steward_of(self.chor, "clara")
        self.fritz = steward_of(self.fern, "fritz")
        self.dora = steward_of(self.acker, "dora", Role.MEMBER)
        self.emil = person("emil")
        self.frida = person("frida", is_caretaker=True)
        self.viewers: dict[str, Any] = {
            "guest": GUEST, "stranger": self.emil, "outside": self.fritz, "neighbour": self.ben, "member": self.dora, "steward": self.anna,
            "caretaker": self.frida,
        }  # fmt: skip

    def project(
        self, *, published: bool = True, organisation: Organisation | None = None, by: Person | None = None, **more: Any
    ) -> Project:
        """A project of Acker, published for everybody unless said otherwise."""
        made = actions.write_project(said(**more), organisation or self.acker, by=by or self.anna, today=timezone.localdate())
        return actions.publish_project(made, by=by or self.anna) if published else made

    def partner(self, project: Project, of: Organisation | None = None, by: Person | None = None, kind: str = "partner") -> Part:
        """Bund takes part in it, confirmed by Ben."""
        part = actions.ask_part(project, of or self.bund, kind=kind, by=self.anna)
        return actions.answer_part(part, confirm=True, by=by or self.ben)


def said(**more: Any) -> dict[str, Any]:
    """What the form of a new project says."""
    plain = {
        "title": "Datentreuhand", "summary": "Daten gemeinsam verwahren.", "challenge": "Niemand darf allein entscheiden.",
        "audience_text": "", "text": "", "funding": "", "results": "", "licence": "", "links": [], "audience": "public", "language": "de",
        "sdgs": [], "chosen": [], "stage": "idea", "on": date(2026, 1, 5), "sentence": "Beim Treffen entstanden.",
    }  # fmt: skip
    return plain | more


def filled(**more: Any) -> dict[str, Any]:
    """The same as the browser sends it."""
    plain = {name: value for name, value in said().items() if not isinstance(value, list)}
    return plain | {"on": "2026-01-05", "links": "", "chosen": ""} | more


def as_(who: Person | None) -> Client:
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


@pytest.fixture
def cast(db: None) -> Cast:
    term("exchange", "rooms", "Räume")
    return Cast()
