"""Every row of a SQLite file into the same tables of PostgreSQL, in one transaction: all of it arrives, or nothing.

Values go across as SQLite holds them. Both databases write numbers, texts, moments (UTC), identifiers, JSON and bytes so that PostgreSQL
reads what SQLite wrote; kinds of fields for which nobody has looked are refused. Foreign keys and indexes are taken off before and made
again behind, which checks every one of them and is many times faster than checking row by row.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psycopg
from django.core.management.color import no_style
from django.db import Error, connection, models, transaction
from django.db.backends.utils import CursorWrapper

ALIKE = set(
    "AutoField BigAutoField BigIntegerField BinaryField BooleanField CharField DateField DateTimeField FloatField ForeignKey "
    "GenericIPAddressField IntegerField JSONField OneToOneField PositiveBigIntegerField PositiveIntegerField PositiveSmallIntegerField "
    "SlugField SmallIntegerField TextField UUIDField".split()
)
"""Kinds of fields that PostgreSQL reads as SQLite writes them."""

FILLED_BY_MIGRATE = {"django_content_type", "auth_permission"}

_FOREIGN_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY oid"""
_INDEXES = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY indexrelid"""


class MoveError(Exception):
    """A sentence for the operator."""


@dataclass(frozen=True)
class Table:
    """A table and its columns, as both databases know them."""

    name: str
    columns: tuple[str, ...]

    @classmethod
    def of(cls, model: type[models.Model]) -> "Table":
        """The table of a model. Refuses kinds of fields that the two databases may write differently."""
        fields = model._meta.concrete_fields
        if unknown := [str(one) for one in fields if one.get_internal_type() not in ALIKE]:
            raise MoveError(f"Nobody has looked yet how these fields get across: {', '.join(unknown)}.")
        return cls(model._meta.db_table, tuple(str(one.column) for one in fields))

    @property
    def names(self) -> str:
        """The columns for a statement; the quotes are those of both databases."""
        return ", ".join(f'"{name}"' for name in self.columns)


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """The file, read as it is at this moment."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=20, isolation_level=None)) as source:
        source.execute("BEGIN")
        yield source


def occupied(moved: Sequence[type[models.Model]]) -> list[str]:
    """The tables that hold rows already, beside those that every new house has."""
    with connection.cursor() as cursor:
        names = [table.name for table in map(Table.of, moved) if table.name not in FILLED_BY_MIGRATE]
        return [name for name in names if _count(cursor, name)]


def move(source: sqlite3.Connection, moved: Sequence[type[models.Model]], say: Callable[[str], object]) -> int:
    """Put all rows of these tables into the database at hand, in place of what is there; returns how many."""
    tables = [Table.of(model) for model in moved]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'UTC'; SET LOCAL maintenance_work_mem = '256MB'")
            cursor.execute(f"TRUNCATE {', '.join(table.name for table in tables)}")
            behind = _taken_off(cursor, [table.name for table in tables])
            total = sum(_copied(source, cursor, table, say) for table in tables)
            start = perf_counter()
            for statement in [*behind, *connection.ops.sequence_reset_sql(no_style(), list(moved))]:
                cursor.execute(statement)
            say(f"{len(behind)} indexes and foreign keys: {perf_counter() - start:.1f} s")
            _require_all(source, cursor, tables)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    except (Error, sqlite3.Error) as fault:
        raise MoveError(f"Nothing was moved: {fault}") from fault
    return total


def _taken_off(cursor: CursorWrapper, names: list[str]) -> list[str]:
    """Drop foreign keys and indexes; returns what makes them again, indexes first."""
    found = []
    for question in (_INDEXES, _FOREIGN_KEYS):
        cursor.execute(question, [names])
        found.append(cursor.fetchall())
    indexes, keys = found
    for drop, _ in [*keys, *indexes]:
        cursor.execute(drop)
    return [made for _, made in [*indexes, *keys]]


def _copied(source: sqlite3.Connection, cursor: CursorWrapper, table: Table, say: Callable[[str], object]) -> int:
    start, rows = perf_counter(), 0
    try:
        with cursor.copy(f"COPY {table.name} ({table.names}) FROM STDIN") as target:
            for row in source.execute(f"SELECT {table.names} FROM {table.name}"):  # noqa: S608 - names of our models
                target.write_row(row)
                rows += 1
    except (psycopg.Error, sqlite3.Error) as fault:
        raise MoveError(f"Nothing was moved: {table.name}, row {rows + 1} or before: {fault}") from fault
    if rows:
        took = perf_counter() - start
        say(f"{table.name}: {rows} rows, {took:.1f} s ({rows / max(took, 0.001):,.0f} a second)")
    return rows


def _require_all(source: sqlite3.Connection, cursor: CursorWrapper, tables: Sequence[Table]) -> None:
    for table in tables:
        (there,) = source.execute(f"SELECT count(*) FROM {table.name}").fetchone()  # noqa: S608 - names of our models
        if (here := _count(cursor, table.name)) != there:
            raise MoveError(f"Nothing was moved: {table.name} has {there} rows there and {here} here.")


def _count(cursor: CursorWrapper, name: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608 - names of our models
    return int(cursor.fetchone()[0])
