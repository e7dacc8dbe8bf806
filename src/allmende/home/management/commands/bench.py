"""`./allmende bench`: how fast map and list answer through the real server, printed with the machine and the data size.

It works on a database of its own: `--rows` synthetic organisations (seeded, so two runs measure the same), or the database of this
house with `--here`. Times on a shared machine move; the last column, the ratio to the server's own empty answer (`/healthz`,
measured in the same run), moves less.
"""

import http.client
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.core.management.base import BaseCommand

LIMIT_MS = 100.0

# What people and the map ask for: (name, address). {n} makes each request a little different, as real ones are.
QUESTIONS = [
    ("empty answer", "/healthz"),
    ("list, first page", "/karte/?page={page}"),
    ("list, search", "/karte/?q=Energie&page={page}"),
    ("list, two filters", "/karte/?sector=energy&country=DE&page={page}"),
    ("list, 50 km around", "/karte/?place=Leipzig&radius={km}"),
    ("list, typing error", "/karte/?q=Genosenschaft&page={page}"),
    ("map, Europe z4", "/api/v1/points?bbox=-{d},34,32,70&zoom=4"),
    ("map, Germany z6", "/api/v1/points?bbox={d},47,15.5,55.2&zoom=6"),
    ("map, Berlin z11", "/api/v1/points?bbox=13.{d},52.35,13.8,52.7&zoom=11"),
    ("map, search z6", "/api/v1/points?bbox={d},47,15.5,55.2&zoom=6&q=Energie"),
    ("suggestions", "/api/v1/suggest?q=Gen{letter}"),
    ("API list, 25", "/api/v1/organisations?page={page}"),
    ("figures", "/zahlen/"),
    ("start page", "/"),
]


class Command(BaseCommand):
    """Measures the house through its own server."""

    help = "Measure map and list through the real server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many rows, how often, from how many at once."""
        parser.add_argument("--rows", type=int, default=20_000, help="synthetic organisations (default 20000)")
        parser.add_argument("--here", action="store_true", help="measure the database of this house instead")
        parser.add_argument("--requests", type=int, default=60, help="requests for each question (default 60)")
        parser.add_argument("--clients", type=int, default=1, help="how many ask at once (default 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, serve, ask, print."""
        with tempfile.TemporaryDirectory(prefix="allmende-bench-") as folder:
            environment = dict(os.environ)
            if not options["here"]:
                environment |= {"ALLMENDE_VAR": folder, "ALLMENDE_DATABASE_URL": ""}
                self._fill(environment, options["rows"])
            with served(environment) as (port, pid):
                rows = json.loads(fetch(port, "/api/v1/organisations?per_page=1")[2])["total"]
                self._print_head(rows, options)
                self._ask_all(port, options["requests"], options["clients"])
                self.stdout.write(f"\nmemory of the server: {resident_mb(pid)} MB")

    def _fill(self, environment: dict[str, str], rows: int) -> None:
        start = time.perf_counter()
        for command in (["prepare", "--no-demo"], ["load_synthetic", str(rows)]):
            subprocess.run(
                [sys.executable, "-m", "allmende", *command], env=environment, check=True, stdout=subprocess.DEVNULL
            )  # our own commands
        self.stdout.write(f"{rows} synthetic organisations written and indexed in {time.perf_counter() - start:.1f} s")

    def _print_head(self, rows: int, options: dict[str, Any]) -> None:
        machine = f"{os.cpu_count()} cores, {memory_gb()} GB, {platform.system()}, Python {platform.python_version()}"
        self.stdout.write(f"{machine}; {rows} organisations; {options['requests']} requests each, {options['clients']} at once\n")
        self.stdout.write(f"{'question':<22}{'p50 ms':>8}{'p95 ms':>8}{'max ms':>8}{'kB':>8}{'ratio':>8}")

    def _ask_all(self, port: int, requests: int, clients: int) -> None:
        base, worst = 0.0, 0.0
        for name, address in QUESTIONS:
            times, size = ask(port, address, requests, clients)
            p95 = quantiles(times, n=20)[-1]
            base = base or median(times)
            worst = worst if name == "empty answer" else max(worst, p95)
            self.stdout.write(
                f"{name:<22}{median(times):>8.1f}{p95:>8.1f}{max(times):>8.1f}{size / 1000:>8.1f}{median(times) / base:>8.1f}"
            )
        verdict = "within" if worst < LIMIT_MS else "ABOVE"
        self.stdout.write(f"\nslowest p95 {worst:.1f} ms, {verdict} the limit of {LIMIT_MS:.0f} ms")


def ask(port: int, address: str, requests: int, clients: int) -> tuple[list[float], int]:
    """Times in milliseconds and the size of one answer in bytes (compressed where the server compresses)."""
    addresses = [
        address.format(page=1 + number % 20, km=20 + number, d=number % 7, letter="aeioust"[number % 7]) for number in range(requests)
    ]
    fetch(port, addresses[0])
    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(lambda one: fetch(port, one), addresses))
    for status, _, body in answers:
        if status != 200:
            raise SystemExit(f"{address} answered {status}: {body[:200]!r}")
    return [1000 * seconds for _, seconds, _ in answers], len(answers[0][2])


def fetch(port: int, address: str) -> tuple[int, float, bytes]:
    """Status, seconds and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start = time.perf_counter()
    connection.request("GET", address, headers={} if "per_page=1" in address else {"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - start
    connection.close()
    return answer.status, seconds, body


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """The real server on a free port for as long as the block lasts: (port, process id)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    granian = Path(sys.executable).with_name("granian")
    command = [
        *(str(granian), "--interface", "wsgi", "--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "error"),
        *("--host", "127.0.0.1", "--port", str(port), "allmende.config.serve:application"),
    ]
    environment = environment | {"ALLMENDE_API_RATE": "0"}
    process = subprocess.Popen(command, env=environment)  # our own server
    try:
        for _ in range(300):
            try:
                fetch(port, "/healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def memory_gb() -> int:
    """The machine's memory in gigabytes."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def resident_mb(pid: int) -> int:
    """Resident memory of a process and its children in megabytes."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if status.parent.name == str(pid) or lines.get("PPid", "").strip() == str(pid):
            total += int(lines.get("VmRSS", "0 kB").split()[0]) // 1000
    return total
