"""The cast of this room: two entries that may be one, and people beside them."""

from typing import Any

from django.utils import timezone

from allmende.directory.models import Caretaking, Organisation, Place, Stewardship
from allmende.duplicates.models import FoundBy, Pair
from allmende.duplicates.scoring import Judgement, Reason, Verdict
from allmende.people.models import Person
from tests.cast import BERLIN, organisation, term

SAME = Verdict(Judgement.SAME, 0.93, 0.02, (Reason("name_same_but_form", {}, 1), Reason("phone_same", {}, 1)))
BRANCH = Verdict(Judgement.BRANCH, 0.2, 0.8, (Reason("name_same", {}, 1),))
STRANGERS = Verdict(Judgement.DIFFERENT, 0.01, 0.0)


def person(name: str, **more: Any) -> Person:
    """Somebody who can sign in."""
    return Person.objects.create_user(f"{name}@example.org", name=name.capitalize(), **more)


def caretaker(name: str = "haus") -> Person:
    """A caretaker of the house."""
    return person(name, is_caretaker=True)


def steward(name: str, entry: Organisation, role: str = "owner", who: Person | None = None) -> Person:
    """Somebody who looks after an entry."""
    found = who or person(name)
    Stewardship.objects.create(organisation=entry, person=found, role=role, proof="granted", since=timezone.now())
    return found


def caretaker_of(name: str, country: str = "", region: str = "", sector: str = "") -> Person:
    """A caretaker of an area."""
    found = person(name)
    Caretaking.objects.create(person=found, country=country, region=region, sector=term("sector", sector) if sector else None)
    return found


def mills(**more: Any) -> tuple[Organisation, Organisation]:
    """The same mill twice: once with much to say, once as a register has it."""
    one = organisation("Alte Mühle eG", "Berlin", BERLIN, sector="housing", summary="Ein Haus.", email="muehle@example.org", **more)
    other = organisation("Alte Mühle", "Berlin", BERLIN, sector="food", phone="+49 30 123456", website="https://muehle.example.org", **more)
    for entry in (one, other):
        Place.objects.filter(organisation=entry).update(street="Mühlenweg 3", postcode="10115", region="Berlin")
    return one, other


def pair(one: Organisation, other: Organisation, **more: Any) -> Pair:
    """The two on the work list."""
    small, large = sorted((one.pk, other.pk))
    kept: dict[str, Any] = {"judgement": "same", "score": 0.93, "reasons": [reason.as_json() for reason in SAME.reasons]}
    kept |= {"found_by": FoundBy.SCAN, "found_at": timezone.now(), **more}
    return Pair.objects.create(one_id=small, other_id=large, **kept)
