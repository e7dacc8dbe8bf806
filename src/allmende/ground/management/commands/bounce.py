"""`./allmende manage bounce < message.eml`: takes in a letter that came back, from the pipe of a mail server."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from allmende.ground import bounces


class Command(BaseCommand):
    help = "Reads one delivery report (RFC 3464) from standard input or a file and notes it on its letter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)

    def handle(self, *args: object, file: Path | None, **options: object) -> None:
        """Whatever comes in ends with success, because a mail server would answer a failure with one more mail."""
        raw = file.read_bytes() if file else sys.stdin.buffer.read(bounces.MAX_BYTES + 1)
        try:
            self.stdout.write(bounces.take(raw))
        except bounces.NoReport as no:
            self.stderr.write(str(no))
