"""`./allmende bench`: how fast map and list answer through the real server, printed with the machine and the data size.
`./allmende bench duplicates`: how good and how fast the search for duplicates is.
`./allmende bench exchange`: list, search, map and feed of offers and needs.
`./allmende bench register`: the register, the books and the contributions of a cooperative with 100,000 members.
`./allmende bench ballots`: 10,000 people vote within a minute, in an open and in a secret ballot, and nothing is lost.
`./allmende bench opinions`: the picture of an opinion landscape of 2,000 people and 500 statements, as the background makes it.
`./allmende bench matching`: how good and how fast offers and needs find each other.
`./allmende bench counting`: how fast votes are counted.
`./allmende bench atlas`: the map at any size through its engine and its server, beside the plain database and other programs.

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

from django.core.management.base import BaseCommand, CommandError

from allmende.duplicates import measuring
from allmende.home.measuring import atlas, cluster, counting, report
from allmende.matching import measuring as matching

LIMIT_MS = 100.0
SHARED = Path(__file__).resolve().parents[6] / "shared" / "data"  # beside the project in its workshop

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
        """What, how many rows, how often, from how many at once."""
        parser.add_argument(
            "what",
            nargs="?",
            choices=["map", "duplicates", "exchange", "matching", "atlas", "register", "counting", "ballots", "opinions"],
            default="map",
            help="what to measure (default: map)",
        )
        parser.add_argument(
            "--rows", type=int, help="invented organisations (default 20000 for the map, 1000000 for duplicates, else 100000)"
        )
        parser.add_argument("--pairs", type=Path, metavar="FILE", help="duplicates: score this labelled file")
        parser.add_argument("--data", type=Path, metavar="DIR", help="duplicates: where the data files lie that the pairs speak of")
        parser.add_argument("--here", action="store_true", help="measure the database of this house instead")
        parser.add_argument("--requests", type=int, default=60, help="requests for each question (default 60)")
        parser.add_argument("--clients", type=int, default=1, help="how many ask at once (default 1)")
        self._add_atlas_arguments(parser.add_argument_group("atlas"))

    def _add_atlas_arguments(self, group: Any) -> None:
        group.add_argument(
            "--db", default="", metavar="URL", help="postgres://..., or `own` for a PostgreSQL of the bench's own (default: SQLite)"
        )
        group.add_argument(
            "--keep", type=Path, default=atlas.default_folder(), metavar="DIR", help="where data and peers stay between runs"
        )
        group.add_argument("--no-peers", action="store_true", help="leave pygeoapi and datasette out")
        group.add_argument("--seconds", type=float, default=4.0, help="how long each line through HTTP is asked (default 4)")
        group.add_argument("--times", type=int, default=200, help="how often each question is put to the engine (default 200)")
        group.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, serve, ask, print."""
        if options["what"] == "duplicates":
            self._duplicates(options["pairs"], options["data"], 1_000_000 if options["rows"] is None else options["rows"])
            return
        if options["what"] == "exchange":
            self._say(f"OFFERS AND NEEDS: {machine()}, SQLite, invented listings with a seed; median of some askings without a network")
            self._in_own_house("measure_listings", str(options["rows"] or 100_000))
            return
        if options["what"] == "register":
            self._say(f"REGISTER: {machine()}, SQLite, invented members with a seed; through the real server, signed in, one at a time")
            self._in_own_house("measure_register", str(options["rows"] or 100_000))
            return
        if options["what"] == "opinions":
            self._say(f"OPINION LANDSCAPES: {machine()}, SQLite, invented answers with a seed; from the tables to the stored picture")
            self._in_own_house("measure_opinions", str(options["rows"] or 2_000))
            return
        if options["what"] == "matching":
            self._matching(100_000 if options["rows"] is None else options["rows"])
            return
        if options["what"] == "ballots":
            self._ballots(options["rows"] or 10_000, options["db"])
            return
        if options["what"] == "counting":
            counting.figures(self._say, machine())
            return
        if options["what"] == "atlas":
            self._atlas(options)
            return
        options["rows"] = options["rows"] or 20_000
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

    def _atlas(self, options: dict[str, Any]) -> None:
        """Everything about the map at this size."""
        wish = atlas.Wish(
            options["rows"] or 100_000,
            options["db"],
            options["keep"].resolve(),
            not options["no_peers"],
            options["seconds"],
            options["times"],
        )
        try:
            result = atlas.run(wish, os.environ, self._say)
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        for line in report.text(result):
            self.stdout.write(line)
        if options["json"]:
            atlas.save(result, options["json"])

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _duplicates(self, pairs: Path | None, data: Path | None, rows: int) -> None:
        """How good the scorer is on labelled pairs, and how fast the search is in a house of its own."""
        if pairs and not pairs.is_file():
            raise CommandError(f"There is no file {pairs}.")
        if data and not data.is_dir():
            raise CommandError(f"There is no folder {data}.")
        data = data or (SHARED if SHARED.is_dir() else None)
        data = data / "directories" if data and (data / "directories").is_dir() else data
        measuring.figures(self.stdout.write, pairs, data)
        if not rows:
            return
        self.stdout.write(f"\nSPEED: {machine()}, SQLite, invented entries with a seed")
        self.stdout.flush()
        self._in_own_house("duplicates", "measure", "--rows", str(rows), *(["--data", str(data)] if data else []))

    def _matching(self, rows: int) -> None:
        """How good it is on labelled pairs, and how fast in a house of its own."""
        matching.figures(self._say)
        if rows:
            self._say(f"\nMATCHING, SPEED: {machine()}, SQLite, invented listings with a seed")
            self._in_own_house("matching", "measure", "--rows", str(rows))

    def _ballots(self, number: int, database: str) -> None:
        """All vote within a minute, on SQLite or on a PostgreSQL."""
        self._say(f"BALLOTS: {machine()}, {'PostgreSQL' if database else 'SQLite'}, invented members; keep-alive, open loop")
        if database != "own":
            self._in_own_house("measure_ballots", str(number), database=database)
            return
        with tempfile.TemporaryDirectory(prefix="allmende-bench-") as folder:
            Path(folder).chmod(0o755)  # PostgreSQL runs as another user
            with cluster.started(Path(folder) / "postgresql") as postgres:
                cluster.ensure(postgres, "ballots")
                self._in_own_house("measure_ballots", str(number), database=postgres.url("ballots"))

    def _in_own_house(self, *command: str, database: str = "") -> None:
        """Run a command of ours in an empty house that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="allmende-bench-") as folder:
            environment = dict(os.environ) | {"ALLMENDE_VAR": folder, "ALLMENDE_DATABASE_URL": database}
            own = [sys.executable, "-m", "allmende"]
            subprocess.run([*own, "prepare", "--no-demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
            subprocess.run([*own, *command], env=environment, check=True)

    def _print_head(self, rows: int, options: dict[str, Any]) -> None:
        self.stdout.write(f"{machine()}; {rows} organisations; {options['requests']} requests each, {options['clients']} at once\n")
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
def served(environment: dict[str, str], workers: int = 1) -> Iterator[tuple[int, int]]:
    """The real server on a free port for as long as the block lasts: (port, process id)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    granian = Path(sys.executable).with_name("granian")
    command = [
        *(str(granian), "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "2", "--no-ws", "--log-level", "error"),
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


def machine() -> str:
    """Cores, memory, system and Python of this machine."""
    return f"{os.cpu_count()} cores, {memory_gb()} GB, {platform.system()}, Python {platform.python_version()}"


def memory_gb() -> int:
    """The machine's memory in gigabytes."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def resident_mb(pid: int) -> int:
    """Resident memory of a process and its children in megabytes."""
    return sum(int(status.get("VmRSS", "0 kB").split()[0]) // 1000 for _number, status in _family(pid))


def processor_s(pid: int) -> float:
    """Seconds of processor time that a process and its children have used so far."""
    used = 0
    for number, _status in _family(pid):
        after_name = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        used += int(after_name[11]) + int(after_name[12])  # utime and stime, see proc(5)
    return used / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> Iterator[tuple[int, dict[str, str]]]:
    """A process and its children with what Linux says of them."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if status.parent.name == str(pid) or lines.get("PPid", "").strip() == str(pid):
            yield int(status.parent.name), lines
