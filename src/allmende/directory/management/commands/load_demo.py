"""`load_demo`: the demo network, once."""

from typing import Any

from django.core.management.base import BaseCommand

from allmende.directory.demo import load


class Command(BaseCommand):
    help = "Loads the demo network (real organisations from public knowledge, six invented ones). Running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"demo network: {load.load()} entries written")
