"""Very many rows at once: columns of values straight into a table, by one prepared statement or by COPY. No model sees them.

For loads that know what they write: nothing is checked here but what the database itself checks.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
from django.apps import apps
from django.db import connection, models

Row = tuple[Any, ...]
Values = "list[Any] | np.ndarray[Any, Any]"


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
        return zip(*(_each(self.columns[name]) for name in names), strict=False)


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


def insert(table: str, names: list[str], rows: Iterable[Row]) -> None:
    """Insert rows of these columns."""
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, names))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # past Django's cursor, which would write every row's values into a log and turn every mark
            cursor.connection.executemany(f"INSERT INTO {quote(table)} ({columns}) VALUES ({', '.join('?' * len(names))})", rows)  # noqa: S608
            return
        with cursor.copy(f"COPY {quote(table)} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def unchecked_keys() -> Iterator[None]:
    """SQLite looks up no foreign keys meanwhile; PostgreSQL checks them as always. The rows must refer to what is there.

    Inside a transaction SQLite goes on checking.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()


def next_number(model: type[models.Model]) -> int:
    """The first number that no row has had yet."""
    name = model._meta.pk.column  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX({name}), 0) + 1 FROM {model._meta.db_table}")  # noqa: S608 - names of our models
        highest: int = cursor.fetchone()[0]
        if connection.vendor == "sqlite":
            cursor.execute("SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            highest = max(highest, cursor.fetchone()[0])
    return highest


def count_on(*tables: type[models.Model]) -> None:
    """PostgreSQL goes on counting behind the numbers that were written."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
