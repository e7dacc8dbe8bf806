"""The people of these tests: a host with two who look after it, a second organisation of the network, a stranger, caretakers."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from allmende.circles import actions
from allmende.circles.models import Circle, CircleMember, Note
from allmende.directory.models import Belonging, Kind, Organisation, Role, Stewardship
from allmende.people.models import Person
from tests.cast import organisation
from tests.people.ways import person


def keeper(item: Organisation, name: str, role: str = Role.OWNER) -> Person:
    """Somebody who belongs to this entry."""
    someone = person(f"{name}@example.org", name=name.capitalize(), language="en")
    Stewardship.objects.create(organisation=item, person=someone, role=role, proof="granted", since=timezone.now())
    return someone


@dataclass
class Scene:
    """Organisations and people around one circle."""

    host: Organisation
    other: Organisation
    far: Organisation
    people: dict[str, Person] = field(default_factory=dict)
    circle: Circle = None  # type: ignore[assignment]

    def held(self, name: str) -> CircleMember:
        """How somebody stands to the circle."""
        return CircleMember.objects.get(circle=self.circle, person=self.people[name])

    def state(self, name: str) -> str:
        """The same in a word; empty for nothing."""
        found = CircleMember.objects.filter(circle=self.circle, person=self.people[name]).first()
        return str(found.state) if found else ""


def scene(**settings: Any) -> Scene:
    """A circle of Hofladen eG, founded by Anna; Ben looks after Hofladen, too, and has not answered yet.

    Clara looks after Datengarten eG of the same network, Emil is its plain member; Gustav looks after an entry outside of any network;
    Hanna belongs nowhere; Frida takes care of the house.
    """
    network = organisation("Bund eG", kind=Kind.NETWORK)
    host, other, far = organisation("Hofladen eG", "Hamburg"), organisation("Datengarten eG"), organisation("Fern eG")
    for one in (host, other):
        Belonging.objects.create(network=network, member=one)
    made = Scene(host, other, far)
    made.people = {
        "anna": keeper(host, "anna"), "ben": keeper(host, "ben", Role.EDITOR), "clara": keeper(other, "clara"),
        "emil": keeper(other, "emil", Role.MEMBER), "gustav": keeper(far, "gustav"),
        "hanna": person("hanna@example.org", name="Hanna", language="en"),
        "frida": person("frida@example.org", name="Frida", language="en"),
    }  # fmt: skip
    Person.objects.filter(pk=made.people["frida"].pk).update(is_caretaker=True)
    made.people["frida"].refresh_from_db()
    said: dict[str, Any] = {"name": "Lieferwege", "purpose": "Touren zusammenlegen", "joining": "request", "audience": "network"}
    made.circle = actions.found_circle(host, **said | settings, by=made.people["anna"])
    return made


def bring_in(made: Scene, name: str, organisation: Organisation | None = None) -> CircleMember:
    """Somebody comes in by asking."""
    who = made.people[name]
    Circle.objects.filter(pk=made.circle.pk).update(joining="request", audience="public")
    asked = actions.ask_to_join(Circle.objects.get(pk=made.circle.pk), organisation=organisation, word="", by=who)
    made.circle.save(update_fields=["joining", "audience"])
    return actions.accept_request(asked, by=made.people["anna"])


def note(made: Scene, title: str = "Treffen", text: str = "Erste Fassung", by: str = "anna") -> Note:
    """A note of the circle."""
    return actions.write_note(made.circle, title=title, text=text, by=made.people[by])
