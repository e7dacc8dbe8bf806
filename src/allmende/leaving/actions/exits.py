"""What the board and the member administration do: enter what came by paper, confirm, take back with consent."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import BadInput, Refused, require
from allmende.leaving import letters, queries, rules
from allmende.leaving.actions.base import (
    held,
    member_now,
    require_administration,
    require_board,
    require_none_open,
    require_past,
    require_possible,
)
from allmende.leaving.models import Reason, Scope, State, Termination
from allmende.members import actions as members
from allmende.members.models import EndReason, Membership, Party
from allmende.members.queries import particulars_of
from allmende.people.models import Person

END_REASONS = {Reason.EXCLUSION: EndReason.EXCLUSION, Reason.DEATH: EndReason.DEATH, Reason.DISSOLUTION: EndReason.DISSOLUTION}
DATED = (Reason.MOVED, Reason.STATUTE_CHANGE, Reason.DEATH, Reason.DISSOLUTION)


@dataclass(frozen=True)
class Entered:
    """What came in by paper, or what the board resolved."""

    reason: str
    received_on: date
    scope: str = Scope.ALL
    quantity: int | None = None
    event_on: date | None = None
    words: str = ""
    hearing: str = ""
    contact: str = ""
    evidence: str = ""


@transaction.atomic
def enter_exit(membership: Membership, entered: Entered, *, by: Person) -> tuple[Termination, bool]:
    """Enter an exit with the day it came in, which may lie in the past. The same one sent twice is found again and says False."""
    membership = member_now(membership)
    require_administration(by, membership.cooperative)
    require_past(entered.received_on, _("What has not come in yet cannot be entered."))
    if again := _same(membership, entered):
        return again, False
    require_none_open(membership, entered.scope)
    _require_fitting(membership, entered)
    statute, found = queries.outcome_of(membership, entered.reason, entered.scope, entered.received_on, entered.event_on)
    require_possible(membership, queries.Wanted(entered.scope, entered.quantity), statute, entered.received_on)
    made = Termination.objects.create(
        membership=membership,
        scope=entered.scope,
        quantity=entered.quantity,
        reason=entered.reason,
        received_on=entered.received_on,
        event_on=entered.event_on,
        statute=statute,
        rule=found.rule,
        paragraph=found.paragraph,
        effective_on=found.effective_on,
        payout_due_on=found.payout_due_on,
        words=entered.words,
        hearing=entered.hearing,
        contact=entered.contact,
        evidence=entered.evidence,
        created_by=by,
    )
    trail.record("leaving.exit_entered", by=by, about=made, cooperative=membership.cooperative_id, scope=made.scope, reason=made.reason)
    return made, True


def _same(membership: Membership, entered: Entered) -> Termination | None:
    same = {"reason": entered.reason, "received_on": entered.received_on, "event_on": entered.event_on, "quantity": entered.quantity}
    return queries.open_of(membership, entered.scope).filter(**same, words=entered.words).first()


def _require_fitting(membership: Membership, entered: Entered) -> None:
    reason = Reason(entered.reason)
    single = reason in {Reason.NOTICE, Reason.HARDSHIP}
    require(entered.scope == Scope.ALL or single, _("Single shares end by notice only (§ 67b GenG)."), BadInput)
    require(reason not in DATED or entered.event_on, _("Say on which day it happened."), BadInput)
    require_past(entered.event_on or entered.received_on, _("A day in the future cannot be entered here."))
    if reason == Reason.EXCLUSION:
        require(entered.words, _("An exclusion needs a reason that the statute names (§ 68 GenG)."), BadInput)
        require(entered.hearing, _("Say how the member was heard before."), BadInput)
    party = particulars_of(membership).party
    require(reason != Reason.DEATH or party == Party.NATURAL, _("An organisation does not die; enter its dissolution."), BadInput)
    require(reason != Reason.DISSOLUTION or party == Party.LEGAL, _("Only an organisation is dissolved."), BadInput)


@transaction.atomic
def confirm_exit(termination: Termination, *, as_notice: bool = False, dispatched_on: date | None = None, by: Person) -> bool:
    """The board confirms: the end is entered in the register, and the member gets the letter. False where it was confirmed already.

    `as_notice`: the special reason is not accepted, it counts as an ordinary notice. An exclusion counts from the sending of the letter.
    """
    termination = held(termination)
    membership = termination.membership
    require_board(by, membership.cooperative)
    if termination.state in {State.CONFIRMED, State.SETTLED}:
        return False
    require(termination.is_open, _("This exit was taken back."), Refused)
    if as_notice:
        require(termination.is_notice, _("Only a notice can count as an ordinary one."), BadInput)
        _count_again(termination, Reason.NOTICE, None)
    if termination.reason == Reason.EXCLUSION:
        _send(termination, dispatched_on)
    termination.state, termination.confirmed_at, termination.confirmed_by = State.CONFIRMED, timezone.now(), by
    _enter_end(termination, by)
    termination.save()
    trail.record(
        "leaving.exit_confirmed", by=by, about=termination, cooperative=membership.cooperative_id, scope=termination.scope,
        reason=termination.reason, rule=termination.rule,
    )  # fmt: skip
    letters.confirmed(termination)
    return True


def _count_again(termination: Termination, reason: str, event_on: date | None) -> None:
    statute, found = queries.outcome_of(termination.membership, reason, termination.scope, termination.received_on, event_on)
    termination.statute, termination.rule, termination.paragraph = statute, found.rule, found.paragraph
    termination.effective_on, termination.payout_due_on = found.effective_on, found.payout_due_on


def _send(termination: Termination, dispatched_on: date | None) -> None:
    if dispatched_on is None:
        raise BadInput(_("Say when the letter was sent: from that day on the member has no vote."))
    require_past(dispatched_on, _("The letter is sent first, then the exclusion is confirmed."))
    require(dispatched_on >= termination.received_on, _("The letter cannot be sent before the decision."), BadInput)
    _count_again(termination, Reason.EXCLUSION, dispatched_on)
    termination.dispatched_on = dispatched_on


def _enter_end(termination: Termination, by: Person) -> None:
    membership, reason = termination.membership, Reason(termination.reason)
    if termination.scope == Scope.SINGLE:
        termination.share_entry = members.cancel_shares(
            membership,
            termination.quantity or 0,
            declared_on=termination.received_on,
            last_day=termination.effective_on,
            evidence=termination.evidence,
            by=by,
        )
        return
    _take_in_singles(termination, by)
    members.end_membership(
        membership,
        ends_on=termination.effective_on,
        reason=END_REASONS.get(reason, EndReason.NOTICE),
        declared_on=termination.received_on,
        evidence=termination.evidence,
        by=by,
    )


def _take_in_singles(termination: Termination, by: Person) -> None:
    """Single shares that were to end with the membership or later end with it: their own exit is off, so that nothing is counted twice."""
    rows = queries.open_of(termination.membership, Scope.SINGLE).filter(effective_on__gte=termination.effective_on)
    for one in rows.select_for_update(of=("self",)):
        if one.share_entry:
            members.reverse_entry(one.share_entry, by=by)
        one.state, one.closed_at, one.closed_why = State.UNDONE, timezone.now(), _("The whole membership ends.")
        one.save(update_fields=["state", "closed_at", "closed_why"])


@transaction.atomic
def take_exit_back(termination: Termination, *, why: str, by: Person) -> bool:
    """The board consents that an exit is taken back, lifts an exclusion, or strikes what was entered by mistake. Only before the exit.

    What was entered in the register is entered back. False where it is off already.
    """
    termination = held(termination)
    membership = termination.membership
    require_board(by, membership.cooperative)
    if termination.state in {State.WITHDRAWN, State.UNDONE}:
        return False
    require(
        termination.state != State.SETTLED,
        _("It is settled; only a dissolution of the cooperative undoes it (§ 75 GenG)."),
        Refused,
    )
    if termination.state == State.CONFIRMED:
        _enter_back(termination, by)
    termination.state, termination.closed_at, termination.closed_why = State.WITHDRAWN, timezone.now(), why[:300]
    termination.contact = ""
    termination.save(update_fields=["state", "closed_at", "closed_why", "contact"])
    trail.record("leaving.exit_taken_back", by=by, about=termination, cooperative=membership.cooperative_id)
    letters.taken_back(termination, by=None)
    return True


def _enter_back(termination: Termination, by: Person) -> None:
    over = rules.is_over(termination.effective_on, localdate())
    require(not over, _("The exit has come: it cannot be taken back any more. The member can join again."), Refused)
    if termination.scope == Scope.ALL:
        members.take_end_back(termination.membership, by=by)
    elif termination.share_entry:
        members.reverse_entry(termination.share_entry, by=by)
