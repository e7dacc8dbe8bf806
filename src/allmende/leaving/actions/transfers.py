"""Shares that go from one member to another (§ 76 GenG): both declare, the board agrees, the capital follows in `money`."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution.queries import statute_of
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.leaving import access, letters, queries, wording
from allmende.leaving.actions.base import member_now, require_administration, require_board
from allmende.leaving.actions.notices import evidence_of
from allmende.leaving.models import OPEN, OPEN_TRANSFERS, Scope, State, Termination, Transfer, TransferState
from allmende.members import actions as members
from allmende.members.actions import locked
from allmende.members.models import Membership
from allmende.members.queries import particulars_of, share_lines
from allmende.members.rules import held_on, is_active, lowest_from
from allmende.people.models import Person


@dataclass(frozen=True)
class Giving:
    """What is to go to whom: to a member, or to somebody who joins first and is only named."""

    quantity: int
    taker: Membership | None = None
    newcomer: str = ""
    taker_name: str = ""  # as the giver knows it: the declaration names no more than that


def held_transfer(found: Transfer) -> Transfer:
    """The transfer as it is now, under the lock of its cooperative."""
    locked(found.giver.cooperative)
    whole = ("giver__cooperative__organisation", "giver__person", "taker__person", "taker__cooperative__organisation")
    return Transfer.objects.select_for_update(of=("self",)).select_related(*whole).get(pk=found.pk)


@transaction.atomic
def want_transfer(giver: Membership, giving: Giving, *, by: Person) -> tuple[Transfer, bool]:
    """The giver declares in text form. The same one sent twice is found again and says False."""
    giver = member_now(giver)
    require(access.may_give_notice(by, giver), _("Only the member transfers shares here."), NotAllowed)
    return _wanted(giver, giving, localdate(), evidence_of(giver), by)


@transaction.atomic
def enter_transfer(giver: Membership, giving: Giving, *, declared_on: date, evidence: str, by: Person) -> tuple[Transfer, bool]:
    """The administration enters what giver and taker have declared on paper; the proof is named. The board still agrees."""
    giver = member_now(giver)
    require_administration(by, giver.cooperative)
    require(declared_on <= localdate(), _("What has not come in yet cannot be entered."), BadInput)
    require(evidence.strip(), _("Name the proof: the letter, and where it lies."), BadInput)
    made, is_new = _wanted(giver, giving, declared_on, evidence.strip()[:300], by)
    if is_new and made.taker:
        made.state, made.taken_on, made.taken_evidence = TransferState.AGREED, declared_on, made.evidence
        made.save(update_fields=["state", "taken_on", "taken_evidence"])
        letters.board_asked(made, by=by)
    return made, is_new


def _wanted(giver: Membership, giving: Giving, declared_on: date, evidence: str, by: Person) -> tuple[Transfer, bool]:
    present = queries.open_transfer(giver)
    if present and (present.quantity, present.taker_id, present.newcomer) == (giving.quantity, _pk(giving.taker), giving.newcomer):
        return present, False
    require(present is None, _("A transfer waits already. Withdraw it first, or wait until it is done."), Refused)
    require(bool(giving.taker) != bool(giving.newcomer), _("Say who is to take the shares."), BadInput)
    _require_fitting(giver, giving.quantity, giving.taker)
    made = Transfer.objects.create(
        giver=giver,
        taker=giving.taker,
        newcomer=giving.newcomer,
        quantity=giving.quantity,
        declared_on=declared_on,
        declared_text=declaration(giver, giving),
        evidence=evidence,
        created_by=by,
    )
    trail.record("leaving.transfer_wanted", by=by, about=made, cooperative=giver.cooperative_id, shares=made.quantity)
    if access.is_own(by, giver):
        letters.taker_asked(made)
    return made, True


def _pk(taker: Membership | None) -> int | None:
    return taker.pk if taker else None


def declaration(giver: Membership, giving: Giving) -> str:
    """The words of the giver, as they are shown and kept."""
    taker = wording.party_words(giving.taker_name, giving.taker.number) if giving.taker else giving.newcomer
    who = wording.party_words(particulars_of(giver).spoken, giver.number)
    is_all = giving.quantity == queries.transferable(giver, localdate())
    return wording.giving_words(who, str(giver.cooperative), giving.quantity, is_all, taker)


def acceptance(found: Transfer) -> str:
    """The words of the taker."""
    if found.taker is None:
        return ""
    who = wording.party_words(particulars_of(found.taker).spoken, found.taker.number)
    giver = wording.party_words(particulars_of(found.giver).spoken, found.giver.number)
    return wording.taking_words(who, str(found.giver.cooperative), found.quantity, giver)


def _require_fitting(giver: Membership, quantity: int, taker: Membership | None) -> None:
    today = localdate()
    statute = statute_of(giver.cooperative, today)
    held, least = queries.transferable(giver, today), queries.least_shares(giver, statute)
    require(0 < quantity <= held, _("So many shares are not there: it is %(count)d.") % {"count": held}, BadInput)
    words = _("At least %(count)d shares stay with every member; transfer all of them, or fewer.")
    require(quantity == held or held - quantity >= least, words % {"count": least}, BadInput)
    if taker is None:
        return
    require(taker.cooperative_id == giver.cooperative_id and taker.pk != giver.pk, _("Shares go from one member to another."), BadInput)
    most = statute.max_shares
    fits = most is None or lowest_from(share_lines(taker), today) + quantity <= most
    require(fits, _("The taker would hold more shares than the statute allows."), Refused)


@transaction.atomic
def take_shares(found: Transfer, *, shown: str, by: Person) -> bool:
    """The taker declares to take the shares over. False where it is said already."""
    found = held_transfer(found)
    require(found.taker is not None and access.is_own(by, found.taker), _("Only who takes the shares says so."), NotAllowed)
    if found.state in {TransferState.AGREED, TransferState.DONE}:
        return False
    require(found.state == TransferState.WANTED, _("This transfer is off."), Refused)
    text = acceptance(found)
    require(shown == text, _("Something has changed since the page was shown. Please look at it again."), Refused)
    assert found.taker is not None  # noqa: S101 - asked above
    _agree(found, text, localdate(), evidence_of(found.taker), by)
    return True


def _agree(found: Transfer, text: str, taken_on: date, evidence: str, by: Person) -> None:
    found.state, found.taken_on, found.taken_text, found.taken_evidence = TransferState.AGREED, taken_on, text, evidence
    found.save(update_fields=["taker", "state", "taken_on", "taken_text", "taken_evidence", "newcomer"])
    trail.record("leaving.transfer_agreed", by=by, about=found, cooperative=found.giver.cooperative_id)
    letters.board_asked(found, by=by)


@transaction.atomic
def record_taker(found: Transfer, taker: Membership | None, *, taken_on: date, evidence: str, by: Person) -> bool:
    """The administration records that the taker has declared on paper; where the taker joined only now, who it is."""
    found = held_transfer(found)
    require_administration(by, found.giver.cooperative)
    if found.state != TransferState.WANTED:
        return False
    require(evidence.strip(), _("Name the proof: the letter, and where it lies."), BadInput)
    require(taken_on <= localdate(), _("What has not come in yet cannot be entered."), BadInput)
    found.taker = found.taker or taker
    require(found.taker is not None, _("Say which member takes the shares. Who is not a member yet joins first."), BadInput)
    _require_fitting(found.giver, found.quantity, found.taker)
    found.newcomer = ""
    _agree(found, "", taken_on, evidence.strip()[:300], by)
    return True


@transaction.atomic
def agree_to_transfer(found: Transfer, *, effective_on: date, by: Person) -> bool:
    """The board agrees: the shares go over on this day, the capital with them; with the last ones the giver leaves the day before.

    A confirmed notice of the whole membership gives way to a transfer of all shares: § 76 allows it at any time until the exit.
    """
    found = held_transfer(found)
    require_board(by, found.giver.cooperative)
    if found.state == TransferState.DONE:
        return False
    require(found.state == TransferState.AGREED, _("First the taker has to agree."), Refused)
    today = localdate()
    require(effective_on >= (found.taken_on or today), _("The transfer cannot count from before both have declared it."), BadInput)
    require(effective_on <= today, _("The transfer counts from today at the latest: the board enters it on its day."), BadInput)
    if found.taker is None:
        raise Refused(_("First the taker has to agree."))
    is_all = _make_way(found, by)
    gone, _come = members.transfer_shares(
        found.giver,
        found.taker,
        found.quantity,
        declared_on=found.declared_on,
        effective_on=effective_on,
        evidence=found.evidence,
        by=by,
    )
    if is_all:
        _close_notices(found)
    found.state, found.effective_on, found.entry = TransferState.DONE, effective_on, gone
    found.closed_at, found.decided_by, found.newcomer = timezone.now(), by, ""
    found.save()
    trail.record("leaving.transfer_done", by=by, about=found, cooperative=found.giver.cooperative_id, shares=found.quantity)
    letters.transfer_done(found)
    return True


def _make_way(found: Transfer, by: Person) -> bool:
    """Take back a confirmed end that has not come yet, if all shares go. Says whether all of them go."""
    ending = queries.open_of(found.giver, Scope.ALL).filter(state=State.CONFIRMED).first()
    today = localdate()
    lasts = is_active(found.giver.joined_on, found.giver.ends_on, today)
    require(lasts, _("The membership of the giver has ended; there is only the settlement."), Refused)
    single = Termination.objects.filter(membership=found.giver, scope=Scope.SINGLE, state=State.CONFIRMED, effective_on__gte=today)
    is_all = found.quantity == held_on(share_lines(found.giver), today)
    if ending:
        require(is_all, _("The membership ends on a known day: all shares are transferred, or the notice is taken back first."), Refused)
        members.take_end_back(found.giver, by=by)
        found.giver.refresh_from_db()
    require(not single.exists(), _("Single shares are given up already at a later day: take that back first."), Refused)
    return is_all


def _close_notices(found: Transfer) -> None:
    rows = Termination.objects.filter(membership=found.giver, state__in=OPEN)
    rows.update(state=State.UNDONE, closed_at=timezone.now(), closed_why=_("All shares were transferred (§ 76 GenG)."))


@transaction.atomic
def stop_transfer(found: Transfer, *, why: str = "", by: Person) -> bool:
    """Giver or taker withdraw, or the board refuses with its reason. False where it is closed already."""
    found = held_transfer(found)
    is_party = access.is_own(by, found.giver) or (found.taker is not None and access.is_own(by, found.taker))
    is_board = access.may_decide(by, found.giver.cooperative)
    require(is_party or is_board, _("Only giver, taker or the board stop a transfer."), NotAllowed)
    if found.state not in OPEN_TRANSFERS:
        return False
    require(is_party or why.strip(), _("Say why, so that both understand it."), BadInput)
    found.state = TransferState.WITHDRAWN if is_party else TransferState.REFUSED
    found.closed_at, found.closed_why, found.decided_by, found.newcomer = timezone.now(), why.strip()[:300], by, ""
    found.save(update_fields=["state", "closed_at", "closed_why", "decided_by", "newcomer"])
    verb = "leaving.transfer_withdrawn" if is_party else "leaving.transfer_refused"
    trail.record(verb, by=by, about=found, cooperative=found.giver.cooperative_id)
    letters.transfer_off(found, by=by)
    return True
