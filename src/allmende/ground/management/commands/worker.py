"""`./allmende worker`: does what waits in the queue, and queues the periodic jobs of all rooms when they are due."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from allmende.ground import jobs, occupancy, queue

log = logging.getLogger(__name__)
LOOK_EVERY = 60  # seconds between two looks at the table of jobs and for tasks of dead workers
REST = 1  # seconds between two looks into an empty queue


class Command(BaseCommand):
    help = "Does what waits in the queue and runs periodic jobs when they are due, until it is told to stop or its parent is gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due and what is queued now, and return")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        autodiscover_modules("jobs")
        if not occupancy.move_in(settings.VAR):
            raise CommandError("A restore is under way; start again when it is done.")
        name = queue.new_worker()
        try:
            with queue.alive(name):
                if once:
                    self.look(name)
                    queue.run_all(name)
                else:
                    self.keep_working(name, occupancy.parent_from_environment())
        finally:
            occupancy.leave()

    def keep_working(self, name: str, parent: int) -> None:
        """One task after the other; told to stop, it ends the one it is at. A second signal ends it at once."""
        stop = told_to_stop()
        looked = float("-inf")
        while not (stop.is_set() or occupancy.is_orphan(parent)):
            try:
                if time.monotonic() - looked >= LOOK_EVERY:
                    connections.close_all()  # nobody keeps a connection for ever
                    self.look(name)
                    looked = time.monotonic()
                if row := queue.claim(name):
                    queue.run(row)
                    continue
            except (DatabaseError, InterfaceError) as fault:
                log.warning("The worker cannot reach its database (%s) and tries again.", type(fault).__name__)
                connections.close_all()
                stop.wait(4)
            stop.wait(REST)

    def look(self, me: str) -> None:
        """Hand on what dead workers left, then queue what is due."""
        now = timezone.now()
        if left := queue.rescue(now, me):
            self.stdout.write(
                f"{timezone.localtime():%Y-%m-%d %H:%M} {left} tasks of a worker that died or lost its database are ready again"
            )
        for name in jobs.queue_due(now):
            self.stdout.write(f"{timezone.localtime():%Y-%m-%d %H:%M} {name}")


def told_to_stop() -> threading.Event:
    """An event that SIGTERM and SIGINT set. After the first one they have their plain meaning again."""
    stop = threading.Event()

    def note(number: int, frame: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return stop
