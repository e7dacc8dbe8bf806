"""The same rows from the plain database: B-tree ranges over the keys and the full-text table, by sqlite3 or psycopg, without Django.

This is the limit: nothing that reads these rows from this database can be much faster. It neither counts all that matches nor puts it
in order, which the house does.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from allmende.atlas.engine.keys import NOWHERE, cover, tile_range, tile_shift
from allmende.atlas.rules import Box, columns
from allmende.home.measuring.source import Database

COLUMNS = (
    "organisation_id uuid slug name summary summary_en sector legal_form town region country founded confirmed_at changed_at is_demo spots"
)
SHOWN = ", ".join(f"e.{column}" for column in COLUMNS.split())
_SPOTS = "atlas_spot s JOIN atlas_entry e ON e.organisation_id = s.entry_id"
_EDGE = " AND s.x BETWEEN {p} AND {p} AND s.y BETWEEN {p} AND {p}"
TILES = 24  # looked at for one window
TILES_WITH_TEXT = 8  # each range of a full-text question costs 0.1 to 0.3 ms
LIMIT = 50
Range = tuple[int, int, tuple[int, int, int, int] | None]
"""Keys from the first up to but without the second; what lies at the edge must also lie in the area."""
Question = Sequence[Sequence[str]]


def ranges(box: Box, tiles: int = TILES) -> list[Range]:
    """The ranges of keys of a window, whole tiles first; worked out before the clock runs."""
    found: list[Range] = []
    for area in columns(box):
        inside, edge = cover(area, None, tiles, 0)
        found += [(low, high, None) for low, high in inside] + [(low, high, area) for low, high in edge]
    return sorted(found, key=lambda one: one[2] is not None)


class Plain:
    """A plain connection and the questions to it."""

    def __init__(self, database: Database) -> None:
        self.is_sqlite = database.is_sqlite
        self.connection = database.connect()
        self.mark = "?" if self.is_sqlite else "%s"

    def ask(self, sql: str, params: Sequence[Any] = ()) -> list[Any]:
        """All rows of a statement."""
        cursor = self.connection.cursor()
        cursor.execute(sql.replace("{p}", self.mark), params)
        return list(cursor.fetchall())

    def close(self) -> None:
        """Done."""
        self.connection.close()

    # ------------------------------------------------------------------------------------------------------ rows

    def window(self, within: Sequence[Range], limit: int = LIMIT) -> int:
        """The first rows in a window."""
        found = 0
        for low, high, area in within:
            sql = f"SELECT {SHOWN} FROM {_SPOTS} WHERE s.key >= {{p}} AND s.key < {{p}}{_EDGE if area else ''} LIMIT {limit - found}"  # noqa: S608
            found += len(self.ask(sql, [low, high, *(area or ())]))
            if found >= limit:
                break
        return found

    def text(self, question: Question, within: Sequence[Range] = ((0, 1 << 62, None),), limit: int = LIMIT) -> int:
        """The first rows that hold the words, in a window or the world."""
        found, match = 0, self.match(question)
        for low, high, area in within:
            sql = f"SELECT {SHOWN} FROM {self._text()} WHERE {self._meets()} AND {self._key()} >= {{p}} AND {self._key()} < {{p}}"  # noqa: S608
            found += len(self.ask(sql + (_EDGE if area else "") + f" LIMIT {limit - found}", [match, low, high, *(area or ())]))
            if found >= limit:
                break
        return found

    def whole(self, within: Sequence[Range], question: Question = (), limit: int = LIMIT) -> int:
        """What the list answers, as plain SQL: how many entries match, and the first of them in their order (but for classes of text)."""
        sources, params = "atlas_entry e", []
        where = ["1 = 1"]
        if within:
            sources += " JOIN atlas_spot s ON s.entry_id = e.organisation_id"
            where.append("(" + " OR ".join(f"(s.key >= {{p}} AND s.key < {{p}}{_EDGE if area else ''})" for _, _, area in within) + ")")
            params += [edge for low, high, area in within for edge in (low, high, *(area or ()))]
        if question:
            sources += (
                "" if within else " JOIN atlas_spot s ON s.entry_id = e.organisation_id"
            ) + f" JOIN atlas_text t ON {self._key()} = s.key"
            where.append(self._meets())
            params.append(self.match(question))
        matching = f"FROM {sources} WHERE {' AND '.join(where)}"
        order = "e.is_demo, e.confirmed_at IS NULL, e.sort_name, e.organisation_id"
        number = self.ask(f"SELECT COUNT(DISTINCT e.organisation_id) {matching}", params)[0][0]  # our own words
        shown = f"{SHOWN}, e.sort_name, e.confirmed_at IS NULL"
        self.ask(f"SELECT DISTINCT {shown} {matching} ORDER BY {order} LIMIT {limit}", params)
        return int(number)

    def rows(self, ids: Sequence[int]) -> int:
        """Rows by their numbers: what is left when something else knows which."""
        sql = f"SELECT {SHOWN} FROM atlas_entry e WHERE e.organisation_id IN ({','.join(map(str, ids))})"  # noqa: S608
        return len(self.ask(sql)) if ids else 0

    def entry(self, slug: str) -> int:
        """An entry and its places, as its page shows them first of all."""
        found = self.ask("SELECT * FROM directory_organisation WHERE slug = {p}", [slug])
        return len(found) and len(self.ask("SELECT * FROM directory_place WHERE organisation_id = {p}", [found[0][0]])) and 1

    def beginning(self, letters: str, limit: int = 8) -> int:
        """Names that begin so, in their order."""
        compared = (">=", "<", "sort_name") if self.is_sqlite else ("~>=~", "~<~", "sort_name USING ~<~")
        sql = (
            "SELECT organisation_id, name, town, slug FROM atlas_entry WHERE sort_name {} {{p}} AND sort_name {} {{p}} ORDER BY {} LIMIT {}"
        )
        return len(self.ask(sql.format(*compared, limit), [letters, letters + "\U0010ffff"]))

    def tile(self, zoom: int, x: int, y: int, grid: int = 8) -> int:
        """The places of a tile, counted by cells: what a database does without a pyramid."""
        low, high = tile_range(zoom, x, y)
        shift = tile_shift(min(20, zoom + grid.bit_length() - 1))
        sql = "SELECT key >> {p}, COUNT(*), AVG(x), AVG(y) FROM atlas_spot WHERE key >= {p} AND key < {p} GROUP BY 1"
        return sum(row[1] for row in self.ask(sql, [shift, low, high]))

    # ---------------------------------------------------------------------------------------------------- numbers

    def ids_within(self, within: Sequence[Range]) -> set[int]:
        """All entries with a place in a window."""
        found: set[int] = set()
        for low, high, area in within:
            sql = f"SELECT s.entry_id FROM atlas_spot s WHERE s.key >= {{p}} AND s.key < {{p}}{_EDGE if area else ''}"  # noqa: S608
            found |= {row[0] for row in self.ask(sql, [low, high, *(area or ())])}
        return found

    def ids_with(self, question: Question) -> set[int]:
        """All entries that hold the words, those without a place too."""
        key = self._key()
        sql = f"SELECT {key}, s.entry_id FROM atlas_text t LEFT JOIN atlas_spot s ON s.key = {key} WHERE {self._meets()}"  # noqa: S608
        return {entry if entry is not None else key - NOWHERE for key, entry in self.ask(sql, [self.match(question)])}

    def ids_tagged(self, kind: str, key: str) -> set[int]:
        """All entries with a tag; no index knows them, so all rows are read."""
        number = self.ask("SELECT id FROM atlas_tag WHERE kind = {p} AND key = {p}", [kind, key])[0][0]
        return {
            row[0] for row in self.ask("SELECT organisation_id, tags FROM atlas_entry") if number in np.frombuffer(bytes(row[1]), "<u4")
        }

    # ------------------------------------------------------------------------------------------------------- text

    def match(self, question: Question) -> str:
        """The question in the language of the database's full text."""
        if self.is_sqlite:
            return " AND ".join("(" + " OR ".join(_fts5(one) for one in group) + ")" for group in question)
        return " & ".join("(" + " | ".join(_tsquery(one) for one in group) + ")" for group in question)

    def _text(self) -> str:
        return f"atlas_text t JOIN atlas_spot s ON s.key = {self._key()} JOIN atlas_entry e ON e.organisation_id = s.entry_id"

    def _meets(self) -> str:
        return "atlas_text MATCH {p}" if self.is_sqlite else "t.stems @@ {p}::tsquery"

    def _key(self) -> str:
        return "t.rowid" if self.is_sqlite else "t.key"


def _fts5(one: str) -> str:
    return f'"{one.rstrip("*")}"' + ("*" if one.endswith("*") else "")


def _tsquery(one: str) -> str:
    return f"'{one.rstrip('*')}'" + (":*" if one.endswith("*") else "")
