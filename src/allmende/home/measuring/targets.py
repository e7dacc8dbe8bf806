"""What is expected of three million organisations on two cores, and whether a run met it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

# Engine: the slowest line of each group must stay under it, 95 of 100 questions; milliseconds on SQLite and PostgreSQL.
ENGINE = {
    "window": ("window, no text, limit 50", 2.0, 5.0),
    "window_word": ("window + rare / middling / common word, z6 and deeper", 10.0, 20.0),
    "world_word": ("word over the whole world, ranked", 30.0, 50.0),
    "tags": ("window + tag or sector, word + tag", 10.0, 20.0),
    "suggest": ("suggestion while typing, 3 letters and more", 5.0, 10.0),
    "tile": ("cluster tile, no filter, any zoom", 2.0, 5.0),
    "tile_filter": ("cluster tile with any filter, whole world", 50.0, 80.0),
    "changed": ("one entry changed, searchable and counted", 5.0, 10.0),
}
# Through HTTP on two cores: requests a second at least.
WEB = {
    "list": ("list JSON, window", 1_500.0),
    "list_word": ("list JSON, window + word", 1_500.0),
    "suggest": ("suggestions", 2_000.0),
    "tile": ("cluster tiles, no filter", 4_000.0),
    "page": ("list page of 50 rows as HTML, guest", 250.0),
}
TILE_P99 = 20.0  # ms at half of that load
PAGE_P95 = 60.0  # ms at 100 a second
TIMES_RAW = 4.0  # processor time of a list over that of the raw query
VISIBLE = 1.0  # seconds
MEMORY = 250.0  # MB of a server process
INDEX = 1.2  # times the table
PEERS = {"pygeoapi": 20.0, "datasette": 10.0}  # times their requests a second


@dataclass(frozen=True)
class Verdict:
    """One target and what was measured; `met` is None where it could not be."""

    what: str
    target: str
    measured: str
    met: bool | None
    note: str = ""


def verdicts(result: dict[str, Any]) -> list[dict[str, Any]]:
    """All targets of a run."""
    return [asdict(one) for one in (*_engine(result), *_web(result), *_rest(result), *_peers(result))]


def of_group(result: dict[str, Any], group: str) -> list[dict[str, Any]]:
    """The lines of a group."""
    return [line for line in result.get("engine", {}).get("lines", []) if line["group"] == group]


def _engine(result: dict[str, Any]) -> Iterator[Verdict]:
    column = 1 if result["database"].startswith("SQLite") else 2
    for group, target in ENGINE.items():
        lines = of_group(result, group)
        limit = float(target[column])
        if not lines:
            yield Verdict(target[0], f"p95 <= {limit:g} ms", "not measured", None)
            continue
        worst = max(lines, key=lambda line: float(line["p95"]))
        note = "" if worst["p95"] <= limit else f"p50 {worst['p50']:.2f}, processor p95 {worst['cpu95']:.2f} ms"
        yield Verdict(target[0], f"p95 <= {limit:g} ms", f"{worst['p95']:.2f} ms ({worst['name']})", worst["p95"] <= limit, note)


def _web(result: dict[str, Any]) -> Iterator[Verdict]:
    found = result.get("web", {}).get("2", {})
    for key, (what, least) in WEB.items():
        if line := found.get(key):
            yield Verdict(f"{what}, 2 cores", f">= {least:,.0f}/s", f"{line['per_second']:,.0f}/s", line["per_second"] >= least)
    yield from _latency(found, "tile_half", "cluster tiles at 2,000/s", "p99", TILE_P99)
    yield from _latency(found, "page_100", "list page at 100/s", "p95", PAGE_P95)
    for key, group in (("list", "window"), ("list_word", "window_word")):
        limit, whole = _mean(result, group, "raw_cpu"), _mean(result, group, "whole_cpu")
        if limit and (line := found.get(key)):
            times = line["cpu_ms"] / limit
            note = f"{line['cpu_ms'] / whole:.2f}x of plain SQL that counts and orders as the list does" if whole else ""
            what = f"{WEB[key][0]}: processor over that of the raw rows"
            yield Verdict(what, f"<= {TIMES_RAW:g}x", f"{times:.1f}x", times <= TIMES_RAW, note)


def _mean(result: dict[str, Any], group: str, name: str) -> float:
    """The mean over the lines of a group of what they have under this name."""
    values = [float(line[name]) for line in of_group(result, group) if line.get(name)]
    return sum(values) / len(values) if values else 0.0


def _latency(found: dict[str, Any], key: str, what: str, part: str, limit: float) -> Iterator[Verdict]:
    if line := found.get(key):
        yield Verdict(what, f"{part} <= {limit:g} ms", f"{line[part]:.1f} ms", line[part] <= limit and not line["wrong"])


def _rest(result: dict[str, Any]) -> Iterator[Verdict]:
    if (seen := result.get("visible")) is not None:
        yield Verdict("a change is visible in another process", f"< {VISIBLE:g} s", f"{seen['worst']:.3f} s", seen["worst"] < VISIBLE)
    workers = [one for one in result.get("memory", []) if one["is_worker"]]
    if workers:
        most = max(workers, key=lambda one: float(one["proportional"]))
        said = f"{most['proportional']:.0f} MB (resident {most['resident']:.0f}, of it its own {most['anonymous']:.0f})"
        yield Verdict(
            "memory of a server process, its share of mapped files included", f"< {MEMORY:g} MB", said, most["proportional"] < MEMORY
        )
    if sizes := result.get("sizes"):
        said = f"{sizes['ratio']:.2f}x ({sizes['index_mb']:.0f} of {sizes['source_mb']:.0f} MB)"
        yield Verdict("index over the size of the table", f"<= {INDEX:g}x", said, sizes["ratio"] <= INDEX)


def _peers(result: dict[str, Any]) -> Iterator[Verdict]:
    for name, least in PEERS.items():
        peer = result.get("peers", {}).get(name)
        if peer is None:
            continue
        if "missing" in peer:
            yield Verdict(f"requests/s over those of {name}", f">= {least:g}x", "not run", None, peer["missing"])
            continue
        lines = [line for line in peer["lines"] if line["ratio"] is not None]
        worst = min(lines, key=lambda line: float(line["ratio"]))
        said = f"{worst['ratio']:.0f}x at least ({worst['name']}), {max(line['ratio'] for line in lines):.0f}x at most"
        yield Verdict(f"requests/s over those of {name} {peer['version']}", f">= {least:g}x", said, worst["ratio"] >= least)
