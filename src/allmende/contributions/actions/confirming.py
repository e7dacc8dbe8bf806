"""A second person says whether lines count."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.contributions import access, letters, queries, rules
from allmende.contributions.models import Confirmation, Contribution, Verdict
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.members.actions import locked
from allmende.people.models import Person

MOST = 200  # lines at once


@transaction.atomic
def decide_contributions(cooperative: Cooperative, uuids: Iterable[UUID], verdict: str, *, reason: str = "", by: Person) -> tuple[int, int]:
    """Confirm these lines, or refuse them with a reason that the member reads. Says how many were decided, and how many somebody
    else had decided or taken back before. Nobody decides on what they entered or contributed themselves.
    """
    cooperative = locked(cooperative)
    require(access.may_confirm(by, cooperative), _("Only offices and who was named for it confirm contributions."), NotAllowed)
    wanted, reason = set(uuids), clean(reason).replace("\n", " ")
    require(0 < len(wanted) <= MOST, _("Choose between one and %(n)d contributions.") % {"n": MOST}, BadInput)
    require(verdict in Verdict.values, _("Confirm or refuse."), BadInput)
    is_refused = verdict == Verdict.REFUSED
    require(0 < len(reason) <= 200 or not is_refused, _("Say in at most 200 characters why it is refused."), BadInput)
    lines = list(queries.with_state(Contribution.objects.filter(cooperative=cooperative, uuid__in=wanted)).order_by("pk"))
    require(len(lines) == len(wanted), _("One of these contributions is not here. Please load the page again."), BadInput)
    waiting = [line for line in lines if queries.state_of(line) == "waiting"]
    closed_until = queries.closed_until(cooperative)
    for line in waiting:
        _require_second(line, closed_until, by)
    said = reason if is_refused else ""
    Confirmation.objects.bulk_create([Confirmation(contribution=line, verdict=verdict, reason=said, by=by) for line in waiting])
    for line in waiting:
        trail.record(f"contributions.contribution_{verdict}", by=by, about=line, cooperative=cooperative.pk)
        if is_refused:
            letters.tell_refused(line, said)
    return len(waiting), len(lines) - len(waiting)


def _require_second(line: Contribution, closed_until: date | None, by: Person) -> None:
    is_second = rules.may_be_second(by.pk, line.entered_by_id, line.membership.person_id)
    require(is_second, _("Somebody else confirms what you entered or contributed yourself."), NotAllowed)
    require(not rules.is_closed(line.done_on, closed_until), _("The year of this line is closed; nothing in it changes any more."), Refused)
