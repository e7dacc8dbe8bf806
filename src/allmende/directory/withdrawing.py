"""A source is taken back: its records go, and with them from the map all entries that nobody else vouches for.

As when an import is undone, those entries are archived: their address stays, and the withdrawal can be undone like an import. An entry
that another source has too, or that people look after, lives on as it is; only the record goes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.directory.access import KEEPERS
from allmende.directory.importers.running import CHANGED
from allmende.directory.models import Organisation, Record, Revision, RevisionSet, Source, State, Stewardship
from allmende.ground import trail
from allmende.ground.bulk import insert
from allmende.people.models import Person

CHUNK = 1_000  # records in a transaction: others wait no longer than one of them takes
LEAVING = (State.PUBLISHED, State.DRAFT)


@dataclass(frozen=True)
class Outlook:
    """What a withdrawal would do."""

    records: int
    archived: int  # entries that leave the map
    kept: int  # entries that live on without the record


Say = Callable[[int, int], None]
"""Told after every chunk how many records are gone, and of how many."""


def outlook(source: Source) -> Outlook:
    """What would go; writes nothing."""
    archived = _alone(source, Organisation.objects.filter(records__source=source)).distinct().count()
    known = Organisation.objects.filter(records__source=source, state__in=LEAVING).distinct().count()
    return Outlook(source.records.count(), archived, known - archived)


def withdraw(source: Source, *, by: Person, say: Say = lambda done, total: None) -> RevisionSet:
    """Chunk by chunk, so that others read and write in between; after a crash the same call goes on where it stopped."""
    one = _begin(source, by)
    total = one.report["records"] + source.records.count()
    last = 0
    while part := list(source.records.filter(pk__gt=last).order_by("pk").values_list("pk", "organisation_id")[:CHUNK]):
        with transaction.atomic():
            _take(source, one, by, [pk for pk, _owner in part], {owner for _pk, owner in part if owner})
        last = part[-1][0]
        say(one.report["records"], total)
    _note(one, state="done")
    trail.record("directory.source_withdrawn", by=by, about=source, **{name: one.report[name] for name in ("records", "archived", "kept")})
    return one


@transaction.atomic
def _begin(source: Source, by: Person) -> RevisionSet:
    """The note of this withdrawal; one that was stopped goes on. The source's imports count as undone: the same file may come again."""
    Source.objects.select_for_update().get(pk=source.pk)
    held = RevisionSet.objects.filter(source=source, report__withdraws=source.key, report__state="running").first()
    if held:
        return held
    report = {"withdraws": source.key, "state": "running", "records": 0, "archived": 0, "kept": 0}
    one = RevisionSet.objects.create(by=by, source=source, reason=f"↶ {source.key}"[:300], report=report)
    for earlier in RevisionSet.objects.filter(source=source, report__has_key="sha256").exclude(report__has_key="undone_by"):
        _note(earlier, undone_by=one.pk)
    return one


def _take(source: Source, one: RevisionSet, by: Person, records: list[int], owners: set[int]) -> None:
    """One chunk: entries nobody else vouches for are archived, the records go, and all that follows is told in the same transaction."""
    held = Organisation.objects.select_for_update(of=("self",)).filter(pk__in=owners).order_by("pk")
    states = dict(held.values_list("pk", "state"))
    alone = sorted(_alone(source, Organisation.objects.filter(pk__in=owners)).values_list("pk", flat=True))
    Organisation.objects.filter(pk__in=alone).update(state=State.ARCHIVED, changed_at=timezone.now())
    after = {"state": str(State.ARCHIVED)}
    insert([Revision(organisation_id=pk, set=one, before={"state": str(states[pk])}, after=after) for pk in alone])
    Record.objects.filter(pk__in=records)._raw_delete(using=connection.alias)
    others = sorted(owners - set(alone))
    kept = sum(states.get(pk) in LEAVING for pk in others)
    for pks, what in ((alone, "archived"), (others, "withdrawn")):
        if pks:
            trail.record(CHANGED, by=by, about=one, organisations=pks, what=what)
    told = one.report
    _note(one, records=told["records"] + len(records), archived=told["archived"] + len(alone), kept=told["kept"] + kept)


def _alone(source: Source, entries: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Those on the map, or about to be, that only this source vouches for: no other source, nobody who looks after them."""
    elsewhere = Record.objects.filter(organisation=OuterRef("pk")).exclude(source=source)
    looked_after = Stewardship.objects.filter(organisation=OuterRef("pk"), until=None, role__in=KEEPERS)
    return entries.filter(~Q(Exists(elsewhere)), ~Q(Exists(looked_after)), state__in=LEAVING)


def _note(one: RevisionSet, **changes: Any) -> None:
    one.report |= changes
    one.save(update_fields=["report"])
