"""`./allmende manage load_synthetic 20000`: invented organisations for measuring. Not for a house that people use."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from allmende.directory.demo.synthetic import ordinary


class Command(BaseCommand):
    """Writes invented organisations, the same for the same seed."""

    help = "Write invented organisations for measuring."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, and the seed."""
        parser.add_argument("rows", type=int)
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and count."""
        self.stdout.write(f"{ordinary.load(options['rows'], options['seed'])} organisations written")
