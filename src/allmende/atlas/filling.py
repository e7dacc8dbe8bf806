"""Prepared rows into the tables of directory and index, in one transaction each time: both are there or none."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from allmende.atlas import fulltext, indexing, spots, vocabulary
from allmende.atlas.engine.keys import IN_ONE_CELL, NOWHERE, SEQUENCE_BITS, SPOT, cell
from allmende.atlas.preparing import Prepared
from allmende.atlas.tags import Dictionary
from allmende.directory.bulk import Ints, insert, write


@transaction.atomic
def fill(parts: Sequence[Prepared]) -> int:
    """Write these parts; returns how many organisations they are. Their numbers must be free in all tables."""
    pks = np.concatenate([part.rows.organisations.columns["id"] for part in parts])
    indexing.step(indexing.packed(pks.tolist()))
    for part in parts:
        for table in part.rows:
            write(table)
    counts = np.array(list(chain.from_iterable(part.point_counts for part in parts)), np.int64)
    placed = _placed(list(chain.from_iterable(part.points for part in parts)))
    owner = np.repeat(np.arange(len(pks)), counts)
    _write_spots(placed, pks[owner])
    _write_entries(parts, _cut(placed.tobytes(), counts * SPOT.itemsize))
    _write_texts(list(chain.from_iterable(part.texts for part in parts)), *_text_keys(placed, owner, counts, pks))
    _count(parts)
    return len(pks)


def _write_spots(placed: NDArray[np.void], owner: Ints) -> None:
    order = np.argsort(placed["key"])
    columns = (placed["key"], owner, placed["x"], placed["y"])
    insert("atlas_spot", ["key", "entry_id", "x", "y"], zip(*(column[order].tolist() for column in columns), strict=True))


def _write_entries(parts: Sequence[Prepared], places: Sequence[bytes]) -> None:
    entries = chain.from_iterable(part.entries for part in parts)
    rows = zip(entries, _tags(parts), places, strict=True)
    insert("atlas_entry", list(indexing.COLUMNS), ((*entry[:-1], tags, where, entry[-1]) for entry, tags, where in rows))


def _text_keys(placed: NDArray[np.void], owner: Ints, counts: Ints, pks: Ints) -> tuple[Ints, Ints]:
    """The keys of all texts, ascending, and whose text it is: one for each place, or one for who is nowhere."""
    homeless = np.flatnonzero(counts == 0)
    keys, whose = np.concatenate([placed["key"], NOWHERE + pks[homeless]]), np.concatenate([owner, homeless])
    order = np.argsort(keys)
    return keys[order], whose[order]


def _write_texts(texts: Sequence[tuple[str, str]], keys: Ints, whose: Ints) -> None:
    rows = list(zip(keys.tolist(), whose.tolist(), strict=True))
    if connection.vendor == "postgresql":
        insert("atlas_text", ["key", "stems"], ((key, fulltext.lexemes(*texts[at])) for key, at in rows))
        return
    with fulltext.in_large_pieces():
        insert("atlas_text", ["rowid", "stems"], ((key, texts[at][0]) for key, at in rows), at_once=1)
        insert("atlas_names", ["rowid", "stems"], ((key, texts[at][1]) for key, at in rows), at_once=1)


def _count(parts: Sequence[Prepared]) -> None:
    total: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for part in parts:
        total.update(part.counts)
        shown.update(part.shown)
    vocabulary.count(total, shown)


def _placed(points: Sequence[tuple[int, int]]) -> NDArray[np.void]:
    """A spot for each point, as `spots.Keys` gives them: the next number in its cell. Where a cell is full, all go its way."""
    xy = np.array(points, np.int64).reshape(-1, 2)
    code = cell(xy[:, 0], xy[:, 1])
    cells, which, counts = np.unique(code, return_inverse=True, return_counts=True)
    order = np.argsort(which, kind="stable")
    number = np.empty(len(code), np.int64)
    number[order] = np.arange(len(code)) - np.repeat(np.cumsum(counts) - counts, counts)
    number += _next_numbers(cells)[which]
    if number.max(initial=0) >= IN_ONE_CELL:
        keys = spots.Keys()
        keys.look(points)
        return np.array([keys.give(point) for point in points], SPOT)
    found = np.zeros(len(code), SPOT)
    found["key"], found["x"], found["y"] = (code << SEQUENCE_BITS) + number, xy[:, 0], xy[:, 1]
    return found


def _next_numbers(cells: Ints) -> Ints:
    """The next free number in each of these cells."""
    found = np.zeros(len(cells), np.int64)
    if last := spots.last_keys("atlas_spot", (cells << SEQUENCE_BITS).tolist()):
        first, newest = np.array(last).T
        found[cells.searchsorted(first >> SEQUENCE_BITS)] = newest - first + 1
    return found


def _tags(parts: Sequence[Prepared]) -> list[bytes]:
    """The numbers of each entry's tags, as the index holds them."""
    dictionary = Dictionary()
    dictionary.learn({name for part in parts for name in part.tag_names})
    found: list[bytes] = []
    for part in parts:
        numbers = np.frombuffer(b"".join(dictionary.packed([name]) for name in part.tag_names), "<u4")[part.tags]
        counts = np.array(part.tag_counts, np.int64)
        owner = np.repeat(np.arange(len(counts)), counts)
        found += _cut(numbers[np.lexsort((numbers, owner))].tobytes(), counts * numbers.itemsize)
    return found


def _cut(whole: bytes, lengths: Ints) -> list[bytes]:
    ends = np.cumsum(lengths).tolist()
    return [whole[start:end] for start, end in zip([0, *ends], ends, strict=False)]
