"""§ 75 GenG: where the cooperative is dissolved within six months after an exit, the exit counts as not having happened."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, require
from allmende.leaving import letters
from allmende.leaving.actions.base import require_board
from allmende.leaving.models import Scope, State, Termination
from allmende.leaving.settlements import undone_by
from allmende.leaving.wording import day_words
from allmende.members import actions as members
from allmende.members.actions import locked
from allmende.money import actions as money
from allmende.people.models import Person


@transaction.atomic
def undo_exits(cooperative: Cooperative, *, dissolved_on: date, resolution: str, by: Person) -> tuple[int, list[Termination]]:
    """Undo every exit a dissolution on this day undoes: the register, the settlement and what was owed go back, all or nothing.

    Says how many, and which were paid out already: their money has to come back to the bank first, then they can be undone, too.
    """
    cooperative = locked(cooperative)
    require_board(by, cooperative)
    require(dissolved_on <= localdate(), _("The dissolution has to be resolved before."), BadInput)
    require(resolution.strip(), _("Name the resolution that dissolves the cooperative."), BadInput)
    possible, paid = undone_by(cooperative, dissolved_on, lock=True)
    why = _("The cooperative was dissolved on %(day)s (§ 75 GenG): %(resolution)s") % {
        "day": day_words(dissolved_on), "resolution": resolution.strip(),
    }  # fmt: skip
    # the whole membership first: single shares can be given back only to a member
    for one in sorted(possible, key=_whole_first):
        _undo(one, why, by)
    return len(possible), paid


def _whole_first(one: Termination) -> tuple[bool, int]:
    return one.scope != Scope.ALL, one.pk


def _undo(termination: Termination, why: str, by: Person) -> None:
    if termination.payable:
        money.take_back_owed(termination.payable, by=by)
    if termination.state in {State.CONFIRMED, State.SETTLED}:
        if termination.scope == Scope.ALL:
            members.take_end_back(termination.membership, by=by)
        elif termination.share_entry:
            members.reverse_entry(termination.share_entry, by=by)
    termination.state, termination.closed_at, termination.closed_why = State.UNDONE, timezone.now(), why[:300]
    termination.save(update_fields=["state", "closed_at", "closed_why"])
    trail.record("leaving.exit_undone", by=by, about=termination, cooperative=termination.membership.cooperative_id)
    letters.taken_back(termination, by=None)
