"""Keeping the index true: every entry that can be found stands in it as it is now, nobody else does."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction

from allmende.directory.models import Organisation, Place, State
from allmende.duplicates.blocking import keys
from allmende.duplicates.models import Key, Sketch
from allmende.duplicates.portraits import Portrait, Site
from allmende.duplicates.sketches import MOST_SITES, mark, pack, unpack
from allmende.ground.bulk import delete, insert

BATCH = 500
LIVE = (State.PUBLISHED, State.DRAFT)
_COLUMNS = (
    *("pk", "name", "legal_name", "website", "email", "phone", "register", "kind", "legal_form__key", "founded"),
    *("state", "visibility"),
)  # in this order below
_PLACE = ("organisation_id", "street", "postcode", "town", "country", "lat", "lon", "precision")


@transaction.atomic
def index(pks: Iterable[int]) -> None:
    """Bring these entries up to date; those that are archived, merged or gone leave the index."""
    asked = sorted(set(pks))
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        _write(_sketched(batch), {one.organisation_id: one for one in Sketch.objects.filter(organisation_id__in=batch)})


@transaction.atomic
def rebuild() -> int:
    """Empty the index and build it again from the directory; gives the number of entries in it."""
    for model in (Key, Sketch):
        model.objects.all()._raw_delete(using=connection.alias)
    count = 0
    for batch in _batches(Organisation.objects.filter(state__in=LIVE).order_by("pk").values_list("pk", flat=True).iterator()):
        sketches = _sketched(batch)
        _write(sketches, {})
        count += len(sketches)
    return count


def is_missing() -> bool:
    """Whether there are entries but no index yet: a house from before it had one."""
    return not Sketch.objects.exists() and Organisation.objects.filter(state__in=LIVE).exists()


def verify() -> list[str]:
    """Sentences about what differs between the index and the directory; empty when all is well."""
    faults: list[str] = []
    seen = 0
    for batch in _batches(Organisation.objects.filter(state__in=LIVE).order_by("pk").values_list("pk", flat=True).iterator()):
        held = {one.organisation_id: one for one in Sketch.objects.filter(organisation_id__in=batch)}
        numbers: dict[int, set[int]] = defaultdict(set)
        for sketch in _sketched(batch):
            mine = held.get(sketch.organisation_id)
            if mine is None:
                faults.append(f"missing in the index: {sketch.organisation_id}")
                continue
            if (mine.said, mine.is_public) != (sketch.said, sketch.is_public):
                faults.append(f"stale: {sketch.organisation_id}")
            numbers[sketch.organisation_id] = numbers_of(sketch.said)
        faults += _missing_keys(numbers)
        seen += len(held)
    if (extra := Sketch.objects.count() - seen) > 0:
        faults.append(f"no longer to be found, but in the index: {extra}")
    return faults


def _missing_keys(numbers: dict[int, set[int]]) -> Iterator[str]:
    for pk, wanted in numbers.items():
        if Key.objects.filter(key__in=wanted, organisation_id=pk).count() != len(wanted):
            yield f"keys missing: {pk}"


def _batches(pks: Iterable[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for pk in pks:
        batch.append(pk)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _sketched(pks: list[int]) -> list[Sketch]:
    """The lines of these entries as they should stand in the index; none for those that are not to be found."""
    sites: dict[int, list[Site]] = defaultdict(list)
    for pk, *said in Place.objects.filter(organisation__in=pks).values_list(*_PLACE):
        if len(sites[pk]) < MOST_SITES:
            sites[pk].append(Site(*said))
    found = []
    for row in Organisation.objects.filter(pk__in=pks, state__in=LIVE).values_list(*_COLUMNS):
        portrait, state, visibility = _portrait(row, sites)
        found.append(Sketch(organisation_id=row[0], is_public=state == State.PUBLISHED, said=pack(portrait, visibility)))
    return found


def _portrait(row: tuple[Any, ...], sites: dict[int, list[Site]]) -> tuple[Portrait, str, dict[str, str]]:
    pk, name, legal_name, website, email, phone, register, kind, form, founded, state, visibility = row
    marks = (mark("email", email) if email else "", mark("phone", phone) if phone else "")
    portrait = Portrait(name, legal_name, tuple(sites.get(pk, ())), website, *marks, register, kind, form or "", founded)
    return portrait, state, visibility


def _write(sketches: list[Sketch], held: dict[int, Sketch]) -> None:
    """Replace what is held by these; untouched where nothing differs, which is the rule for a repeated import."""
    fresh = [one for one in sketches if not _is_as_held(one, held)]
    stays = {one.organisation_id for one in sketches}
    changed = {one.organisation_id for one in fresh}
    leaving = [one for pk, one in held.items() if pk not in stays or pk in changed]
    old = {(number, one.organisation_id) for one in leaving for number in numbers_of(one.said)}
    new = {(number, one.organisation_id) for one in fresh for number in numbers_of(one.said)}
    delete(Key, ("key", "organisation_id"), sorted(old - new))
    delete(Sketch, ("organisation_id",), [(one.organisation_id,) for one in leaving])
    insert(fresh)
    insert_keys(sorted(new - old))


def insert_keys(rows: list[tuple[int, int]]) -> None:
    """Put (key, entry) pairs into the index; as plain rows, for making a model of each would take longer than writing it."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO duplicates_key (key, organisation_id) VALUES (%s, %s)", rows)


def _is_as_held(one: Sketch, held: dict[int, Sketch]) -> bool:
    mine = held.get(one.organisation_id)
    return mine is not None and (mine.said, mine.is_public) == (one.said, one.is_public)


def numbers_of(said: str) -> set[int]:
    """The keys of a line of the index."""
    return {key.number for key in keys(unpack(said)[0])}
