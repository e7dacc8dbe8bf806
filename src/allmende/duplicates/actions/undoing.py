"""A merge is taken back: what was moved goes back as far as nobody has changed it since, and what could not go back is said."""

from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.importers import entries, undoing
from allmende.directory.importers.base import BLANK
from allmende.directory.importers.merging import key
from allmende.directory.models import Belonging, Kinship, Organisation, Record, Revision, RevisionSet, State, Stewardship
from allmende.duplicates import access, letters, rules
from allmende.duplicates.actions import carrying, hanging
from allmende.duplicates.actions.deciding import CHANGED, lock
from allmende.duplicates.models import Merge, Pair, PairState
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person

Said = dict[str, Any]
Left = list[list[str]]  # rows of [kind, name]: what could not go back


@transaction.atomic
def undo_merge(merge: Merge, *, by: Person) -> Merge:
    """Make two entries of one again. Both keep their histories; the pair is open, and remembers what happened."""
    held = {entry.pk: entry for entry in lock([merge.winner_id, merge.loser_id])}
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    merge.winner, merge.loser = winner, loser = held[merge.winner_id], held[merge.loser_id]
    require(access.may_undo(by, merge), _("Only who looks after the entry that stayed, or a caretaker, may undo this."), NotAllowed)
    _require_sense(merge, winner, loser)
    left: Left = []
    back = RevisionSet.objects.create(by=by, reason=f"↶ {_('Merged: “%(name)s”') % {'name': loser.name}}"[:300], report={"merge": merge.pk})
    _fields_back(winner, merge.moved["fields"], back, left)
    _stand_again(loser, merge.moved["loser_state"], back)
    _records_back(merge, left)
    _stewardships_back(merge, left)
    _belongings_back(merge, left)
    _kinships_back(merge, left)
    carrying.bring_back(merge.moved["pairs"], merge.at)
    hanging.bring_rows_back(merge.moved.get("rows", {}), winner, loser)
    _open_again(merge)
    merge.undone_at, merge.undone_by, merge.left = timezone.now(), by, left
    merge.save(update_fields=["undone_at", "undone_by", "left"])
    letters.unmerged(merge, by)
    facts = {"winner": winner.pk, "loser": loser.pk, "merge": merge.pk, "left": len(left)}
    trail.record("duplicates.organisations_unmerged", by=by, about=merge, **facts)
    trail.record(CHANGED, by=by, about=merge, organisations=[winner.pk, loser.pk], what="unmerged")
    return merge


def _require_sense(merge: Merge, winner: Organisation, loser: Organisation) -> None:
    require(merge.undone_at is None, _("This merge has been undone already."))
    names = {"name": winner.name, "into": winner.merged_into.name if winner.merged_into else ""}
    sentence = _("“%(name)s” has itself been merged into “%(into)s” since. Please undo that merge first.")
    require(winner.state != State.MERGED, sentence % names)
    require(loser.merged_into_id == winner.pk, _("The two entries are no longer merged."))


# ------------------------------------------------------------------------------------------------------------ fields


def _fields_back(winner: Organisation, changed: dict[str, list[Any]], back: RevisionSet, left: Left) -> None:
    """The entry that stayed says again what it said before, field by field where nobody has changed it since."""
    entry = entries.load([winner.pk])[winner.pk]
    now = undoing.said(winner.pk)
    fields = {name: value for name in changed if name in BLANK and (value := _value_back(name, changed[name], now, left)) != now[name]}
    entries.change_organisations([(entry, fields)])
    places = _seated(_places_back(now["places"], changed.get("places", [[], []]), left), changed.get("seat"))
    if places != now["places"]:
        entries.put_places(entry, places)
    old, new = undoing.difference(now, undoing.said(winner.pk))
    if new:
        Revision.objects.create(organisation=winner, set=back, before=old, after=new)


def _value_back(name: str, change: list[Any], now: Said, left: Left) -> Any:
    before, after = change
    if name in rules.MANY:
        return rules.without(now[name], after, before)
    if now[name] == after:
        return before
    if now[name] != before:
        left.append(["field", name])
    return now[name]


def _places_back(now: list[Said], change: list[list[Said | None]], left: Left) -> list[Said]:
    """Places that the merge added go, those it replaced come back; which of them is the seat is said by the seat itself."""
    found = list(now)
    here = Counter(map(key, now))
    for old, new in zip(*change, strict=True):
        if new is not None and not here[key(new)]:
            left.append(["place", ", ".join(part for part in (new["street"], new["town"]) if part)])
            continue
        at = next((number for number, place in enumerate(found) if new is not None and key(place) == key(new)), len(found))
        is_seat = at < len(found) and found[at]["is_seat"]
        found[at : at + 1] = [{**old, "is_seat": is_seat}] if old else []
        here.subtract([key(new)] if new is not None else [])
    return found


def _seated(places: list[Said], seat: list[Any] | None) -> list[Said]:
    """The same places with the seat of before, if the merge had changed which one it was and nobody else has since."""
    if seat is None or seat[1] not in [list(key(place)) for place in places if place["is_seat"]] + [None]:
        return places
    return [{**place, "is_seat": list(key(place)) == seat[0]} for place in places]


def _stand_again(loser: Organisation, state: str, back: RevisionSet) -> None:
    loser.state, loser.merged_into = State(state), None
    loser.save(update_fields=["state", "merged_into", "changed_at"])
    Revision.objects.create(organisation=loser, set=back, before={"state": str(State.MERGED)}, after={"state": state})


# -------------------------------------------------------------------------------------------------- what hangs on it


def _records_back(merge: Merge, left: Left) -> None:
    """The rows of sources are the loser's again. What a source has said since, its next import brings to the loser."""
    names = merge.moved["records"]
    records = {str(record.pk): record for record in Record.objects.filter(pk__in=names).select_related("source")}
    said = undoing.said(merge.loser_id)
    for pk, own in names.items():
        record = records.get(pk)
        if record is None or record.organisation_id != merge.winner_id:
            left.append(["record", f"{record.source.name} {record.remote_id}" if record else pk])
            continue
        record.organisation_id = merge.loser_id
        if record.retrieved_at > merge.at:
            draft = {**record.raw.get("draft", {}), **{name: said[name] for name in own}, "places": said["places"]}
            record.raw, record.digest = {**record.raw, "draft": draft}, ""
        record.save(update_fields=["organisation", "raw", "digest"])


def _stewardships_back(merge: Merge, left: Left) -> None:
    there = set(Stewardship.objects.filter(organisation=merge.loser, until=None).values_list("person_id", flat=True))
    for pk, before, after in merge.moved["roles"]:  # first, while all are still at the winner
        if not Stewardship.objects.filter(pk=pk, organisation=merge.winner, until=None, role=after).update(role=before):
            left.append(["role", str(pk)])
    for held in Stewardship.objects.filter(pk__in=merge.moved["stewardships"], organisation=merge.winner).order_by("pk"):
        if held.until is not None or held.person_id not in there:
            Stewardship.objects.filter(pk=held.pk).update(organisation=merge.loser)


def _belongings_back(merge: Merge, left: Left) -> None:
    members = Belonging.objects.filter(pk__in=merge.moved["members"], member=merge.winner)
    networks = Belonging.objects.filter(pk__in=merge.moved["networks"], network=merge.winner)
    known = set(Belonging.objects.filter(member=merge.loser).values_list("network_id", flat=True)) | {merge.loser_id}
    members.exclude(network__in=known).update(member=merge.loser)
    known = set(Belonging.objects.filter(network=merge.loser).values_list("member_id", flat=True)) | {merge.loser_id}
    networks.exclude(member__in=known).update(network=merge.loser)
    gone = len(merge.moved["members"]) + len(merge.moved["networks"])
    gone -= Belonging.objects.filter(pk__in=[*merge.moved["members"], *merge.moved["networks"]]).count()
    left.extend([["belonging", ""]] * gone)


def _kinships_back(merge: Merge, left: Left) -> None:
    branches = Kinship.objects.filter(pk__in=merge.moved["branches"], head=merge.winner).exclude(branch=merge.loser)
    back = branches.update(head=merge.loser)
    pk: int = merge.moved["branch"] or 0
    if pk and not Kinship.objects.filter(branch=merge.loser).exists():
        back += Kinship.objects.filter(pk=pk, branch=merge.winner).exclude(head=merge.loser).update(branch=merge.loser)
    wanted = len(merge.moved["branches"]) + (merge.moved["branch"] is not None)
    left.extend([["branch", ""]] * (wanted - back))


def _open_again(merge: Merge) -> None:
    """The question about the two is open again; what was said and done stands in the history of the pair."""
    again = {"state": PairState.OPEN, "decided_at": None, "decided_by": None, "asked_at": None}
    Pair.objects.filter(pk__in=[merge.pair_id or 0], state=PairState.SAME).update(**again)
