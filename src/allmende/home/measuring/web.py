"""The house through its real server: what goes through when it is busy, how long people wait when it is half busy."""

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from allmende.atlas.rules import Box
from allmende.home.measuring import addresses, cluster, machine, peers, serving
from allmende.home.measuring.building import House
from allmende.home.measuring.serving import Server

CONNECTIONS = 8
SATURATED = ("empty", "list", "list_word", "whole", "suggest", "tile", "tile_filter", "page", "entry")
TILE_RATE = 2_000.0  # half of what is expected at least
PAGE_RATE = 100.0
CHANGES = 10
Say = Callable[[str], object]


def busy(server: Server, asked: dict[str, list[str]], seconds: float) -> dict[str, Any]:
    """As fast as it goes, each kind of question on its own: tiles nobody asked for before, then all after a second to warm up."""
    serving.drive(server, asked["tile"], connections=CONNECTIONS, seconds=min(1.0, seconds))
    found = {"tile_fresh": serving.drive(server, asked["tile_fresh"], connections=CONNECTIONS, seconds=seconds, once=True)}
    for name in SATURATED:
        serving.drive(server, asked[name], connections=CONNECTIONS, seconds=min(1.0, seconds))
        found[name] = serving.drive(server, asked[name], connections=CONNECTIONS, seconds=seconds)
    return found


def steady(server: Server, asked: dict[str, list[str]], seconds: float) -> dict[str, Any]:
    """At a fixed rate, whatever happens."""
    return {
        "tile_half": serving.drive(server, asked["tile"], connections=64, seconds=2 * seconds, rate=TILE_RATE),
        "page_100": serving.drive(server, asked["page"], connections=64, seconds=2 * seconds, rate=PAGE_RATE),
    }


def memory(server: Server) -> list[dict[str, Any]]:
    """What each process of the server holds; the first only looks after the others."""
    found = []
    for number, pid in enumerate(machine.tree(server.pid)):
        if held := machine.memory(pid):
            name = "worker" if number else "supervisor"
            found.append(
                {
                    "name": f"{name} {number}".removesuffix(" 0"),
                    "is_worker": bool(number),
                    "resident": held.resident,
                    "proportional": held.proportional,
                    "anonymous": held.anonymous,
                }
            )
    return found


def visible(place: House, server: Server) -> dict[str, Any]:
    """Seconds until another process shows a change of an entry."""
    waits = place.told("visible", "--port", str(server.port), "--times", str(CHANGES))
    return {"times": len(waits), "median": round(statistics.median(waits), 4), "worst": round(max(waits), 4)}


# ----------------------------------------------------------------------------------------------------------------- peers

Pairs = list[tuple[tuple[float, float, float, float], str]]
Address = Callable[[Box, str], str]


def ours(server: Server, asked: list[tuple[str, Pairs]], seconds: float) -> dict[str, dict[str, Any]]:
    """Our list for the same windows and words."""
    return {name: _drive(server, addresses.listed, pairs, seconds) for name, pairs in asked}


def _drive(server: Server, address: Address, pairs: Pairs, seconds: float) -> dict[str, Any]:
    asked = [address(Box(*corners), word) for corners, word in pairs]
    return serving.drive(server, asked, connections=CONNECTIONS, seconds=seconds)


def _lines(server: Server, address: Address, asked: list[tuple[str, Pairs]], own: dict[str, Any], seconds: float) -> list[dict[str, Any]]:
    lines = []
    for name, pairs in asked:
        line = _drive(server, address, pairs, seconds)
        ratio = round(own[name]["per_second"] / line["per_second"], 1) if line["per_second"] and not line["wrong"] else None
        lines.append({"name": name, **line, "ours": own[name]["per_second"], "ratio": ratio})
    return lines


def datasette(place: House, folder: Path, asked: list[tuple[str, Pairs]], own: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Datasette as it comes, with indexes and full text; and with SQL by hand over an R*Tree."""
    programs = peers.install("datasette", folder)
    file = folder / f"{place.folder.name}.db"
    peers.fill_datasette(file, place.database)
    with peers.datasette(programs, file, place.environment) as server:
        lines = _lines(server, lambda box, word: peers.datasette_address(file, box, word), asked, own, seconds)
        tuned = _lines(server, lambda box, word: peers.datasette_own_sql(file, box, word), asked, own, seconds)
    how = "its own table pages as JSON over SQLite with both indexes on lat and lon and FTS5; one process, as it comes"
    return {"version": peers.version(programs, "datasette"), "how": how, "lines": lines, "tuned": tuned}


def pygeoapi(
    place: House, folder: Path, server: cluster.Cluster, asked: list[tuple[str, Pairs]], own: dict[str, Any], seconds: float
) -> dict[str, Any]:
    """Pygeoapi over PostGIS."""
    programs = peers.install("pygeoapi", folder)
    name = f"peer_{place.folder.name}".lower().replace("-", "_").replace(".", "_")
    peers.fill_pygeoapi(server, name, place.database)
    with peers.pygeoapi(programs, folder, server, name, place.environment) as running:
        lines = _lines(running, peers.pygeoapi_address, asked, own, seconds)
    how = "OGC API Features over PostGIS with GiST and trigrams, gunicorn with 2 workers of 2 threads"
    return {"version": peers.version(programs, "pygeoapi"), "how": how, "lines": lines}
