"""The full-text table behind one small interface: FTS5 on SQLite, tsvector on PostgreSQL. Nothing else knows the engine.

A question is a list of groups; every group must be met by one of its alternatives (stems; a trailing `*` asks for a prefix).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

Group = tuple[str, ...]
Question = tuple[Group, ...]
WEIGHTS = "10.0, 5.0, 3.0, 1.0"  # name, place, terms, body: name before text


@dataclass(frozen=True)
class Text:
    """What one entry is found by: stems of each field, and its folded words for the vocabulary."""

    id: int
    name: str
    place: str
    terms: str
    body: str
    words: str


def _key() -> str:
    return "rowid" if connection.vendor == "sqlite" else "id"


def write(texts: Iterable[Text]) -> None:
    """Add these; earlier ones of the same id must have been deleted."""
    rows = [(text.id, text.name, text.place, text.terms, text.body, text.words) for text in texts]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO atlas_text ({_key()}, name, place, terms, body, words) VALUES (%s, %s, %s, %s, %s, %s)",
                rows,
            )


def delete(ids: Sequence[int]) -> list[str]:
    """Take these out; returns the words that each of them had."""
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT words FROM atlas_text WHERE {_key()} IN ({marks})", ids)
        words = [row[0] for row in cursor.fetchall()]
        if words:
            cursor.executemany(f"DELETE FROM atlas_text WHERE {_key()} = %s", [(id_,) for id_ in ids])
    return words


def clear() -> None:
    """Empty the table."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM atlas_text")


def matches(question: Question, *, names_only: bool = False) -> tuple[str, list[object]]:
    """SQL for the ids that meet the question: `SELECT id ...` with its parameters."""
    if connection.vendor == "sqlite":
        return "SELECT rowid AS id FROM atlas_text WHERE atlas_text MATCH %s", [_fts5(question, names_only)]
    return "SELECT id FROM atlas_text WHERE vector @@ %s::tsquery", [_tsquery(question, names_only)]


def ranked(question: Question) -> tuple[str, list[object]]:
    """SQL for (id, score) of what meets the question; lower scores are better."""
    if connection.vendor == "sqlite":
        return f"SELECT rowid AS id, bm25(atlas_text, {WEIGHTS}) AS score FROM atlas_text WHERE atlas_text MATCH %s", [_fts5(question)]
    text = _tsquery(question)
    # The weights array is {D, C, B, A}; flag 1 divides by the logarithm of the length, so that long texts do not win by length.
    return (
        "SELECT id, -ts_rank('{0.1, 0.3, 0.5, 1.0}', vector, %s::tsquery, 1) AS score FROM atlas_text WHERE vector @@ %s::tsquery",
        [text, text],
    )


def _fts5(question: Question, names_only: bool = False) -> str:
    groups = (" OR ".join(f'"{one.rstrip("*")}"{"*" if one.endswith("*") else ""}' for one in group) for group in question)
    text = " AND ".join(f"({group})" for group in groups)
    return f"{{name}} : ({text})" if names_only else text


def _tsquery(question: Question, names_only: bool = False) -> str:
    def alternative(one: str) -> str:
        flags = ("*" if one.endswith("*") else "") + ("A" if names_only else "")
        return f"'{one.rstrip('*')}'" + (f":{flags}" if flags else "")

    return " & ".join("(" + " | ".join(map(alternative, group)) + ")" for group in question)
