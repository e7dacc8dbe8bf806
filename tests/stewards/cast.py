"""The people of these tests: somebody with a confirmed address, owners, editors, caretakers."""

import re
from typing import Any

from allmende.directory.models import Caretaking, Organisation, Role, Stewardship
from allmende.ground.outbox import letters_to
from allmende.people.models import Person
from allmende.stewards import actions
from allmende.stewards.models import Claim
from tests.cast import organisation
from tests.people.ways import person


def coop(name: str = "Hofladen eG", **fields: Any) -> Organisation:
    """An entry with a website and a mailbox of its own domain, in Bayern."""
    item = organisation(name, "München", **{"website": "https://www.hofladen.example", "email": "post@hofladen.example"} | fields)
    item.places.update(region="Bayern")
    return item


def keeper(item: Organisation, name: str, role: str = Role.OWNER) -> Person:
    """Somebody who looks after this entry, with a language of their own."""
    someone = person(f"{name}@example.org", name=name.capitalize())
    actions.grant(item, someone, role=role, proof="granted")
    return someone


def caretaker(name: str = "hausmeisterin", region: str = "") -> Person:
    """Who takes care of the house, or of a region of Germany."""
    someone = person(f"{name}@example.org", name=name.capitalize())
    if region:
        Caretaking.objects.create(person=someone, country="DE", region=region)
    else:
        someone.is_caretaker = True
        someone.save()
    return someone


def held(item: Organisation, who: Person) -> Stewardship:
    """What somebody holds today."""
    return Stewardship.objects.get(organisation=item, person=who, until=None)


def role(item: Organisation, who: Person) -> str:
    """Owner, editor, member or nothing."""
    found = Stewardship.objects.filter(organisation=item, person=who, until=None).first()
    return str(found.role) if found else ""


def path_in_letter(address: str, start: str) -> str:
    """The path of the newest letter to an address that begins so."""
    body = letters_to(address)[-1].body
    found = re.search(rf"https?://[^/\s]+(/(?:en/)?{start}\S+)", body)
    assert found, body
    return found[1]


def claim_by_mail(item: Organisation, who: Person, address: str = "anna@hofladen.example") -> Claim:
    """An open claim whose letter went to this address."""
    return actions.open_claim(item, by=who, proof="domain", address=address)
