"""`./allmende manage duplicates rebuild | verify`: the index in which duplicates are found, built again or compared with the directory."""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.duplicates import indexing


class Command(BaseCommand):
    """Rebuilds or verifies the index of duplicates."""

    help = "Rebuild the index of duplicates from the directory, or verify that both agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=["rebuild", "verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done, or which entries differ (exit code 1)."""
        start = perf_counter()
        if options["what"] == "rebuild":
            self.stdout.write(f"{indexing.rebuild()} entries in the index, {perf_counter() - start:.1f} s")
            return
        faults = indexing.verify()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} differences; ./allmende manage duplicates rebuild mends them")
        self.stdout.write(f"The index agrees with the directory, {perf_counter() - start:.1f} s")
