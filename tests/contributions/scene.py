"""The cast of contributions: a cooperative with a board, kinds of contributions, and members with accounts."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from allmende.constitution.models import Cooperative
from allmende.contributions import actions
from allmende.contributions.actions import Entering, Kind
from allmende.contributions.models import Contribution, ContributionType, Entrant, Source, Unit
from allmende.members.models import Group, Membership
from allmende.people.models import Person
from tests import coops

JOINED = date(2025, 1, 1)


@dataclass
class Scene:
    """Everything a test of this room begins with."""

    cooperative: Cooperative
    board: Person
    second: Person
    hours: ContributionType
    bought: ContributionType
    anna: Membership
    groups: dict[str, Group] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.cooperative.organisation.slug

    def member(self, name: str = "", group: str = "", **fields: Any) -> Membership:
        """A further member, with an account where there is a name."""
        if group and group not in self.groups:
            self.groups[group] = coops.group(self.cooperative, group, group.capitalize())
        person = coops.person(name) if name else None
        fields.setdefault("joined_on", JOINED)
        return coops.member(self.cooperative, self.board, person=person, group=self.groups.get(group), **fields)

    def enter(self, membership: Membership, amount: int = 1500, done_on: date | None = None, **fields: Any) -> Contribution:
        """A line of work the member entered by themselves."""
        kind = fields.pop("type", self.hours)
        by = fields.pop("by", membership.person)
        source = fields.pop("source", Source.SELF)
        said = Entering(type=kind, amount=amount, done_on=done_on or localdate(), **fields)
        return actions.enter_contribution(membership, said, source=source, by=by)[0]

    def confirmed(self, membership: Membership, amount: int = 1500, done_on: date | None = None, **fields: Any) -> Contribution:
        """The same, confirmed by the second person of the office."""
        source = Source.SELF if membership.person else Source.OFFICE
        line = self.enter(membership, amount, done_on, **{"by": membership.person or self.board, "source": source, **fields})
        actions.decide_contributions(self.cooperative, [line.uuid], "confirmed", by=self.second)
        return line


def scene(name: str = "Gartenwerk eG", **statute: Any) -> Scene:
    """A cooperative with two board members, hours and purchases, and Anna, a member with an account."""
    cooperative = coops.cooperative(name)
    coops.statute(cooperative, **statute)
    board, second = coops.office(cooperative), coops.office(cooperative)
    hours = actions.add_type(cooperative, Kind("Arbeit", "Work", most=24_000), unit=Unit.HOURS, by=board)
    bought = actions.add_type(
        cooperative, Kind("Einkauf", "Purchases", entrant=Entrant.OFFICES), unit=Unit.TURNOVER, counts_for_refund=True, by=board
    )
    anna = coops.member(cooperative, board, person=coops.person(f"anna{cooperative.pk}"), joined_on=JOINED, family_name="Anders")
    return Scene(cooperative, board, second, hours, bought, anna)
