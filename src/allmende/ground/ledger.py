"""Tables to which is only added: the database itself refuses to change their lines, Django to delete them.

    operations = [..., AppendOnly("members", "ShareEntry", ("quantity", "effective_on", ...))]      # in a migration
    keep_lines(ShareEntry)                                                                        # in the card's ready()

Columns that are not named may change: who entered a line is forgotten with the account.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation
from django.db.models.signals import pre_delete


class AppendOnly(Operation):
    """A trigger that refuses every UPDATE of these columns, on SQLite and PostgreSQL. SQLite drops it when a later migration rebuilds
    the table: that migration says it again, and a test looks for it.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, app: str, model: str, fields: Sequence[str], *, when: str = "", name: str = "") -> None:
        """`when`: only lines of which this holds (`OLD.state <> 'draft'`); `name`: a second trigger of the same table needs one."""
        self.app, self.model, self.fields, self.when, self.called = app, model, tuple(fields), when, name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing that Django's models know of."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the trigger."""
        meta = to_state.apps.get_model(self.app, self.model)._meta
        quote = schema_editor.connection.ops.quote_name
        table = quote(meta.db_table)
        columns = ", ".join(quote(meta.get_field(field).column) for field in self.fields)
        for statement in _statements(schema_editor.connection.vendor, self._name(meta.db_table), table, columns, self.when):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the trigger away."""
        meta = from_state.apps.get_model(self.app, self.model)._meta
        name, table = self._name(meta.db_table), schema_editor.connection.ops.quote_name(meta.db_table)
        on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")

    def _name(self, table: str) -> str:
        return f"{name_of(table)}_{self.called}" if self.called else name_of(table)

    def describe(self) -> str:
        """What it does."""
        return f"Lines of {self.model} are never changed"


def name_of(table: str) -> str:
    """The name of the trigger of a table."""
    return f"{table}_append_only"


def _statements(vendor: str, name: str, table: str, columns: str, when: str) -> list[str]:
    said = "Lines of a ledger are never changed, only reversed."
    only = f" WHEN ({when})" if when else ""
    if vendor == "sqlite":
        body = f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table}{only} {body}"]
    raising = f"BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; END"
    return [
        f"CREATE OR REPLACE FUNCTION allmende_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ {raising} $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW{only} EXECUTE FUNCTION allmende_append_only()",
    ]


def _refuse(sender: type[models.Model], **_facts: Any) -> None:
    raise models.ProtectedError(f"Lines of {sender.__name__} are never deleted, only reversed.", set())


def keep_lines(model: type[models.Model]) -> None:
    """No line of this table is deleted by Django, in whatever way."""
    pre_delete.connect(_refuse, sender=model, dispatch_uid=f"ledger.{model._meta.label}")
