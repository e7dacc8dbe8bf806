"""Reading from streaming replicas of PostgreSQL, so that one primary serves many readers (ADR 0019).

`read(answer)` runs `answer` while the thread's "default" connection is a replica's: models and plain cursors alike ask the replica and
need not know it. A replica refuses every write by itself. Whatever goes wrong there (a write, a transaction, a connection that breaks, a
query cancelled) ends with `answer` being run once more, from its beginning, on the primary.

A replica is asked only while it is proven fresh: it has replayed what the primary had written at most `REPLICA_LAG` seconds ago. One
request in a second looks after that, for all threads of its process.
"""

import itertools
import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks at a replica
VERDICT_LASTS = 3.0  # seconds: a look that takes longer says nothing of now
REST = 10.0  # seconds in which a replica that failed is left alone
MARGIN = 5  # seconds that a writer stays with the primary beyond the lag allowed: for the verdict's age and clocks that differ
NOTHING = "'0/0'::pg_lsn"
WRITES = re.compile(r"\s*(?:WITH\b.*?\b)?(?:INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE|CREATE|ALTER|DROP)\b", re.I | re.S)

T = TypeVar("T")


class AskPrimary(Exception):
    """What is asked for here cannot be answered by a replica."""


@dataclass
class Visit:
    """One answer being read from a replica. It is lost when something went wrong there, also where somebody swallowed the fault."""

    alias: str
    is_lost: bool = False


@dataclass
class Known:
    """What this process knows of a replica; moments of the monotonic clock."""

    looked_at: float = float("-inf")
    is_fresh: bool = False
    rests_until: float = float("-inf")


class Here(threading.local):
    """What this thread is reading from, if from a replica."""

    visit: Visit | None = None


@dataclass
class Noted:
    """Whether something was written."""

    wrote: bool = False


_here = Here()
_known: dict[str, Known] = {}
_positions: deque[tuple[float, int]] = deque(maxlen=120)  # how far the primary had written, and when
_looking = threading.Lock()
_turn = itertools.count()


# ------------------------------------------------------------------------------------------------------------- reading


def read(answer: Callable[[], T]) -> T:
    """What `answer` returns, read from a replica where one is fresh, else from the primary. It may be run twice, once for each."""
    alias = _chosen()
    if alias is None:
        return answer()
    visit = Visit(alias)
    try:
        with _visiting(visit):
            result = answer()
    except Exception:
        if not visit.is_lost:
            raise
    else:
        if not visit.is_lost:
            return result
    _look_after(alias)
    return answer()


def is_reading() -> bool:
    """Whether this thread reads from a replica now."""
    return _here.visit is not None


def is_lost() -> bool:
    """Whether what this thread reads from a replica is already known to be read again from the primary."""
    return _here.visit is not None and (_here.visit.is_lost or connection.errors_occurred)


def ask_primary() -> None:
    """Read again from the primary, from the beginning; does nothing where the primary is asked already.

    For those who know something newer than this replica shows, because it came to this process by another way.
    """
    if _here.visit is not None:
        give_up()
        raise AskPrimary


def give_up() -> None:
    """Let the answer be finished, but thrown away and read again from the primary."""
    if _here.visit is not None:
        _here.visit.is_lost = True


@contextmanager
def noting_writes() -> Iterator[Noted]:
    """Notes whether the statements of this thread write."""
    noted = Noted()

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        noted.wrote = noted.wrote or bool(WRITES.match(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield noted


def _chosen() -> str | None:
    """The replica whose turn it is; None where the primary is to be asked, as by everyone who has a transaction open."""
    names: list[str] = settings.REPLICAS
    if not names or is_reading() or connection.in_atomic_block:
        return None
    turn = next(_turn)
    return next((name for place in range(len(names)) if _is_fresh(name := names[(turn + place) % len(names)])), None)


@contextmanager
def _visiting(visit: Visit) -> Iterator[None]:
    """The replica's connection takes the place of the primary's in this thread."""
    primary, replica = connections[DEFAULT_DB_ALIAS], connections[visit.alias]
    replica.alias = DEFAULT_DB_ALIAS  # what is read here belongs to the one database of the house
    connections[DEFAULT_DB_ALIAS], _here.visit = replica, visit
    try:
        with replica.execute_wrapper(_outside_transactions):
            yield
    finally:
        connections[DEFAULT_DB_ALIAS], _here.visit = primary, None
        visit.is_lost = visit.is_lost or replica.errors_occurred


def _outside_transactions(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Who opens a transaction means to write, or to lock what is read."""
    if context["connection"].in_atomic_block:
        ask_primary()
    return execute(sql, params, many, context)


def _look_after(alias: str) -> None:
    """After a fault: a connection that still works is kept. Where it does not, the next request looks whether the replica lives."""
    replica = connections[alias]
    if replica.connection is not None and replica.is_usable():
        replica.errors_occurred = False
    else:
        replica.close()
        _known[alias] = Known()


# ----------------------------------------------------------------------------------------------------------- freshness


def _is_fresh(alias: str) -> bool:
    known, now = _known.setdefault(alias, Known()), time.monotonic()
    if now < known.rests_until:
        return False
    if now - known.looked_at > LOOK_EVERY and _looking.acquire(blocking=False):
        try:
            _look(alias, known)
        finally:
            _looking.release()
    return known.is_fresh and now - known.looked_at <= VERDICT_LASTS


def _look(alias: str, known: Known) -> None:
    """Ask the primary how far it has written, then the replica how far it has followed."""
    now = time.monotonic()
    try:
        _note_position(now)
        with connections[alias].cursor() as cursor:
            cursor.execute(f"SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() - {NOTHING}")
            is_replica, replayed = cursor.fetchone()
    except Error as fault:
        log.warning("The replica %s does not answer (%s); the primary is read.", alias, type(fault).__name__)
        connections[alias].close()
        known.is_fresh, known.rests_until = False, now + REST
        return
    known.looked_at, was_fresh = now, known.is_fresh
    known.is_fresh = bool(is_replica) and now - _followed_until(int(replayed or 0)) <= settings.REPLICA_LAG
    if known.is_fresh != was_fresh:
        log.info("The replica %s is %s.", alias, "read" if known.is_fresh else "behind; the primary is read")


def _note_position(now: float) -> None:
    """Remember how far the primary has written. One that is away for a moment writes nothing that a replica could lack."""
    primary = connections[DEFAULT_DB_ALIAS]
    try:
        with primary.cursor() as cursor:
            cursor.execute(f"SELECT pg_current_wal_insert_lsn() - {NOTHING}")
            _positions.append((now, int(cursor.fetchone()[0])))
    except Error:
        primary.close()
        if not _positions:
            raise
        _positions.append((now, _positions[-1][1]))


def _followed_until(replayed: int) -> float:
    """The last moment known whose writing a replica has wholly replayed."""
    return max((moment for moment, position in _positions if position <= replayed), default=float("-inf"))


def forget() -> None:
    """Know nothing of any replica (tests)."""
    _known.clear()
    _positions.clear()
