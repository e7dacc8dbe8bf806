"""The engine in this process: every question timed by the clock and by the processor, then the raw query for the same rows."""

import gc
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection

from allmende.atlas import completion, queries
from allmende.atlas.engine import snapshot
from allmende.atlas.rules import Filters
from allmende.home.measuring import changing, machine
from allmende.home.measuring.asking import Asking, Row
from allmende.home.measuring.grounds import Grounds, draw
from allmende.home.measuring.raw import Plain
from allmende.home.measuring.source import Database

ENOUGH = 6.0  # seconds for one line of raw queries: some of them are slow, and three are as good as two hundred
Say = Callable[[str], object]


def database() -> Database:
    """The database of this house, as others than Django reach it."""
    if connection.vendor == "sqlite":
        return Database(file=Path(str(connection.settings_dict["NAME"])))
    said = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    return Database(dsn=" ".join(f"{name}='{said[key]}'" for name, key in names.items() if said[key]))


def run(times: int, say: Say, changes: int = 100) -> dict[str, Any]:
    """Open the index, ask everything, change some entries; all that was measured."""
    opening = _opening()
    say(f"index opened in {opening['seconds']:.2f} s, this process then holds {opening['memory_mb']:.0f} MB")
    grounds = draw(times)
    lines = [line(row, say) for row in Asking(grounds, times).rows()]
    lines += [timed_line(name, group, waits) for name, group, waits in changing.run(grounds, changes)]
    return {"entries": grounds.entries, "opening": opening, "lines": lines, "holding": _holding(), "words": _said(grounds)}


def _opening() -> dict[str, float]:
    """What a process reads before its first answers; the server does it before it opens."""
    start = time.perf_counter()
    queries.version()
    queries.search(Filters(q="genossenschaft"), per_page=1)
    completion.suggest("gen")
    return {"seconds": round(time.perf_counter() - start, 3), "memory_mb": _holding()["resident"]}


def _holding() -> dict[str, float]:
    held = machine.memory(os.getpid())
    return {"resident": held.resident, "anonymous": held.anonymous, "proportional": held.proportional} if held else {}


def _said(grounds: Grounds) -> dict[str, int]:
    return {name: len(words) for name, words in grounds.words.items()}


def line(row: Row, say: Say) -> dict[str, Any]:
    """One line of the table: the engine, then the raw queries."""
    forget_words()
    gc.collect()
    before = _backend_seconds()
    waits = [machine.timed(ask.engine) for ask in row.asks]
    backend = (_backend_seconds() - before) / max(1, len(waits))
    found = timed_line(row.name, row.group, waits) | {"backend_ms": round(1000 * backend, 3)}
    found |= _plain([ask.raw for ask in row.asks], "raw") | _plain([ask.whole for ask in row.asks], "whole")
    say(said(found))
    return found


def said(found: dict[str, Any]) -> str:
    """A line for who waits."""
    beside = f"  raw {found['raw_p50']:.2f}" if found.get("raw_p50") is not None else ""
    return f"  {found['name']:<40} p50 {found['p50']:8.2f}  p95 {found['p95']:8.2f} ms  cpu {found['cpu']:8.2f}{beside}"


def forget_words() -> None:
    """Let the index forget which places hold which words, so that every line begins with words nobody asked for before."""
    cache.clear()
    for part in snapshot.current().parts:
        part.segment._groups.clear()


def timed_line(name: str, group: str, waits: list[tuple[float, float]]) -> dict[str, Any]:
    """Percentiles by the clock; the mean and 95th percentile by the processor."""
    wall, cpu = [one[0] for one in waits], [one[1] for one in waits]
    return {
        "name": name,
        "group": group,
        "times": len(waits),
        **{f"p{part}": round(machine.percentile(wall, part), 3) for part in (50, 95, 99)},
        "cpu": round(sum(cpu) / len(cpu), 3),
        "cpu95": round(machine.percentile(cpu, 95), 3),
    }


def _plain(asks: list[Callable[[Plain], int] | None], kind: str) -> dict[str, Any]:
    """The same from the plain database, warm: each once without the clock, then with it."""
    plain, waits, end = Plain(database()), [], time.monotonic() + ENOUGH
    try:
        for ask in asks:
            if ask is None or time.monotonic() > end:
                break
            ask(plain)
            waits.append(machine.timed(lambda ask=ask: ask(plain)))  # type: ignore[misc]
    finally:
        plain.close()
    if not waits:
        return {f"{kind}_p50": None, f"{kind}_cpu": None}
    return {
        f"{kind}_p50": round(machine.percentile([one[0] for one in waits], 50), 3),
        f"{kind}_p95": round(machine.percentile([one[0] for one in waits], 95), 3),
        f"{kind}_cpu": round(sum(one[1] for one in waits) / len(waits), 3),
    }


def _backend_seconds() -> float:
    """Processor time of the database's own process for this connection, where it runs on this machine."""
    if connection.vendor == "sqlite":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return sum(machine.cpu_seconds([cursor.fetchone()[0]]).values())
