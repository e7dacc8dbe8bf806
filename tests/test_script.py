"""`./allmende` as its users meet it: up, a taken port, Ctrl-C, a hard end, and help."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
pytestmark = [
    pytest.mark.skipif(not (ROOT / ".venv/bin/granian").exists(), reason="the script's own environment is not there"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded house is tested once"),
]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def env(tmp_path: Path, port: int) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ALLMENDE_")}
    return clean | {"ALLMENDE_VAR": str(tmp_path), "PORT": str(port)}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One folder for all houses that open: whichever is the first makes its tables and packs its files, which takes most of the time."""
    return {"ALLMENDE_VAR": str(tmp_path_factory.mktemp("house"))}


class House:
    """`./allmende up` in a process group of its own, as in a terminal."""

    def __init__(self, env: dict[str, str], *options: str) -> None:
        self.url = f"http://127.0.0.1:{env['PORT']}"
        self.process = subprocess.Popen(
            [str(ROOT / "allmende"), "up", *options],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []

    def wait_until_open(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if line.startswith("Allmende: http://"):
                return
        pytest.fail("The house did not open:\n" + "\n".join(self.lines))

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return int(answer.status)

    def is_open(self) -> bool:
        try:
            return self.get("/healthz") == 200
        except (urllib.error.URLError, OSError):
            return False

    def is_empty(self) -> bool:
        """Whether no process of the group is left."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False


@pytest.fixture
def houses(env: dict[str, str]) -> Iterator[Any]:
    opened: list[House] = []

    def start(*options: str, **more: str) -> House:
        opened.append(House(env | more, *options))
        return opened[-1]

    yield start
    for house in opened:
        if not house.is_empty():
            os.killpg(house.process.pid, signal.SIGKILL)
        house.process.wait()
        if house.process.stdout:
            house.process.stdout.close()


def eventually(condition: Any, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_up_opens_the_house_says_so_in_one_line_and_ctrl_c_closes_it(houses: Any, ours: dict[str, str]) -> None:
    house = houses("--no-demo", **ours)
    house.wait_until_open()
    assert house.lines[-1] == f"Allmende: {house.url}"
    assert house.get("/healthz") == 200
    os.killpg(house.process.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
    assert house.process.wait(timeout=15) == 0
    assert eventually(house.is_empty)

    again = houses("--no-demo", **ours)
    again.wait_until_open()
    assert [line for line in again.lines if "database" in line or "static" in line] == []  # nothing was done twice
    again.process.terminate()
    assert again.process.wait(timeout=15) in {0, -signal.SIGTERM, 143}
    assert eventually(again.is_empty)


def test_a_taken_port_is_a_clear_error_and_nothing_is_touched(houses: Any, tmp_path: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        house = houses()
        output = house.process.communicate(timeout=60)[0]
    assert house.process.returncode == 1
    assert f"Port {port} auf 127.0.0.1 ist nicht frei" in output
    assert f"port {port} on 127.0.0.1 is not free" in output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("bad", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused(houses: Any, bad: str) -> None:
    house = houses(PORT=bad)
    assert "is not a port number" in house.process.communicate(timeout=60)[0]
    assert house.process.returncode == 1


def test_after_a_hard_end_nobody_stays_behind_and_the_house_opens_again(houses: Any, ours: dict[str, str]) -> None:
    house = houses("--no-demo", **ours)
    house.wait_until_open()
    assert house.get("/healthz") == 200
    house.process.kill()
    house.process.wait()
    assert eventually(house.is_empty), "server or worker outlived their parent"
    again = houses("--no-demo", **ours)
    again.wait_until_open()
    assert again.get("/healthz") == 200


def test_help_names_every_command_and_an_unknown_one_is_an_error() -> None:
    page = subprocess.run([str(ROOT / "allmende"), "help"], capture_output=True, text=True, check=True).stdout
    for command in ("up", "test", "import", "backup", "restore", "worker", "count", "bench", "manage", "lock"):
        assert f"\n  {command} " in page
    wrong = subprocess.run([str(ROOT / "allmende"), "dance"], capture_output=True, text=True)
    assert wrong.returncode == 1
    assert "no command 'dance'" in wrong.stderr


@pytest.mark.parametrize("script", ["allmende", ".ci/run"])
def test_the_scripts_are_sound_bash(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(ROOT / script)], capture_output=True).returncode == 0
