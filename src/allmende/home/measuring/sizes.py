"""How large the tables are, and how large the index over them is: pages of SQLite, relations of PostgreSQL, files of the base."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from allmende.home.measuring.raw import Plain
from allmende.home.measuring.source import Database

MB = 1_000_000
# What the index is made from: entries with their places, terms, confirmations and sources; not their history.
SOURCE = tuple(f"directory_{name}" for name in ("organisation", "place", "confirmation", "record", "belonging", "term", "source"))
INDEX = "atlas_"  # what can be built again from it


def measured(database: Database, folder: Path) -> dict[str, Any]:
    """Megabytes of the source, of the index in the database, of the base beside it, and each table of them."""
    plain = Plain(database)
    try:
        tables = _sqlite(plain) if database.is_sqlite else _postgresql(plain)
    finally:
        plain.close()
    base = sum(path.stat().st_size for path in _current_base(folder)) / MB
    source, index = _sum(tables, SOURCE), _sum(tables, INDEX)
    return {
        "source_mb": round(source, 1),
        "index_mb": round(index + base, 1),
        "base_mb": round(base, 1),
        "ratio": round((index + base) / source, 2) if source else None,
        "tables": {name: round(size, 1) for name, size in sorted(tables.items(), key=lambda one: -one[1]) if size >= 0.05},
    }


def _sum(tables: dict[str, float], beginnings: str | tuple[str, ...]) -> float:
    return sum(size for name, size in tables.items() if name.startswith(beginnings))


def _current_base(folder: Path) -> list[Path]:
    """The files of the newest base; the one before it, kept for a while, is not counted."""
    folders = sorted((path for path in (folder / "atlas").glob("*") if path.is_dir()), key=lambda path: path.stat().st_mtime)
    return [path for path in folders[-1].rglob("*") if path.is_file()] if folders else []


def _sqlite(plain: Plain) -> dict[str, float]:
    """Pages by table with its indexes; Python's own SQLite has dbstat in every build we met."""
    owner = {row[0]: row[1] for row in plain.ask("SELECT name, tbl_name FROM sqlite_schema")}
    sizes: dict[str, float] = defaultdict(float)
    for name, size in plain.ask("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE"):
        sizes[_whole(owner.get(name, name))] += size / MB
    return dict(sizes)


def _whole(name: str) -> str:
    """A full-text table keeps its parts in tables of their own."""
    return next((table for table in ("atlas_text", "atlas_names") if name.startswith(f"{table}_")), name)


def _postgresql(plain: Plain) -> dict[str, float]:
    rows = plain.ask(
        "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return {name: size / MB for name, size in rows}
