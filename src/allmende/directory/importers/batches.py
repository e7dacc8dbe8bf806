"""One batch of drafts into the tables, inside the caller's transaction: what is new, what changed, what is as it was."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from allmende.directory.importers import entries, heritage
from allmende.directory.importers.base import Draft, Profile, Reject
from allmende.directory.importers.entries import Entry
from allmende.directory.importers.merging import Key, PlaceChange, changes, key, place_changes, remembered
from allmende.directory.importers.report import Report
from allmende.directory.importers.slugs import give_slugs
from allmende.directory.models import Organisation, Place, Record, Revision, RevisionSet, Source, State
from allmende.ground.bulk import insert, update
from allmende.ground.text import fold

RECORD_FIELDS = ("organisation_id", "licence", "url", "raw", "digest", "retrieved_at", "seen_at", "gone_at")


@dataclass(frozen=True)
class Run:
    """One import under way: the moment it began marks all that it has seen."""

    profile: Profile
    source: Source
    licence: str
    revision_set: RevisionSet
    now: datetime


@dataclass
class Plan:
    """What will be changed in one entry: fields, places, and its places as they will be."""

    entry: Entry
    here: "Counter[Key]"
    fields: dict[str, Any] = field(default_factory=dict)
    places: list[PlaceChange] = field(default_factory=list)


def store(run: Run, drafts: Sequence[Draft], report: Report) -> set[int]:
    """Write the batch and count it in `report`; gives the ids of the organisations that look different now."""
    touched: set[int] = set()
    held = _held(run, [draft.remote_id for draft in drafts])
    fresh, changed, same = [], [], []
    for draft in _each_once(run, drafts, held, report):
        record = held.get(draft.remote_id)
        if record is None:
            fresh.append(draft)
        elif record.digest == draft.digest and record.licence == (draft.licence or run.licence):
            same.append(record)
        else:
            changed.append(draft)
    touched |= _mark_seen(run, same, report)
    touched |= _store_fresh(run, fresh, report)
    touched |= _store_changed(run, changed, held, report)
    return touched


def _held(run: Run, remote_ids: list[str]) -> dict[str, Record]:
    """The records of this source with these ids, without what they keep of their rows."""
    found: dict[str, Record] = {}
    for start in range(0, len(remote_ids), entries.CHUNK):
        part = remote_ids[start : start + entries.CHUNK]
        found.update({record.remote_id: record for record in run.source.records.filter(remote_id__in=part).defer("raw")})
    return found


def _each_once(run: Run, drafts: Sequence[Draft], held: dict[str, Record], report: Report) -> list[Draft]:
    """Without the second row of an id: met in this batch, or in an earlier one, which its mark in the table tells."""
    kept: dict[str, Draft] = {}
    for draft in drafts:
        record = held.get(draft.remote_id)
        if draft.remote_id in kept or (record and record.seen_at == run.now):
            report.reject(Reject(draft.line, draft.remote_id, "id", _("appears a second time in this file"), draft.raw))
        else:
            kept[draft.remote_id] = draft
    return list(kept.values())


def _mark_seen(run: Run, records: list[Record], report: Report) -> set[int]:
    """What is as it was gets the date of today and nothing else; what had vanished is back."""
    back = [record for record in records if record.gone_at]
    report.unchanged += len(records)
    report.returned += len(back)
    pks = [record.pk for record in records]
    for start in range(0, len(pks), entries.CHUNK):
        Record.objects.filter(pk__in=pks[start : start + entries.CHUNK]).update(seen_at=run.now, gone_at=None)
    return {record.organisation_id for record in back if record.organisation_id}


def _store_fresh(run: Run, drafts: list[Draft], report: Report) -> set[int]:
    """Rows met for the first time: they join an organisation that is here already, or make a new one."""
    if not drafts:
        return set()
    known = _known(run, drafts)
    lost = [draft for draft in drafts if run.profile.adds_places and draft.remote_id not in known]
    for draft in lost:
        report.reject(Reject(draft.line, draft.remote_id, "owner", _("belongs to no organisation that is here"), draft.raw))
    alone = [draft for draft in drafts if not run.profile.adds_places and draft.remote_id not in known]
    joining = [draft for draft in drafts if draft.remote_id in known]
    made = _create(run, alone)
    _create_records(run, [*((draft, made[draft.remote_id].pk) for draft in alone), *((draft, known[draft.remote_id]) for draft in joining)])
    touched = _merge(run, [(draft, known[draft.remote_id], None) for draft in joining])
    report.new += len(alone) + len(joining)
    report.joined += len(joining)
    owners = {**known, **{remote_id: organisation.pk for remote_id, organisation in made.items()}}
    heritage.keep([(draft, owners[draft.remote_id]) for draft in (*alone, *joining)], run.now)
    return touched | {organisation.pk for organisation in made.values()}


def _known(run: Run, drafts: list[Draft]) -> dict[str, int]:
    """Which organisation a draft speaks of, by remote id: by uuid, by the id in another source, at last by its owner's name."""
    found: dict[str, int] = {}
    uuids = [draft.uuid for draft in drafts if draft.uuid]
    if uuids:  # an export's remote id is the uuid
        found = {str(uuid): pk for uuid, pk in Organisation.objects.filter(uuid__in=uuids).values_list("uuid", "pk")}
        standing = entries.standing(found.values())
        found = {uuid: standing[pk] for uuid, pk in found.items()}
    pairs = _by_record({pair for draft in drafts for pair in draft.owners})
    for draft in drafts:
        owner = next((pairs[pair] for pair in draft.owners if pair in pairs), None)
        if owner:
            found.setdefault(draft.remote_id, owner)
    return found | _by_owner_name(drafts, found, {source for draft in drafts for source, _id in draft.owners})


def _by_record(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The organisations behind records, by (source, remote id)."""
    ids: dict[str, list[str]] = defaultdict(list)
    for source, remote_id in wanted:
        ids[source].append(remote_id)
    found: dict[tuple[str, str], int] = {}
    for source, every in ids.items():
        for start in range(0, len(every), entries.CHUNK):
            records = Record.objects.filter(source__key=source, remote_id__in=every[start : start + entries.CHUNK])
            rows = records.filter(organisation__isnull=False).values_list("remote_id", "organisation_id")
            found.update({(source, remote_id): pk for remote_id, pk in rows if pk})
    return found


def _by_owner_name(drafts: list[Draft], found: dict[str, int], sources: set[str]) -> dict[str, int]:
    named = {draft.remote_id: fold(draft.owner_name) for draft in drafts if draft.owner_name and draft.remote_id not in found}
    if not named:
        return {}
    owners = Organisation.objects.filter(records__source__key__in=sources).values_list("name", "pk").distinct()
    by_name = {fold(name): pk for name, pk in owners.exclude(state=State.MERGED)}
    return {remote_id: by_name[name] for remote_id, name in named.items() if name in by_name}


def _create(run: Run, drafts: list[Draft]) -> dict[str, Organisation]:
    """New organisations with places, terms and the revision that says where they came from."""
    if not drafts:
        return {}
    slugs = give_slugs(drafts)
    made = {
        draft.remote_id: Organisation(
            slug=slugs[draft.remote_id], **({"uuid": UUID(draft.uuid)} if draft.uuid else {}), **entries.columns(draft.data)
        )
        for draft in drafts
    }
    insert(list(made.values()))
    _learn_numbers(made.values())
    owned = [(draft, made[draft.remote_id].pk) for draft in drafts]
    insert([Place(organisation_id=pk, position=number, **place) for draft, pk in owned for number, place in enumerate(draft.places)])
    insert([entries.Through(organisation_id=pk, term_id=term.pk) for draft, pk in owned for term in entries.terms(draft.data)])
    insert([Revision(organisation_id=pk, set_id=run.revision_set.pk, after=draft.kept) for draft, pk in owned])
    return made


def _learn_numbers(organisations: Iterable[Organisation]) -> None:
    by_uuid = {organisation.uuid: organisation for organisation in organisations}
    uuids = list(by_uuid)
    for start in range(0, len(uuids), entries.CHUNK):
        for pk, uuid in Organisation.objects.filter(uuid__in=uuids[start : start + entries.CHUNK]).values_list("pk", "uuid"):
            by_uuid[uuid].pk = pk


def _create_records(run: Run, owned: list[tuple[Draft, int]]) -> None:
    insert([Record(source_id=run.source.pk, remote_id=draft.remote_id, **_record_values(run, draft, pk)) for draft, pk in owned])


def _record_values(run: Run, draft: Draft, organisation_id: int | None) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "licence": draft.licence or run.licence,
        "url": draft.url,
        "raw": {"row": draft.raw, "draft": draft.kept},
        "digest": draft.digest,
        "retrieved_at": run.now,
        "seen_at": run.now,
        "gone_at": None,
    }


def _store_changed(run: Run, drafts: list[Draft], held: dict[str, Record], report: Report) -> set[int]:
    """Rows whose source says something new. A record that lost its organisation stays without one: somebody removed it."""
    if not drafts:
        return set()
    raws = dict(_raws([held[draft.remote_id].pk for draft in drafts]))
    merging = []
    for draft in drafts:
        record = held[draft.remote_id]
        written = (raws.get(record.pk) or {}).get("draft")
        if record.organisation_id:
            merging.append((draft, record.organisation_id, written))
        report.returned += record.gone_at is not None
        for name, value in _record_values(run, draft, record.organisation_id).items():
            setattr(record, name, value)
        record.raw["draft"] = remembered(written, draft.kept, draft.said)
    touched = _merge(run, merging)
    update([held[draft.remote_id] for draft in drafts], RECORD_FIELDS)
    heritage.keep([(draft, pk) for draft, pk, _written in merging], run.now)
    report.updated += len(drafts)
    return touched | {record.organisation_id for record in held.values() if record.organisation_id and record.retrieved_at == run.now}


def _raws(pks: list[int]) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    for start in range(0, len(pks), entries.CHUNK):
        found += Record.objects.filter(pk__in=pks[start : start + entries.CHUNK]).values_list("pk", "raw")
    return found


def _merge(run: Run, merging: list[tuple[Draft, int, dict[str, Any] | None]]) -> set[int]:
    """Bring drafts into entries that are here, as far as merging.py allows, with one revision per entry."""
    held = entries.load(pk for _draft, pk, _written in merging)
    plans = {pk: Plan(entry, Counter(key(entries.said(place)) for place in entry.places)) for pk, entry in held.items()}
    for draft, pk, written in merging:
        plan = plans[pk]
        if written is None and draft.changed_at and _is_as_exported(plan.entry, draft):
            written = {**plan.entry.data, "places": plan.entry.places_said()}
        if not run.profile.adds_places:
            plan.fields.update(changes(written, {**plan.entry.data, **plan.fields}, draft.data, draft.said))
        said = written.get("places", []) if written is not None else None
        plan.places += place_changes(said, plan.here, draft.places, adds=run.profile.adds_places)
    changed = {pk: plan for pk, plan in plans.items() if plan.fields or plan.places}
    _write(run, list(changed.values()))
    return set(changed)


def _is_as_exported(entry: Entry, draft: Draft) -> bool:
    """Whether nobody has changed the entry since the export that comes back now: then all of it may be written over."""
    return entry.organisation.changed_at.isoformat(timespec="seconds") == draft.changed_at


def _write(run: Run, plans: list[Plan]) -> None:
    """Make the planned changes and remember them. Of places a revision holds those that differ, before and after side by side."""
    revisions = []
    for plan in plans:
        before = {name: plan.entry.data[name] for name in plan.fields}
        after = dict(plan.fields)
        if plan.places:
            before["places"] = [old for old, _new in plan.places]
            after["places"] = [new for _old, new in plan.places]
        revisions.append(Revision(organisation=plan.entry.organisation, set=run.revision_set, before=before, after=after))
    entries.change_organisations([(plan.entry, plan.fields) for plan in plans])
    entries.change_places([(plan.entry, plan.places) for plan in plans if plan.places])
    insert(revisions)
