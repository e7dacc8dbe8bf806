"""Every change of the register and the share ledger, under the lock of the cooperative: two at once come one after another.

Who may is asked by `by`; rooms that act for the house (imports, due exits) hand in the office holder who started it. Money follows by
reactions to the trail (`money`), in the same transaction.
"""

from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative, Statute
from allmende.constitution.queries import statute_of
from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean, fold
from allmende.members import queries, rules
from allmende.members.models import (
    EndReason,
    Group,
    GroupTime,
    Kind,
    Membership,
    Particulars,
    Party,
    ShareEntry,
    ShareKind,
)
from allmende.people.models import Person


@dataclass(frozen=True)
class Named:
    """Name and address as they are handed in; the fields are those of `Particulars`."""

    party: str = Party.NATURAL
    family_name: str = ""
    given_name: str = ""
    firm: str = ""
    register: str = ""
    represented_by: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "DE"
    email: str = ""
    phone: str = ""
    language: str = "de"


NAMED = tuple(one.name for one in fields(Named))


@dataclass(frozen=True)
class Entering:
    """All that is known of a member who is entered. `number` only where one is carried over; `is_opening`: no money is asked for."""

    named: Named
    shares: int
    joined_on: date
    declared_on: date
    kind: str = Kind.ORDINARY
    group: Group | None = None
    person: Person | None = None
    organisation: Organisation | None = None
    number: int | None = None
    evidence: str = ""
    is_opening: bool = False
    facts: dict[str, Any] = field(default_factory=dict)  # for the trail: ids only


def locked(cooperative: Cooperative) -> Cooperative:
    """The cooperative's row, held until the transaction ends: members, shares and offices change one after another."""
    return Cooperative.objects.select_for_update().get(pk=cooperative.pk)


def require_administration(by: Person, cooperative: Cooperative) -> None:
    """Only the board and the member administration change the register."""
    require(constitution.may_administer(by, cooperative), _("Only the board and the member administration may do this."), NotAllowed)


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
    _name(membership, entering.named, entering.joined_on, by, entering.evidence)
    if entering.group:
        GroupTime.objects.create(membership=membership, group=entering.group, since=entering.joined_on)
    if entering.shares:
        kind = ShareKind.OPENING if entering.is_opening else ShareKind.SUBSCRIBE
        _enter_shares(membership, kind, entering.shares, statute, entering.declared_on, entering.joined_on, entering.evidence, by)
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


def _enter_shares(
    membership: Membership, kind: str, quantity: int, statute: Statute, declared_on: date, effective_on: date, evidence: str,
    by: Person | None, partner: Membership | None = None,
) -> ShareEntry:  # fmt: skip
    return ShareEntry.objects.create(
        membership=membership,
        kind=kind,
        quantity=quantity,
        share_cents=statute.share_cents,
        declared_on=declared_on,
        effective_on=effective_on,
        evidence=evidence,
        entered_by=by,
        partner=partner,
    )


def _name(membership: Membership, named: Named, since: date, by: Person | None, evidence: str) -> Particulars:
    said = {name: clean(value) for name, value in asdict(named).items()}
    folded = fold(" ".join((said["family_name"], said["given_name"], said["firm"], said["town"], said["email"])))
    return Particulars.objects.create(membership=membership, valid_from=since, entered_by=by, evidence=evidence, folded=folded, **said)


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
        present.valid_until = present.valid_from  # corrected on its first day: the later line of that day counts
    present.save(update_fields=["valid_until"])
    changed = _name(membership, named, from_on, by, evidence)
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


@transaction.atomic
def subscribe_shares(
    membership: Membership, quantity: int, *, declared_on: date, effective_on: date, evidence: str = "", by: Person
) -> ShareEntry:
    """Further shares by a declaration of their own (§ 15b GenG). The caller has checked that the earlier ones are paid (`money`)."""
    membership = _taken(membership)
    require_administration(by, membership.cooperative)
    statute = statute_of(membership.cooperative, effective_on)
    require(quantity > 0, _("At least one share is to be taken."), BadInput)
    require(rules.is_active(membership.joined_on, membership.ends_on, effective_on), _("The membership does not exist on this day."))
    highest = rules.highest_from(queries.share_lines(membership), effective_on) + quantity
    _require_most(highest, statute)
    entry = _enter_shares(membership, ShareKind.SUBSCRIBE, quantity, statute, declared_on, effective_on, evidence, by)
    _check_end(membership)
    trail.record("members.shares_subscribed", by=by, about=membership, entry=entry.pk, shares=quantity)
    return entry


def _require_most(shares: int, statute: Statute) -> None:
    most = statute.max_shares
    require(most is None or shares <= most, _("The statute allows at most %(count)d shares.") % {"count": most or 0}, Refused)


def _check_end(membership: Membership) -> None:
    """Who leaves on a known day has no shares from the day after: whatever comes in until then goes with the exit."""
    require(
        membership.ends_on is None,
        _("The membership ends on %(day)s; no shares are taken any more.") % {"day": membership.ends_on},
        Refused,
    )


@transaction.atomic
def cancel_shares(
    membership: Membership, quantity: int, *, declared_on: date, last_day: date, evidence: str = "", by: Person
) -> ShareEntry:
    """Single shares are given up at the end of `last_day` (§ 67b GenG); the mandatory ones stay as long as the membership does."""
    membership = _taken(membership)
    require_administration(by, membership.cooperative)
    statute = statute_of(membership.cooperative, declared_on)
    from_on = rules.first_day_after(last_day)
    _require_left(membership, quantity, from_on, statute)
    entry = _enter_shares(membership, ShareKind.CANCEL, -quantity, statute, declared_on, from_on, evidence, by)
    trail.record("members.shares_cancelled", by=by, about=membership, entry=entry.pk, shares=quantity)
    return entry


def _require_left(membership: Membership, quantity: int, from_on: date, statute: Statute) -> None:
    require(quantity > 0, _("At least one share is to be given up."), BadInput)
    left = rules.lowest_from(queries.share_lines(membership), from_on) - quantity
    least = 0 if membership.kind == Kind.SUPPORTING else statute.mandatory_shares
    words = _("At least %(count)d shares stay with every member; to give up all, give notice of the membership.")
    require(left >= least, words % {"count": least}, Refused)


@transaction.atomic
def transfer_shares(
    giver: Membership, taker: Membership, quantity: int, *, declared_on: date, effective_on: date, evidence: str = "", by: Person
) -> tuple[ShareEntry, ShareEntry]:
    """Shares go from one member to another, whole or in part (§ 76 GenG); with the last ones the giver's membership ends the day before.

    The Geschäftsguthaben that belongs to them follows by a reaction of `money`.
    """
    require(
        giver.cooperative_id == taker.cooperative_id and giver.pk != taker.pk,
        _("Shares go from one member to another of the same cooperative."),
        BadInput,
    )
    giver, taker = _taken(giver), _taken(taker)
    require_administration(by, giver.cooperative)
    statute = statute_of(giver.cooperative, effective_on)
    require(giver.ends_on is None and taker.ends_on is None, _("One of the two memberships ends already; nothing is transferred any more."))
    require(rules.is_active(taker.joined_on, taker.ends_on, effective_on), _("The membership does not exist on this day."))
    require(giver.joined_on < effective_on, _("The transfer can begin the day after joining at the earliest."), BadInput)
    all_of_them = rules.lowest_from(queries.share_lines(giver), effective_on)
    if quantity != all_of_them:
        _require_left(giver, quantity, effective_on, statute)
    require(0 < quantity <= all_of_them, _("So many shares are not there."), BadInput)
    _require_most(rules.highest_from(queries.share_lines(taker), effective_on) + quantity, statute)
    gone = _enter_shares(giver, ShareKind.TRANSFER_OUT, -quantity, statute, declared_on, effective_on, evidence, by, taker)
    come = _enter_shares(taker, ShareKind.TRANSFER_IN, quantity, statute, declared_on, effective_on, evidence, by, giver)
    trail.record("members.shares_transferred", by=by, about=giver, to=taker.pk, shares=quantity, entry=gone.pk, of=all_of_them)
    if quantity == all_of_them:
        _end(giver, effective_on - timedelta(days=1), EndReason.TRANSFER, by)
    return gone, come


@transaction.atomic
def end_membership(membership: Membership, *, ends_on: date, reason: str, declared_on: date, evidence: str = "", by: Person) -> Membership:
    """The membership ends with this day; its shares are gone from the next. The settlement follows by `leaving` and `money`."""
    membership = _taken(membership)
    require_administration(by, membership.cooperative)
    require(membership.ends_on is None, _("The end of this membership is entered already."), Refused)
    require(ends_on >= membership.joined_on, _("Nobody leaves before having joined."), BadInput)
    from_on = rules.first_day_after(ends_on)
    lines = queries.share_lines(membership)
    held = rules.held_on(lines, from_on)
    require(rules.highest_from(lines, from_on) <= held, _("Shares are entered for a day after the exit; reverse them first."), Refused)
    if held:
        statute = statute_of(membership.cooperative, declared_on)
        _enter_shares(membership, ShareKind.CANCEL, -held, statute, declared_on, from_on, evidence, by)
    return _end(membership, ends_on, reason, by)


def _end(membership: Membership, ends_on: date, reason: str, by: Person) -> Membership:
    membership.ends_on, membership.end_reason, membership.ended_at = ends_on, reason, timezone.now()
    membership.save(update_fields=["ends_on", "end_reason", "ended_at"])
    GroupTime.objects.filter(membership=membership, until=None, since__lte=ends_on).update(until=ends_on)
    trail.record("members.membership_ended", by=by, about=membership, reason=reason, cooperative=membership.cooperative_id)
    return membership


@transaction.atomic
def take_end_back(membership: Membership, *, by: Person) -> Membership:
    """The end is called off before it has come (notice withdrawn, dissolution): the shares given up with it are there again."""
    membership = _taken(membership)
    require_administration(by, membership.cooperative)
    ends_on = membership.ends_on
    if ends_on is None:
        raise Refused(_("The end of this membership is not entered."))
    from_on = rules.first_day_after(ends_on)
    for entry in membership.share_entries.filter(kind=ShareKind.CANCEL, effective_on=from_on, reversed_by=None):
        _reverse(entry, by)
    GroupTime.objects.filter(membership=membership, until=ends_on).update(until=None)
    membership.ends_on, membership.end_reason, membership.ended_at = None, "", None
    membership.save(update_fields=["ends_on", "end_reason", "ended_at"])
    trail.record("members.end_taken_back", by=by, about=membership, cooperative=membership.cooperative_id)
    return membership


@transaction.atomic
def reverse_entry(entry: ShareEntry, *, by: Person) -> ShareEntry:
    """Take a line of the share ledger back by a line of its own, from the same day on; both lines of a transfer go together."""
    membership = _taken(entry.membership)
    require(constitution.may_decide(by, membership.cooperative), _("Only the board reverses entries."), NotAllowed)
    require(membership.ends_on is None, _("The membership ends; take its end back first."), Refused)
    require(
        entry.kind != ShareKind.REVERSAL and not ShareEntry.objects.filter(reverses=entry).exists(), _("This entry is reversed already.")
    )
    require(not entry.kind.startswith("transfer"), _("A transfer is taken back by transferring the shares back."), Refused)
    made = _reverse(entry, by)
    lowest = rules.lowest_from(queries.share_lines(membership), entry.effective_on)
    statute = statute_of(membership.cooperative, entry.effective_on)
    least = 0 if membership.kind == Kind.SUPPORTING else statute.mandatory_shares
    require(lowest >= least, _("Then fewer shares would be left than the statute asks for."), Refused)
    _require_most(rules.highest_from(queries.share_lines(membership), entry.effective_on), statute)
    trail.record("members.entry_reversed", by=by, about=membership, entry=entry.pk, shares=made.quantity)
    return made


def _reverse(entry: ShareEntry, by: Person | None) -> ShareEntry:
    return ShareEntry.objects.create(
        membership=entry.membership,
        kind=ShareKind.REVERSAL,
        quantity=-entry.quantity,
        share_cents=entry.share_cents,
        declared_on=localdate(),
        effective_on=entry.effective_on,
        reverses=entry,
        evidence=entry.evidence,
        entered_by=by,
    )


def _taken(membership: Membership) -> Membership:
    locked(membership.cooperative)
    return Membership.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=membership.pk)
