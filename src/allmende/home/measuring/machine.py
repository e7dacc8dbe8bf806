"""What the bench runs on and what its processes use, read from /proc of Linux."""

import os
import platform
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
MB = 1_000_000


def cores() -> int:
    """Processors this machine lets us use."""
    return len(os.sched_getaffinity(0))


def memory_gb() -> int:
    """The machine's memory in gigabytes."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def described() -> dict[str, Any]:
    """Cores, memory, processor and versions, and how busy the machine is right now."""
    return {
        "cores": cores(),
        "memory_gb": memory_gb(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(_fields(path)[1])
        except OSError:
            continue  # it ended while we looked
        children.setdefault(parent, []).append(int(path.parent.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _fields(path: Path) -> list[str]:
    """The fields of a stat file after the name, which may hold blanks and brackets: state first."""
    return path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def cpu_seconds(pids: list[int]) -> dict[int, float]:
    """Processor time of each of these processes so far, in the kernel's ticks of (mostly) 10 ms; 0 for those that are gone."""
    return {pid: _ticks(pid) / TICK for pid in pids}


def _ticks(pid: int) -> int:
    try:
        fields = _fields(Path(f"/proc/{pid}/stat"))
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


@dataclass(frozen=True)
class Memory:
    """Megabytes of one process: all that is resident, its fair part of what is shared, and what it holds alone and cannot give back."""

    name: str
    resident: float
    proportional: float
    anonymous: float


def memory(pid: int) -> Memory | None:
    """What a process holds in memory; None when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    kilo = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return Memory(name, *(round(kilo.get(key, 0) * 1024 / MB, 1) for key in ("Rss", "Pss", "Anonymous")))


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock and by the processor of this process."""
    cpu, start = time.process_time(), time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - cpu)


def percentile(values: list[float], part: int) -> float:
    """The smallest value that at least `part` percent of the values do not exceed (nearest rank).

    >>> percentile([4, 1, 3, 2], 50), percentile([1, 2, 3, 4], 95)
    (2, 4)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * part // 100) - 1)]
