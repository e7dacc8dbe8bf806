"""`./allmende worker`: runs the periodic jobs of all rooms."""

import signal
import threading
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from allmende.ground import jobs, occupancy

LOOK_EVERY = 60  # seconds between two looks at the table of jobs


class Command(BaseCommand):
    help = "Runs periodic jobs when they are due, until it is told to stop or its parent is gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due now and return")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        autodiscover_modules("jobs")
        if not occupancy.move_in(settings.VAR):
            raise CommandError("A restore is under way; start again when it is done.")
        try:
            if once:
                self.look()
            else:
                self.keep_looking(occupancy.parent_from_environment())
        finally:
            occupancy.leave()

    def keep_looking(self, parent: int) -> None:
        """Look once a minute; notice within a second that it is time to go."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            self.look()
            connections.close_all()  # an idle worker leaves the database alone
            for _ in range(LOOK_EVERY):
                if occupancy.is_orphan(parent) or stop.wait(1):
                    return

    def look(self) -> None:
        for name in jobs.run_due(timezone.now()):
            self.stdout.write(f"{timezone.localtime():%Y-%m-%d %H:%M} {name}")
