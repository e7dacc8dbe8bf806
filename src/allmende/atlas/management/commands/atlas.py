"""`./allmende manage atlas rebuild | verify`: the index of the map, built again from the directory or compared with it."""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.atlas import actions, jobs
from allmende.ground.refusals import Refused


class Command(BaseCommand):
    """Rebuilds or verifies the index of the map."""

    help = "Rebuild the index of the map from the directory while the site runs, or verify that both agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=["rebuild", "verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done, or which entries differ (exit code 1)."""
        start = perf_counter()
        if options["what"] == "rebuild":
            try:
                shown = actions.rebuild(self.say)
                jobs.write_base_if_missing()
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(f"{shown} entries in the index, {perf_counter() - start:.1f} s")
            return
        faults = actions.verify(self.say)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} differences; ./allmende manage atlas rebuild mends them")
        self.stdout.write(f"The index agrees with the directory, {perf_counter() - start:.1f} s")

    def say(self, line: str) -> None:
        """A line of progress, at once."""
        self.stdout.write(f"  {line}")
        self.stdout.flush()
