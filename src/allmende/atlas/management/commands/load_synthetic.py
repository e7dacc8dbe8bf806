"""`./allmende manage load_synthetic 3000000`: invented organisations for measuring. Not for a house that people use.

From 10,000 on directory and index are filled in bulk; fewer go the way of all changes. Whoever stops it starts it again with the same
numbers, and it goes on.
"""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.atlas import bulk
from allmende.ground.refusals import Refused


class Command(BaseCommand):
    """Writes invented organisations, the same for the same seed."""

    help = "Write invented organisations for measuring; again with the same numbers to finish a load that was stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, the seed, and who helps."""
        parser.add_argument("rows", type=int)
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--processes", type=int, metavar="N", help="how many processes prepare rows (default: one for each processor)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and count."""
        if options["rows"] < 1:
            raise CommandError("At least one row, please.")
        began = monotonic()
        try:
            written = bulk.load(options["rows"], options["seed"], processes=options["processes"], say=self._say)
        except Refused as no:
            raise CommandError(str(no.sentence)) from no
        seconds = monotonic() - began
        self.stdout.write(f"{written} organisations written in {seconds:.1f} s, {written / seconds:,.0f} a second")

    def _say(self, line: str) -> None:
        self.stderr.write(line)
