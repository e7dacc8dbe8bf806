"""The table of entries as columns of arrays: what a segment is made of. Read by plain cursors: three million rows in seconds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from allmende.atlas.engine.keys import SPOT

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = np.iinfo(np.int64).min
AT_ONCE = 20_000
_COLUMNS = "organisation_id, sort_name, is_demo, {plain}confirmed_at, {plain}changed_at, tags, spots"
Ints = NDArray[np.int64]


@dataclass
class Columns:
    """Entries in the order of (sort_name, organisation id), one element each; tags and spots lie one entry after the other.

    `confirmed` and `changed` are microseconds since 1970, NEVER where there was none. `words` is kept for few entries only.
    """

    entry: Ints
    names: list[str]
    is_demo: NDArray[np.bool_]
    confirmed: Ints
    changed: Ints
    tags: NDArray[np.uint32]
    tag_counts: Ints
    spots: NDArray[np.void]
    spot_counts: Ints
    words: list[bytes] | None = None


def micros(moment: "datetime | str | None") -> int:
    """A moment as microseconds since 1970; text and naive moments are meant as UTC, as SQLite keeps them."""
    if moment is None:
        return int(NEVER)
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _columns() -> str:
    """A plus keeps SQLite from reading moments by itself, which takes ten times as long."""
    return _COLUMNS.format(plain="+" if connection.vendor == "sqlite" else "")


def some(ids: Iterable[int]) -> Columns:
    """These entries, as far as they are in the index, with their words."""
    rows: list[tuple[Any, ...]] = []
    asked = sorted(set(ids))
    with connection.cursor() as cursor:
        for start in range(0, len(asked), 10_000):
            some_ids = ",".join(map(str, asked[start : start + 10_000]))  # whole numbers of our own
            cursor.execute(f"SELECT {_columns()}, words FROM atlas_entry WHERE organisation_id IN ({some_ids})")
            rows += cursor.fetchall()
    rows.sort(key=lambda row: (row[1], row[0]))
    return _joined([_block(rows)])


def everything(suffix: str = "") -> Columns:
    """All entries, without their words. `suffix` names a table that is built aside."""
    return _joined([_block(rows) for rows in _all_in_order(suffix)])


def number(suffix: str = "") -> int:
    """How many entries there are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM atlas_entry{suffix}")
        return int(cursor.fetchone()[0])


def are_at_least(entries: int) -> bool:
    """Whether there are so many; counts no further than that, for whoever reads millions of rows keeps them in memory."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM (SELECT 1 FROM atlas_entry LIMIT %s) AS few", [entries])
        return int(cursor.fetchone()[0]) >= entries


def _all_in_order(suffix: str) -> Iterator[Sequence[tuple[Any, ...]]]:
    """By the bytes of their names, which is Python's order too; in one statement, so that all rows are of one moment."""
    collation = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    statement = f"SELECT {_columns()} FROM atlas_entry{suffix} ORDER BY sort_name{collation}, organisation_id"
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(AT_ONCE):
            yield rows


def _block(rows: Sequence[tuple[Any, ...]]) -> Columns:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    size = len(rows)
    spots = [bytes(one) for one in columns[6]]
    tags = [bytes(one) for one in columns[5]]
    return Columns(
        entry=np.fromiter(columns[0], np.int64, size),
        names=list(columns[1]),
        is_demo=np.fromiter((bool(one) for one in columns[2]), np.bool_, size),
        confirmed=np.fromiter(map(micros, columns[3]), np.int64, size),
        changed=np.fromiter(map(micros, columns[4]), np.int64, size),
        tags=np.frombuffer(b"".join(tags), "<u4"),
        tag_counts=np.fromiter(map(len, tags), np.int64, size) // 4,
        spots=np.frombuffer(b"".join(spots), SPOT),
        spot_counts=np.fromiter(map(len, spots), np.int64, size) // SPOT.itemsize,
        words=[bytes(one) for one in columns[7]] if len(columns) > 7 else None,
    )


def _joined(blocks: list[Columns]) -> Columns:
    if len(blocks) == 1:
        return blocks[0]
    if not blocks:
        return _block([])
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(block, name) for block in blocks])
        for name in ("entry", "is_demo", "confirmed", "changed", "tags", "tag_counts", "spots", "spot_counts")
    }
    return Columns(names=[name for block in blocks for name in block.names], **arrays)
