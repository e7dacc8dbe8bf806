"""The tables of docs/performance.md from the figures of several runs: no figure there is typed by hand (tools/performance.py)."""

from collections.abc import Iterator, Sequence
from typing import Any

from allmende.home.measuring.report import WEB_NAMES, markdown, verdict_row

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
Run = dict[str, Any]


def filled(text: str, runs: Sequence[Run]) -> str:
    """The document with the tables between its two marks renewed."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{chr(10).join(tables(in_order(runs)))}\n{END}{after}"


def in_order(runs: Sequence[Run]) -> list[Run]:
    """SQLite before PostgreSQL, small before large."""
    return sorted(runs, key=lambda run: (not run["database"].startswith("SQLite"), run["rows"]))


def name(run: Run) -> str:
    """`SQLite 3M`."""
    rows = f"{run['rows'] // 1_000_000}M" if run["rows"] >= 1_000_000 else f"{run['rows'] // 1_000}k"
    return f"{run['database'].split()[0]} {rows}"


def tables(runs: Sequence[Run]) -> Iterator[str]:
    """All tables with their headings."""
    yield "\n## The runs\n"
    yield from markdown(("run", "command", "machine", "load before"), [_run_row(run) for run in runs])
    yield "\n## Targets\n"
    yield "Bold is what was not met; the reasons stand above.\n"
    yield from _by_name(runs, lambda run: {one["what"]: _said(one) for one in run["verdicts"]}, _target_of)
    yield "\n## The engine: p50 / p95 in ms, and mean processor time of process and database\n"
    yield from _by_name(runs, lambda run: {line["name"]: _engine(line) for line in run["engine"]["lines"]})
    yield "\n## The plain database for as many rows: p50 in ms, and how many times it the engine took; then for the whole answer\n"
    yield from _by_name(runs, lambda run: {line["name"]: _raw(line) for line in run["engine"]["lines"] if line.get("raw_p50") is not None})
    for workers, heading in (("1", "1 worker"), ("2", "2 workers")):
        yield f"\n## Through HTTP, {heading}: requests a second, p95 in ms, processor ms of a request\n"
        yield from _by_name(runs, lambda run, workers=workers: {WEB_NAMES[key]: _web(one) for key, one in run["web"][workers].items()})
    yield "\n## Other programs: their requests a second, and how many times that ours are\n"
    yield from _by_name(runs, _peers)
    yield "\n## Building, sizes, memory\n"
    yield from _by_name(runs, _rest)


def _run_row(run: Run) -> tuple[str, ...]:
    on = run["machine"]
    machine = f"{on['cores']} cores {on['processor']}, {on['memory_gb']} GB, {on['system']}, Python {on['python']}, {run['database']}"
    return (name(run), f"`{run['command']}`", machine, str(on["load"]))


def _by_name(runs: Sequence[Run], cells: Any, more: Any = None) -> Iterator[str]:
    """One row for every name that any run has, one column for each run."""
    found = [cells(run) for run in runs]
    names = list(dict.fromkeys(one for cell in found for one in cell))
    heads = ("", *(["target"] if more else []), *(name(run) for run in runs))
    rows = [(one, *([more(runs, one)] if more else []), *(cell.get(one, "") for cell in found)) for one in names]
    yield from markdown(heads, rows)


def _target_of(runs: Sequence[Run], what: str) -> str:
    """The target as each database has it."""
    found = dict.fromkeys(one["target"] for run in runs for one in run["verdicts"] if one["what"] == what)
    return " / ".join(found)


def _said(one: dict[str, Any]) -> str:
    _what, _target, measured, met = verdict_row(one)
    return measured if met == "met" else f"**{measured}**"


def _engine(line: dict[str, Any]) -> str:
    return f"{line['p50']:.2f} / {line['p95']:.2f} ({line['cpu'] + line.get('backend_ms', 0):.2f})"


def _raw(line: dict[str, Any]) -> str:
    times = f" ({line['p50'] / line['raw_p50']:.1f}x)" if line["raw_p50"] else ""
    whole = f"; {line['whole_p50']:,.2f}" if line.get("whole_p50") is not None else ""
    return f"{line['raw_p50']:.2f}{times}{whole}"


def _web(line: dict[str, Any]) -> str:
    return f"{line['per_second']:,.0f}/s, {line['p95']:.1f}, {line['cpu_ms']:.2f}" + (f", {line['wrong']} wrong" if line["wrong"] else "")


def _peers(run: Run) -> dict[str, str]:
    found = {}
    for peer, said in run.get("peers", {}).items():
        for kind, title in (("lines", peer), ("tuned", f"{peer}, own SQL over an R*Tree")):
            for line in said.get(kind, []):
                found[f"{title}: {line['name']}"] = f"{line['per_second']:,.1f}/s ({line['ratio']:.0f}x)" if line["ratio"] else "failed"
        if "missing" in said:
            found[peer] = f"not run: {said['missing']}"
    return found


def _rest(run: Run) -> dict[str, str]:
    sizes, seen = run["sizes"], run["visible"]
    workers = [one for one in run["memory"] if one["is_worker"]]
    made = run.get("build")
    return {
        "rows written and indexed": f"{made['per_second']:,}/s" if made else "",
        "tables of the source, MB": f"{sizes['source_mb']:,.0f}",
        "index, MB": f"{sizes['index_mb']:,.0f}",
        "of it files in memory, MB": f"{sizes['base_mb']:,.0f}",
        "the index opened in, s": f"{run['engine']['opening']['seconds']:.2f}",
        "a server process: resident, MB": f"{max((one['resident'] for one in workers), default=0):.0f}",
        "its share of it, MB": f"{max((one['proportional'] for one in workers), default=0):.0f}",
        "its own, MB": f"{max((one['anonymous'] for one in workers), default=0):.0f}",
        "a change is visible elsewhere after, s": f"{seen['median']:.3f} (worst {seen['worst']:.3f})",
    }
