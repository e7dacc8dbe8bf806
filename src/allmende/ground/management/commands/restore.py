"""`./allmende restore FILE`: put a backup back. What was there before stays beside it."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from allmende.ground import backups, occupancy
from allmende.ground.management.commands.backup import back_up


class Command(BaseCommand):
    help = "Checks a backup against its manifest and puts it in place of database and uploaded files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="also when there is a database already; it is kept beside")

    def handle(self, *args: object, file: Path, force: bool, **options: object) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if not occupancy.have_alone(settings.VAR):
            raise CommandError("The house is open: stop the server and the worker first.")
        if connection.introspection.table_names() and not force:
            raise CommandError("There is a database already. With --force it is put aside and replaced.")
        try:
            with tempfile.TemporaryDirectory(dir=settings.VAR, prefix="restore-") as folder:
                self.replace(file, Path(folder))
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        finally:
            occupancy.leave()

    def replace(self, file: Path, folder: Path) -> None:
        """Check all first, then rename: from the first rename on nothing is left that could fail for want of space."""
        manifest = backups.unpack(file, folder)
        stamp = f"{timezone.localtime():%Y%m%d-%H%M%S}"
        if connection.vendor == "sqlite":
            self.replace_sqlite(folder / backups.SQLITE, stamp)
        else:
            self.replace_postgres(folder / backups.POSTGRES, stamp)
        media = Path(settings.MEDIA_ROOT)
        self.say_kept(backups.put_aside(media, stamp))
        if (folder / "media").exists():
            (folder / "media").rename(media)
        self.stdout.write(f"Restored: the state of {manifest['made_at']}, made by version {manifest['version']}.")

    def replace_sqlite(self, copy: Path, stamp: str) -> None:
        self.require(copy, backups.SQLITE)
        if newer := backups.migrations_in(copy) - known_migrations():
            raise backups.BackupError(f"The backup was made by a newer Allmende (it knows {sorted(newer)[0]}); update first.")
        database = Path(connection.settings_dict["NAME"])
        connection.close()
        if backups.sqlite_in_use(database):
            raise backups.BackupError("Another program has the database open: stop the server and the worker first.")
        self.say_kept(backups.put_aside(database, stamp))
        copy.chmod(0o640)
        copy.rename(database)

    def replace_postgres(self, dump: Path, stamp: str) -> None:
        self.require(dump, backups.POSTGRES)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            others = cursor.fetchone()[0]
        if others:
            raise backups.BackupError(f"{others} other connections use the database: stop the server and the worker first.")
        if connection.introspection.table_names():
            before = settings.VAR / "backups" / f"before-restore-{stamp}.tar.gz"
            back_up(before)
            self.say_kept(before)
        connection.close()
        backups.restore_postgres(connection.settings_dict, dump)

    def require(self, database: Path, name: str) -> None:
        if not database.exists():
            raise backups.BackupError(f"This backup holds another kind of database; {name} is needed here.")

    def say_kept(self, aside: Path | None) -> None:
        if aside:
            self.stdout.write(f"Kept: {aside}")


def known_migrations() -> set[tuple[str, str]]:
    """Every migration this version of the programme brings along."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return set(loader.disk_migrations)
