"""The figures of a run as a table for the terminal, and those of several runs as tables for docs/performance.md."""

from collections.abc import Iterator, Sequence
from typing import Any

WEB_NAMES = {
    "list": "list JSON, window z4 to z12",
    "list_word": "list JSON, window + word",
    "whole": "API, 50 whole entries, window",
    "suggest": "suggestions",
    "tile": "tiles, no filter, z0 to z18",
    "tile_fresh": "tiles, each for the first time",
    "tile_filter": "tiles, a filter, z2 to z12",
    "page": "list page, HTML, 50 rows",
    "entry": "entry page, HTML",
    "empty": "empty answer (/healthz)",
    "tile_half": "tiles at 2,000/s, open loop",
    "page_100": "list page at 100/s, open loop",
}
MET = {True: "met", False: "NOT met", None: "not measured"}


def head(result: dict[str, Any]) -> str:
    """Machine, database and size in one line."""
    on = result["machine"]
    return (
        f"{result['entries']:,} organisations on {result['database']}; {on['cores']} cores ({on['processor']}), {on['memory_gb']} GB, "
        f"{on['system']}, Python {on['python']}; load before the run {on['load']}"
    )


def text(result: dict[str, Any]) -> Iterator[str]:
    """Everything, line by line."""
    yield head(result)
    yield from _build(result)
    if engine := result.get("engine"):
        yield "\nENGINE, in this process, ms. Raw: as many rows by plain SQL, neither counted nor in order; whole: counted and in order"
        yield from columns(("", "p50", "p95", "p99", "cpu", "raw", "times", "whole"), [engine_row(line) for line in engine["lines"]])
    for workers, found in result.get("web", {}).items():
        yield f"\nTHROUGH HTTP, {workers} worker{'s' if workers != '1' else ''}; cpu: of the server for one request"
        rows = [web_row(WEB_NAMES[key], line) for key, line in found.items()]
        yield from columns(("", "requests/s", "p50", "p95", "p99", "cpu ms", "bytes", "wrong"), rows)
    yield from _memory(result)
    for name, peer in result.get("peers", {}).items():
        yield f"\nPEER {name} {peer.get('version', '')}: " + (f"NOT RUN: {peer['missing']}" if "missing" in peer else peer["how"])
        if "lines" in peer:
            yield from columns(("", "requests/s", "p50", "p95", "ours/s", "ratio"), [peer_row(line) for line in peer["lines"]])
    yield "\nTARGETS"
    yield from columns(("", "target", "measured", ""), [verdict_row(one) for one in result["verdicts"]])


def _build(result: dict[str, Any]) -> Iterator[str]:
    if made := result.get("build"):
        yield f"data: {made['rows']:,} rows written and indexed in {made['seconds']:,.0f} s ({made['per_second']:,.0f} rows/s)"
    if sizes := result.get("sizes"):
        yield f"size: tables {sizes['source_mb']:,.0f} MB, index {sizes['index_mb']:,.0f} MB, {sizes['base_mb']:,.0f} of it mapped files"
    if engine := result.get("engine"):
        yield f"index opened in {engine['opening']['seconds']:.2f} s"


def _memory(result: dict[str, Any]) -> Iterator[str]:
    if result.get("memory"):
        yield "\nMEMORY after all of this, MB"
        rows = [
            (one["name"], f"{one['resident']:.0f}", f"{one['proportional']:.0f}", f"{one['anonymous']:.0f}") for one in result["memory"]
        ]
        yield from columns(("process", "resident", "share", "its own"), rows)
    if seen := result.get("visible"):
        said = f"after {seen['median']:.3f} s (worst of {seen['times']}: {seen['worst']:.3f} s)"
        yield f"\na changed entry is visible in another process {said}"


def engine_row(line: dict[str, Any]) -> tuple[str, ...]:
    """Name, percentiles, processor (with the database's own process), raw query and how many times it, the whole answer by SQL."""
    raw = line.get("raw_p50")
    cpu = line["cpu"] + line.get("backend_ms", 0)
    ratio = f"{line['p50'] / raw:.1f}" if raw else ""
    plain = [f"{line[name]:.2f}" if line.get(name) is not None else "" for name in ("raw_p50", "whole_p50")]
    return (line["name"], *(f"{line[key]:.2f}" for key in ("p50", "p95", "p99")), f"{cpu:.2f}", plain[0], ratio, plain[1])


def web_row(name: str, line: dict[str, Any]) -> tuple[str, ...]:
    """Name, requests a second, percentiles, processor, bytes, wrong answers."""
    parts = (f"{line[key]:.1f}" for key in ("p50", "p95", "p99"))
    return (name, f"{line['per_second']:,.0f}", *parts, f"{line['cpu_ms']:.2f}", f"{line['bytes']:,}", str(line["wrong"] or ""))


def peer_row(line: dict[str, Any]) -> tuple[str, ...]:
    """Question, their requests a second and percentiles, ours, and how many times theirs."""
    ratio = f"{line['ratio']:.1f}" if line["ratio"] is not None else ""
    return (line["name"], f"{line['per_second']:,.1f}", f"{line['p50']:.1f}", f"{line['p95']:.1f}", f"{line['ours']:,.0f}", ratio)


def verdict_row(one: dict[str, Any]) -> tuple[str, ...]:
    """What, target, measured, met or not."""
    return (one["what"], one["target"], one["measured"], MET[one["met"]] + (f": {one['note']}" if one["note"] else ""))


def columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows under names: the first column to the left, numbers to the right."""
    widths = [max(len(str(row[at])) for row in (names, *rows)) for at in range(len(names))]
    for row in (names, *rows):
        cells = [
            cell.rjust(width) if _is_number(cell) or row is names else cell.ljust(width)
            for cell, width in zip(row[1:], widths[1:], strict=True)
        ]
        yield f"{row[0]:<{widths[0]}}  {'  '.join(cells)}".rstrip()


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "").isdigit()


def markdown(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The same as a table of Markdown."""
    yield f"| {' | '.join(names)} |"
    yield f"|---|{'--:|' * (len(names) - 1)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
