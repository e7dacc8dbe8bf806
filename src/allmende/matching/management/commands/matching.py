"""`./allmende manage matching draw`: portraits of listings that have none or an old one. `measure` is the bench's, in its own house."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.exchange.models import Listing
from allmende.matching import actions, measuring


class Command(BaseCommand):
    """What caretakers and the bench do with matching."""

    help = "Draw missing portraits of offers and needs, or measure matching in an empty house."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and how many rows."""
        parser.add_argument("what", choices=["draw", "measure"])
        parser.add_argument("--rows", type=int, default=100_000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say so."""
        if options["what"] == "draw":
            self.stdout.write(f"{actions.draw_missing()} drawn")
            return
        if Listing.objects.exists():
            raise CommandError("There are offers and needs in this house; measuring would add invented ones. Use an empty house.")
        rows = options["rows"]
        some = min(rows, measuring.ALL)
        self.stdout.write(f"{some} invented listings written and drawn in {measuring.fill(some):.0f} s")
        measuring.exactly_all(self.stdout.write)
        self.stdout.write(f"{rows - some} more in {measuring.fill(rows - some):.0f} s")
        measuring.speed(self.stdout.write, rows)
