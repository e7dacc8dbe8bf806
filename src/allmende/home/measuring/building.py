"""The house that is measured: a folder with its data, filled once and used again by every later run with the same rows and seed."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allmende.home.measuring.source import Database

SEED = 2026
STAMP = "bench.json"
OTHERS = 500  # organisations that may be there beside the invented ones: those of the demo network
SOURCE = Path(__file__).resolve().parents[3]  # children find the same code wherever they start


@dataclass(frozen=True)
class House:
    """Where the data of a run lies and how to get at it."""

    folder: Path
    environment: Mapping[str, str]
    database: Database

    def run(self, *command: str) -> None:
        """One of the house's own commands, in this house."""
        subprocess.run([sys.executable, "-m", "allmende", *command], env=self.environment, check=True)

    def quietly(self, *command: str) -> None:
        """The same without what it prints."""
        subprocess.run([sys.executable, "-m", "allmende", *command], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def told(self, stage: str, *options: str) -> Any:
        """What a stage of the bench found in this house (see the command `bench_inside`)."""
        file = self.folder / f"bench-{stage}.json"
        self.run("bench_inside", stage, "--file", str(file), *options)
        return json.loads(file.read_text(encoding="utf-8"))


def house(folder: Path, environment: Mapping[str, str], url: str = "") -> House:
    """The house in this folder, on SQLite or the database at `url`; nothing else that is set outside counts."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in environment.items() if not name.startswith("ALLMENDE_")}
    inside = kept | {"PYTHONPATH": str(SOURCE), "ALLMENDE_VAR": str(folder), "ALLMENDE_DATABASE_URL": url, "ALLMENDE_API_RATE": "0"}
    return House(
        folder, inside, Database(dsn=url.replace("postgres://", "postgresql://", 1)) if url else Database(file=folder / "allmende.sqlite3")
    )


def fill(place: House, rows: int) -> dict[str, Any] | None:
    """Bring the house to the present version of the code; fill it unless it is. What the import took, if that is known."""
    place.quietly("prepare", "--no-demo")
    stamp = place.folder / STAMP
    said: dict[str, Any] | None = json.loads(stamp.read_text(encoding="ascii")) if stamp.exists() else None
    held = number(place.database)
    if said and said["rows"] == rows and said["seed"] == SEED and held == rows:
        return said
    if rows <= held <= rows + OTHERS:
        return None  # somebody else filled it
    if held:
        raise RuntimeError(f"{place.folder} holds {held:,} organisations, not {rows:,}; take another folder (--keep)")
    start = time.perf_counter()
    place.run("load_synthetic", str(rows), "--seed", str(SEED))
    seconds = time.perf_counter() - start
    made = {"rows": rows, "seed": SEED, "seconds": round(seconds, 1), "per_second": round(rows / seconds)}
    stamp.write_text(json.dumps(made), encoding="ascii")
    return made


def number(database: Database) -> int:
    """How many organisations there are."""
    connection = database.connect()
    try:
        return int(connection.execute("SELECT COUNT(*) FROM directory_organisation").fetchone()[0])
    finally:
        connection.close()


def engine_name(database: Database) -> str:
    """The database with its version."""
    if database.is_sqlite:
        return f"SQLite {sqlite3.sqlite_version}"
    connection = database.connect()
    try:
        return f"PostgreSQL {connection.execute('SHOW server_version').fetchone()[0].split()[0]}"
    finally:
        connection.close()
