"""`./allmende manage move_to_postgres [FILE]`: the house moves from its SQLite file into the PostgreSQL that is set."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Model

from allmende.ground import backups, moving, occupancy
from allmende.ground.management.commands.restore import known_migrations

INDEX = "atlas"
"""The room whose tables are not moved but made again: its full text is kept differently in both databases."""


class Command(BaseCommand):
    help = "Moves everything from a SQLite file into the empty PostgreSQL database of ALLMENDE_DATABASE_URL, all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: var/allmende.sqlite3")

    def handle(self, *args: object, file: Path | None, **options: object) -> None:
        source = file or settings.VAR / "allmende.sqlite3"
        if connection.vendor != "postgresql":
            raise CommandError("Set ALLMENDE_DATABASE_URL to the new, empty PostgreSQL database; the SQLite file is found in var/.")
        if not source.is_file():
            raise CommandError(f"There is no file {source}.")
        if not occupancy.have_alone(settings.VAR):
            raise CommandError("The house is open: stop the server and the worker first, or what is written meanwhile is lost.")
        try:
            self.move(source)
        except (backups.BackupError, moving.MoveError) as error:
            raise CommandError(str(error)) from error
        finally:
            occupancy.leave()

    def move(self, source: Path) -> None:
        """Tables, rows, index; the SQLite file is only read and stays what it is."""
        start = perf_counter()
        self.require_same_tables(source)
        if connection.introspection.table_names() and (held := moving.occupied(moved_models())):
            raise CommandError(f"The PostgreSQL database is not empty: there are rows in {', '.join(held[:5])}.")
        self.stdout.write("Making the tables ...")
        call_command("migrate", interactive=False, verbosity=0)
        with moving.opened(source) as rows:
            total = moving.move(rows, moved_models(), self.stdout.write)
        self.stdout.write("Making the index of the map ...")
        call_command(INDEX, "rebuild", stdout=self.stdout)
        self.stdout.write(
            f"Moved: {total} rows, {perf_counter() - start:.0f} s. Compare with ./allmende manage atlas verify, then open the house."
        )

    def require_same_tables(self, source: Path) -> None:
        """Both sides must be of this version."""
        there, here = backups.migrations_in(source), known_migrations()
        if here - there:
            raise CommandError("The SQLite file is older than this Allmende: start it once with ./allmende up, then stop it and move.")
        if newer := {one for one in there - here if one[0] in {app.label for app in apps.get_app_configs()}}:
            raise CommandError(f"The SQLite file was made by a newer Allmende (it knows {sorted(newer)[0]}); update first.")


def moved_models() -> Sequence[type[Model]]:
    """All tables of all rooms and libraries, those that join two included, but for the index of the map."""
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if one._meta.managed and not one._meta.proxy and one._meta.app_label != INDEX]
