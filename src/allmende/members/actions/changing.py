"""Members correct their own data, the administration enters it or says why not."""

from dataclasses import asdict, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.members import letters, queries
from allmende.members.actions.base import NAMED, Named, locked, require_administration
from allmende.members.actions.entering import change_particulars
from allmende.members.models import DataChange, Membership, Particulars
from allmende.people.models import Person


def named_of(particulars: Particulars) -> Named:
    """What these particulars say, as it would be handed in."""
    return Named(**{name: getattr(particulars, name) for name in NAMED})


def differences(before: Named, after: Named) -> dict[str, tuple[str, str]]:
    """Which fields say something else: before and after."""
    old, new = asdict(before), asdict(after)
    return {one.name: (old[one.name], new[one.name]) for one in fields(Named) if clean(old[one.name]) != clean(new[one.name])}


@transaction.atomic
def ask_change(membership: Membership, named: Named, *, from_on: date, by: Person) -> DataChange:
    """The member hands in other data; asked again before it was decided, the later words count."""
    locked(membership.cooperative)
    require(membership.person_id == by.pk and not membership.erased_at, _("Only the member may do this."), NotAllowed)
    require(from_on <= localdate(), _("A change of data can begin today at the latest."), BadInput)
    changed = differences(named_of(queries.particulars_of(membership)), named)
    require(changed, _("Nothing is different from what is entered."), BadInput)
    said = {name: after for name, (_before, after) in changed.items()}
    waiting, is_new = DataChange.objects.update_or_create(
        membership=membership, defaults={"fields": said, "from_on": from_on, "asked_by": by}
    )
    trail.record("members.change_asked", by=by, about=membership, fields=sorted(said), cooperative=membership.cooperative_id)
    if is_new:
        letters.change_asked(waiting)
    return waiting


@transaction.atomic
def withdraw_change(membership: Membership, *, by: Person) -> None:
    """The member leaves everything as it is. Twice is once."""
    locked(membership.cooperative)
    require(membership.person_id == by.pk, _("Only the member may do this."), NotAllowed)
    if DataChange.objects.filter(membership=membership).delete()[0]:
        trail.record("members.change_withdrawn", by=by, about=membership, cooperative=membership.cooperative_id)


def _taken(change: DataChange, by: Person) -> DataChange:
    locked(change.membership.cooperative)
    require_administration(by, change.membership.cooperative)
    found = DataChange.objects.select_related("membership__cooperative__organisation", "membership__person").filter(pk=change.pk).first()
    if found is None:
        raise Refused(_("This change is decided already."))
    return found


def wanted(change: DataChange) -> Named:
    """The particulars as they would be with the change."""
    said: dict[str, Any] = {name: value for name, value in change.fields.items() if name in NAMED}
    return Named(**(asdict(named_of(queries.particulars_of(change.membership))) | said))


@transaction.atomic
def accept_change(change: DataChange, *, by: Person) -> Particulars:
    """Enter what the member asked for; from the day they named, or from today where something later was entered since."""
    change = _taken(change, by)
    present = queries.particulars_of(change.membership)
    from_on = max(change.from_on, present.valid_from)
    words = _("asked for by the member")
    made = change_particulars(change.membership, wanted(change), from_on=from_on, evidence=words, by=by)
    change.delete()
    letters.change_accepted(made)
    return made


@transaction.atomic
def refuse_change(change: DataChange, *, reason: str, by: Person) -> None:
    """Say why not; what was asked for is erased."""
    change = _taken(change, by)
    reason = clean(reason)
    require(reason, _("Please say why."), BadInput)
    trail.record("members.change_refused", by=by, about=change.membership, cooperative=change.membership.cooperative_id)
    membership = change.membership
    change.delete()
    letters.change_refused(membership, reason[:500])
