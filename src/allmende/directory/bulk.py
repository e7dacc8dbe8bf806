"""Very many rows at once: columns of values straight into a table, by one prepared statement or by COPY. No model sees them.

For loads that know what they write: nothing is checked here but what the database itself checks.
"""

import gc
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice, repeat
from typing import Any

import django
import numpy as np
from django.apps import apps
from django.db import connection, models
from numpy.typing import NDArray

from allmende.ground import occupancy

Ints = NDArray[np.int64]
Row = tuple[Any, ...]
MOST_VALUES = 256  # in one statement
CACHE_KB = 262_144


@dataclass(frozen=True)
class Table:
    """Rows of a model as columns by name. A column is a list or an array, or one value that all rows have.

    Values are written as they stand: moments as text in UTC, UUIDs as 32 digits, JSON as text. What is not named gets its default.
    """

    model: type[models.Model]
    columns: Mapping[str, Any] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        """From process to process by name: classes that Django makes are found nowhere else."""
        return _table, (self.model._meta.label, self.columns)

    def __len__(self) -> int:
        return next((len(values) for values in self.columns.values() if isinstance(values, list | np.ndarray)), 0)

    def rows(self, names: Iterable[str]) -> Iterator[Row]:
        """The values of these columns, row by row."""
        return islice(zip(*(_each(self.columns[name]) for name in names), strict=False), len(self))


def _table(label: str, columns: Mapping[str, Any]) -> Table:
    return Table(apps.get_model(label), columns)


def _each(values: Any) -> Iterable[Any]:
    if isinstance(values, np.ndarray):
        return values.tolist()  # type: ignore[no-any-return]  # plain numbers: drivers know no others
    return values if isinstance(values, list) else repeat(values)


def write(table: Table) -> None:
    """Insert these rows."""
    if not len(table):
        return
    filled = Table(table.model, {**defaults(table.model, table.columns), **table.columns})
    names = list(filled.columns)
    insert(table.model._meta.db_table, names, filled.rows(names))


def defaults(model: type[models.Model], given: Mapping[str, Any]) -> dict[str, Any]:
    """What goes into the columns that are not given."""
    missing = [one for one in model._meta.concrete_fields if one.column not in given and not isinstance(one, models.AutoField)]
    return {str(one.column): one.get_db_prep_save(one.get_default(), connection) for one in missing}


def insert(table: str, names: list[str], rows: Iterable[Row], at_once: int = 0) -> None:
    """Insert rows of these columns, so many `at_once` in a statement (SQLite; virtual tables want one).

    Whatever the database refuses ends the transaction: OR FAIL spares SQLite from noting how it was before each statement.
    """
    columns = f"{connection.ops.quote_name(table)} ({', '.join(map(connection.ops.quote_name, names))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {columns} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        # Past Django's cursor, which turns every mark; several rows in a statement, for each statement has its price.
        several, marks = at_once or max(1, MOST_VALUES // len(names)), f"({', '.join('?' * len(names))})"
        left: list[Row] = []
        into = f"INSERT OR FAIL INTO {columns} VALUES"
        cursor.connection.executemany(f"{into} {', '.join([marks] * several)}", _together(iter(rows), several, left))
        cursor.connection.executemany(f"{into} {marks}", left)


def _together(rows: Iterator[Row], several: int, left: list[Row]) -> Iterator[Row]:
    """The values of several rows at a time, one after the other; those that are too few in the end go to `left`."""
    while len(some := list(islice(rows, several))) == several:
        yield tuple(chain.from_iterable(some))
    left += some


@contextmanager
def in_haste() -> Iterator[None]:
    """For one long load: much memory for pages, no look for garbage, and SQLite looks up no foreign keys.

    What makes commits safe stays as it is. Inside a transaction keys are looked up all the same.
    """
    is_sqlite, was_on = connection.vendor == "sqlite", gc.isenabled()
    if is_sqlite:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size")
            (cache,) = cursor.fetchone()
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
            if not connection.in_atomic_block:
                cursor.execute("PRAGMA temp_store = MEMORY")
        connection.disable_constraint_checking()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        if is_sqlite:
            connection.enable_constraint_checking()
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA cache_size = {int(cache)}")
                if not connection.in_atomic_block:
                    cursor.execute("PRAGMA temp_store = DEFAULT")


# --------------------------------------------------------------------------------------------------- numbers and indexes


def reserve(model: type[models.Model], count: int) -> int:
    """Keep so many numbers for rows of this model and give the first: whoever else writes gets those behind them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            (sequence,) = cursor.fetchone()
            cursor.execute("SELECT setval(%s, nextval(%s) + %s) - %s", [sequence, sequence, count, count])
            first: int = cursor.fetchone()[0]
            return first
        cursor.execute(
            f"SELECT MAX(COALESCE((SELECT MAX(id) FROM {table}), 0), "  # noqa: S608 - names of our models
            "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        first = cursor.fetchone()[0] + 1
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first + count - 1])
        return first


def drop_indexes(columns: Sequence[tuple[str, str]]) -> list[str]:
    """Drop the plain indexes of these columns (table, column); gives the statements that make them again."""
    found = []
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for table, column in columns:
            known = connection.introspection.get_constraints(cursor, table) if table in tables else {}
            for name, told in sorted(known.items()):
                if told["index"] and not told["unique"] and told["columns"] == [column]:
                    cursor.execute(_DEFINED[connection.vendor], [name])
                    found += [row[0] for row in cursor.fetchall()]
                    cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    return found


def create_indexes(statements: Sequence[str]) -> None:
    """Make indexes that were dropped; those that are here already are left alone. Each is a transaction of its own."""
    if connection.vendor == "postgresql":
        connection.check_constraints()  # inside a transaction it makes none while keys are still to be looked up
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ", 1))


_DEFINED = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = %s",
}


# ----------------------------------------------------------------------------------------------------- other processes


_work: Callable[[Any], Any] | None = None


def open_process(work: bytes) -> None:
    """What a process that helps does first: `work` is a pickled function, which may know models, so that the house is set up before."""
    global _work
    occupancy.end_with(os.getppid())
    django.setup()
    gc.disable()
    _work = pickle.loads(work)  # noqa: S301 - from our own parent


def in_process(task: Any) -> Any:
    """Do a task with the function of this process."""
    assert _work  # noqa: S101 - set by open_process
    return _work(task)
