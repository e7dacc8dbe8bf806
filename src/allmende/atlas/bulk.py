"""Invented organisations by the million: directory and index together, as fast as the disk takes them.

Processes of their own draw and prepare the rows (`preparing`), this one only writes them (`filling`), many thousand in a transaction.
Whenever it is killed, directory and index agree on what was committed, and the same command goes on from there.
"""

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import islice
from multiprocessing import get_context
from time import monotonic
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.atlas import fulltext, jobs
from allmende.atlas.engine.keys import cell
from allmende.atlas.filling import fill
from allmende.atlas.preparing import Prepared, Preparer, Task
from allmende.atlas.rules import SIZE
from allmende.directory import bulk, lean, taxonomy
from allmende.directory.demo.synthetic import columns, drawing
from allmende.directory.demo.synthetic.columns import PART, House, words_of_the_house
from allmende.directory.demo.synthetic.drawing import Drawn, Numbers
from allmende.directory.demo.synthetic.texts import counted
from allmende.directory.importers.running import CHANGED
from allmende.directory.models import Organisation, Place, Record, RevisionSet, Source, Term
from allmende.directory.rules import is_share_alike
from allmende.ground import trail
from allmende.ground.refusals import require
from allmende.people.queries import service

Say = Callable[[str], None]
TOGETHER = 8  # parts in a transaction
BULK_FROM = 10_000  # organisations; fewer go the way of all changes
EACH_TIME = 1_000  # told to the rooms upstairs at once on that way
MANY_TIMES = 5  # as many as are here: then indexes are better made anew
LATER = (("directory_organisation", "changed_at"), ("atlas_entry", "sort_name"), ("atlas_entry", "changed_at"), ("atlas_text", "stems"))
"""Columns whose indexes would be written in random order. They serve no rule; whoever reads without them only waits longer."""
PROFILE = "synthetic"
SAY_EVERY = 10.0  # seconds


def load(rows: int, seed: int, *, processes: int | None = None, say: Say = lambda line: None) -> int:
    """Write so many invented organisations, or what is missing of them after a load was stopped; returns how many were written.

    `processes` is how many prepare rows beside this one, which writes; 0 is none, None as many as there are processors.
    Fewer than BULK_FROM go the way of all changes, a thousand at a time through the rooms upstairs.
    """
    drawn = drawing.draw(rows, seed, by_key)
    one = _begun(rows, seed, drawn)
    written = int(one.report["written"])
    if one.report["state"] != "done":
        house = _house(one)
        if rows < BULK_FROM:
            _load_as_always(one, drawn, house)
        else:
            _load_in_bulk(one, drawn, house, (os.cpu_count() or 1) if processes is None else processes, say)
        _note(one, state="done")
    return rows - written


def by_key(lat: Numbers, lon: Numbers) -> bulk.Ints:
    """The order of points by the keys of the map."""
    x = (lon + 180) / 360 * SIZE
    y = (0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)) * SIZE
    found: bulk.Ints = np.argsort(cell(x.astype(np.int64), y.astype(np.int64)), kind="stable")
    return found


# ------------------------------------------------------------------------------------------------------- what is noted


@transaction.atomic
def _begun(rows: int, seed: int, drawn: Drawn) -> RevisionSet:
    """The note of this load: a new one, or that of an earlier one that was stopped."""
    for one in RevisionSet.objects.filter(report__profile=PROFILE).order_by("pk"):
        known = {"rows": one.report["rows"], "seed": one.report["seed"]}
        if known == {"rows": rows, "seed": seed}:
            return one
        require(one.report["state"] == "done", _("A load of %(rows)d with seed %(seed)d was stopped. Please finish it first.") % known)
        require(one.report["seed"] != seed, _("A load of %(rows)d with seed %(seed)d is here. Please take another seed.") % known)
    taxonomy.ensure()
    report = {
        "profile": PROFILE,
        "state": "running",
        "rows": rows,
        "seed": seed,
        "began_at": drawing.midnight(timezone.now()).isoformat(),
        "written": 0,
        "organisation": bulk.reserve(Organisation, rows),
        "place": bulk.reserve(Place, len(drawn.town)),
        "record": bulk.reserve(Record, rows + int(drawn.second.sum())),
        "indexes": [],
    }
    return RevisionSet.objects.create(by=service(PROFILE), reason=f"Invented: {rows}, seed {seed}", report=report)


def _note(one: RevisionSet, **changes: Any) -> None:
    one.report |= changes
    one.save(update_fields=["report"])


def _house(one: RevisionSet) -> House:
    """What the rows refer to, the same as when the load began."""
    numbers = {name: one.report[name] for name in ("rows", "seed", "organisation", "place", "record")}
    return House(midnight=datetime.fromisoformat(one.report["began_at"]), sources=_sources(), **numbers, **words_of_the_house())


def _sources() -> tuple[int, ...]:
    found = []
    for source in drawing.SOURCES:
        values = {"name": source.name, "licence": source.licence, "share_alike": is_share_alike(source.licence), "is_demo": True}
        found.append(Source.objects.get_or_create(key=source.key, defaults=values)[0].pk)
    return tuple(found)


def _tasks(drawn: Drawn, house: House, first: int) -> Iterator[Task]:
    """All parts from an organisation on."""
    places, records = drawn.starts, counted(drawn.second)
    for low in range(first, len(drawn), PART):
        yield Task(drawn.part(low, low + PART), house.place + int(places[low]), house.record + low + int(records[low]))


# --------------------------------------------------------------------------------------------------------- the two ways


def _load_as_always(one: RevisionSet, drawn: Drawn, house: House) -> None:
    """Rows into the directory, and a line in the trail, from which all else follows."""
    for task in _tasks(drawn, house, one.report["written"]):
        with transaction.atomic():
            rows = columns.rows(task.part, house, task.place, task.record)
            for table in rows:
                bulk.write(table)
            pks = rows.organisations.columns["id"].tolist()
            for start in range(0, len(pks), EACH_TIME):
                trail.record(CHANGED, by=one.by, about=one, organisations=pks[start : start + EACH_TIME])
            _note(one, written=one.report["written"] + len(pks))


def _load_in_bulk(one: RevisionSet, drawn: Drawn, house: House, processes: int, say: Say) -> None:
    if not one.report["written"] and Organisation.objects.count() < len(drawn) // MANY_TIMES:
        with transaction.atomic():
            _note(one, indexes=bulk.drop_indexes(LATER))
    with bulk.in_haste(), _helpers(Preparer(house, list(Term.objects.all()), lean.ruled_today()), processes) as helpers:
        _write(one, helpers.each(_tasks(drawn, house, one.report["written"])), say)
        base = helpers.begin(jobs.write_base_if_missing)  # reads what is committed while the rest is written
        for name, work in (("indexes", partial(bulk.create_indexes, one.report["indexes"])), ("full text", fulltext.merge), ("base", base)):
            began = monotonic()
            work()
            say(f"{name}: {monotonic() - began:.1f} s")
    trail.record("directory.invented_loaded", by=one.by, about=one, rows=len(drawn))


def _write(one: RevisionSet, parts: Iterator[Prepared], say: Say) -> None:
    began, said_at, before = monotonic(), monotonic(), one.report["written"]
    while some := list(islice(parts, TOGETHER)):
        with transaction.atomic():
            written = one.report["written"] + fill(some)
            _note(one, written=written)
        if monotonic() - said_at > SAY_EVERY:
            said_at = monotonic()
            say(f"{written:,} of {one.report['rows']:,}, {(written - before) / (said_at - began):,.0f} a second")


class _Here:
    """No helpers: everything is done here and at once."""

    def __init__(self, preparer: Preparer) -> None:
        self.prepare = preparer.prepare

    def each(self, tasks: Iterator[Task]) -> Iterator[Prepared]:
        """The parts of these tasks."""
        return map(self.prepare, tasks)

    def begin(self, work: Callable[[], object]) -> Callable[[], object]:
        """Gives what must be called to have this done."""
        return work


class _Pool:
    """Processes that prepare parts; they end when this one does, however it ends."""

    def __init__(self, pool: ProcessPoolExecutor, ahead: int) -> None:
        self._pool, self._ahead = pool, ahead

    def each(self, tasks: Iterator[Task]) -> Iterator[Prepared]:
        """The parts of these tasks in their order; never many more are made than are needed next."""
        waiting: deque[Future[Prepared]] = deque(self._pool.submit(bulk.in_process, task) for task in islice(tasks, self._ahead))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(self._pool.submit(bulk.in_process, task) for task in islice(tasks, 1))

    def begin(self, work: Callable[[], object]) -> Callable[[], object]:
        """Begin this beside what is done here; gives what waits for its end."""
        return self._pool.submit(work).result


@contextmanager
def _helpers(preparer: Preparer, processes: int) -> Iterator[_Here | _Pool]:
    if not processes:
        yield _Here(preparer)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=bulk.open_process, initargs=(pickle.dumps(preparer.prepare),))
    try:
        yield _Pool(pool, ahead=2 * processes + TOGETHER)
    finally:
        pool.shutdown(cancel_futures=True)
