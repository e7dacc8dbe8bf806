"""The offline basemap: one read-only SQLite file of vector tiles (MBTiles 1.3), packed with gzip."""

import hashlib
import sqlite3
import threading
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "basemap.mbtiles"
DEEPEST = 8  # zoom; the map itself enlarges these tiles further

_mine = threading.local()


@cache
def version() -> str:
    """A short hash of the file: it stands in the tiles' address, so that they may be kept for ever."""
    with FILE.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:10]


def exists(z: int, x: int, y: int) -> bool:
    """Whether the scheme has such a tile at all (there may still be nothing on it)."""
    return 0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z


def tile(z: int, x: int, y: int) -> bytes | None:
    """The packed tile, rows counted from the north as in the address; None where the map is empty."""
    south = 2**z - 1 - y  # MBTiles count from the south
    query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    row = _connection().execute(query, (z, x, south)).fetchone()
    return bytes(row[0]) if row else None


def _connection() -> sqlite3.Connection:
    """One connection per thread; the file never changes while the house is open."""
    held: sqlite3.Connection | None = getattr(_mine, "connection", None)
    if held is None:
        held = _mine.connection = sqlite3.connect(f"{FILE.as_uri()}?mode=ro&immutable=1", uri=True)
    return held
