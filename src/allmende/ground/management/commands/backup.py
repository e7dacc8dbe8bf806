"""`./allmende backup [FILE]`: the whole house in one file, also while it is open."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from allmende.ground import backups


def back_up(target: Path) -> backups.Fact:
    """Write database and media into one archive and return its manifest."""
    with tempfile.TemporaryDirectory(dir=settings.VAR, prefix="backup-") as folder:
        name = backups.SQLITE if connection.vendor == "sqlite" else backups.POSTGRES
        database = Path(folder) / name
        if connection.vendor == "sqlite":
            backups.copy_sqlite(Path(connection.settings_dict["NAME"]), database)
        else:
            backups.dump_postgres(connection.settings_dict, database)
        return backups.write_archive(target, database, name, Path(settings.MEDIA_ROOT))


class Command(BaseCommand):
    help = "Writes database and uploaded files into one consistent archive with a manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: var/backups/allmende-<date>-<time>.tar.gz")

    def handle(self, *args: object, file: Path | None, **options: object) -> None:
        target = file or settings.VAR / "backups" / f"allmende-{timezone.localtime():%Y%m%d-%H%M%S}.tar.gz"
        if target.exists():
            raise CommandError(f"{target} exists already; nothing was written.")
        if not connection.introspection.table_names():
            raise CommandError("There is nothing to back up yet: the database is empty.")
        try:
            manifest = back_up(target)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        size = target.stat().st_size / 1_000_000
        self.stdout.write(f"{target} ({len(manifest['files'])} files, {size:.1f} MB)")
