"""`prepare`: everything between "installed" and "open", in one go and only where something is to do."""

import hashlib
import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from whitenoise.compress import Compressor  # type: ignore[import-untyped]  # it has no types

from allmende.atlas import jobs as settling
from allmende.atlas import rebuilding
from allmende.directory import taxonomy
from allmende.directory.importers import DATA_SETS
from allmende.directory.models import DataRules, Organisation
from allmende.duplicates import indexing
from allmende.home.demo import exchange as demo_exchange
from allmende.home.demo import ownership as demo_ownership
from allmende.home.demo import people as demo_people


class Command(BaseCommand):
    help = "Migrates, loads the demo network into an empty house, collects static files; used by `./allmende up`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, metavar="DIR", help="also import the open data sets found in this folder")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty house empty")

    def handle(self, *args: object, data: Path | None, no_demo: bool, **options: object) -> None:
        if data and not data.is_dir():
            raise CommandError(f"There is no folder {data}.")
        self.step("database", self.migrate)
        self.step("common words", lambda: taxonomy.load() > 0)
        self.step("data rules", self.found_rules)
        if not no_demo:
            self.step("demo network", self.load_demo)
        if data:
            self.step("open data sets", lambda: self.import_data(data))
        self.step("index of the map", self.build_index)
        self.step("index of duplicates", lambda: indexing.is_missing() and indexing.rebuild() > 0)
        self.step("static files", self.collect_static)

    def step(self, name: str, work: Callable[[], bool]) -> None:
        """Say what was done and how long it took; say nothing when there was nothing to do."""
        start = time.monotonic()
        if work():
            self.stdout.write(f"  {name}: {time.monotonic() - start:.1f} s")

    def migrate(self) -> bool:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        call_command("migrate", interactive=False, verbosity=0)
        return True

    def found_rules(self) -> bool:
        if DataRules.objects.exists():
            return False
        call_command("found_rules", stdout=StringIO())
        return True

    def load_demo(self) -> bool:
        if Organisation.objects.exists():
            return False
        call_command("load_demo", stdout=self.stdout)
        if people := demo_people.load():
            self.stdout.write(f"{people} demo people; sign in as anna@demo.example with a code by mail, it stands here")
        if listings := demo_exchange.load():
            self.stdout.write(f"{listings} demo offers and needs, with conversations, projects, feedback rounds and circles")
        if members := demo_ownership.load():
            self.stdout.write(f"a demo cooperative with {members} members: anna@demo.example is on its board, emil@demo.example a member")
        return True

    def build_index(self) -> bool:
        """After an update that emptied it or reads words in another way. Large houses also get the files that processes share."""
        was_due = rebuilding.is_due() and rebuilding.rebuild(lambda line: self.stdout.write(f"    {line}")) >= 0
        return settling.write_base_if_missing() or was_due

    def import_data(self, folder: Path) -> bool:
        """Each file once: reading an old year again after a newer one would turn the clock back."""
        for known in DATA_SETS:
            if (folder / known.file).exists():
                call_command("import_file", known.profile, str(folder / known.file), source=known.source, once=True, stdout=self.stdout)
            else:
                self.stdout.write(f"  {known.file} is not in {folder}")
        return True

    def collect_static(self) -> bool:
        stamp = settings.VAR / "static.inputs"
        inputs = static_inputs()
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if manifest.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == inputs:
            return False
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        pack(Path(settings.STATIC_ROOT))
        stamp.write_text(inputs, encoding="ascii")
        return True


def pack(root: Path) -> None:
    """Put a Brotli and a gzip twin beside the files that visitors load; the server sends whichever the browser can read.

    The caretakers' own pages stay unpacked: few load them, and they are most of the files.
    """
    packer = Compressor(use_gzip=True, use_brotli=True, quiet=True)
    if not (root / "staticfiles.json").exists():  # tests serve files under their own names
        return
    names: dict[str, str] = json.loads((root / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    for plain, hashed in names.items():
        if not plain.startswith("admin/") and packer.should_compress(plain):
            packer.compress(str(root / hashed))
            if plain.startswith("atlas/"):  # modules import each other by their plain names
                packer.compress(str(root / plain))


def static_inputs() -> str:
    """One hash over the names and contents of all static files and the version that processes them."""
    total = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            with storage.open(name) as file:
                total.update(name.encode() + hashlib.sha256(file.read()).digest())
    return total.hexdigest()
