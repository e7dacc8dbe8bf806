"""What the board changes while a ballot runs: a later end, an earlier end, no end at all. Always with a reason that everybody reads."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.ballots import access, boxes, rules
from allmende.ballots.actions.closing import shut, try_to_count
from allmende.ballots.actions.preparing import LONGEST, locked
from allmende.ballots.models import Ballot, Change, ChangeKind, State
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person

MOST_REASON = 500


def _held(ballot: Ballot, reason: str, by: Person) -> Ballot:
    found = locked(ballot)
    require(access.may_decide(by, found), _("Only the board may do this."), NotAllowed)
    require(0 < len(reason.strip()) <= MOST_REASON, _("Say why, in at most 500 characters: everybody who votes reads it."))
    return found


@transaction.atomic
def prolong(ballot: Ballot, closes_at: datetime, reason: str, *, by: Person, now: datetime | None = None) -> Ballot:
    """A later end for a ballot that is still open. What has ended stays ended."""
    moment = now or timezone.now()
    found = _held(ballot, reason, by)
    is_open = found.state == State.OPEN and not rules.is_over(found.closes_at, moment)
    require(is_open, _("Voting has ended. What has ended is not prolonged; a new ballot can be prepared."))
    require(found.closes_at < closes_at <= moment + LONGEST, _("The new end lies after the present one, at most a year ahead."))
    _note(found, ChangeKind.PROLONGED, reason, moment, by, closes_at)
    found.closes_at = closes_at
    found.progress = {key: value for key, value in found.progress.items() if key != "reminded"}
    found.save(update_fields=["closes_at", "progress"])
    trail.record("ballots.ballot_prolonged", by=by, about=found)
    return found


@transaction.atomic
def close_early(ballot: Ballot, reason: str, *, by: Person, now: datetime | None = None) -> Ballot:
    """End voting now. Only when everybody on the roll has voted: otherwise somebody relies on the end that was named."""
    moment = now or timezone.now()
    found = _held(ballot, reason, by)
    require(found.state == State.OPEN, _("This ballot is not open."))
    everybody = boxes.of(found).taken(found) >= found.voters_count
    require(everybody, _("Somebody has not voted yet and relies on the end that was named. Close early only when all have voted."))
    _note(found, ChangeKind.CLOSED, reason, moment, by, moment)
    shut(found, moment)
    return found


@transaction.atomic
def cancel(ballot: Ballot, reason: str, *, by: Person, now: datetime | None = None) -> Ballot:
    """Stop a ballot before it is counted. Papers stay where they are and are never counted."""
    moment = now or timezone.now()
    found = _held(ballot, reason, by)
    may_be = found.state == State.OPEN and not rules.is_over(found.closes_at, moment)
    require(may_be, _("Only an open ballot is cancelled. After the end it is counted, whatever comes out."))
    _note(found, ChangeKind.CANCELLED, reason, moment, by, None)
    boxes.of(found).seal(found)
    found.state, found.closed_at = State.CANCELLED, moment
    found.save(update_fields=["state", "closed_at"])
    trail.record("ballots.ballot_cancelled", by=by, about=found)
    return found


def count_again(ballot: Ballot, *, by: Person, now: datetime | None = None) -> Ballot:
    """Try now what failed before. The papers lie as they were; Refused with what stands in the way when it fails again."""
    found = Ballot.objects.select_related("cooperative__organisation").get(pk=ballot.pk)
    require(access.may_decide(by, found), _("Only the board may do this."), NotAllowed)
    require(found.state in {State.CLOSED, State.COUNTED}, _("There is nothing to count yet: voting goes on, or the ballot was cancelled."))
    done = try_to_count(found, now or timezone.now())
    why = _("The count did not come to an end (%(why)s). No paper is lost. Tell whoever runs this house; it is tried again by itself.")
    require(done.state == State.COUNTED, why % {"why": done.stuck.get("why", "")})
    return done


def _note(ballot: Ballot, kind: str, reason: str, now: datetime, by: Person, until: datetime | None) -> None:
    Change.objects.create(ballot=ballot, kind=kind, reason=reason.strip(), ends_before=ballot.closes_at, ends_after=until, at=now, by=by)
