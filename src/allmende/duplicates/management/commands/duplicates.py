"""`./allmende manage duplicates rebuild | verify`: the index in which duplicates are found, built again or compared with the directory."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from allmende.directory.models import Organisation
from allmende.duplicates import indexing, million


class Command(BaseCommand):
    """Rebuilds or verifies the index of duplicates."""

    help = "Rebuild the index of duplicates from the directory, or verify that both agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=["rebuild", "verify", "measure"], help="measure fills an empty house with invented entries")
        parser.add_argument("--rows", type=int, default=1_000_000)
        parser.add_argument("--data", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done, or which entries differ (exit code 1)."""
        start = perf_counter()
        if options["what"] == "rebuild":
            self.stdout.write(f"{indexing.rebuild()} entries in the index, {perf_counter() - start:.1f} s")
            return
        if options["what"] == "measure":
            if Organisation.objects.exists() or connection.vendor != "sqlite":
                raise CommandError(
                    "This fills a house with invented entries: only an empty one on SQLite, as ./allmende bench duplicates makes it."
                )
            million.measure(self._say, options["rows"], options["data"])
            return
        faults = indexing.verify()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} differences; ./allmende manage duplicates rebuild mends them")
        self.stdout.write(f"The index agrees with the directory, {perf_counter() - start:.1f} s")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
