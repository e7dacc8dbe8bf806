"""The cast of ballots: a cooperative with a board and members who have accounts."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from allmende.ballots import actions, boxes
from allmende.ballots.models import Ballot
from allmende.constitution.models import Cooperative
from allmende.electorates.models import Voter
from allmende.members.models import Group, Membership
from allmende.people.models import Person
from tests import coops

DAY = timedelta(days=1)


@dataclass
class Scene:
    """Everything a test of this room begins with."""

    cooperative: Cooperative
    board: Person
    people: list[Person] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.cooperative.organisation.slug

    def member(self, group: str = "", **fields: Any) -> Person:
        """One more member with an account."""
        if group and group not in self.groups:
            self.groups[group] = coops.group(self.cooperative, group, group.capitalize())
        person = coops.person(f"m{self.cooperative.pk}x{len(self.people)}")
        made = coops.member(self.cooperative, self.board, person=person, group=self.groups.get(group), joined_on=date(2025, 1, 1), **fields)
        self.people.append(person)
        self.memberships.append(made)
        return person

    def draft(self, **said: Any) -> Ballot:
        """A ballot in preparation: yes or no for all members until tomorrow, unless said otherwise."""
        usual: dict[str, Any] = {
            "title": "Lastenrad",
            "question": "Kaufen wir ein Lastenrad?",
            "closes_at": timezone.now() + DAY,
            "by": self.board,
        }
        return actions.prepare(self.cooperative, **{**usual, **said})

    def opened(self, **said: Any) -> Ballot:
        """The same, open."""
        return actions.open_ballot(self.draft(**said), by=self.board)

    def cast(self, ballot: Ballot, person: Person, choice: Any, code: str | None = None, **more: Any) -> str | None:
        """A paper of this person's only voice."""
        if ballot.box == "detached" and code is None:
            code = boxes.new_code()
        return actions.cast(ballot, voice(ballot, person), choice, by=person, code=code, **more)

    def ended(self, ballot: Ballot) -> Ballot:
        """As it is after the end, closed and counted."""
        from allmende.ballots.actions.closing import finish

        return finish(Ballot.objects.get(pk=ballot.pk), ballot.closes_at)


def voice(ballot: Ballot, person: Person) -> Voter:
    """This person's voice on the roll."""
    return Voter.objects.get(electorate=ballot.electorate_id, person=person)


def scene(members: int = 3, name: str = "Gartenwerk eG", **statute: Any) -> Scene:
    """A cooperative with a board member and some members."""
    cooperative = coops.cooperative(name)
    coops.statute(cooperative, **statute)
    made = Scene(cooperative, coops.office(cooperative))
    for _number in range(members):
        made.member()
    return made


def yes() -> dict[str, str]:
    return {"answer": "yes"}


def no() -> dict[str, str]:
    return {"answer": "no"}
