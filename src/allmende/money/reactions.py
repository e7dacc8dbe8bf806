"""Answers to what happens in the register: money follows in the same transaction, or the change does not happen."""

from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.members.models import Membership, ShareEntry
from allmende.money.actions import following
from allmende.money.actions.asking import ask_for_shares


def _membership(entry: Entry) -> Membership:
    return Membership.objects.select_related("cooperative").get(pk=entry.about)


def _line(entry: Entry) -> ShareEntry:
    return ShareEntry.objects.select_related("membership__cooperative").get(pk=entry.facts["entry"])


@on("members.member_entered")
def entered(entry: Entry) -> None:
    """Shares and entry fee are asked for, unless the member was carried over from another list."""
    if not entry.facts["is_opening"]:
        following.follow_entering(_membership(entry), by=entry.by)


@on("members.shares_subscribed")
def subscribed(entry: Entry) -> None:
    """Further shares are asked for by the same plan."""
    ask_for_shares(_line(entry), by=entry.by)


@on("members.shares_transferred")
def transferred(entry: Entry) -> None:
    """The capital that belongs to the shares goes along, and what is still to be paid on them."""
    following.follow_transfer(_line(entry), Membership.objects.get(pk=entry.facts["to"]), entry.facts["of"], by=entry.by)


@on("members.entry_reversed")
def reversed_entry(entry: Entry) -> None:
    """What was asked for these shares is not asked for any more."""
    following.follow_reversal(_line(entry), by=entry.by)


@on("members.membership_ended")
def ended(entry: Entry) -> None:
    """What falls due after the exit is not asked for any more."""
    following.follow_end(_membership(entry), by=entry.by)


@on("members.end_taken_back")
def stays(entry: Entry) -> None:
    """It is asked for again."""
    following.follow_end_taken_back(_membership(entry))
