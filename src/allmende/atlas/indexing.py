"""Writing entries into the tables of the index, many at once. Nothing is decided here: `actions` says which, `directory.lean` what."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from secrets import randbits
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray

from allmende.atlas import fulltext, spots, vocabulary
from allmende.atlas.models import Change, Version
from allmende.atlas.portrait import Portrait, Terms, counted, pack, portrait, unpack
from allmende.atlas.spots import Spot
from allmende.atlas.tags import Dictionary, Name
from allmende.directory import lean
from allmende.directory.rules import is_share_alike
from allmende.ground.text import fold

BATCH = 500
EVERYTHING = b""
"""The entries of a change after which the whole index is to be read anew."""

Held = dict[int, tuple[list[Spot], bytes]]
"""What the index holds of entries: their spots and their packed words."""
Row = tuple[Any, ...]
Ids = NDArray[np.int64]

COLUMNS = (
    *("organisation_id", "uuid", "slug", "name", "sort_name", "summary", "summary_en", "kind", "legal_form", "sector", "town", "region"),
    *("country", "licence", "share_alike", "founded", "confirmed_at", "changed_at", "has_place", "is_demo", "tags", "spots", "words"),
)  # in the order of entry


def step(entries: bytes) -> int:
    """One step of the version and its line in the log of changes; comes first in every transaction that writes to the index.

    The row of the version stays locked until the transaction ends: numbers are in the order of commits, and whoever else writes to
    the index waits here, before it holds anything another one could wait for. `entries` are ids as little-endian int64 (`packed`).
    """
    nonce, now = randbits(62), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO atlas_version (id, number, nonce, changed_at) VALUES (1, 1, %s, %s) ON CONFLICT (id) DO UPDATE "
            "SET number = atlas_version.number + 1, nonce = excluded.nonce, changed_at = excluded.changed_at RETURNING number",
            [nonce, connection.ops.adapt_datetimefield_value(now)],
        )
        number: int = cursor.fetchone()[0]
    Change.objects.bulk_create([Change(number=number, nonce=nonce, entries=entries, at=now)])
    if number == 1:  # a house that was emptied by Django's flush still has its full text, which Django does not know
        fulltext.clear()
    return number


def packed(pks: Sequence[int]) -> bytes:
    """Ids as a line of the log of changes holds them."""
    return np.array(pks, "<i8").tobytes()


def read(entries: "bytes | memoryview") -> Ids:
    """The ids in a line of the log of changes."""
    return np.frombuffer(bytes(entries), "<i8")


def batches(pks: Sequence[int], size: int = BATCH) -> Iterator[Sequence[int]]:
    """These in parts."""
    for start in range(0, len(pks), size):
        yield pks[start : start + size]


class Writer:
    """Writes batch after batch; of one transaction, or of several in a row as long as none is rolled back.

    `suffix` names tables that are built aside.
    """

    def __init__(self, suffix: str = "") -> None:
        self.suffix = suffix
        self.terms = Terms()
        self.dictionary = Dictionary()
        self.keys = spots.Keys(suffix)
        self.counts: Counter[str] = Counter()
        self.spelled: dict[str, str] = {}

    def bring(self, pks: Sequence[int]) -> int:
        """Bring these up to date: at most a batch. Returns how many of them are in the index."""
        return self.put(self.portraits(pks), pks)

    def portraits(self, pks: Sequence[int]) -> list[Portrait]:
        """What guests may read of these; writes nothing."""
        return [portrait(facts, self.terms) for facts in lean.facts(pks)]

    def enter_tags(self, portraits: Sequence[Portrait]) -> None:
        """Enter new tags of these in a transaction of its own, for writers that do not begin with a `step`."""
        if not self.dictionary.knows(names := _tags(portraits)):
            with transaction.atomic():
                Version.objects.select_for_update().first()  # one after the other, as with a step
                self.dictionary.learn(names)

    def put(self, portraits: Sequence[Portrait], instead_of: Sequence[int] = ()) -> int:
        """Write these, and take out what the index holds of `instead_of`."""
        self.dictionary.learn(_tags(portraits))
        held = _held(instead_of, self.suffix) if instead_of else {}
        placed = self._place(portraits, held)
        blobs = [pack(one.words) for one in portraits]
        self._write_texts(portraits, placed, blobs, held)
        self._write_entries(portraits, placed, blobs, held)
        return len(portraits)

    def count(self) -> None:
        """Bring the vocabulary up to date with all that was written; comes last."""
        vocabulary.count(self.counts, self.spelled, self.suffix)
        self.counts, self.spelled = Counter(), {}

    def _place(self, portraits: Sequence[Portrait], held: Held) -> list[list[Spot]]:
        """Spots for all points, the old ones where nothing moved. What is given up is taken out first, so that it can be given again."""
        before = [held.get(one.facts["pk"], ((), b""))[0] for one in portraits]
        stays = [spots.kept(one.points, mine) for one, mine in zip(portraits, before, strict=True)]
        left = {spot[0] for row in stays for spot in row if spot}
        self._run("DELETE FROM {spot} WHERE key = %s", [(spot[0],) for mine, _ in held.values() for spot in mine if spot[0] not in left])
        self.keys.look(
            point for one, row in zip(portraits, stays, strict=True) for point, spot in zip(one.points, row, strict=True) if not spot
        )
        placed, new = [], []
        for one, row in zip(portraits, stays, strict=True):
            given = [spot or self.keys.give(point) for point, spot in zip(one.points, row, strict=True)]
            new += [(spot[0], one.facts["pk"], *spot[1:]) for spot in given if spot[0] not in left]
            placed.append(given)
        self._run("INSERT INTO {spot} (key, entry_id, x, y) VALUES (%s, %s, %s, %s)", sorted(new))
        return placed

    def _write_texts(self, portraits: Sequence[Portrait], placed: Sequence[list[Spot]], blobs: Sequence[bytes], held: Held) -> None:
        """Full text and vocabulary. Text that is the same under the same key stays."""
        leaving = {(key, blob) for pk, (where, blob) in held.items() for key in spots.text_keys(pk, where)}
        arriving: dict[tuple[int, bytes], fulltext.Words] = {}
        gone = {pk: blob for pk, (_where, blob) in held.items()}
        for one, where, blob in zip(portraits, placed, blobs, strict=True):
            pk = one.facts["pk"]
            arriving.update(((key, blob), one.words) for key in spots.text_keys(pk, where))
            if gone.get(pk) == blob:
                del gone[pk]
            else:
                self.counts.update(counted(one.words))
                self.spelled.update(one.spelled)
        fewer: Counter[str] = Counter()
        for blob in gone.values():
            fewer.update(counted(unpack(blob)))
        self.counts.subtract(fewer)
        fulltext.delete([(key, unpack(blob)) for key, blob in sorted(leaving - arriving.keys())], self.suffix)
        fulltext.write([(key, words) for (key, blob), words in sorted(arriving.items()) if (key, blob) not in leaving], self.suffix)

    def _write_entries(self, portraits: Sequence[Portrait], placed: Sequence[list[Spot]], blobs: Sequence[bytes], held: Held) -> None:
        rows = [
            (*entry(one), self.dictionary.packed(one.tags), spots.pack(where), blob)
            for one, where, blob in zip(portraits, placed, blobs, strict=True)
        ]
        gone = held.keys() - {row[0] for row in rows}
        self._run("DELETE FROM {entry} WHERE organisation_id = %s", [(pk,) for pk in sorted(gone)])
        self._run(_INSERT, [row for row in rows if row[0] not in held])
        self._run(_UPDATE, [(*row[1:], row[0]) for row in rows if row[0] in held])

    def _run(self, statement: str, rows: Sequence[Row]) -> None:
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(statement.format(entry=f"atlas_entry{self.suffix}", spot=f"atlas_spot{self.suffix}"), rows)


_INSERT = f"INSERT INTO {{entry}} ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
_UPDATE = f"UPDATE {{entry}} SET {', '.join(f'{name} = %s' for name in COLUMNS[1:])} WHERE organisation_id = %s"


def _tags(portraits: Sequence[Portrait]) -> set[Name]:
    return {tag for one in portraits for tag in one.tags}


def _held(pks: Sequence[int], suffix: str) -> Held:
    with connection.cursor() as cursor:
        numbers = ",".join(map(str, pks))  # whole numbers of our own
        cursor.execute(f"SELECT organisation_id, spots, words FROM atlas_entry{suffix} WHERE organisation_id IN ({numbers})")
        return {pk: (spots.unpack(where), bytes(words)) for pk, where, words in cursor.fetchall()}


def entry(one: Portrait) -> Row:
    """The columns of an entry but for the last three."""
    facts = one.facts
    place: dict[str, Any] = facts["places"][0] if facts["places"] else {"town": "", "region": "", "country": ""}
    is_sqlite = connection.vendor == "sqlite"
    return (
        facts["pk"],
        facts["id"].replace("-", "") if is_sqlite else facts["id"],
        facts["slug"],
        facts["name"],
        fold(facts["name"])[:200],
        facts["summary"],
        facts["summary_en"],
        facts["kind"],
        facts["legal_form"],
        facts["sector"],
        place["town"],
        place["region"],
        place["country"],
        facts["licence"],
        is_share_alike(facts["licence"]),
        facts["founded"],
        _moment(facts["confirmed_at"]) if is_sqlite else facts["confirmed_at"],
        _moment(facts["changed_at"]) if is_sqlite else facts["changed_at"],
        bool(one.points),
        facts["is_demo"],
    )


def _moment(moment: datetime | None) -> str | None:
    """A moment in UTC as SQLite keeps it."""
    return str(moment.replace(tzinfo=None)) if moment else None
