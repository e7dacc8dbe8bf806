"""The way from SQLite to PostgreSQL, walked with the demo network: the command itself, into a real server of its own."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, models

from allmende.config.environment import Environment
from allmende.directory.models import Organisation
from allmende.ground import moving
from allmende.home.management.commands.move_to_postgres import moved_models
from tests.postgres import Server, servers

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def server(django_db_blocker: Any) -> Iterator[Server]:
    """An empty PostgreSQL, known to this process as the database "moved"."""
    if connection.vendor != "sqlite":
        pytest.skip("the move from SQLite is tested where the house lives in SQLite")
    with servers("moved") as (made,):
        made.create().start()
        connections.settings["moved"] = connections.configure_settings({"default": Environment(database_url=made.url()).database()})[
            "default"
        ]
        with django_db_blocker.unblock():
            yield made
            connections["moved"].close()
        del connections["moved"], connections.settings["moved"]


@pytest.fixture
def run(server: Server, tmp_path: Path) -> Run:
    """A command of the house whose database is that PostgreSQL."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ALLMENDE_")}
    env = clean | {
        "ALLMENDE_TESTING": "1",
        "ALLMENDE_VAR": str(tmp_path),
        "ALLMENDE_DATABASE_URL": server.url(),
        "PYTHONPATH": str(ROOT / "src"),
    }

    def started(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([sys.executable, "-m", "allmende", *map(str, arguments)], env=env, cwd=ROOT, capture_output=True, text=True)

    return started


def rows_of(model: type[models.Model], database: str) -> list[dict[str, Any]]:
    return list(model._base_manager.using(database).order_by("pk").values())


def shape() -> set[str]:
    """All indexes and foreign keys of the tables over there."""
    with connections["moved"].cursor() as cursor:
        cursor.execute("SELECT split_part(indexdef, ' WHERE ', 1) FROM pg_indexes WHERE schemaname = 'public'")
        indexes = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
        )
        return indexes | {row[0] for row in cursor.fetchall()}


def test_a_house_moves_as_a_whole_or_not_at_all_and_every_value_arrives(transactional_db: None, run: Run, tmp_path: Path) -> None:
    call_command("load_terms", stdout=StringIO())
    call_command("load_demo", stdout=StringIO())
    here, spoiled = Path(connection.settings_dict["NAME"]), tmp_path / "spoiled.sqlite3"
    with closing(sqlite3.connect(here)) as old, closing(sqlite3.connect(spoiled)) as new:
        old.backup(new)
        new.execute("UPDATE directory_confirmation SET how = 'a' || char(0) WHERE id = (SELECT max(id) FROM directory_confirmation)")
        new.commit()

    refused = run("move_to_postgres", spoiled)
    assert refused.returncode == 1 and "Nothing was moved: directory_confirmation, row" in refused.stderr
    assert Organisation.objects.using("moved").count() == 0
    as_migrated = shape()

    moved = run("move_to_postgres", here)
    assert (moved.returncode, moved.stderr) == (0, "")
    assert Organisation.objects.using("moved").count() > 200
    assert [model for model in moved_models() if rows_of(model, "moved") != rows_of(model, "default")] == []
    assert shape() == as_migrated
    assert run("atlas", "verify").returncode == 0

    newest = Organisation.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert Organisation.objects.using("moved").create(name="Neu", slug="neu").pk == newest + 1  # numbers go on
    again = run("move_to_postgres", here)
    assert again.returncode == 1 and "not empty" in again.stderr


def test_nothing_moves_while_the_house_lives_in_sqlite(transactional_db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the house lives in PostgreSQL already")
    with pytest.raises(CommandError, match="Set ALLMENDE_DATABASE_URL"):
        call_command("move_to_postgres")


def test_every_kind_of_field_in_the_house_is_known_to_get_across() -> None:
    assert len([moving.Table.of(model) for model in moved_models()]) == len(moved_models())


def test_a_kind_of_field_nobody_looked_at_is_refused() -> None:
    class Meeting(models.Model):  # noqa: DJ008 - nobody reads its name
        lasts = models.DurationField()

        class Meta:
            app_label = "tests"
            managed = False

    with pytest.raises(moving.MoveError, match="lasts"):
        moving.Table.of(Meeting)
