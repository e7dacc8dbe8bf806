"""Periodic jobs: a room's `jobs.py` says what is to be done and when, the worker does it.

    @daily("opendata.dumps", at_hour=3)
    def write_dumps() -> str:
        return "5 files"          # one short sentence for the table of jobs

A job that was due while the house was closed runs once when it opens again. When its time has come it becomes a task of the queue,
and so survives a crash and is tried again after a failure, like everything else in the background: it may run twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from allmende.ground import bounces, delivery, queue
from allmende.ground.models import Job

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


def weekly(name: str, *, weekday: int, at_hour: int, at_minute: int = 0) -> Callable[[Work], Work]:
    """Once a week at this hour; Monday is 0."""
    return _register(name, lambda moment: next_weekday_at(moment, weekday, time(at_hour, at_minute)))


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


def next_weekday_at(moment: datetime, weekday: int, clock: time) -> datetime:
    """The first moment after `moment` on this day of the week at which the clock on the wall shows `clock`."""
    found = next_day_at(moment, clock)
    days = (weekday - timezone.localtime(found).weekday()) % 7
    local = timezone.localtime(found)
    return datetime.combine(local.date() + timedelta(days=days), clock, local.tzinfo)


def queue_due(now: datetime) -> list[str]:
    """Queue every job whose time has come and return their names. A new job first waits for its time."""
    return [name for name, job in sorted(JOBS.items()) if _claim(name, job, now)]


@transaction.atomic
def _claim(name: str, job: Periodic, now: datetime) -> bool:
    """Whether this worker may queue the job: of several workers, the one whose update hits the row."""
    row, _ = Job.objects.get_or_create(name=name, defaults={"due_at": job.next_after(now)})
    if row.due_at is None:
        Job.objects.filter(name=name, due_at=None).update(due_at=job.next_after(now))
        return False
    if row.due_at > now:
        return False
    mine = Job.objects.filter(name=name, due_at=row.due_at)
    return mine.update(due_at=job.next_after(now)) == 1 and queue.enqueue_once(run_job, name)


@task()
def run_job(name: str) -> str:
    """Do the work of one job and note how it went. What fails is raised again, so that the queue tries it later."""
    job, row = JOBS.get(name), Job.objects.filter(name=name)
    if job is None:
        row.update(result="no room knows this job any more")
        return ""
    row.update(ran_at=timezone.now(), result="running")
    try:
        result = job.work() or "done"
    except Exception as fault:
        row.update(result=queue.without_addresses(f"failed: {type(fault).__name__}: {fault}")[:200])
        raise
    row.update(result=result[:200])
    return result


# ------------------------------------------------------------------------------------------ the ground floor's own housekeeping


@daily("ground.tidy", at_hour=4)
def tidy() -> str:
    """Forget old tasks, the words of old letters and old letters."""
    now = timezone.now()
    tasks = queue.prune(now)
    texts, letters, files = delivery.purge(now)
    return f"tasks {tasks}, texts {texts}, letters {letters}, files {files}"


@every("ground.bounces", minutes=10)
def read_bounces() -> str:
    """Take in what came back, when there is a folder for it."""
    return bounces.take_folder(settings.BOUNCES) if settings.BOUNCES else "no folder is set"
