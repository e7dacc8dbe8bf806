"""A paper falls into the box. The path of ten thousand people within a minute: few questions, no notices, no line of the trail."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.ballots import access, boxes, rules, wording
from allmende.ballots.actions.closing import close
from allmende.ballots.models import Ballot, State
from allmende.electorates.models import Voter
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.people.models import Person


class Over(Refused):
    """The end had come at `now`. The ballot is to be closed with this moment, so that it stays closed whatever the clock says next."""

    def __init__(self, now: datetime) -> None:
        super().__init__(_("Voting has ended. Papers that come after the end are not counted."))
        self.now = now


def cast(
    ballot: Ballot,
    voter: Voter,
    choice: Any,
    *,
    by: Person,
    code: str | None = None,
    clock: Callable[[], datetime] = timezone.now,
) -> str | None:
    """Put a paper in, or put another one in its place; the receipt code for a detached box, None for an open one.

    `code` comes with the form (`boxes.new_code`); for a change it is the code of the first time. The same call twice is one paper. The time
    that counts is the server's when the paper falls into the box, read while nobody can close it. Raises NotAllowed, BadInput, Refused.
    """
    for attempt in (1, 2):
        try:
            return _cast(ballot, voter, choice, by, code, clock)
        except IntegrityError:  # the same form at the same moment: now it is there, and the second one changes it into itself
            if attempt == 2:
                raise Refused(_("This code is used already. Please open the ballot again.")) from None
        except Over as over:
            close(ballot, over.now)
            raise
    return None


@transaction.atomic
def _cast(ballot: Ballot, voter: Voter, choice: Any, by: Person, code: str | None, clock: Callable[[], datetime]) -> str | None:
    held = boxes.hold_for_casting(ballot)
    belongs = voter.electorate_id == held.electorate_id and access.may_cast(by, voter)
    require(belongs, _("You cannot vote with this voice. Everybody votes with their own, or for whom they represent."), NotAllowed)
    now = clock()  # once, so that no paper is dated after the moment by which it was let in
    _require_open(held, now)
    try:
        read = rules.read_choice(held.rule, held.options.count() if held.rule["method"] not in rules.ANSWERED else 0, choice)
    except rules.Wrong as wrong:
        raise BadInput(wording.wrong(wrong)) from None
    return boxes.of(held).cast(held, voter, read, code, now)


def _require_open(ballot: Ballot, now: datetime) -> None:
    if ballot.state == State.OPEN and rules.is_over(ballot.closes_at, now):
        raise Over(now)
    require(ballot.state != State.CANCELLED, _("This ballot was cancelled. The reason stands on its page."))
    require(ballot.state != State.DRAFT, _("Voting has not begun yet."))
    require(ballot.state == State.OPEN, _("Voting has ended. Papers that come after the end are not counted."))
    require(rules.is_due(ballot.opens_at, now), _("Voting has not begun yet."))
