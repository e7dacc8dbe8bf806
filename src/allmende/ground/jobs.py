"""Periodic jobs: a room's `jobs.py` says what is to be done and when, the worker does it.

    @daily("opendata.dumps", at_hour=3)
    def write_dumps() -> str:
        return "5 files"          # one short sentence for the table of jobs

A job that was due while the house was closed runs once when it opens again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from allmende.ground.models import Job

log = logging.getLogger(__name__)

Work = Callable[[], str | None]


@dataclass(frozen=True)
class Periodic:
    """What to do, and when next after a given moment."""

    work: Work
    next_after: Callable[[datetime], datetime]


JOBS: dict[str, Periodic] = {}


def daily(name: str, *, at_hour: int, at_minute: int = 0) -> Callable[[Work], Work]:
    """Once a day at this hour of the house's own clock."""
    return _register(name, lambda moment: next_day_at(moment, time(at_hour, at_minute)))


def every(name: str, *, minutes: int) -> Callable[[Work], Work]:
    """Again and again, this many minutes after the last beginning."""
    return _register(name, lambda moment: moment + timedelta(minutes=minutes))


def _register(name: str, next_after: Callable[[datetime], datetime]) -> Callable[[Work], Work]:
    def keep(work: Work) -> Work:
        if name in JOBS and JOBS[name].work is not work:
            raise ValueError(f"Two jobs are called {name!r}.")
        JOBS[name] = Periodic(work, next_after)
        return work

    return keep


def next_day_at(moment: datetime, clock: time) -> datetime:
    """The first moment after `moment` at which the clock on the wall shows `clock`."""
    local = timezone.localtime(moment)
    today = datetime.combine(local.date(), clock, local.tzinfo)
    return today if today > moment else datetime.combine(local.date() + timedelta(days=1), clock, local.tzinfo)


def run_due(now: datetime) -> list[str]:
    """Run every job whose time has come and return their names. A new job first waits for its time."""
    return [name for name, job in sorted(JOBS.items()) if _claim(name, job, now) and _run(name, job)]


def _claim(name: str, job: Periodic, now: datetime) -> bool:
    """Whether this worker may run the job: of several workers, the one whose update hits the row."""
    row, _ = Job.objects.get_or_create(name=name, defaults={"due_at": job.next_after(now)})
    if row.due_at is None:
        Job.objects.filter(name=name, due_at=None).update(due_at=job.next_after(now))
        return False
    if row.due_at > now:
        return False
    mine = Job.objects.filter(name=name, due_at=row.due_at)
    return mine.update(due_at=job.next_after(now), ran_at=now, result="running") == 1


def _run(name: str, job: Periodic) -> bool:
    """Do the work and note how it went. One failing job must not stop the others, so the fault ends here, in the log."""
    try:
        result = job.work() or "done"
    except Exception as fault:
        log.exception("The job %s failed.", name)
        result = f"failed: {type(fault).__name__}: {fault}"
    Job.objects.filter(name=name).update(result=result[:200])
    return True
