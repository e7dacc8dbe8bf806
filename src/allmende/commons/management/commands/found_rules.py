"""`found_rules`: puts the founding data rules in force where a network has none yet; used by `./allmende up`."""

from pathlib import Path

from django.core.management.base import BaseCommand

from allmende.commons import actions
from allmende.directory.models import Bulk
from allmende.directory.rules import HIDEABLE

FOLDER = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Puts the founding data rules in force where there are none yet."

    def handle(self, *args: object, **options: object) -> None:
        texts = {f"text_{language}": (FOLDER / f"founding.{language}.txt").read_text(encoding="utf-8") for language in ("de", "en")}
        said = texts | {"defaults": dict(HIDEABLE), "licence": "CC0-1.0", "bulk": Bulk.EVERYBODY, "reason": "Gründungsfassung"}
        made = actions.found_rules(said)
        self.stdout.write("Founding rules in force." if made else "There are rules already.")
