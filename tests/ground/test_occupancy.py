"""Who lives in the house: the lock that a restore respects, and processes that do not outlive their master."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from allmende.ground import occupancy


@pytest.fixture(autouse=True)
def moved_out() -> Iterator[None]:
    yield
    occupancy.leave()


def test_several_may_live_in_a_house_but_then_nobody_has_it_alone(tmp_path: Path) -> None:
    assert occupancy.move_in(tmp_path)
    assert occupancy.move_in(tmp_path)
    assert not occupancy.have_alone(tmp_path)


def test_who_has_the_house_alone_lets_nobody_in_until_leaving(tmp_path: Path) -> None:
    assert occupancy.have_alone(tmp_path)
    assert not occupancy.move_in(tmp_path)
    occupancy.leave()
    assert occupancy.move_in(tmp_path)


def test_nobody_is_an_orphan_without_a_named_parent() -> None:
    assert not occupancy.is_orphan(0)
    assert not occupancy.is_orphan(os.getppid())
    assert occupancy.is_orphan(os.getpid())


def test_a_process_ends_when_its_parent_is_killed() -> None:
    child = "from allmende.ground import occupancy; import time; occupancy.end_with(occupancy.parent_from_environment()); time.sleep(60)"
    parent = (
        "import os, subprocess, sys, time; os.environ['ALLMENDE_PARENT'] = str(os.getpid());"
        f"print(subprocess.Popen([sys.executable, '-c', {child!r}]).pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "src"}
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        time.sleep(0.5)
        process.kill()
    for _ in range(100):
        if not is_running(pid):
            return
        time.sleep(0.1)
    os.kill(pid, 9)
    pytest.fail("The child outlived its parent.")


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
