"""The real server for as long as a block lasts, and what its processes use meanwhile."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from allmende.home.measuring import load, machine

OPENING = 60  # seconds a server may take until it answers


@dataclass(frozen=True)
class Server:
    """A server that answers: where, its first process, and that of a database whose work counts too."""

    port: int
    pid: int
    also: tuple[int, ...] = ()

    def fetch(self, address: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of one question on a connection of its own."""
        return fetch(self.port, address, **headers)

    def memory(self) -> list[machine.Memory]:
        """What each of its processes holds."""
        return [one for pid in machine.tree(self.pid) if (one := machine.memory(pid))]


def fetch(port: int, address: str, **headers: str) -> tuple[int, bytes]:
    """Status and body of one question on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], environment: Mapping[str, str], port: int, address: str, log: Path) -> Iterator[Server]:
    """Start a server, wait until `address` is answered, end it (and only it) afterwards."""
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT, cwd=log.parent)
        try:
            _wait(process, port, address, log)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: subprocess.Popen[bytes], port: int, address: str, log: Path) -> None:
    end = time.monotonic() + OPENING
    while time.monotonic() < end and process.poll() is None:
        try:
            if fetch(port, address)[0] < 500:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{Path(log).name} did not answer {address}: {log.read_text(encoding='utf-8', errors='replace')[-600:]}")


@contextmanager
def house(environment: Mapping[str, str], folder: Path, workers: int, also: tuple[int, ...] = ()) -> Iterator[Server]:
    """The house as `./allmende up` serves it, with as many worker processes as asked."""
    port = free_port()
    granian = Path(sys.executable).with_name("granian")
    command = [
        *(str(granian), "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "2", "--no-ws", "--log-level", "error"),
        *("--host", "127.0.0.1", "--port", str(port), "allmende.config.serve:application"),
    ]
    with running(command, {**environment, "ALLMENDE_API_RATE": "0"}, port, "/healthz", folder / "server.log") as server:
        yield replace(server, also=also)


def drive(
    server: Server, addresses: list[str], *, connections: int = 8, seconds: float = 3.0, rate: float = 0.0, once: bool = False
) -> dict[str, Any]:
    """Ask these addresses from a process of its own; what went through, how long it took, what the server's processes used.

    `once`: each address only once, then it is over.
    """
    plan = load.Plan(server.port, addresses, connections, seconds, rate, once=once)
    before = _used(server.pid, *server.also)
    done = subprocess.run(
        [sys.executable, load.__file__, json.dumps(asdict(plan))], check=True, capture_output=True, text=True, timeout=seconds + 120
    )  # our own generator
    cpu = sum(seconds - before.get(pid, 0) for pid, seconds in _used(server.pid, *server.also).items())
    return summed(json.loads(done.stdout), cpu)


def _used(*first: int) -> dict[int, float]:
    """Processor time of these processes and all that descend from them."""
    return machine.cpu_seconds([pid for one in first for pid in machine.tree(one)])


def summed(answer: dict[str, Any], cpu: float) -> dict[str, Any]:
    """The figures of a run: requests a second, percentiles, processor time of each request on both sides."""
    waited, number = answer["waited_ms"], max(1, len(answer["waited_ms"]))
    wrong = sum(count for status, count in answer["statuses"].items() if status != "200") + answer["failures"] + answer["late"]
    return {
        "statuses": answer["statuses"],
        "requests": len(waited),
        "per_second": round(len(waited) / answer["seconds"], 1),
        **{f"p{part}": round(machine.percentile(waited, part), 2) if waited else None for part in (50, 95, 99)},
        "cpu_ms": round(1000 * cpu / number, 3),
        "client_cpu_ms": round(1000 * answer["cpu"] / number, 3),
        "bytes": round(answer["received"] / number),
        "wrong": wrong,
    }
