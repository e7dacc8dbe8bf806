"""Shares: taken, given up, transferred, and memberships that end with them."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Statute
from allmende.constitution.queries import statute_of
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.members import queries, rules
from allmende.members.actions.base import enter_shares, require_administration, require_most, reverse, taken
from allmende.members.models import EndReason, GroupTime, Kind, Membership, ShareEntry, ShareKind
from allmende.people.models import Person


@transaction.atomic
def subscribe_shares(
    membership: Membership, quantity: int, *, declared_on: date, effective_on: date, evidence: str = "", by: Person
) -> ShareEntry:
    """Further shares by a declaration of their own (§ 15b GenG). The caller has checked that the earlier ones are paid (`money`)."""
    membership = taken(membership)
    require_administration(by, membership.cooperative)
    statute = statute_of(membership.cooperative, effective_on)
    require(quantity > 0, _("At least one share is to be taken."), BadInput)
    require(rules.is_active(membership.joined_on, membership.ends_on, effective_on), _("The membership does not exist on this day."))
    highest = rules.highest_from(queries.share_lines(membership), effective_on) + quantity
    require_most(highest, statute)
    entry = enter_shares(membership, ShareKind.SUBSCRIBE, quantity, statute, declared_on, effective_on, evidence, by)
    _check_end(membership)
    trail.record("members.shares_subscribed", by=by, about=membership, entry=entry.pk, shares=quantity)
    return entry


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
    membership = taken(membership)
    require_administration(by, membership.cooperative)
    statute = statute_of(membership.cooperative, declared_on)
    from_on = rules.first_day_after(last_day)
    _require_left(membership, quantity, from_on, statute)
    entry = enter_shares(membership, ShareKind.CANCEL, -quantity, statute, declared_on, from_on, evidence, by)
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
    giver, taker = taken(giver), taken(taker)
    require_administration(by, giver.cooperative)
    statute = statute_of(giver.cooperative, effective_on)
    require(giver.ends_on is None and taker.ends_on is None, _("One of the two memberships ends already; nothing is transferred any more."))
    require(rules.is_active(taker.joined_on, taker.ends_on, effective_on), _("The membership does not exist on this day."))
    require(giver.joined_on < effective_on, _("The transfer can begin the day after joining at the earliest."), BadInput)
    lines = queries.share_lines(giver)
    all_of_them = rules.lowest_from(lines, effective_on)
    goes_whole = quantity == all_of_them == rules.highest_from(lines, effective_on)
    if not goes_whole:  # shares that are given up or come in later stay with the giver
        _require_left(giver, quantity, effective_on, statute)
    require(0 < quantity <= all_of_them, _("So many shares are not there."), BadInput)
    require_most(rules.highest_from(queries.share_lines(taker), effective_on) + quantity, statute)
    gone = enter_shares(giver, ShareKind.TRANSFER_OUT, -quantity, statute, declared_on, effective_on, evidence, by, taker)
    come = enter_shares(taker, ShareKind.TRANSFER_IN, quantity, statute, declared_on, effective_on, evidence, by, giver)
    trail.record("members.shares_transferred", by=by, about=giver, to=taker.pk, shares=quantity, entry=gone.pk, of=all_of_them)
    if goes_whole:
        end(giver, effective_on - timedelta(days=1), EndReason.TRANSFER, by)
    return gone, come


@transaction.atomic
def end_membership(membership: Membership, *, ends_on: date, reason: str, declared_on: date, evidence: str = "", by: Person) -> Membership:
    """The membership ends with this day; its shares are gone from the next. The settlement follows by `leaving` and `money`."""
    membership = taken(membership)
    require_administration(by, membership.cooperative)
    require(membership.ends_on is None, _("The end of this membership is entered already."), Refused)
    require(ends_on >= membership.joined_on, _("Nobody leaves before having joined."), BadInput)
    from_on = rules.first_day_after(ends_on)
    lines = queries.share_lines(membership)
    held = rules.held_on(lines, from_on)
    is_still = rules.highest_from(lines, from_on) == held == rules.lowest_from(lines, from_on)
    require(is_still, _("Shares are entered for a day after the exit; reverse them first."), Refused)
    if held:
        statute = statute_of(membership.cooperative, declared_on)
        enter_shares(membership, ShareKind.CANCEL, -held, statute, declared_on, from_on, evidence, by)
    return end(membership, ends_on, reason, by)


def end(membership: Membership, ends_on: date, reason: str, by: Person) -> Membership:
    """Write down the last day and why. Whoever calls has locked, asked and cancelled the shares."""
    membership.ends_on, membership.end_reason, membership.ended_at = ends_on, reason, timezone.now()
    membership.save(update_fields=["ends_on", "end_reason", "ended_at"])
    GroupTime.objects.filter(membership=membership, until=None, since__lte=ends_on).update(until=ends_on)
    trail.record("members.membership_ended", by=by, about=membership, reason=reason, cooperative=membership.cooperative_id)
    return membership


@transaction.atomic
def take_end_back(membership: Membership, *, by: Person) -> Membership:
    """The end is called off before it has come (notice withdrawn, dissolution): the shares given up with it are there again."""
    membership = taken(membership)
    require_administration(by, membership.cooperative)
    ends_on = membership.ends_on
    if ends_on is None:
        raise Refused(_("The end of this membership is not entered."))
    words = _("The shares went to another member. Whoever wants to come back joins anew.")
    require(membership.end_reason != EndReason.TRANSFER, words, Refused)
    given_up = membership.share_entries.filter(kind=ShareKind.CANCEL, effective_on=rules.first_day_after(ends_on), reversed_by=None)
    if entry := given_up.order_by("-pk").first():  # single shares that were given up before stay so
        reverse(entry, by)
    GroupTime.objects.filter(membership=membership, until=ends_on).update(until=None)
    membership.ends_on, membership.end_reason, membership.ended_at = None, "", None
    membership.save(update_fields=["ends_on", "end_reason", "ended_at"])
    trail.record("members.end_taken_back", by=by, about=membership, cooperative=membership.cooperative_id)
    return membership


@transaction.atomic
def reverse_entry(entry: ShareEntry, *, by: Person) -> ShareEntry:
    """Take a line of the share ledger back by a line of its own, from the same day on; both lines of a transfer go together."""
    membership = taken(entry.membership)
    require(constitution.may_decide(by, membership.cooperative), _("Only the board reverses entries."), NotAllowed)
    require(membership.ends_on is None, _("The membership ends; take its end back first."), Refused)
    require(
        entry.kind != ShareKind.REVERSAL and not ShareEntry.objects.filter(reverses=entry).exists(), _("This entry is reversed already.")
    )
    require(not entry.kind.startswith("transfer"), _("A transfer is taken back by transferring the shares back."), Refused)
    made = reverse(entry, by)
    lowest = rules.lowest_from(queries.share_lines(membership), entry.effective_on)
    statute = statute_of(membership.cooperative, entry.effective_on)
    least = 0 if membership.kind == Kind.SUPPORTING else statute.mandatory_shares
    require(lowest >= least, _("Then fewer shares would be left than the statute asks for."), Refused)
    require_most(rules.highest_from(queries.share_lines(membership), entry.effective_on), statute)
    trail.record("members.entry_reversed", by=by, about=membership, entry=entry.pk, shares=made.quantity)
    return made
