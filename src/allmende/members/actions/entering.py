"""Entering members, and what is said of them: name, address, group."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative, Statute
from allmende.constitution.queries import statute_of
from allmende.ground import trail
from allmende.ground.refusals import BadInput, Refused, require
from allmende.members.actions.base import Entering, Named, enter_shares, locked, name, require_administration
from allmende.members.models import Group, GroupTime, Kind, Membership, Particulars, Party, ShareKind
from allmende.people.models import Person


@transaction.atomic
def enter_member(cooperative: Cooperative, entering: Entering, *, by: Person) -> Membership:
    """Enter a member with name, shares and group; says so in the trail, from which money and notices follow (§ 15 II, § 30 GenG)."""
    cooperative = locked(cooperative)
    require_administration(by, cooperative)
    statute = statute_of(cooperative, max(entering.joined_on, entering.declared_on))
    _require_shares(entering.shares, statute, entering.kind)
    require(entering.kind != Kind.INVESTING or statute.has_investing, _("The statute does not allow investing members (§ 8 II GenG)."))
    require(
        entering.named.firm if entering.named.party == Party.LEGAL else entering.named.family_name, _("A member needs a name."), BadInput
    )
    membership = Membership.objects.create(
        cooperative=cooperative,
        number=_number(cooperative, entering.number),
        kind=entering.kind,
        person=entering.person,
        organisation=entering.organisation,
        declared_on=entering.declared_on,
        joined_on=entering.joined_on,
    )
    name(membership, entering.named, entering.joined_on, by, entering.evidence)
    if entering.group:
        GroupTime.objects.create(membership=membership, group=entering.group, since=entering.joined_on)
    if entering.shares:
        kind = ShareKind.OPENING if entering.is_opening else ShareKind.SUBSCRIBE
        enter_shares(membership, kind, entering.shares, statute, entering.declared_on, entering.joined_on, entering.evidence, by)
    facts = {"cooperative": cooperative.pk, "shares": entering.shares, "is_opening": entering.is_opening, **entering.facts}
    trail.record("members.member_entered", by=by, about=membership, **facts)
    return membership


def _require_shares(shares: int, statute: Statute, kind: str) -> None:
    least = 0 if kind == Kind.SUPPORTING else statute.mandatory_shares
    require(shares >= least, _("At least %(count)d shares are to be taken.") % {"count": least}, BadInput)
    most = statute.max_shares
    require(most is None or shares <= most, _("The statute allows at most %(count)d shares.") % {"count": most or 0}, Refused)


def _number(cooperative: Cooperative, wanted: int | None) -> int:
    number = wanted or cooperative.next_number
    taken = Membership.objects.filter(cooperative=cooperative, number=number).exists()
    require(not taken, _("The member number %(number)d is taken already.") % {"number": number}, Refused)
    if number >= cooperative.next_number:
        cooperative.next_number = number + 1
        cooperative.save(update_fields=["next_number"])
    return number


@transaction.atomic
def change_particulars(membership: Membership, named: Named, *, from_on: date, evidence: str = "", by: Person) -> Particulars:
    """A new name or address from this day; the old one stays for the lists of its time."""
    locked(membership.cooperative)
    require_administration(by, membership.cooperative)
    present = Particulars.objects.select_for_update().get(membership=membership, valid_until=None)
    require(from_on <= localdate(), _("A change of data can begin today at the latest."), BadInput)
    require(
        from_on >= present.valid_from,
        _("The data now known hold from %(day)s; the change cannot begin before.") % {"day": present.valid_from},
        BadInput,
    )
    if from_on == present.valid_from:
        from_on = localdate() if present.valid_from < localdate() else from_on
    if from_on > present.valid_from:
        present.valid_until = from_on - timedelta(days=1)
    else:
        present.valid_until, present.is_replaced = present.valid_from, True  # corrected on its first day
    present.save(update_fields=["valid_until", "is_replaced"])
    changed = name(membership, named, from_on, by, evidence)
    trail.record("members.particulars_changed", by=by, about=membership, cooperative=membership.cooperative_id)
    return changed


@transaction.atomic
def put_in_group(membership: Membership, group: Group | None, *, since: date, by: Person) -> None:
    """From this day the member belongs to this group (or to none); what was before stays in the history."""
    locked(membership.cooperative)
    require_administration(by, membership.cooperative)
    require(group is None or group.cooperative_id == membership.cooperative_id, _("There is no such group here."), BadInput)
    present = GroupTime.objects.select_for_update().filter(membership=membership, until=None).first()
    if present and present.group == group:
        return
    require(not present or since > present.since, _("The member is in the present group since then; choose a later day."), BadInput)
    if present:
        present.until = since - timedelta(days=1)
        present.save(update_fields=["until"])
    if group:
        GroupTime.objects.create(membership=membership, group=group, since=since)
    trail.record("members.group_changed", by=by, about=membership, group=group.pk if group else None)
