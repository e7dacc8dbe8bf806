"""A list comes in, is understood, rehearsed, entered as a whole or not at all, and taken back while nothing has followed from it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.banking import bulk as banking
from allmende.banking.bulk import CarriedAccount
from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.constitution.queries import statute_of
from allmende.constitution.rules import payout_due_on
from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import fold
from allmende.intake import checking, queries, rules, tables
from allmende.intake.checking import NEW_GROUP, NO_GROUP, Checked, Options
from allmende.intake.columns import FIELDS, guess_all, plain
from allmende.intake.models import ColumnMemory, Entered, Intake, State
from allmende.members import bulk
from allmende.members.actions import Entering, locked, require_administration
from allmende.members.bulk import Carried
from allmende.members.models import Group, Membership, ShareEntry, ShareKind
from allmende.money import actions as money
from allmende.money import bulk as money_bulk
from allmende.money.actions import Line
from allmende.money.models import Account, BookingKind
from allmende.people.models import Person

BLOCK = 500


@transaction.atomic
def upload(cooperative: Cooperative, data: bytes, name: str, *, by: Person) -> Intake:
    """Take a file in: its rows are kept for a week, the file itself is not."""
    require_administration(by, cooperative)
    table = tables.read(data)
    memory = ColumnMemory.objects.filter(cooperative=cooperative).first()
    made = Intake.objects.create(
        cooperative=cooperative,
        name=name[-200:],
        heading=table.heading,
        rows=queries.packed(table.rows),
        notes=table.notes,
        columns=guess_all(table.heading, memory.columns if memory else {}),
        uploaded_by=by,
    )
    trail.record("intake.list_uploaded", by=by, about=made, cooperative=cooperative.pk, rows=len(table.rows))
    return made


@transaction.atomic
def choose_columns(intake: Intake, columns: Sequence[str], *, by: Person) -> Intake:
    """Say what each column holds; remembered for the next list."""
    intake = _open(intake, by)
    require(len(columns) == len(intake.heading), _("Choose once more what each column holds."), BadInput)
    chosen = [one for one in columns if one]
    require(all(one in FIELDS for one in chosen), _("Choose once more what each column holds."), BadInput)
    require(len(chosen) == len(set(chosen)), _("Two columns cannot hold the same."), BadInput)
    named = {"name", "family_name", "firm"} & set(chosen)
    require(named, _("Which column holds the name? Choose full name, family name or organisation."), BadInput)
    require("joined_on" in chosen, _("Which column holds the day of joining? The law asks for it in the list (§ 30 II GenG)."), BadInput)
    require("shares" in chosen, _("Which column holds the number of shares?"), BadInput)
    intake.columns, intake.findings, intake.sums, intake.checked_at = list(columns), b"", {}, None
    intake.save(update_fields=["columns", "findings", "sums", "checked_at"])
    memory, _new = ColumnMemory.objects.get_or_create(cooperative=intake.cooperative)
    memory.columns |= {plain(heading): field for heading, field in zip(intake.heading, columns, strict=True) if plain(heading)}
    memory.save(update_fields=["columns"])
    return intake


@transaction.atomic
def rehearse(intake: Intake, options: Options, *, by: Person) -> Intake:
    """Read all rows with these choices and note what is found. Nothing is entered."""
    intake = _open(intake, by)
    statute_of(intake.cooperative)
    require(options.opening_on <= localdate(), _("The day of the balances cannot lie in the future."), BadInput)
    due = options.due_on is None or options.due_on >= localdate()
    require(due and (options.due_on or not options.ask_rest), _("Say until when the open rest is to be paid, today or later."), BadInput)
    intake.options = {
        **asdict(options),
        "opening_on": options.opening_on.isoformat(),
        "due_on": options.due_on.isoformat() if options.due_on else None,
    }
    return _note(intake, queries.checked_rows(intake))


def _note(intake: Intake, found: Sequence[Checked], fault: str = "") -> Intake:
    intake.findings = queries.packed([[one.row, one.name[:120], one.number, one.errors, one.warnings] for one in found])
    intake.sums, intake.checked_at, intake.fault = checking.sums(found), timezone.now(), fault[:500]
    intake.save(update_fields=["options", "findings", "sums", "checked_at", "fault"])
    return intake


@transaction.atomic
def start(intake: Intake, *, by: Person) -> bool:
    """Let the list be entered in the background. False when it is under way already: a second click changes nothing."""
    from allmende.intake.tasks import enter  # the task calls `enter_list` below

    locked(intake.cooperative)
    require(constitution.may_decide(by, intake.cooperative), _("Only the board takes a list over into the register."), NotAllowed)
    found = Intake.objects.select_for_update().get(pk=intake.pk)
    if found.state != State.OPEN:
        return False
    require(found.checked_at, _("Let the list be checked first."), Refused)
    require(found.sums.get("taken"), _("There is no row that could be entered."), Refused)
    errors = found.sums.get("with_errors", 0)
    require(not errors or found.options.get("leave_out"), _("There are rows with errors: mend the file, or leave these rows out."), Refused)
    busy = Intake.objects.filter(cooperative=intake.cooperative, state=State.QUEUED).exists()
    require(not busy, _("Another list is being entered just now."), Refused)
    found.state, found.queued_at, found.started_by, found.fault = State.QUEUED, timezone.now(), by, ""
    found.save(update_fields=["state", "queued_at", "started_by", "fault"])
    enter.enqueue(found.pk)
    trail.record("intake.list_started", by=by, about=found, cooperative=found.cooperative_id)
    return True


@transaction.atomic
def discard(intake: Intake, *, by: Person) -> None:
    """Throw a list away that was not entered."""
    intake = _open(intake, by)
    trail.record("intake.list_discarded", by=by, about=intake, cooperative=intake.cooperative_id)
    intake.delete()


def _open(intake: Intake, by: Person) -> Intake:
    require_administration(by, intake.cooperative)
    found = Intake.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=intake.pk)
    require(found.state == State.OPEN, _("This list is entered already, or is being entered just now."), Refused)
    return found


# ------------------------------------------------------------------------------------------------------------ entering


def enter_list(intake: Intake) -> bool:
    """Enter a queued list as a whole. What the register does not allow any more puts it back, with the sentence, for another rehearsal.

    False where there was nothing to do: the task came twice.
    """
    if not Intake.objects.filter(pk=intake.pk, state=State.QUEUED).update(started_at=timezone.now()):
        return False
    try:
        return _enter(intake)
    except Refused as fault:
        with transaction.atomic():
            found = Intake.objects.select_for_update().get(pk=intake.pk)
            found.state, found.queued_at, found.started_at = State.OPEN, None, None
            found.save(update_fields=["state", "queued_at", "started_at"])
            _note(found, queries.checked_rows(found), str(fault.sentence))
        return False


@transaction.atomic
def _enter(intake: Intake) -> bool:
    cooperative = locked(intake.cooperative)
    intake = Intake.objects.select_for_update(of=("self",)).select_related("cooperative__organisation", "started_by").get(pk=intake.pk)
    by = intake.started_by
    if intake.state != State.QUEUED:
        return False
    if by is None or not constitution.may_decide(by, cooperative):
        raise Refused(_("Only the board takes a list over into the register."))
    options = queries.options_of(intake)
    found = queries.checked_rows(intake)
    bad = sum(1 for one in found if one.errors)
    now_bad = _("Since the rehearsal the register has changed; please look at the rows once more.")
    require(bad == intake.sums.get("with_errors", 0), now_bad, Refused)
    taken = [one for one in found if not one.errors]
    groups = _groups(cooperative, taken, options)
    entries = Organisation.objects.in_bulk([one.organisation for one in taken if one.organisation])
    evidence = _("Carried over from “%(file)s”, row %(row)d")
    before = cooperative.next_number
    carried = [
        Carried(_entering(one, groups, entries, evidence % {"file": intake.name[:200], "row": one.row}), one.ends_on, one.end_reason)
        for one in taken
    ]
    made = bulk.enter_members(cooperative, carried, by=by)
    pairs = list(zip(taken, made, strict=True))
    _book(intake, pairs, options, by)
    _bank_details(cooperative, pairs, by)
    rows = [
        Entered(intake=intake, row=one.row, number=member.number, membership=member, shares=one.shares, cents=one.cents)
        for one, member in pairs
    ]
    Entered.objects.bulk_create(rows, batch_size=BLOCK)
    intake.state, intake.done_at, intake.next_number, intake.rows, intake.findings = State.DONE, timezone.now(), before, b"", b""
    intake.save(update_fields=["state", "done_at", "next_number", "rows", "findings"])
    trail.record("intake.list_entered", by=by, about=intake, cooperative=cooperative.pk, members=len(made))
    return True


def _groups(cooperative: Cooperative, taken: Sequence[Checked], options: Options) -> dict[str, Group | None]:
    """A group for every word of the list; those that are wanted and do not exist are made."""
    known: dict[str, Group | None] = dict(queries.register_of(cooperative, []).groups)
    by_key = {group.key: group for group in known.values() if group}
    for word in dict.fromkeys(one.group for one in taken if one.group):
        if fold(word) in known:
            continue
        choice = options.groups.get(fold(word), NEW_GROUP)
        if choice == NEW_GROUP:
            key = _free_key(word, set(by_key))
            by_key[key] = Group.objects.create(cooperative=cooperative, key=key, name=word, position=100, is_open=False)
            known[fold(word)] = by_key[key]
        else:
            known[fold(word)] = None if choice == NO_GROUP else by_key.get(choice)
    return known


def _free_key(word: str, taken: set[str]) -> str:
    key = slugify(fold(word))[:36] or "gruppe"
    number = 1
    while (found := key if number == 1 else f"{key}-{number}") in taken:
        number += 1
    return found


def _entering(one: Checked, groups: dict[str, Group | None], entries: dict[int, Organisation], evidence: str) -> Entering:
    if one.joined_on is None or one.declared_on is None:
        raise BadInput(_("The day of joining is missing (§ 30 II GenG)."))
    return Entering(
        named=one.named,
        shares=one.shares,
        joined_on=one.joined_on,
        declared_on=one.declared_on,
        kind=one.kind,
        group=groups.get(fold(one.group)) if one.group else None,
        organisation=entries.get(one.organisation) if one.organisation else None,
        number=one.number,
        evidence=evidence,
        is_opening=True,
    )


def reference_of(intake: Intake) -> str:
    """What stands as reference on the opening bookings of a list."""
    return f"intake-{intake.uuid}"


def _book(intake: Intake, pairs: Sequence[tuple[Checked, Membership]], options: Options, by: Person) -> None:
    """Opening balances, what former members are still owed, and where it is wanted the open rest as a request."""
    text, reference = _("Carried over"), reference_of(intake)
    balances = [(member, one.cents, _day(one, options)) for one, member in pairs if one.cents and not one.is_over]
    money_bulk.carry_over(intake.cooperative, balances, text=text, reference=reference, by=by)
    statute = statute_of(intake.cooperative)
    for one, member in pairs:
        if one.ends_on and one.cents:
            line = Line(
                BookingKind.OPENING,
                Account.OPENING,
                Account.SETTLEMENT,
                one.cents,
                options.opening_on,
                member,
                text=text,
                reference=reference,
            )
            due_on = payout_due_on(one.ends_on, statute.payout_months)
            money.owe(member, "settlement", [line], due_on=due_on, text=text, by=by)
    if options.ask_rest and options.due_on:
        _ask_rest(intake, pairs, options.due_on, by)


def _day(one: Checked, options: Options) -> date:
    return max(options.opening_on, one.joined_on or options.opening_on)


def _ask_rest(intake: Intake, pairs: Sequence[tuple[Checked, Membership]], due_on: date, by: Person) -> None:
    lines = ShareEntry.objects.filter(membership__cooperative=intake.cooperative, kind=ShareKind.OPENING)
    entries = {line.membership_id: line for line in lines.iterator()}
    for one, member in pairs:
        if one.rest and "paid" in one.said:
            money.ask_for(member, "shares", one.rest, due_on=due_on, share_entry=entries.get(member.pk), by=by)


def _bank_details(cooperative: Cooperative, pairs: Sequence[tuple[Checked, Membership]], by: Person) -> None:
    """Mandates with the day they were given, other accounts for payouts only."""
    accounts = [
        CarriedAccount(member, one.iban, one.holder or member_name(one), one.mandate_on, one.said.get("mandate_reference", ""))
        for one, member in pairs
        if one.iban and not one.is_over
    ]
    if accounts:
        banking.carry_over(cooperative, accounts, by=by)


def member_name(one: Checked) -> str:
    """As a bank writes it: given name first."""
    return one.named.firm or f"{one.named.given_name} {one.named.family_name}".strip()


# ------------------------------------------------------------------------------------------------------------ the way back


@transaction.atomic
def undo(intake: Intake, *, by: Person) -> int:
    """Take a list back as a whole, while nothing else has happened to its members; says how many. A second click says 0."""
    cooperative = locked(intake.cooperative)
    require(constitution.may_decide(by, cooperative), _("Only the board takes a list back."), NotAllowed)
    intake = Intake.objects.select_for_update(of=("self",)).select_related("cooperative").get(pk=intake.pk)
    if intake.state == State.UNDONE:
        return 0
    require(intake.state == State.DONE, _("This list is not entered."), Refused)
    late = _("A list can be taken back for two weeks. Correct single members in the register instead.")
    require(rules.may_undo(intake.done_at, timezone.now()), late, Refused)
    members = list(Membership.objects.filter(pk__in=intake.entered.exclude(membership=None).values("membership")))
    require(len(members) == intake.entered.count(), _("Some of these members are not there any more."), Refused)
    intake.entered.update(membership=None)
    money_bulk.take_back(cooperative, members, reference=reference_of(intake), by=by)
    banking.take_back(cooperative, members, since=intake.done_at or timezone.now(), by=by)
    count = bulk.take_back_members(cooperative, members, next_number=intake.next_number, by=by)
    intake.state, intake.undone_at = State.UNDONE, timezone.now()
    intake.save(update_fields=["state", "undone_at"])
    trail.record("intake.list_undone", by=by, about=intake, cooperative=cooperative.pk, members=count)
    return count


def forget(now: Any) -> int:
    """Lists nobody entered within a week go, with all their rows; says how many. For the daily job."""
    old = Intake.objects.filter(state=State.OPEN, uploaded_at__lt=now - rules.KEEP_UPLOADED)
    return old.delete()[0]
