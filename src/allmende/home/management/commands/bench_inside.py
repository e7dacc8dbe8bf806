"""`bench_inside`: what `./allmende bench atlas` runs in the house it measures, each stage in a process of its own."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from allmende.home.measuring import addresses, changing, engine, serving, sizes
from allmende.home.measuring.grounds import draw


class Command(BaseCommand):
    """Writes what it found as JSON."""

    help = "A stage of `bench atlas`, in the house that is measured."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which stage, where its findings go, how often."""
        parser.add_argument("stage", choices=["engine", "addresses", "sizes", "visible"])
        parser.add_argument("--file", type=Path, required=True)
        parser.add_argument("--times", type=int, default=200)
        parser.add_argument("--port", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the stage."""
        stages = {"engine": self._engine, "addresses": self._addresses, "sizes": self._sizes, "visible": self._visible}
        found = stages[options["stage"]](options["times"], options["port"])
        options["file"].write_text(json.dumps(found), encoding="utf-8")

    def _engine(self, times: int, port: int) -> Any:
        return engine.run(times, self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _addresses(self, times: int, port: int) -> Any:
        return addresses.drawn(times)

    def _sizes(self, times: int, port: int) -> Any:
        return sizes.measured(engine.database(), settings.VAR)

    def _visible(self, times: int, port: int) -> list[float]:
        def is_there(word: str) -> bool:
            return bool(json.loads(serving.fetch(port, addresses.searched(word))[1])["total"] == 1)

        return [changing.visible_after(pk, is_there) for pk in draw(times).ids[:times]]
