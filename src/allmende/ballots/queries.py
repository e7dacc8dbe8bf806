"""Questions about ballots: which ones, what somebody may decide now, what lies in the box as far as the rule shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.http import Http404

from allmende.ballots import access, boxes, rules
from allmende.ballots.models import Ballot, Box, State, Vote
from allmende.constitution.models import Cooperative
from allmende.electorates.models import Voter
from allmende.electorates.queries import voters_for
from allmende.ground.lately import Lately
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person

ballots_visible_to = access.ballots_visible_to


def ballots_of(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Ballot]:
    """All of a cooperative this viewer sees, latest first."""
    return access.ballots_visible_to(viewer).filter(cooperative=cooperative)


def ballot_at(viewer: Viewer, slug: str, uuid: UUID) -> Ballot:
    """One ballot under the address of its cooperative; Http404 where the viewer sees none."""
    found = access.ballots_visible_to(viewer).filter(cooperative__organisation__slug=slug, uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def ballot_to_cast(viewer: Viewer, slug: str, uuid: UUID) -> tuple[Ballot, list[Voter]]:
    """The ballot and all voices of this person in it: the way of ten thousand people, so the ballot may be a second old. What stands on the
    paper is fixed since voting opened; whether it is still open, `actions.cast` asks while it holds the ballot. Http404 without a voice."""
    if not is_person(viewer):
        raise Http404
    found = _LATELY.get((slug, uuid), lambda: _at(slug, uuid))
    voters = list(Voter.objects.filter(electorate_id=found.electorate_id, person_id=viewer.pk).order_by("pk"))
    if not voters:
        raise Http404
    return found, voters


_LATELY: Lately[Ballot] = Lately(most=64, seconds=1)


def _at(slug: str, uuid: UUID) -> Ballot:
    named = Ballot.objects.exclude(state=State.DRAFT).select_related("cooperative__organisation")
    found = named.filter(cooperative__organisation__slug=slug, uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def ballots_about(thing: models.Model) -> QuerySet[Ballot]:
    """What was and is decided about a thing of another room, latest first; whoever shows it asks `ballots_visible_to` too."""
    return Ballot.objects.filter(about_kind=thing._meta.label_lower, about_id=thing.pk).select_related("cooperative__organisation")


def about(ballot: Ballot, viewer: Viewer) -> tuple[str, str] | None:
    """Title and address of what it is about, where the viewer may see it."""
    subject = subjects.by_kind(ballot.about_kind)
    thing = subjects.find(ballot.about_kind, ballot.about_id or 0, viewer) if subject else None
    return (subject.title(thing), subject.url(thing)) if subject and thing else None


def voices_in(ballot: Ballot, viewer: Viewer) -> list[Voter]:
    """The voices of this person in this ballot."""
    return list(voters_for(viewer).filter(electorate=ballot.electorate_id)) if ballot.state != State.DRAFT else []


@dataclass(frozen=True)
class Waiting:
    """One ballot somebody may vote in now, and for how many voices they have not yet."""

    ballot: Ballot
    missing: int


def open_for(viewer: Viewer, now: datetime) -> list[Waiting]:
    """What this person may decide now, the earliest end first; with 0 missing it can still be changed."""
    voters = list(voters_for(viewer))
    if not voters:
        return []
    running = Ballot.objects.filter(
        state=State.OPEN, opens_at__lte=now, closes_at__gt=now, electorate__in={one.electorate_id for one in voters}
    )
    found = []
    for ballot in running.select_related("cooperative__organisation").order_by("closes_at", "pk"):
        mine = [one for one in voters if one.electorate_id == ballot.electorate_id]
        found.append(Waiting(ballot, len(mine) - len(boxes.of(ballot).took_part(ballot, mine))))
    return found


def in_calendar_of(person: Person, since: datetime) -> QuerySet[Ballot]:
    """Ballots in which this person has a voice and that end after `since`, also those that were cancelled after opening."""
    rolls = voters_for(person).values("electorate")
    found = Ballot.objects.filter(electorate__in=rolls, opened_at__isnull=False, closes_at__gte=since)
    return found.select_related("cooperative__organisation").order_by("closes_at", "pk")


def is_open(ballot: Ballot, now: datetime) -> bool:
    """Whether papers fall into the box now."""
    return ballot.state == State.OPEN and rules.is_due(ballot.opens_at, now) and not rules.is_over(ballot.closes_at, now)


def participation(ballot: Ballot) -> int:
    """How many took part: the one number that is known before the end."""
    turnout = (ballot.result or {}).get("turnout")
    return int(turnout["papers"]) if turnout else boxes.of(ballot).taken(ballot)


def own_choices(ballot: Ballot, voters: list[Voter]) -> Mapping[int, dict[str, Any]]:
    """In an open box, what these voices chose last, to be changed; of a detached box nobody knows it."""
    if ballot.box != Box.OPEN or not voters:
        return {}
    return dict(Vote.objects.filter(ballot=ballot, voter__in=voters).values_list("voter_id", "choice"))
