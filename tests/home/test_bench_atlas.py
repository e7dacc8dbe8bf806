"""The bench of the map: it asks what it says, counts what plain SQL counts, and judges what it measured. Nothing is timed here."""

import json
import os
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from allmende.atlas.models import Entry
from allmende.atlas.rules import Box
from allmende.home.measuring import addresses, changing, cluster, load, machine, peers, report, serving, sizes, source, targets
from allmende.home.measuring.asking import Asking
from allmende.home.measuring.grounds import draw
from allmende.home.measuring.raw import Plain, ranges

ROWS = 300
MANY_ROWS = 2_000
TIMES = 6


class Inside(source.Database):
    """The database as this test sees it: what is not committed too."""

    @property
    def is_sqlite(self) -> bool:
        return connection.vendor == "sqlite"

    def connect(self) -> Any:
        connection.ensure_connection()
        return SimpleNamespace(cursor=lambda name="": connection.connection.cursor(), close=lambda: None, autocommit=False)


@pytest.fixture
def house(db: None) -> Inside:
    """A small house of invented organisations."""
    call_command("load_synthetic", str(ROWS), verbosity=0)
    return Inside()


@pytest.fixture
def larger_house(db: None) -> Inside:
    """One in which words are rare, middling and common. It takes a minute on PostgreSQL, whose answers tests/atlas/test_reference.py holds
    against the same slow map."""
    if connection.vendor == "postgresql":
        pytest.skip("Every question of the bench is put on SQLite; tests/atlas holds both databases against the slow map.")
    call_command("load_synthetic", str(MANY_ROWS), verbosity=0)
    return Inside()


# ------------------------------------------------------------------------------------------------------------ the engine


def test_every_question_of_the_bench_is_answered_and_counts_what_plain_sql_counts(larger_house: Inside) -> None:
    plain, different, names = Plain(larger_house), [], []
    for row in Asking(draw(TIMES), TIMES).rows():
        names.append(row.name)
        for ask in row.asks:
            engine = ask.engine()
            if ask.raw is not None:
                ask.raw(plain)
            if ask.whole is not None and (expected := ask.whole(plain)) != engine and "world" not in row.name:
                different.append((row.name, engine, expected))
            if ask.total is not None and (expected := ask.total(plain)) != engine:
                different.append((row.name, engine, expected))
        assert len(row.asks) == TIMES, row.name
    assert different == []
    assert len(names) == len(set(names))


def test_every_target_of_the_engine_has_questions(house: Inside) -> None:
    groups = {row.group for row in Asking(draw(TIMES), TIMES).rows()} - {""}
    assert groups | {"changed"} == set(targets.ENGINE)


def test_the_raw_queries_bring_as_many_rows_as_a_page_shows(house: Inside) -> None:
    grounds, plain = draw(TIMES), Plain(house)
    for ask in next(Asking(grounds, TIMES).rows()).asks:
        assert ask.raw is not None
        assert ask.raw(plain) == min(50, ask.engine())


def test_a_changed_entry_is_found_and_counted_by_the_next_question(house: Inside) -> None:
    lines = list(changing.run(draw(TIMES), 2))
    assert [(name, len(waits)) for name, _group, waits in lines] == [
        ("one entry changed: index", 2),
        ("one entry changed: next search", 2),
        ("one entry changed: all rooms", 2),
    ]


def test_two_draws_ask_the_same(house: Inside) -> None:
    assert draw(TIMES) == draw(TIMES)
    assert addresses.drawn(TIMES) == addresses.drawn(TIMES)


def test_sizes_are_told_for_source_and_index(house: Inside, tmp_path: Path) -> None:
    found = sizes.measured(house, tmp_path)
    assert found["base_mb"] == 0
    assert found["index_mb"] > 0
    assert found["ratio"] > 0
    assert any(name.startswith("atlas_text") for name in found["tables"])


# ------------------------------------------------------------------------------------------------------- through the door


def test_every_address_of_the_bench_is_answered(house: Inside, settings: Any) -> None:
    settings.API_RATE = 0
    client = Client()
    for name, asked in addresses.drawn(TIMES)["addresses"].items():
        assert {client.get(address).status_code for address in asked[:TIMES]} == {200}, name


def test_the_list_of_a_window_holds_at_most_fifty_and_says_how_many_there_are(house: Inside) -> None:
    said = json.loads(Client().get(addresses.listed(Box(-180, -85, 180, 85))).content)
    assert said["total"] == Entry.objects.filter(has_place=True).count()
    assert len(said["items"]) == 50


# ---------------------------------------------------------------------------------------------------------- the generator


class Answering(threading.Thread):
    """A server that gives these answers, one for each question on one connection."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__(daemon=True)
        self.answers, self.listener = answers, socket.create_server(("127.0.0.1", 0))
        self.port, self.asked = self.listener.getsockname()[1], list[bytes]()

    def run(self) -> None:
        with self.listener:
            line, _ = self.listener.accept()
            for answer in self.answers:
                self.asked.append(line.recv(4096).split(b"\r\n")[0])
                line.sendall(answer)
            line.close()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", (200, 2, False)),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nConnection: close\r\n\r\nhi", (200, 2, True)),
        (b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", (404, 12, False)),
        (b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", (304, 0, False)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", None),
        (b"HTTP/1.1 200 OK\r\nContent-Le", None),
    ],
)
def test_an_answer_is_whole_when_its_length_or_its_last_piece_says_so(data: bytes, said: tuple[int, int, bool] | None) -> None:
    assert load.parsed(data) == said


def test_the_generator_keeps_its_connection_and_counts_what_it_got() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    server = Answering(answer, answer)
    server.start()
    generator = load.Generator(load.Plan(server.port, ["/a", "/b"], connections=1, seconds=0.0))
    generator.run()
    assert (len(generator.result.waited), dict(generator.result.statuses), generator.result.received) == (1, {200: 1}, 2)
    assert server.asked[0] in {b"GET /a HTTP/1.1", b"GET /b HTTP/1.1"}


def test_figures_of_a_run_count_wrong_answers_and_share_the_processor_among_requests() -> None:
    answer = {
        "seconds": 2.0,
        "waited_ms": [1.0, 2.0, 3.0, 10.0],
        "statuses": {"200": 3, "500": 1},
        "received": 40,
        "failures": 1,
        "late": 2,
    }
    assert serving.summed(answer | {"cpu": 0.002}, 0.4) == {
        "statuses": {"200": 3, "500": 1}, "requests": 4, "per_second": 2.0, "p50": 2.0, "p95": 10.0, "p99": 10.0,
        "cpu_ms": 100.0, "client_cpu_ms": 0.5, "bytes": 10, "wrong": 4,
    }  # fmt: skip


# --------------------------------------------------------------------------------------------------------------- the peers


def test_datasette_gets_the_same_rows_with_full_text_and_boxes(house: Inside, tmp_path: Path) -> None:
    peers.fill_datasette(tmp_path / "peer.db", house)
    with sqlite3.connect(tmp_path / "peer.db") as peer:
        box = Box(5.0, 47.0, 16.0, 55.0)
        said = {"west": 5.0, "south": 47.0, "east": 16.0, "north": 55.0, "q": "genossenschaft"}
        within = len(Plain(house).ids_within(ranges(box)))
        counted = "SELECT COUNT(*) FROM box WHERE west >= :west AND east <= :east AND south >= :south AND north <= :north"
        assert peer.execute("SELECT COUNT(*) FROM entry").fetchone() == (ROWS,)
        assert abs(peer.execute(counted, said).fetchone()[0] - within) <= 2  # its boxes are of 32 bits
        assert len(peer.execute(peers.QUERIES["window"], said).fetchall()) == min(50, within)
        assert peer.execute(peers.QUERIES["word"], said).description[1][0] == "slug"


def test_peers_are_asked_for_the_same_window_and_word() -> None:
    box = Box(5.0, 47.0, 16.0, 55.0)
    assert "bbox=5.0%2C47.0%2C16.0%2C55.0" in peers.pygeoapi_address(box, "wein")
    assert "filter=text+ILIKE+%27%25wein%25%27" in peers.pygeoapi_address(box, "wein")
    assert "lat__gte=47.0&lat__lte=55.0&lon__gte=5.0&lon__lte=16.0" in peers.datasette_address(Path("x.db"), box)
    assert peers.datasette_own_sql(Path("x.db"), box, "wein").startswith("/x/word.json?west=5.0&east=16.0&south=47.0&north=55.0&")


def test_a_peer_that_cannot_be_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(peers.Missing, match="datasette cannot be installed here"):
        peers.install("datasette", tmp_path)


def test_the_settings_of_the_own_postgresql_leave_room_for_the_bench() -> None:
    assert cluster.SETTINGS["listen_addresses"] == ""  # a socket only: no port to collide with
    assert cluster.Cluster(Path("/tmp/x")).url("a") == "postgres://allmende@%2Ftmp%2Fx/a"


# ------------------------------------------------------------------------------------------------------- machine and report


def test_a_process_knows_its_children_its_memory_and_its_time() -> None:
    assert machine.tree(os.getpid())[0] == os.getpid()
    assert machine.cpu_seconds([os.getpid(), 0])[0] == 0
    held = machine.memory(os.getpid())
    assert held is not None and held.resident >= held.proportional > 0
    assert machine.described()["cores"] >= 1


def test_percentiles_are_values_that_were_measured() -> None:
    assert [machine.percentile([5.0, 1.0, 3.0, 2.0], part) for part in (50, 95, 99)] == [2.0, 5.0, 5.0]


@pytest.fixture
def result() -> dict[str, Any]:
    """A run in small."""
    times = {"p50": 1.0, "p95": 2.0, "p99": 3.0, "cpu": 1.0, "cpu95": 1.5, "times": 3}
    line = {"per_second": 2_000.0, "p50": 1.0, "p95": 2.0, "p99": 3.0, "cpu_ms": 0.5, "bytes": 100, "wrong": 0}
    peer = {"name": "window z6", **line, "ours": 2_000.0, "ratio": 15.0}
    return {
        "machine": machine.described(), "rows": 10, "entries": 10, "database": "SQLite 3", "command": "./allmende bench atlas --rows 10",
        "build": {"rows": 10, "seed": 1, "seconds": 1.0, "per_second": 10},
        "engine": {
            "opening": {"seconds": 0.1, "memory_mb": 100},
            "lines": [
                {"name": "window z4", "group": "window", **times, "raw_p50": 0.5, "raw_cpu": 0.25},
                {"name": "window z6", "group": "window", **times, "p95": 2.5, "raw_p50": 0.5, "raw_cpu": 0.25},
            ],
        },
        "sizes": {"source_mb": 10.0, "index_mb": 11.0, "base_mb": 1.0, "ratio": 1.1, "tables": {}},
        "web": {"2": {"list": line, "tile_half": line, "page_100": line | {"p95": 70.0}}},
        "memory": [{"name": "worker 1", "is_worker": True, "resident": 240, "proportional": 200, "anonymous": 150}],
        "visible": {"times": 3, "median": 0.01, "worst": 0.02},
        "peers": {"pygeoapi": {"version": "0", "how": "so", "lines": [peer]}, "datasette": {"missing": "no pip here"}},
    }  # fmt: skip


def test_targets_are_met_by_the_slowest_line_and_the_smallest_ratio(result: dict[str, Any]) -> None:
    said = {one["what"]: (one["measured"], one["met"]) for one in targets.verdicts(result)}
    assert said["window, no text, limit 50"] == ("2.50 ms (window z6)", False)
    assert said["suggestion while typing, 3 letters and more"] == ("not measured", None)
    assert said["list JSON, window, 2 cores"] == ("2,000/s", True)
    assert said["list JSON, window: processor over that of the raw rows"] == ("2.0x", True)
    assert said["cluster tiles at 2,000/s"][1] is True
    assert said["list page at 100/s"] == ("70.0 ms", False)
    assert said["requests/s over those of pygeoapi 0"] == ("15x at least (window z6), 15x at most", False)
    assert said["requests/s over those of datasette"] == ("not run", None)
    assert said["index over the size of the table"][1] is True


def test_on_postgresql_the_other_column_counts(result: dict[str, Any]) -> None:
    said = {one["what"]: one["met"] for one in targets.verdicts(result | {"database": "PostgreSQL 15"})}
    assert said["window, no text, limit 50"] is True


def test_the_report_tells_everything(result: dict[str, Any]) -> None:
    text = "\n".join(report.text(result | {"verdicts": targets.verdicts(result)}))
    assert "10 organisations on SQLite 3" in text
    assert "PEER datasette : NOT RUN: no pip here" in text
    assert "NOT met" in text


@pytest.fixture(autouse=True)
def no_child_left() -> Iterator[None]:
    """Nothing that a test started runs on."""
    before = threading.active_count()
    yield
    assert threading.active_count() <= before + 1
