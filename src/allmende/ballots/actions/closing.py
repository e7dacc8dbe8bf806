"""The end: closed for good, then counted once, in one transaction with everything that follows from it."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from allmende.ballots import boxes, rules, tally
from allmende.ballots.actions.preparing import locked
from allmende.ballots.counting import CountError
from allmende.ballots.models import Ballot, Box, State
from allmende.ground import trail

logger = logging.getLogger(__name__)
REMAINS = timedelta(hours=1)
"""So long after a secret ballot was closed the job looks after what rewritten rows leave behind."""


@transaction.atomic
def close(ballot: Ballot, now: datetime) -> Ballot:
    """Close a ballot whose end has come, whoever notices it first. From here no clock leads back."""
    found = locked(ballot)
    if found.state == State.OPEN and rules.is_over(found.closes_at, now):
        shut(found, now)
    return found


def shut(ballot: Ballot, now: datetime) -> None:
    """Close this ballot, which the caller holds alone; papers are written anew once more, so that nothing of their order is left."""
    boxes.of(ballot).seal(ballot)
    ballot.state, ballot.closed_at = State.CLOSED, now
    ballot.save(update_fields=["state", "closed_at"])
    trail.record("ballots.ballot_closed", about=ballot)


@transaction.atomic
def count(ballot: Ballot, now: datetime) -> Ballot:
    """Count a closed ballot. A second call finds it counted; a crash in between leaves it closed, to be counted by the next."""
    found = locked(ballot)
    if found.state != State.CLOSED:
        return found
    counted = tally.count(found)
    found.result, found.outcome, found.papers_hash = counted.result, counted.outcome, counted.papers_hash
    found.state, found.counted_at = State.COUNTED, now
    found.save(update_fields=["result", "outcome", "papers_hash", "state", "counted_at"])
    trail.record("ballots.ballot_counted", about=found, outcome=str(found.outcome), papers=found.papers_hash)
    return found


def finish(ballot: Ballot, now: datetime) -> Ballot:
    """Close and count where that is due; the ballot as it is then. Cheap when nothing is.

    What cannot be counted (thousands of equal committees) stays closed and says so in the log; every look tries again.
    """
    if ballot.state == State.OPEN and rules.is_over(ballot.closes_at, now):
        ballot = close(ballot, now)
    if ballot.state != State.CLOSED:
        return ballot
    try:
        return count(ballot, now)
    except CountError as fault:
        logger.exception("Ballot %s cannot be counted: %s", ballot.uuid, fault)
        return ballot


def close_due(now: datetime | None = None) -> int:
    """Close and count everything whose end has come; how many were counted. One after another: a fault in one does not hold the others."""
    moment = now or timezone.now()
    due = Ballot.objects.filter(state=State.OPEN, closes_at__lte=moment) | Ballot.objects.filter(state=State.CLOSED)
    counted = [finish(one, moment).state == State.COUNTED for one in due.order_by("closes_at")]
    if counted:
        boxes.forget_remains()
    return sum(counted)


def shuffle_open() -> int:
    """Write the papers of open secret ballots anew, so that a look into the database finds no order in them; how many ballots."""
    shuffled = 0
    for one in Ballot.objects.filter(state=State.OPEN, box=Box.DETACHED):
        with transaction.atomic():
            held = locked(one)
            if held.state == State.OPEN:
                boxes.rewrite(held)
                shuffled += 1
    if shuffled or Ballot.objects.filter(box=Box.DETACHED, closed_at__gte=timezone.now() - REMAINS).exists():
        boxes.forget_remains()
    return shuffled
