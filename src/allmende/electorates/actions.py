"""Making, changing and freezing rolls of voters."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.electorates import access, rolls, rules
from allmende.electorates.models import Electorate, ElectorateState, Excluded, Voter
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.members.models import Membership
from allmende.networks.models import VOTING, Representative
from allmende.people.models import Person

AT_ONCE = 1_000
LATEST = timedelta(days=366)
EARLIEST = 1800  # next to the first day there is, nothing can be computed
OF_SEATS = ("o:", "c:")


def _require_administration(by: Person, cooperative: Cooperative) -> None:
    require(constitution.may_administer(by, cooperative), _("Only the board and the member administration may do this."), NotAllowed)


def _require_usable(cooperative: Cooperative, basis: Mapping[str, Any], day: date) -> None:
    require(not rules.problems(basis), _("This rule for who votes is not complete. Choose again who votes."))
    require(day.year >= EARLIEST, _("Please check the year."), BadInput)
    require(day <= localdate() + LATEST, _("The day of the roll lies more than a year ahead. Choose an earlier one."))
    if basis["kind"] == "circle":
        known = {uuid for uuid, _name in rolls.circles_of(cooperative)}
        require(basis["circle"] in known, _("This circle does not belong to the cooperative. Choose another one."))


@transaction.atomic
def draft(cooperative: Cooperative, basis: Mapping[str, Any], day: date, *, by: Person) -> Electorate:
    """Note who is to vote, as of which day. No names are kept before it is frozen."""
    _require_administration(by, cooperative)
    _require_usable(cooperative, basis, day)
    electorate = Electorate.objects.create(cooperative=cooperative, basis=dict(basis), day=day, created_by=by)
    trail.record("electorates.roll_drafted", by=by, about=electorate, kind=basis["kind"])
    return electorate


@transaction.atomic
def change(electorate: Electorate, basis: Mapping[str, Any], day: date, *, by: Person) -> Electorate:
    """Choose differently who votes, before it is frozen."""
    found = Electorate.objects.select_for_update(of=("self",)).select_related("cooperative").get(pk=electorate.pk)
    _require_administration(by, found.cooperative)
    require(found.state == ElectorateState.DRAFT, _("The roll is frozen: voting has been opened with it. It cannot be changed any more."))
    _require_usable(found.cooperative, basis, day)
    found.basis, found.day = dict(basis), day
    found.save(update_fields=["basis", "day"])
    return found


@transaction.atomic
def freeze(electorate: Electorate, *, by: Person | None) -> Electorate:
    """Write down for good who votes, with how many votes, who does not and why, and the hash over the list.

    `by` is None when a process opens on its day by itself. Once it is frozen nothing follows the register any more, apart from the
    account that casts where there was none.
    """
    found = Electorate.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=electorate.pk)
    if by is not None:
        _require_administration(by, found.cooperative)
    require(found.state == ElectorateState.DRAFT, _("The roll is frozen already."))
    Cooperative.objects.select_for_update().get(pk=found.cooperative_id)  # nobody joins or leaves in between
    preview = rolls.made(found.cooperative, found.basis, found.day)
    require(preview.voters, _("Nobody may vote by this rule on this day. Choose another group or another day."))
    Voter.objects.bulk_create((_voter(found, row) for row in preview.voters), batch_size=AT_ONCE)
    Excluded.objects.bulk_create((_excluded(found, row) for row in preview.excluded), batch_size=AT_ONCE)
    found.voters_hash, found.frozen_at, found.frozen_by = preview.voters_hash, timezone.now(), by
    found.state = ElectorateState.FROZEN
    found.save(update_fields=["state", "voters_hash", "frozen_at", "frozen_by"])
    trail.record("electorates.roll_frozen", by=by, about=found, voters=len(preview.voters), hash=found.voters_hash)
    return found


def _voter(electorate: Electorate, row: rolls.Row) -> Voter:
    line = row.line
    return Voter(
        electorate=electorate,
        key=line.key,
        membership_id=row.membership,
        person_id=row.person,
        name=row.name[:250],
        category=line.category[:80],
        is_investing=line.is_investing,
        votes=line.votes,
        reason=line.reason,
        facts=dict(line.facts),
    )


def _excluded(electorate: Electorate, row: rolls.Row) -> Excluded:
    line = row.line
    return Excluded(
        electorate=electorate,
        key=line.key,
        membership_id=row.membership,
        name=row.name[:250],
        category=line.category[:80],
        reason=line.reason,
        facts=dict(line.facts),
    )


def give_account(membership: Membership, person: Person | None) -> int:
    """An account came to a member who had none when the roll was frozen: it may cast from now on. Says in how many rolls.

    Whoever casts already keeps the voice; an account that is taken away from a membership loses it.
    """
    frozen = Voter.objects.filter(membership=membership, key__startswith="m:")
    if person is None:
        return frozen.filter(facts__casting__in=[rules.Casting.ACCOUNT, rules.Casting.NO_ACCOUNT]).update(person=None)
    waiting = frozen.filter(person=None).exclude(facts__casting=rules.Casting.HEIRS).select_related("electorate__cooperative")
    free = [one.pk for one in waiting if person.pk not in rolls.barred_persons(one.electorate.cooperative, one.electorate.basis)]
    return Voter.objects.filter(pk__in=free, person=None).update(person=person)


def give_representative(representative: Representative) -> int:
    """Somebody was confirmed to vote for an organisation: where nobody could when the roll was frozen, or who could does so no longer.
    Says in how many rolls."""
    if representative.acting not in VOTING or representative.person_id is None or representative.confirmed_at is None:
        return 0
    waiting = Voter.objects.filter(membership=representative.membership_id, facts__casting__in=rules.BY_OTHERS)
    waiting = waiting.exclude(person=representative.person_id).select_related("person")
    given = 0
    for voter in waiting.select_related("electorate__cooperative__organisation", "person"):
        cooperative = voter.electorate.cooperative
        is_barred = representative.person_id in rolls.barred_persons(cooperative, voter.electorate.basis)
        if is_barred or (voter.person is not None and access.may_cast(voter.person, voter)):
            continue
        also = Voter.objects.filter(electorate=voter.electorate_id, person=representative.person_id, key__startswith="m:")
        law = rolls.law_on(cooperative, voter.electorate.day)
        if not rules.is_represented_too_often(also.exclude(membership__person=representative.person_id).count(), law):
            given += Voter.objects.filter(pk=voter.pk, person=voter.person_id).update(person=representative.person_id)
    return given


def forget_membership(membership: Membership) -> None:
    """The register has forgotten this member: rolls keep the line, and no name."""
    Voter.objects.filter(membership=membership).update(name="", person=None)
    Excluded.objects.filter(membership=membership).update(name="")


def forget_person(person: Person) -> None:
    """An account is erased. Names of members stay as long as the register keeps them; names from circles go at once."""
    mine = Voter.objects.filter(person=person)
    mine.filter(key__startswith="c:").update(name="")
    mine.update(person=None)
