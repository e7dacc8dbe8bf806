"""`./allmende manage atlas rebuild | verify`: the index of the map, built again from the directory or compared with it."""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.atlas import actions


class Command(BaseCommand):
    """Rebuilds or verifies the index of the map."""

    help = "Rebuild the index of the map from the directory, or verify that both agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=["rebuild", "verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done, or which entries differ (exit code 1)."""
        start = perf_counter()
        if options["what"] == "rebuild":
            shown = actions.rebuild()
            self.stdout.write(f"{shown} entries in the index, {perf_counter() - start:.1f} s")
            return
        faults = actions.verify()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} differences; ./allmende manage atlas rebuild mends them")
        self.stdout.write(f"The index agrees with the directory, {perf_counter() - start:.1f} s")
