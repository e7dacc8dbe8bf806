"""The rows of the house as peers and raw questions read them: the plain database, without Django."""

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from allmende.atlas.engine.keys import SPOT
from allmende.atlas.rules import unproject

AT_ONCE = 5_000
COLUMNS = ("id", "slug", "name", "summary", "town", "region", "country", "sector", "legal_form", "lat", "lon", "text")
_SELECT = "SELECT organisation_id, slug, name, summary, town, region, country, sector, legal_form, spots, words FROM atlas_entry ORDER BY 1"


@dataclass(frozen=True)
class Database:
    """Where the rows lie: a file of SQLite, or what psycopg connects to."""

    file: Path | None = None
    dsn: str = ""

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file of SQLite."""
        return self.file is not None

    def connect(self) -> Any:
        """A plain connection for reading, with the settings the house uses."""
        if self.file is not None:
            connection = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
            connection.execute("PRAGMA mmap_size = 268435456")
            return connection
        import psycopg

        return psycopg.connect(self.dsn, autocommit=True)


def rows(database: Database) -> Iterator[list[tuple[Any, ...]]]:
    """Every entry with its first place and its words as one text, in COLUMNS, some thousand at a time."""
    connection = database.connect()
    try:
        cursor = connection.cursor() if database.is_sqlite else connection.cursor(name="peers")
        if not database.is_sqlite:
            connection.autocommit = False
        cursor.execute(_SELECT)
        while some := cursor.fetchmany(AT_ONCE):
            yield [_row(one) for one in some]
    finally:
        connection.close()


def _row(one: tuple[Any, ...]) -> tuple[Any, ...]:
    spots = np.frombuffer(bytes(one[9]), SPOT)
    lat, lon = unproject(float(spots["x"][0]), float(spots["y"][0])) if len(spots) else (None, None)
    return (*one[:9], lat, lon, _text(bytes(one[10])))


def _text(packed: bytes) -> str:
    """Name, place and body of an entry as folded words; the tokens of the taxonomy are ours alone."""
    fields = zlib.decompress(packed).decode().split("\n") if packed else [""]
    return " ".join(field for number, field in enumerate(fields) if number != 2)
