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
LATER = 5  # seconds until a database that was away is asked again


class Command(BaseCommand):
    help = "Does what waits in the queue and runs periodic jobs when they are due, until it is told to stop or its parent is gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due and what is queued now, and return")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        autodiscover_modules("jobs")
        if not occupancy.move_in(settings.VAR):
            raise CommandError("A restore is under way; start again when it is done.")
        try:
            if once:
                self.work_once(queue.new_worker())
            else:
                self.keep_working(queue.new_worker(), occupancy.parent_from_environment())
        finally:
            occupancy.leave()

    def work_once(self, name: str) -> None:
        """Do everything that is due or waits, then end."""
        with queue.alive(name):
            self.look(name)
            queue.run_all(name)

    def keep_working(self, name: str, parent: int) -> None:
        """Work until told to stop; then each lane ends the task it is at. A second signal ends the process at once."""
        stop = told_to_stop()
        main, mail = queue.LANES
        beside = threading.Thread(target=self.lane, args=(f"{name}-{mail}", mail, stop, parent), name=mail)
        beside.start()
        self.lane(name, main, stop, parent)
        beside.join()

    def lane(self, name: str, lane: str, stop: threading.Event, parent: int) -> None:
        """Live and work; a database that goes away comes back. When one lane ends, for whatever reason, both do."""
        try:
            while not stop.is_set():
                try:
                    with queue.alive(name):
                        self.work(name, lane, stop, parent)
                except (DatabaseError, InterfaceError) as fault:
                    log.warning("The worker cannot reach its database (%s) and tries again.", type(fault).__name__)
                    connections.close_all()
                    stop.wait(LATER)
        finally:
            stop.set()
            connections.close_all()

    def work(self, name: str, lane: str, stop: threading.Event, parent: int) -> None:
        """One task after the other, until told to stop or the parent is gone."""
        looked = float("-inf")
        while not stop.is_set():
            if occupancy.is_orphan(parent):
                stop.set()
                break
            if time.monotonic() - looked >= LOOK_EVERY:
                connections.close_all()  # nobody keeps a connection for ever
                self.look(name)
                looked = time.monotonic()
            if row := queue.claim(name, lane):
                queue.run(row)
            else:
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
