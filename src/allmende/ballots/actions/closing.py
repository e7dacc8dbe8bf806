"""The end: closed for good, then counted once, in one transaction with everything that follows from it."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from allmende.ballots import boxes, rules, tally
from allmende.ballots.actions.preparing import locked
from allmende.ballots.counting import CountError
from allmende.ballots.models import STUCK, Ballot, Box, State
from allmende.ground import trail
from allmende.ground.refusals import Refused

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
    if found.box == Box.DETACHED and counted.result.get("hidden"):
        boxes.forget_marks(found)
    found.state, found.counted_at = State.COUNTED, now
    found.save(update_fields=["result", "outcome", "papers_hash", "state", "counted_at"])
    trail.record("ballots.ballot_counted", about=found, outcome=str(found.outcome), papers=found.papers_hash)
    return found


def finish(ballot: Ballot, now: datetime) -> Ballot:
    """Close and count where that is due; the ballot as it is then. Cheap when nothing is.

    What cannot be counted stays closed and says so on its page (`Ballot.stuck`); it is tried again by itself, ever more seldom.
    """
    if ballot.state == State.OPEN and rules.is_over(ballot.closes_at, now):
        ballot = close(ballot, now)
    is_due = ballot.state == State.CLOSED and rules.may_count_again(ballot.stuck, now)
    return try_to_count(ballot, now) if is_due else ballot


def try_to_count(ballot: Ballot, now: datetime) -> Ballot:
    """Count a closed ballot; whatever stands in the way (thousands of equal committees, a fault of the house) is noted, not raised: a page
    can still be read, and other ballots are counted."""
    try:
        return count(ballot, now)
    except Exception as fault:
        logger.exception("Ballot %s cannot be counted", ballot.uuid)
        return _note_stuck(ballot, fault, now)


@transaction.atomic
def _note_stuck(ballot: Ballot, fault: Exception, now: datetime) -> Ballot:
    found = locked(ballot)
    if found.state == State.CLOSED:
        tries = found.stuck.get("tries", 0) + 1
        why = str(fault)[:200] if isinstance(fault, CountError | Refused) else type(fault).__name__
        found.progress = found.progress | {STUCK: {"at": now.isoformat(), "tries": tries, "why": why}}
        found.save(update_fields=["progress"])
    return found


def close_due(now: datetime | None = None) -> int:
    """Close and count everything whose end has come; how many were counted. One after another: a fault in one does not hold the others."""
    moment = now or timezone.now()
    due = Ballot.objects.filter(state=State.OPEN, closes_at__lte=moment) | Ballot.objects.filter(state=State.CLOSED)
    counted = [_finished(one, moment) for one in due.order_by("closes_at")]
    if counted:
        boxes.forget_remains()
    return sum(counted)


def _finished(ballot: Ballot, now: datetime) -> bool:
    try:
        return finish(ballot, now).state == State.COUNTED
    except Exception:
        logger.exception("Ballot %s cannot be closed", ballot.uuid)
        return False


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
