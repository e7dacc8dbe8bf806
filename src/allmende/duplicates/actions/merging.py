"""Two entries become one. Everything in one transaction, so that any moment the machine stops there are either two entries or one.

What moves is written down in `Merge.moved`, by number and with its value before:

    loser_state    what the entry that goes was before
    fields         name -> [before, after] of the entry that stays; `places` are pairs [before, after], as in a revision
    records        number -> names of the fields in which the loser said what its source says
    stewardships   numbers of those that moved;  roles: [number, before, after] of those that rose
    members, networks    numbers of belongings: the loser as a member, the loser as a network
    branch, branches     numbers of kinships: the loser as a branch, the loser as a head
    pairs          made: numbers, changed: [number, what it said before] of verdicts that hold for the winner now

Confirmations stay with the loser: they confirmed its text. Terms, places and fields of the loser stay as they are, so that nothing
is lost and its history can be read.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.importers import entries, undoing
from allmende.directory.importers.base import BLANK
from allmende.directory.models import Belonging, Kinship, Organisation, Proof, Record, Revision, RevisionSet, Role, State, Stewardship
from allmende.directory.queries import newest_revision, rules_in_force
from allmende.duplicates import access, letters, rules
from allmende.duplicates.actions import carrying, hanging
from allmende.duplicates.actions.deciding import CHANGED, pair_of, take
from allmende.duplicates.comparison import standing, united_places
from allmende.duplicates.models import Merge, Pair, PairState
from allmende.ground import trail
from allmende.ground.bulk import update
from allmende.ground.refusals import NotAllowed, Refused, require
from allmende.people.models import Person

_HEIGHT = {Role.MEMBER: 0, Role.EDITOR: 1, Role.OWNER: 2}

Moved = dict[str, Any]
Said = dict[str, Any]


@transaction.atomic
def merge_organisations(
    winner: Organisation,
    loser: Organisation,
    *,
    by: Person,
    theirs: Iterable[str] | None = None,
    reason: str = "",
    bases: Mapping[int, int] | None = None,
) -> Merge:
    """Merge `loser` into `winner`: its address leads there for ever, its sources, people and links move there.

    `theirs` are the single fields taken from the loser (None: where the winner says nothing). `bases` are the newest revisions of both
    that somebody looked at when choosing; if an entry was changed since, nothing happens and a sentence says so.
    """
    winner, loser = take(winner, loser)
    sentence = _("Only who answers for both entries, or takes care of both, may merge them. You can ask those who look after them.")
    require(access.may_decide(by, winner, loser), sentence, NotAllowed)
    for entry in (winner, loser):
        is_fresh = bases is None or newest_revision(entry.pk) == bases.get(entry.pk)
        require(is_fresh, _("“%(name)s” was changed meanwhile. Please look at both entries again.") % {"name": entry.name})
    return _merge(winner, loser, by, theirs, reason)


def merge_as_agreed(one: Organisation, other: Organisation, *, by: Person, reason: str) -> Merge:
    """The owners of both said that it is the same organisation: the better entry stays. Called with both locked."""
    held = {one.pk: one, other.pk: other}
    pk = rules.stays(*standing((one, other)))
    winner, loser = held.pop(pk), next(iter(held.values()))
    return _merge(winner, loser, by, None, reason)


def _merge(winner: Organisation, loser: Organisation, by: Person, theirs: Iterable[str] | None, reason: str) -> Merge:
    _require_sense(winner, loser)
    held = entries.load([winner.pk, loser.pk])
    mine, other = undoing.said(winner.pk), undoing.said(loser.pk)
    moved: Moved = {"loser_state": loser.state}
    kept = RevisionSet.objects.create(by=by, reason=(reason or _("Merged: “%(name)s”") % {"name": loser.name})[:300])
    moved["fields"] = _write_fields(held[winner.pk], mine, other, theirs, kept)
    moved["records"] = _move_records(winner, loser, other)
    _move_stewardships(winner, loser, moved)
    _move_belongings(winner, loser, moved)
    _move_kinships(winner, loser, moved)
    pair = _same(winner, loser, by, reason)
    moved["pairs"] = carrying.carry(winner, loser)
    moved["rows"] = hanging.carry_rows(winner, loser)
    _send_on(loser, winner, kept)
    facts = {"pair": pair, "winner": winner, "loser": loser, "by": by, "at": timezone.now()}
    merge = Merge.objects.create(**facts, reason=reason[:300], revision_set=kept, moved=moved)
    kept.report = {"merge": merge.pk}  # so that nobody takes half of it back as if it were an import
    kept.save(update_fields=["report"])
    letters.merged(merge, by)
    trail.record("duplicates.organisations_merged", by=by, about=merge, winner=winner.pk, loser=loser.pk, merge=merge.pk)
    trail.record(CHANGED, by=by, about=merge, organisations=[winner.pk, loser.pk], what="merged")
    return merge


def _require_sense(winner: Organisation, loser: Organisation) -> None:
    kin = Kinship.objects.filter(branch__in=(winner, loser), head__in=(winner, loser)).exists()
    names = {"winner": winner.name, "loser": loser.name}
    sentence = _("“%(winner)s” and “%(loser)s” are kept as head and branch. Please take that back first if they are one.")
    require(not kin, sentence % names)
    sentence = _("“%(winner)s” is less visible than “%(loser)s”, so it cannot be the one that stays. Please choose the other one.")
    require(rules.may_stay(winner.state, loser.state), sentence % names, Refused)


def _write_fields(entry: entries.Entry, mine: Said, other: Said, theirs: Iterable[str] | None, kept: RevisionSet) -> Moved:
    """What the entry that stays says now, with the revision that remembers it."""
    chosen = rules.usual_choice(mine, other) if theirs is None else frozenset(theirs)
    fields = rules.together(mine, other, chosen, getattr(rules_in_force(), "defaults", None))
    places = united_places(mine["places"], other["places"])
    entries.change_organisations([(entry, fields)])
    if places != mine["places"]:
        entries.put_places(entry, places)
    before, after = undoing.difference(mine, undoing.said(entry.organisation.pk))
    if after:
        Revision.objects.create(organisation=entry.organisation, set=kept, before=before, after=after)
    return {name: [before[name], after[name]] for name in after}


def _move_records(winner: Organisation, loser: Organisation, said: Said) -> Moved:
    """The rows of sources behind the loser back the winner now, so that their imports go on there."""
    records = list(Record.objects.filter(organisation=loser).order_by("pk"))
    for record in records:
        record.organisation = winner
    update(records, ("organisation_id",))
    return {str(record.pk): _as_source_says(record, said) for record in records}


def _as_source_says(record: Record, said: Said) -> list[str]:
    draft = record.raw.get("draft", {})
    return [name for name, blank in BLANK.items() if draft.get(name, blank) == said[name]]


def _move_stewardships(winner: Organisation, loser: Organisation, moved: Moved) -> None:
    """Who looks after one of the two looks after what stays, in the higher role; what has ended stays where it was.

    Whoever entered the loser themselves edits where somebody answers already: a made-up double would be a way to own an entry.
    """
    here = {held.person_id: held for held in Stewardship.objects.filter(organisation=winner, until=None)}
    is_owned = any(held.role == Role.OWNER for held in here.values())
    made_up = {(Role.OWNER, Proof.FOUNDED)} if is_owned else set()
    moved["stewardships"], moved["roles"] = [], []
    for held in Stewardship.objects.filter(organisation=loser, until=None).order_by("pk"):
        mine, role = here.get(held.person_id), Role.EDITOR if (held.role, held.proof) in made_up else Role(held.role)
        if mine is None:
            Stewardship.objects.filter(pk=held.pk).update(organisation=winner)
            moved["stewardships"].append(held.pk)
            mine = held
        if (mine is held and role != held.role) or _HEIGHT[role] > _HEIGHT[Role(mine.role)]:
            moved["roles"].append([mine.pk, mine.role, str(role)])
            Stewardship.objects.filter(pk=mine.pk).update(role=role)


def _move_belongings(winner: Organisation, loser: Organisation, moved: Moved) -> None:
    """Networks of the loser, and its members if it is one; what the winner has already stays with the loser, unseen."""
    mine = {winner.pk, *Belonging.objects.filter(member=winner).values_list("network_id", flat=True)}
    members = [one.pk for one in Belonging.objects.filter(member=loser) if one.network_id not in mine]
    Belonging.objects.filter(pk__in=members).update(member=winner)
    here = {winner.pk, *Belonging.objects.filter(network=winner).values_list("member_id", flat=True)}
    networks = [one.pk for one in Belonging.objects.filter(network=loser) if one.member_id not in here]
    Belonging.objects.filter(pk__in=networks).update(network=winner)
    moved["members"], moved["networks"] = members, networks


def _move_kinships(winner: Organisation, loser: Organisation, moved: Moved) -> None:
    """Branches of the loser are the winner's, and if it was a branch itself, so is the winner; never in a circle."""
    above = Kinship.objects.filter(branch=winner).values_list("head_id", flat=True).first()
    branches = [kin.pk for kin in Kinship.objects.filter(head=loser) if kin.branch_id not in {winner.pk, above}]
    Kinship.objects.filter(pk__in=branches).update(head=winner)
    moved["branches"], moved["branch"] = branches, None
    kin = Kinship.objects.filter(branch=loser).first()
    is_free = above is None and kin is not None and not Kinship.objects.filter(branch=kin.head_id, head=winner).exists()
    if kin is not None and is_free and kin.head_id != winner.pk:
        Kinship.objects.filter(pk=kin.pk).update(branch=winner)
        moved["branch"] = kin.pk


def _same(winner: Organisation, loser: Organisation, by: Person, reason: str) -> Pair:
    pair = pair_of(winner, loser)
    pair.state, pair.decided_by, pair.decided_at, pair.note = PairState.SAME, by, timezone.now(), reason[:500]
    pair.save(update_fields=["state", "decided_by", "decided_at", "note"])
    return pair


def _send_on(loser: Organisation, winner: Organisation, kept: RevisionSet) -> None:
    """The address of the loser leads to the winner from now on."""
    before, loser.state, loser.merged_into = loser.state, State.MERGED, winner
    loser.save(update_fields=["state", "merged_into", "changed_at"])
    Revision.objects.create(organisation=loser, set=kept, before={"state": before}, after={"state": str(State.MERGED)})
