"""Ways to say in a test who looks after what since when, and what they were asked."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from allmende.directory.models import Caretaking, Confirmation, Organisation, Proof, Role, Stewardship
from allmende.freshness import actions, queries
from allmende.freshness.models import Question
from allmende.ground.models import Letter
from allmende.people.models import Person
from tests.cast import organisation
from tests.people.ways import person

NOW = timezone.now().replace(microsecond=0)
DAY = timedelta(days=1)
YEAR = timedelta(days=366)


def steward(item: Organisation, who: Person, role: Role = Role.OWNER, since: datetime | None = None) -> Stewardship:
    """This person looks after the entry, since two years ago unless said otherwise."""
    return Stewardship.objects.create(organisation=item, person=who, role=role, proof=Proof.INVITED, since=since or NOW - 2 * YEAR)


def caretaker(country: str = "DE", email: str = "pflege@example.org") -> Person:
    """Somebody who takes care of a country."""
    found = person(email)
    Caretaking.objects.get_or_create(person=found, country=country)
    return found


def kept(name: str = "Alte Mühle eG", *, confirmed: timedelta | None = YEAR, by: str = "anna@example.org", **more: Any) -> Organisation:
    """An entry in Berlin that Anna looks after, last confirmed so long ago."""
    item = organisation(name, "Berlin", **more)
    steward(item, person(by))
    if confirmed is not None:
        Confirmation.objects.create(organisation=item, at=NOW - confirmed)
    return item


def asked(item: Organisation, now: datetime = NOW) -> list[tuple[str, int]]:
    """Run the letters of one entry and tell to whom which went, of all there are."""
    actions.ask_about([item.pk], now)
    return [(one.letter.to, one.number) for one in Question.objects.filter(organisation=item).select_related("letter") if one.letter]


def question(item: Organisation) -> Question:
    """The newest question about an entry."""
    return Question.objects.filter(organisation=item).latest("pk")


def link(item: Organisation) -> str:
    """The page that the newest letter about an entry leads to."""
    return f"/stimmt/{queries.link_of(question(item))}/"


def letters() -> list[Letter]:
    """All our letters in their order."""
    return list(Letter.objects.filter(kind=queries.KIND).order_by("pk"))
