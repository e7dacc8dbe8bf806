"""`load_terms`: brings the taxonomy in line with data/terms.json."""

from typing import Any

from django.core.management.base import BaseCommand

from allmende.directory import taxonomy


class Command(BaseCommand):
    help = "Brings the common words (sectors, activities, legal forms, forms of co-operation, SDGs) in line with the shipped file."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = taxonomy.load()
        self.stdout.write(f"terms: {changed} new or changed")
