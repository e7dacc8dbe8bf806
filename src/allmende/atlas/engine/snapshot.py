"""The index in memory as it is now: one snapshot per process, brought up to date before every question from the log of changes.

A snapshot never changes; a newer one shares its segments. Changed entries are marked dead in the segments that hold them and read anew
into a small youngest one ("tail"); many small segments become one. Inside a transaction the snapshot belongs to its thread alone: what is
not committed is seen by nobody else and forgotten with a rollback.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
from django.db import connection
from django.db.models import Count, Max
from pyroaring import BitMap

from allmende.atlas.engine import base as bases
from allmende.atlas.engine import rows
from allmende.atlas.engine.segment import Segment, as_ordinals, as_set, build
from allmende.atlas.fulltext import Group
from allmende.atlas.models import Change, Tag, Version
from allmende.ground import replicas

TAIL_MOST = 1_000  # entries in the youngest segment: it is made anew with every change
SMALL_MOST = 2_000  # entries whose words are held in memory
PARTS_MOST = 6  # segments beside the base; more are put together
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(eq=False)
class Part:
    """A segment and the places in it that hold no more."""

    segment: Segment
    dead: BitMap

    @cached_property
    def alive(self) -> BitMap:
        """The places that hold."""
        return self.segment.everything - self.dead

    @cached_property
    def entries(self) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """The organisations' ids, each once, ascending."""
        return np.unique(self.segment.entry[as_ordinals(self.alive & self.segment.first)]).astype(np.int64)

    @property
    def is_base(self) -> bool:
        """It is the large one from the disk."""
        return self.segment.pyramid is not None

    def without(self, ids: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "Part":
        """The same with these entries dead."""
        places = self.segment.ordinals_of(ids)
        return Part(self.segment, self.dead | as_set(places)) if len(places) else self


@dataclass(eq=False)
class Snapshot:
    """All parts at one step of the index. `tags` leads from (kind, key) to the number of a tag."""

    number: int = -1
    nonce: int = 0
    at: datetime = LONG_AGO
    parts: tuple[Part, ...] = ()
    tags: dict[tuple[str, str], int] = field(default_factory=dict)
    base: bases.Base | None = None
    is_private: bool = False
    _learned: dict[tuple[int, Group, bool], BitMap] = field(default_factory=dict)

    def held(self, segment: Segment, group: Group, names_only: bool) -> BitMap | None:
        """The places of a segment whose text holds any of these stems, where that is known already."""
        learned = self._learned.get((id(segment), group, names_only))
        return segment.held(group, names_only) if learned is None else learned

    def learn(self, segment: Segment, group: Group, names_only: bool, places: BitMap) -> None:
        """Keep what the full text said; inside a transaction only here, for a rollback may prove it wrong."""
        if self.is_private:
            self._learned[id(segment), group, names_only] = places
        else:
            segment.learn(group, names_only, places)

    @cached_property
    def tag_names(self) -> dict[int, tuple[str, str]]:
        """(kind, key) by number."""
        return {number: name for name, number in self.tags.items()}


_shared = Snapshot()
_lock = threading.Lock()
_own = threading.local()


def version() -> tuple[int, int]:
    """Number and nonce of the last change of the index; asked before every question, so by a plain cursor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, nonce FROM atlas_version WHERE id = 1")
        row = cursor.fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def current() -> Snapshot:
    """The index as the database at hand shows it now."""
    global _shared  # one per process is the purpose
    number, nonce = version()
    if connection.in_atomic_block:
        held: Snapshot = getattr(_own, "snapshot", None) or _shared
        if (held.number, held.nonce) != (number, nonce):
            held = _own.snapshot = _advanced(held, number, nonce, is_private=True)
        return held
    _own.snapshot = None
    held = _shared
    if (held.number, held.nonce) == (number, nonce):
        return held
    if number < held.number:
        replicas.ask_primary()  # a replica that is behind what is known here; time does not go back
    with _lock:
        number, nonce = version()  # while we waited somebody else may have read further
        if number < _shared.number:
            replicas.ask_primary()
        if (_shared.number, _shared.nonce) != (number, nonce):
            _shared = _advanced(_shared, number, nonce)
        return _shared


def forget() -> None:
    """Read everything again at the next question (tests)."""
    global _shared
    _shared = Snapshot()
    _own.snapshot = None


def _advanced(held: Snapshot, number: int, nonce: int, is_private: bool = False) -> Snapshot:
    """The snapshot of that step, from the one held where the log leads from there to here, otherwise from the beginning."""
    changed = _changes(held.number, held.nonce, number)
    if changed is None or _has_newer_base(held):
        held, changed = _from_the_start(is_private)
    at = Version.objects.values_list("changed_at", flat=True).first() or LONG_AGO
    made = Snapshot(number, nonce, at, held.parts, _tags(held.tags), held.base, is_private)
    made.parts = _followed(held.parts, changed or set())
    return made


def _has_newer_base(held: Snapshot) -> bool:
    known = bases.current()
    return known is not None and known != held.base and _is_known(known.number, known.nonce)


def _is_known(number: int, nonce: int) -> bool:
    """The log holds this step, so it was committed in this very database."""
    return Change.objects.filter(number=number, nonce=nonce).exists()


def _changes(number: int, nonce: int, until: int) -> set[int] | None:
    """The entries changed after a step; None where the log does not lead on from it."""
    if number > until or number < 0 or (number and not _is_known(number, nonce)):
        return None
    steps = list(Change.objects.filter(number__gt=number, number__lte=until).values_list("entries", flat=True))
    if len(steps) != until - number or not all(steps):  # pruned, or "everything has changed"
        return None
    return {int(one) for step in steps for one in np.frombuffer(bytes(step), "<i8")}


def _from_the_start(is_private: bool) -> tuple[Snapshot, set[int]]:
    """What to begin with, and the entries changed since then."""
    if rows.are_at_least(bases.BASE_FROM):
        if found := _based():
            return found
        if not is_private and (found := _newly_based()):
            return found
    columns = rows.everything()
    if len(columns.entry) <= SMALL_MOST:
        columns = rows.some(columns.entry.tolist())
    return Snapshot(parts=(Part(build(columns), BitMap()),) if len(columns.entry) else ()), set()


def _newly_based() -> tuple[Snapshot, set[int]] | None:
    """The same, written now, unless another process did it while we waited for our turn."""
    with bases.alone():
        if found := _based():
            return found
        bases.renew()
    return _based()


def _based() -> tuple[Snapshot, set[int]] | None:
    """The base on the disk, if the log of changes leads on from it."""
    known, newest = bases.current(), version()[0]
    if known and known.number > newest:
        replicas.ask_primary()  # it was written by who saw more
    changed = _changes(known.number, known.nonce, newest) if known else None
    if known is None or changed is None:
        return None
    try:
        return Snapshot(parts=(Part(known.load(), BitMap()),), base=known), changed
    except OSError:  # a newer one took its place this moment
        return None


def _tags(held: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    return held if not _tags_grew(held) else {(kind, key): pk for pk, kind, key in Tag.objects.values_list("pk", "kind", "key")}


def _tags_grew(held: dict[tuple[str, str], int]) -> bool:
    """By number and newest: PostgreSQL gives out numbers before they are committed, so that an older one may come later."""
    known = Tag.objects.aggregate(number=Count("pk"), newest=Max("pk"))
    return (known["number"], known["newest"] or 0) != (len(held), max(held.values(), default=0))


def _followed(parts: tuple[Part, ...], changed: set[int]) -> tuple[Part, ...]:
    """The parts with these entries as they are now."""
    if not changed:
        return parts
    ids = np.fromiter(sorted(changed), np.int64, len(changed))
    left = [part.without(ids) for part in parts]
    tail = left[-1] if left and not left[-1].is_base and len(left[-1].entries) + len(changed) <= TAIL_MOST else None
    if tail:
        left.remove(tail)
        changed = changed | set(tail.entries.tolist())
    left = [part for part in left if part.is_base or part.alive]
    return tuple(_few([*left, *_read(changed)]))


def _few(parts: list[Part]) -> list[Part]:
    """At most so many parts: the smaller ones are read anew as one."""
    young = sorted((part for part in parts if not part.is_base), key=lambda part: -len(part.segment))
    if len(young) <= PARTS_MOST:
        return parts
    kept, small = young[:2], young[2:]
    together = {int(one) for part in small for one in part.entries}
    return [part for part in parts if part.is_base] + kept + _read(together)


def _read(ids: Iterable[int]) -> list[Part]:
    columns = rows.some(ids)
    if len(columns.entry) > SMALL_MOST:
        columns.words = None
    return [Part(build(columns), BitMap())] if len(columns.entry) else []
