"""Taking an import back, entry by entry, as far as nobody has edited it since."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from allmende.directory.importers import entries
from allmende.directory.importers.entries import Entry
from allmende.directory.importers.merging import Key, Place, PlaceChange, key, may_overwrite
from allmende.directory.importers.running import BATCH, CHANGED
from allmende.directory.models import Record, Revision, RevisionSet, State
from allmende.ground import trail
from allmende.ground.bulk import insert, update
from allmende.ground.refusals import require
from allmende.people.models import Person


def undo(revision_set: RevisionSet, *, by: Person) -> RevisionSet:
    """Undo all revisions of a set in batches; the set remembers that it was undone and by which."""
    with transaction.atomic():
        revision_set = RevisionSet.objects.select_for_update().get(pk=revision_set.pk)
        require(not revision_set.report.get("undone_by"), _("This import has been undone already."))
        require(not revision_set.report.get("merge"), _("Two entries were merged here. This is undone in the list of merged entries."))
        require(revision_set.revisions.exists() or revision_set.report.get("gone"), _("This import changed nothing."))
        back = RevisionSet.objects.create(by=by, source=revision_set.source, reason=f"↶ {revision_set.reason}"[:300])
        revision_set.report["undone_by"] = back.pk
        revision_set.save(update_fields=["report"])
    last = 0
    while part := list(revision_set.revisions.filter(pk__gt=last).order_by("pk")[:BATCH]):
        with transaction.atomic():
            _undo_part(revision_set, part, back, by)
        last = part[-1].pk
    _bring_back(revision_set, by)
    return back


def said(pk: int) -> dict[str, Any]:
    """What an entry says now, in the shape of a draft."""
    entry = entries.load([pk])[pk]
    return {**entry.data, "places": entry.places_said()}


def place_difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[PlaceChange]:
    """The places that differ between two states of an entry, side by side."""
    old, new = ([*state.get("places", ())] for state in (before, after))
    both = Counter(map(key, old)) & Counter(map(key, new))
    return list(zip_longest(_without(old, both), _without(new, both)))


def difference(before: dict[str, Any] | None, after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a revision holds of a change: the fields that differ, before and after. Before is empty for a new entry."""
    if before is None:
        return {}, after
    changed = [name for name, value in after.items() if name != "places" and before[name] != value]
    old, new = {name: before[name] for name in changed}, {name: after[name] for name in changed}
    if places := place_difference(before, after):
        old["places"], new["places"] = [one for one, _other in places], [other for _one, other in places]
    if (was := seat(before.get("places", ()))) != (now := seat(after.get("places", ()))):
        old["seat"], new["seat"] = was, now  # which of the places is the seat makes no other place of it (merging.key)
    return old, new


def seat(places: Sequence[Place]) -> list[Any] | None:
    """Which of these places is the seat, told by what it says."""
    return next((list(key(place)) for place in places if place and place.get("is_seat")), None)


def _without(places: Sequence[Place], both: "Counter[Key]") -> list[Place]:
    left, found = Counter(both), []
    for place in places:
        if left[key(place)]:
            left[key(place)] -= 1
        else:
            found.append(place)
    return found


def _undo_part(revision_set: RevisionSet, part: list[Revision], back: RevisionSet, by: Person) -> None:
    held = entries.load(revision.organisation_id for revision in part)
    fields = {revision.pk: _fields_back(held[revision.organisation_id], revision) for revision in part}
    places = {revision.pk: _places_back(held[revision.organisation_id], revision) for revision in part}
    reverse = []
    for revision in part:
        entry, changes, moved = held[revision.organisation_id], fields[revision.pk], places[revision.pk]
        before = {name: entry.data[name] for name in changes}
        after = dict(changes)
        if moved:
            before["places"], after["places"] = [old for old, _new in moved], [new for _old, new in moved]
        if changes or moved:
            reverse.append(Revision(organisation=entry.organisation, set=back, before=before, after=after))
    entries.change_organisations([(held[one.organisation_id], fields[one.pk]) for one in part if fields[one.pk] or places[one.pk]])
    entries.change_places([(held[one.organisation_id], places[one.pk]) for one in part if places[one.pk]])
    insert(reverse)
    _forget_drafts(revision_set, part, fields, places)
    trail.record(CHANGED, by=by, about=back, organisations=sorted(held), what="undone")


def _fields_back(entry: Entry, revision: Revision) -> dict[str, Any]:
    if not revision.before:
        wrote = revision.after.get("state", State.PUBLISHED)
        return {"state": State.ARCHIVED} if entry.data["state"] == wrote and wrote != State.ARCHIVED else {}
    return {
        name: value
        for name, value in revision.before.items()
        if name in entry.data and may_overwrite(revision.after.get(name), entry.data[name]) and value != entry.data[name]
    }


def _places_back(entry: Entry, revision: Revision) -> list[PlaceChange]:
    """New places go, replaced ones come back; a new entry keeps its places, it is archived as a whole."""
    if not revision.before:
        return []
    here = Counter(key(entries.said(place)) for place in entry.places)
    found: list[PlaceChange] = []
    for old, new in zip(revision.before.get("places", ()), revision.after.get("places", ()), strict=True):
        if new is None or here[key(new)]:
            found.append((new, old))
            here.subtract([key(new)] if new else [])
    return found


def _forget_drafts(
    revision_set: RevisionSet, part: list[Revision], fields: dict[int, dict[str, Any]], places: dict[int, list[PlaceChange]]
) -> None:
    """The records remember the entry as it is now, and lose their fingerprint: the next import may bring all of it back."""
    by_organisation: dict[int, list[Record]] = defaultdict(list)
    owners = [revision.organisation_id for revision in part]
    for start in range(0, len(owners), entries.CHUNK):
        for record in Record.objects.filter(source=revision_set.source, organisation__in=owners[start : start + entries.CHUNK]):
            by_organisation[record.organisation_id or 0].append(record)
    for revision in part:
        moved = {key(new): old for new, old in places[revision.pk] if new}
        for record in by_organisation[revision.organisation_id]:
            draft = {**record.raw.get("draft", {}), **fields[revision.pk]}
            kept = [moved.get(key(place), place) for place in draft.get("places", ())]
            record.raw = {**record.raw, "draft": {**draft, "places": [place for place in kept if place]}}
            record.digest = ""
    update([record for records in by_organisation.values() for record in records], ("raw", "digest"))


def _bring_back(revision_set: RevisionSet, by: Person) -> None:
    """What the import had marked as vanished is here again."""
    began = parse_datetime(revision_set.report.get("began_at", ""))
    gone = Record.objects.filter(source=revision_set.source, gone_at=began) if began else Record.objects.none()
    with transaction.atomic():
        touched = set(gone.filter(organisation__isnull=False).values_list("organisation_id", flat=True))
        gone.update(gone_at=None)
        if touched:
            trail.record(CHANGED, by=by, about=revision_set, organisations=sorted(touched), what="undone")
