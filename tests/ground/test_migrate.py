"""The tables that `migrate` makes are those the models speak of. It takes a short way into an empty database, so this is looked at."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.state import ProjectState

from allmende.ground.management.commands.migrate import rendering_only_what_changed

pytestmark = pytest.mark.django_db

MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy and model._meta.app_label != "tests"
]
MADE_BY_THE_DATABASE = {"vector"}


def test_every_column_is_there_and_no_other() -> None:
    with connection.cursor() as cursor:
        for model in MODELS:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)} LIMIT 0")
            there = {column[0] for column in cursor.description or ()} - MADE_BY_THE_DATABASE
            assert there == {field.column for field in model._meta.local_concrete_fields}, model._meta.label


def test_every_index_and_every_constraint_is_there() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT coalesce(sql, '') FROM sqlite_master")
        else:
            cursor.execute("SELECT '\"' || indexname || '\"' FROM pg_indexes UNION ALL SELECT '\"' || conname || '\"' FROM pg_constraint")
        there = "\n".join(row[0] for row in cursor.fetchall())
    named = [(model, one.name) for model in MODELS for one in (*model._meta.indexes, *model._meta.constraints)]
    assert len(named) > 150
    assert [f"{model._meta.label}: {name}" for model, name in named if f'"{name}"' not in there] == []


def test_every_foreign_key_points_where_it_says() -> None:
    with connection.cursor() as cursor:
        for model in MODELS:
            points = connection.introspection.get_relations(cursor, model._meta.db_table)
            keys = [field for field in model._meta.local_fields if getattr(field, "db_constraint", False)]
            wanted = {key.column: (key.target_field.column, key.target_field.model._meta.db_table) for key in keys}  # type: ignore[attr-defined]
            assert {column: tuple(pair[:2]) for column, pair in points.items()} == wanted, model._meta.label


def test_the_short_way_ends_with_the_migrations() -> None:
    usual = ProjectState._find_reload_model  # type: ignore[attr-defined]  # not in the stubs
    with pytest.raises(ZeroDivisionError), rendering_only_what_changed():
        1 / 0  # noqa: B018 - a migration that fails
    assert ProjectState._find_reload_model is usual  # type: ignore[attr-defined]
