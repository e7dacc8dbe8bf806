"""Gartenwerk eG with a board and two members with accounts, a stranger, and a proposal about hosting."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.ballots.models import Ballot
from allmende.constitution.models import Cooperative
from allmende.electorates.models import Electorate
from allmende.ground import trail
from allmende.people.models import Person
from allmende.proposals import actions
from allmende.proposals.actions import Written
from allmende.proposals.models import Proposal
from tests import coops

TEXT = "Der Vorstand schließt einen Vertrag über fünf Jahre.\n\nJedes Mitglied zahlt höchstens 40 € im Monat.\n\nEin Ausschuss berichtet."
_serials = count(1)


@dataclass
class Scene:
    """Who is there."""

    cooperative: Cooperative
    board: Person
    anna: Person
    ben: Person
    stranger: Person

    @property
    def slug(self) -> str:
        """In addresses."""
        return self.cooperative.organisation.slug


def scene() -> Scene:
    """All of them, with memberships entered as real ones are."""
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    anna, ben = coops.person("anna"), coops.person("ben")
    for one in (anna, ben):
        coops.member(of, board, family_name=one.name, person=one)
    return Scene(of, board, anna, ben, coops.person("stranger"))


def said(text: str = TEXT, **fields: Any) -> Written:
    """What stands in the form."""
    return Written(**{"title": "Gemeinsames Hosting", "summary": "Kurz.", "text": text, "rationale": "", "why": "", **fields})


def draft(of: Scene, **fields: Any) -> Proposal:
    """A draft by Anna."""
    return actions.start_proposal(of.cooperative, said(**fields), by=of.anna)


def deliberated(of: Scene, **fields: Any) -> Proposal:
    """Brought in and admitted."""
    return actions.bring_in_proposal(draft(of, **fields), by=of.anna)


@transaction.atomic
def ballot_about(thing: Any, cooperative: Cooperative, method: str = "majority") -> Ballot:
    """A ballot that opens now; Refused where the thing cannot be decided about."""
    made = Ballot.objects.create(
        cooperative=cooperative,
        year=localdate().year,
        serial=next(_serials),
        title="Abstimmung",
        question="Ja?",
        rule={"method": method},
        electorate=Electorate.objects.create(cooperative=cooperative, day=localdate(), basis={"kind": "everybody"}),
        closes_at=timezone.now() + timedelta(days=7),
        opened_at=timezone.now(),
        about_kind=thing._meta.label_lower,
        about_id=thing.pk,
    )
    trail.record("ballots.ballot_opened", about=made)
    return made


@transaction.atomic
def count_it(ballot: Ballot, outcome: str, **counted: Any) -> None:
    """It is counted; the result as the room of ballots keeps it."""
    Ballot.objects.filter(pk=ballot.pk).update(result={"counted": counted})
    trail.record("ballots.ballot_counted", about=ballot, outcome=outcome)
