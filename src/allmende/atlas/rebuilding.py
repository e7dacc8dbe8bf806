"""Building the index again while the site runs: aside, batch by batch, and then in one moment instead of the old one.

Each batch is a transaction of its own, so that others can write in between. What changed meanwhile stands in the log of changes and is
written again before the swap. Whenever the process dies, the old index stays; what it left behind is removed by the next.
"""

import fcntl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from allmende.atlas import twins, vocabulary
from allmende.atlas.engine import base, rows
from allmende.atlas.indexing import BATCH, EVERYTHING, Writer, batches, packed, read, step
from allmende.atlas.models import Change, Entry, Version
from allmende.atlas.spots import Keys
from allmende.directory.access import organisations_visible_to
from allmende.ground.refusals import Refused, require
from allmende.people.queries import GUEST

Say = Callable[[str], None]
FEW = 500  # changes left over that the swap itself may still write
COUNT_EVERY = 50  # batches between two updates of the vocabulary
SAY_EVERY = 10.0  # seconds
PATIENCE = 300  # attempts to get the tables alone (PostgreSQL), with pauses in between


def rebuild(say: Say = lambda line: None) -> int:
    """Build the index again from the directory; returns how many entries it holds. `say` gets a line from time to time."""
    with _alone():
        start = _number()
        with transaction.atomic():
            twins.drop()
            twins.create()
        writer = Writer(twins.SUFFIX)
        _fill(writer, say)
        say("indexes")
        twins.finish()
        start = _catch_up(writer, start)
        if rows.number(twins.SUFFIX) >= base.BASE_FROM:
            say("base")
            _swap_with_base(start)
        else:
            _swap(start)
    vocabulary.forget()
    return Entry.objects.count()


def is_due() -> bool:
    """Whether the index must be built before the house opens: it is empty and should not be, or its words were made otherwise."""
    if not Entry.objects.exists():
        return organisations_visible_to(GUEST).exists()
    return vocabulary.is_outdated()


def _fill(writer: Writer, say: Say) -> None:
    total = organisations_visible_to(GUEST).count()
    done, batch_number, said_at = 0, 0, time.monotonic()
    for pks in _all():
        _write(writer, pks)
        done, batch_number = done + len(pks), batch_number + 1
        if batch_number % COUNT_EVERY == 0:
            _count(writer)
        if time.monotonic() - said_at > SAY_EVERY:
            said_at = time.monotonic()
            say(f"{done:,} of {total:,}")
    _count(writer)


def _all() -> Iterator[Sequence[int]]:
    """The numbers of all entries guests may see, in order, a batch at a time."""
    last = 0
    entries = organisations_visible_to(GUEST).order_by("pk").values_list("pk", flat=True)
    while pks := list(entries.filter(pk__gt=last)[:BATCH]):
        yield pks
        last = pks[-1]


def _write(writer: Writer, pks: Sequence[int], *, again: bool = False) -> None:
    """One batch. What it says is read and prepared before the transaction, so that others wait only for the writing."""
    portraits = writer.portraits(pks)
    writer.keys = Keys(writer.suffix)  # what it remembers of cells would grow with the world
    with transaction.atomic():
        writer.enter_tags(portraits)
        writer.put(portraits, pks if again else ())


def _count(writer: Writer) -> None:
    with transaction.atomic():
        writer.count()


def _catch_up(writer: Writer, since: int) -> int:
    """Write what changed since that step, until little is left; returns the step reached."""
    while True:
        until = _number()
        changed = _changed(since, until)
        for pks in batches(changed):
            _write(writer, pks, again=True)
        _count(writer)
        if len(changed) <= FEW:
            return until
        since = until


def _swap_with_base(since: int) -> None:
    """Large houses get their base in the same moment, so that no visitor waits for one. What changed since it was read follows it."""
    with base.alone():
        folder, _entries = base.make(twins.SUFFIX)
        writer = Writer(twins.SUFFIX)
        number = _swap(_catch_up(writer, since), base_read_at=since)
        base.publish(folder, number, Change.objects.values_list("nonce", flat=True).get(number=number))


def _swap(since: int, base_read_at: int | None = None) -> int:
    """The last changes and the new tables, in one transaction; returns its step. PostgreSQL waits for a moment in which nobody reads."""
    attempt = 0
    while True:
        try:
            with transaction.atomic():
                twins.lock()
                until = step(EVERYTHING) - 1
                writer = Writer(twins.SUFFIX)
                for pks in batches(_changed(since, until)):
                    writer.bring(pks)
                writer.count()
                twins.swap()
                if base_read_at is not None and (changed := _changed(base_read_at, until)):
                    step(packed(changed))
                return until + 1
        except OperationalError:
            attempt += 1
            if connection.in_atomic_block or connection.vendor == "sqlite" or attempt == PATIENCE:
                raise
            time.sleep(min(1.0, 0.05 * attempt))


def _number() -> int:
    return Version.objects.values_list("number", flat=True).first() or 0


def _changed(since: int, until: int) -> list[int]:
    """The entries changed in the steps after `since`."""
    steps = list(Change.objects.filter(number__gt=since, number__lte=until).values_list("entries", flat=True))
    require(len(steps) == until - since and all(steps), _("The index was built anew meanwhile. Please start again."), Refused)
    return np.unique(np.concatenate([read(one) for one in steps])).tolist() if steps else []


@contextmanager
def _alone() -> Iterator[None]:
    """One rebuilding at a time, of all processes and machines; the lock ends with the process."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            require(cursor.fetchone()[0], _("The index is being built already."), Refused)
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    folder = Path(settings.VAR) / "atlas"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "rebuild.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            require(False, _("The index is being built already."), Refused)
        yield


_LOCK = 0x61746C6173  # "atlas"
