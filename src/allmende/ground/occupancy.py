"""Who lives in this house right now, and that nobody stays behind when its master is gone.

Server and worker each hold a shared lock on a file under var/. A restore asks for the same lock alone and so notices them,
even when they are idle and hold no database connection. The kernel drops the lock when a process ends, however it ends.
"""

import fcntl
import os
import signal
import threading
import time
from pathlib import Path
from typing import TextIO

_held: list[TextIO] = []


def _lock(var: Path, kind: int) -> bool:
    var.mkdir(parents=True, exist_ok=True)
    file = open(var / "occupied.lock", "a", encoding="ascii")  # noqa: SIM115  # stays open as long as this process lives
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return False
    _held.append(file)
    return True


def move_in(var: Path) -> bool:
    """Say that this process uses the house from now on. False while a restore has it for itself."""
    return _lock(var, fcntl.LOCK_SH)


def have_alone(var: Path) -> bool:
    """Take the house for this process alone. False while a server or worker lives in it."""
    return _lock(var, fcntl.LOCK_EX)


def leave() -> None:
    """Give back what this process holds; ending does the same."""
    while _held:
        _held.pop().close()


def parent_from_environment() -> int:
    """The process `./allmende up` told us to end with, or 0 when nobody did."""
    return int(os.environ.get("ALLMENDE_PARENT", "0") or 0)


def is_orphan(parent: int) -> bool:
    """Whether the process we were to end with is gone; nobody else may be our parent as long as it lives."""
    return parent != 0 and os.getppid() != parent


def end_with(parent: int) -> None:
    """End this process when its parent is gone, also when that was killed without a chance to tell us."""
    if parent:
        threading.Thread(target=_watch, args=(parent,), name="occupancy", daemon=True).start()


def _watch(parent: int) -> None:
    while not is_orphan(parent):
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
    os._exit(1)  # the polite way was not heard


def hold_name(var: Path, name: str) -> TextIO:
    """Hold a lock of this name as long as the file stays open, that is: as long as this process lives."""
    folder = var / "workers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = open(folder / f"{name}.lock", "a", encoding="ascii")  # noqa: SIM115  # stays open as long as this process lives
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def give_name_back(file: TextIO) -> None:
    """End such a lock and take its file away."""
    Path(file.name).unlink(missing_ok=True)
    file.close()


def is_gone(var: Path, name: str) -> bool:
    """Whether the process that held this name has died. False when nobody here ever held it: it may live on another machine."""
    path = var / "workers" / f"{name}.lock"
    try:
        with path.open("r+", encoding="ascii") as file:  # never makes the file
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    path.unlink(missing_ok=True)
    return True
