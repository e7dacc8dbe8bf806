"""The full text behind one small interface: FTS5 on SQLite, tsvector on PostgreSQL. Nothing else knows the engine.

It is keyed like the map: every place of an entry has its own row, and a question can be asked for one range of keys. It holds stems
and says only where they are, not in which field and not how often: names have a table of their own (on PostgreSQL lexemes of their
own), which is less than half the size and answers twice as fast as columns do.

A question is a list of groups; every group must be met by one of its alternatives (stems; a trailing `*` asks for a prefix).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from allmende.ground.text import stems

Group = tuple[str, ...]
Question = tuple[Group, ...]
Words = tuple[str, str, str, str]
"""The distinct folded words of name, place, terms (tokens) and body, each a blank-separated list: what Entry.words holds."""
Row = tuple[int, Words]

LARGE_PIECE = 128 << 20  # bytes
MERGED_AT_ONCE = 1_000  # pages of 4 kB

EVERY = ":"  # a word that every row has, so that all keys can be asked for
NAME = "n:"  # what lexemes of names begin with on PostgreSQL; words have no colon

SQLITE = {
    "atlas_text": """CREATE VIRTUAL TABLE {name} USING fts5(
        stems, content='', detail=none, columnsize=0, tokenize="ascii tokenchars ':'")""",
    "atlas_names": """CREATE VIRTUAL TABLE {name} USING fts5(
        stems, content='', detail=none, columnsize=0, tokenize="ascii tokenchars ':'", prefix='2 3 4')""",
}
POSTGRESQL = {"atlas_text": "CREATE TABLE {name} (key bigint PRIMARY KEY, stems tsvector NOT NULL)"}
POSTGRESQL_INDEX = "CREATE INDEX {name}_stems ON {name} USING gin (stems) WITH (fastupdate = off)"


def term_token(pk: int) -> str:
    """What stands for a term of the taxonomy in the text. No word has a colon, so that nobody types one by chance."""
    return f"t:{pk}"


def country_token(code: str) -> str:
    """What stands for a country in the text."""
    return f"c:{code.lower()}"


def tables() -> dict[str, str]:
    """The tables of this database's engine and how they are made."""
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


def stems_of(words: Words) -> tuple[str, str]:
    """All stems of an entry, and those of its name alone. Writing and deleting must agree, so both come here."""
    name, place, terms, body = words
    of_name = dict.fromkeys(chain.from_iterable(map(stems, name.split())))
    all_stems = {**of_name, **dict.fromkeys(chain.from_iterable(map(stems, f"{place} {body}".split())))}
    return " ".join((*all_stems, *terms.split(), EVERY)), " ".join(of_name)


def write(rows: Iterable[Row], suffix: str = "") -> None:
    """Add these; earlier ones of the same keys must have been deleted. `suffix` names tables that are built aside."""
    texts = [(key, *stems_of(words)) for key, words in rows]
    if connection.vendor == "sqlite":
        _many(f"INSERT INTO atlas_text{suffix} (rowid, stems) VALUES (%s, %s)", [text[:2] for text in texts])
        _many(f"INSERT INTO atlas_names{suffix} (rowid, stems) VALUES (%s, %s)", [(text[0], text[2]) for text in texts])
    elif texts:
        keys, vectors = [text[0] for text in texts], [lexemes(*text[1:]) for text in texts]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO atlas_text{suffix} (key, stems) "
                "SELECT key, stems::tsvector FROM unnest(%s::bigint[], %s::text[]) AS given(key, stems)",
                [keys, vectors],
            )


def delete(rows: Sequence[Row], suffix: str = "") -> None:
    """Take these out. The words must be those they were written with: FTS5 keeps no text of its own to know them by."""
    if not rows:
        return
    if connection.vendor == "sqlite":
        texts = [(key, *stems_of(words)) for key, words in rows]
        for table, part in ((f"atlas_text{suffix}", 1), (f"atlas_names{suffix}", 2)):
            _many(f"INSERT INTO {table} ({table}, rowid, stems) VALUES ('delete', %s, %s)", [(text[0], text[part]) for text in texts])
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM atlas_text{suffix} WHERE key = ANY(%s)", [[key for key, _words in rows]])


def clear() -> None:
    """Take everything out."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in SQLITE:
                cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
        else:
            cursor.execute("DELETE FROM atlas_text")


@contextmanager
def in_large_pieces() -> Iterator[None]:
    """Many thousand rows of one transaction become one piece and are not merged with others at once: half the work (FTS5 only).

    What was set is as before when the transaction ends, so that nothing is left behind when the process dies. `merge` comes later.
    """
    if connection.vendor != "sqlite":
        yield
        return
    _set(automerge=0, hashsize=LARGE_PIECE)
    yield
    with transaction.atomic():
        pass  # a savepoint makes FTS5 write what it still holds in memory
    _set(automerge=4, hashsize=1 << 20)


def _set(**options: int) -> None:
    with connection.cursor() as cursor:
        for table in SQLITE:
            for name, value in options.items():
                cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES (%s, %s)", [name, value])


def merge(suffix: str = "") -> None:
    """Bring what many transactions wrote into one piece, a little at a time, so that others can write in between (FTS5 only)."""
    for table in SQLITE if connection.vendor == "sqlite" else ():
        pages, is_done = -MERGED_AT_ONCE, False  # negative: begin anew with all pieces there are
        while not is_done:
            before = connection.connection.total_changes
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {table}{suffix} ({table}{suffix}, rank) VALUES ('merge', %s)", [pages])
            is_done = connection.connection.total_changes - before < 2
            pages = MERGED_AT_ONCE


def hits(
    question: Question, *, names_only: bool = False, low: int | None = None, high: int | None = None, limit: int | None = None
) -> NDArray[np.int64]:
    """The keys that meet the question, ascending; from `low` on, up to but without `high`; at most `limit`, the lowest."""
    if not question or not all(question):
        return np.zeros(0, np.int64)
    key, conditions, params = _conditions(question, names_only)
    for edge, sign in ((low, ">="), (high, "<")):
        if edge is not None:
            conditions += f" AND {key} {sign} %s"
            params.append(edge)
    if limit is not None:
        params.append(limit)
    with connection.cursor() as cursor:
        cursor.execute(_joined(key, conditions, is_limited=limit is not None), params)
        found: str | None = cursor.fetchone()[0]
    keys = _keys(found)
    return keys if (keys[1:] >= keys[:-1]).all() else np.sort(keys)


def hits_within(question: Question, ranges: Sequence[tuple[int, int]], *, names_only: bool = False) -> NDArray[np.int64]:
    """The keys in any of these ranges that meet the question, ascending. The ranges are sorted and do not overlap.

    PostgreSQL is asked once; FTS5 takes one range at a time as quickly as all of them.
    """
    if connection.vendor == "sqlite":
        return np.concatenate([hits(question, names_only=names_only, low=low, high=high) for low, high in ranges])
    key, conditions, params = _conditions(question, names_only)
    within = " OR ".join([f"({key} >= %s AND {key} < %s)"] * len(ranges))
    with connection.cursor() as cursor:
        cursor.execute(_joined(key, f"{conditions} AND ({within})", is_limited=False), [*params, *(edge for one in ranges for edge in one)])
        found: str | None = cursor.fetchone()[0]
    return np.sort(_keys(found))


def _keys(joined: str | None) -> NDArray[np.int64]:
    return np.fromstring(joined, np.int64, sep=",") if joined else np.zeros(0, np.int64)


def every_key() -> NDArray[np.int64]:
    """All keys of the full text."""
    return hits(((EVERY,),))


def _conditions(question: Question, names_only: bool) -> tuple[str, str, list[Any]]:
    """The name of the key, and table and condition with its parameters."""
    if connection.vendor == "sqlite":
        table = "atlas_names" if names_only else "atlas_text"
        return "rowid", f"{table} WHERE {table} MATCH %s", [_fts5(question)]
    return "key", "atlas_text WHERE stems @@ %s::tsquery", [_tsquery(question, NAME if names_only else "")]


def _joined(key: str, conditions: str, *, is_limited: bool) -> str:
    """All keys as one text: three times faster than a row for each."""
    joined = "group_concat(rowid)" if key == "rowid" else "string_agg(key::text, ',')"
    if is_limited:
        return f"SELECT {joined} FROM (SELECT {key} FROM {conditions} ORDER BY {key} LIMIT %s) AS lowest"
    return f"SELECT {joined} FROM {conditions}"


def lexemes(all_stems: str, of_name: str) -> str:
    """Stems as a tsvector is written (PostgreSQL)."""
    return " ".join([f"'{stem}'" for stem in all_stems.split()] + [f"'{NAME}{stem}'" for stem in of_name.split()])


def _fts5(question: Question) -> str:
    groups = (" OR ".join(f'"{one.rstrip("*")}"{"*" if one.endswith("*") else ""}' for one in group) for group in question)
    return " AND ".join(f"({group})" for group in groups)


def _tsquery(question: Question, field: str) -> str:
    def alternative(one: str) -> str:
        return f"'{field}{one.rstrip('*')}'{':*' if one.endswith('*') else ''}"

    return " & ".join("(" + " | ".join(map(alternative, group)) + ")" for group in question)


def _many(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
