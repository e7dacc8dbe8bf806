"""Many rows at once: one prepared statement for all of them. Django compiles every value anew, which takes three times as long."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import fields as kinds

# What these hold goes to the database as it is; all others know how they are written.
_AS_IT_IS = (models.ForeignKey, kinds.CharField, kinds.TextField, kinds.FloatField, kinds.IntegerField, kinds.BooleanField)


def insert(rows: Sequence[models.Model]) -> None:
    """Insert these rows, all of one model, without the numbers that the database gives; they do not learn them."""
    if not rows:
        return
    fields = [one for one in rows[0]._meta.concrete_fields if not isinstance(one, models.AutoField)]
    holders = ", ".join(["%s"] * len(fields))
    names = ", ".join(_quoted(one) for one in fields)
    for one in fields:
        if getattr(one, "auto_now", False) or getattr(one, "auto_now_add", False):
            for row in rows:
                one.pre_save(row, True)
    _run(f"INSERT INTO {_table(rows[0])} ({names}) VALUES ({holders})", _values(rows, fields))  # noqa: S608 - names of our models


def update(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these attributes of these rows, and only these."""
    if not rows:
        return
    by_attribute = {one.attname: one for one in rows[0]._meta.concrete_fields}
    fields = [by_attribute[name] for name in names]
    assignments = ", ".join(f"{_quoted(one)} = %s" for one in fields)
    values = [(*written, row.pk) for written, row in zip(_values(rows, fields), rows, strict=True)]
    _run(f"UPDATE {_table(rows[0])} SET {assignments} WHERE id = %s", values)  # noqa: S608 - names of our models


def delete(model: type[models.Model], names: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> None:
    """Delete the rows that have these values in these columns, one tuple per row."""
    if keys:
        table = connection.ops.quote_name(model._meta.db_table)
        condition = " AND ".join(f"{connection.ops.quote_name(name)} = %s" for name in names)
        _run(f"DELETE FROM {table} WHERE {condition}", keys)  # noqa: S608 - names of our models


def _values(rows: Sequence[models.Model], fields: Sequence["models.Field[Any, Any]"]) -> list[tuple[Any, ...]]:
    writers = [_writer(one) for one in fields]
    return [tuple(write(row) for write in writers) for row in rows]


def _writer(one: "models.Field[Any, Any]") -> Callable[[models.Model], Any]:
    name, database = one.attname, connections[DEFAULT_DB_ALIAS]
    if isinstance(one, kinds.DateTimeField):  # the same moment in every row
        written = lru_cache(maxsize=64)(lambda moment: one.get_db_prep_save(moment, database))
        return lambda row: written(getattr(row, name))
    if isinstance(one, _AS_IT_IS):
        return lambda row: getattr(row, name)
    return lambda row: one.get_db_prep_save(getattr(row, name), database)


def _quoted(one: "models.Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(one.column))


def _table(row: models.Model) -> str:
    return connection.ops.quote_name(row._meta.db_table)


def _run(statement: str, values: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
