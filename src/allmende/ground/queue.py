"""The queue: what is done in the background, at least once, in the order it was asked for.

`some_task.enqueue(1)` writes a row in the transaction of the caller (django-tasks-db), `./allmende worker` runs it. What fails is
tried again after a minute, ten minutes, an hour and six hours; then it waits for a person (`failures`, `retry`, `discard`). What was
running when its worker died is ready again. So a task may run twice: it looks first whether its work is still to be done.

Arguments of tasks are ids, never names or addresses: a failed task shows them to caretakers for 90 days.

Tests use the same queue in the database. Nothing runs by itself there: `queue.run_all()` runs what is ready, in this process.
"""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from traceback import format_exception
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from allmende.ground import occupancy, rules, trail
from allmende.ground.models import Worker

if TYPE_CHECKING:
    from django_tasks.base import Task

    from allmende.people.models import Person

    Row = DBTaskResult[..., Any]

log = logging.getLogger(__name__)
LANES = ("default", "mail")
"""Mail has a lane of its own, so that a code to sign in never waits behind work of many minutes."""

READY, RUNNING, FAILED, DONE = TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL
E_MAIL = re.compile(r"[\w.+%'-]+@[\w.-]+")


# ------------------------------------------------------------------------------------------------------------- doing


def run_all(worker: str = "") -> list[str]:
    """Run what is ready and what that makes ready, until nothing is; the names of the tasks, in order. For tests and `--once`."""
    worker, names = worker or new_worker(), []
    while row := claim(worker):
        names.append(row.task_name)
        run(row)
    return names


def enqueue_once(task: "Task[[str], Any]", name: str) -> bool:
    """Queue a task unless it already waits or runs with this argument. One that failed gets one more attempt instead of a twin."""
    rows = DBTaskResult.objects.filter(task_path=task.module_path, args_kwargs={"args": [name], "kwargs": {}})
    if rows.filter(status=RUNNING).exists():
        return False
    if not rows.filter(status__in=(READY, FAILED)).update(status=READY, run_after=get_date_max()):
        task.enqueue(name)
    return True


def claim(worker: str, lane: str = "") -> "Row | None":
    """Take the next task that is ready for this worker alone, of one lane or of all; None when nothing is to be done."""
    ready = DBTaskResult.objects.ready()
    if lane:
        ready = ready.filter(queue_name=lane)
    if not ready.exists():  # asked without a lock: an idle worker keeps nobody from writing
        return None
    with transaction.atomic():
        row: Row | None = ready.get_locked()
        if row is not None:
            row.claim(worker)
        return row


def run(row: "Row") -> bool:
    """Run a claimed task and note how it went. One failing task must not stop the others, so the fault ends here, in the log."""
    try:
        task: Any = row.task  # typed for Django 6, whose own Task is not here yet
        words = row.args_kwargs
        context = (TaskContext(task_result=row.task_result),) if task.takes_context else ()  # type: ignore[arg-type]  # likewise
        row.set_successful(task.call(*context, *words["args"], **words["kwargs"]))
    except Exception as fault:
        _note_failure(row, fault)
        return False
    return True


def _note_failure(row: "Row", fault: Exception) -> None:
    attempts = len(row.worker_ids)
    pause, now = rules.pause_after(attempts), timezone.now()
    row.exception_class_path = f"{type(fault).__module__}.{type(fault).__qualname__}"
    row.traceback = without_addresses("".join(format_exception(fault)))
    if pause is None:
        row.status, row.finished_at = FAILED, now
    else:
        row.status, row.run_after = READY, now + pause
    row.save(update_fields=["status", "run_after", "finished_at", "exception_class_path", "traceback"])
    log.warning("Task %s failed, attempt %s, %s: %s", row.task_path, attempts, _outlook(pause), row.exception_class_path)


def _outlook(pause: object) -> str:
    return f"again in {pause}" if pause else "waits for a person"


def without_addresses(text: str) -> str:
    """The text without e-mail addresses, which mail servers and databases like to repeat in their complaints."""
    return E_MAIL.sub("...@...", text)


# ------------------------------------------------------------------------------------------------- living and dying


@contextmanager
def alive(worker: str) -> Iterator[None]:
    """Say that this worker lives, again and again from a thread of its own, so that a long task does not count as death."""
    held, stop = occupancy.hold_name(settings.VAR, worker), threading.Event()
    try:
        beat(worker)
        threading.Thread(target=_keep_beating, args=(worker, stop), name="beat", daemon=True).start()
        yield
    finally:
        stop.set()
        try:
            Worker.objects.filter(id=worker).delete()
        finally:
            occupancy.give_name_back(held)


def _keep_beating(worker: str, stop: threading.Event) -> None:
    while not stop.wait(rules.BEAT_EVERY.total_seconds()):
        try:
            beat(worker)
        except (DatabaseError, InterfaceError):  # busy or away for a moment: the next beat will do
            log.warning("The worker could not say that it lives.")
        finally:
            connections.close_all()


def new_worker() -> str:
    """A name for a worker."""
    return get_random_string(16).lower()


def beat(worker: str) -> None:
    """Say that this worker lives."""
    Worker.objects.update_or_create(id=worker, defaults={"beat_at": timezone.now()})


def rescue(now: datetime, me: str = "") -> int:
    """Hand on what was running when its worker died; the number of such tasks.

    `me` is the worker who asks, between two tasks: what is still said to run under that name was lost with the connection.
    """
    living = _bury_the_dead(now) - {me}
    orphans = [row.pk for row in DBTaskResult.objects.running() if not row.worker_ids or row.worker_ids[-1] not in living]
    return sum(_hand_on(pk, living) for pk in orphans)


def _bury_the_dead(now: datetime) -> set[str]:
    beats = dict(Worker.objects.values_list("id", "beat_at"))
    dead = [worker for worker, at in beats.items() if rules.is_dead(at, now) or occupancy.is_gone(settings.VAR, worker)]
    Worker.objects.filter(id__in=dead).delete()
    return beats.keys() - set(dead)


@transaction.atomic
def _hand_on(pk: UUID, living: set[str]) -> bool:
    row: Row | None = DBTaskResult.objects.select_for_update().filter(pk=pk, status=RUNNING).first()
    if row is None or (row.worker_ids and row.worker_ids[-1] in living):
        return False
    attempts = len(row.worker_ids)
    row.status, row.run_after = READY, get_date_max()
    if rules.pause_after(attempts) is None:  # whatever kills its worker five times shall not do so for ever
        row.status, row.finished_at = FAILED, timezone.now()
        row.exception_class_path, row.traceback = "", f"Its worker died {attempts} times while it ran."
    row.save(update_fields=["status", "run_after", "finished_at", "exception_class_path", "traceback"])
    return True


# -------------------------------------------------------------------------------------------- what the caretakers see


@dataclass(frozen=True)
class Summary:
    """How the queue stands. `later` waits for its time or its next attempt; `workers` are the processes that live."""

    waiting: int
    later: int
    running: int
    failed: int
    workers: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class Failure:
    """A task that was given up and waits for a person."""

    id: UUID
    task: str
    arguments: str
    attempts: int
    at: datetime | None
    fault: str
    traceback: str


def summary(now: datetime | None = None) -> Summary:
    """Numbers for the desk: five small counts."""
    now = now or timezone.now()
    ready = DBTaskResult.objects.filter(status=READY)
    due = DBTaskResult.objects.ready()
    return Summary(
        waiting=due.count(),
        later=ready.filter(run_after__gt=now).exclude(run_after=get_date_max()).count(),
        running=DBTaskResult.objects.running().count(),
        failed=DBTaskResult.objects.failed().count(),
        workers=Worker.objects.filter(beat_at__gte=now - rules.DEAD_AFTER).exclude(id__endswith="-mail").count(),
        oldest_at=due.aggregate(at=Min("enqueued_at"))["at"],
    )


def failures(limit: int = 100) -> list[Failure]:
    """What was given up, the latest first."""
    return [_failure(row) for row in DBTaskResult.objects.failed().order_by("-finished_at", "pk")[:limit]]


def _failure(row: "Row") -> Failure:
    words = [*map(str, row.args_kwargs["args"]), *(f"{name}={value}" for name, value in row.args_kwargs["kwargs"].items())]
    return Failure(
        id=row.pk,
        task=row.task_path.removeprefix("allmende.").replace(".tasks.", "."),
        arguments=", ".join(words),
        attempts=len(row.worker_ids),
        at=row.finished_at,
        fault=row.exception_class_path,
        traceback=row.traceback,
    )


@transaction.atomic
def retry(pk: UUID, *, by: "Person | None" = None) -> bool:
    """Give a failed task all its attempts again, the first one now. False when it does not wait for a person (any more)."""
    row = _failed(pk).select_for_update().first()
    if row is None:
        return False
    row.status, row.run_after, row.worker_ids = READY, get_date_max(), []
    row.save(update_fields=["status", "run_after", "worker_ids"])
    trail.record("ground.task_retried", by=by, task=row.task_path, id=str(pk))
    return True


@transaction.atomic
def discard(pk: UUID, *, by: "Person | None" = None) -> bool:
    """Throw a failed task away. False when it does not wait for a person (any more)."""
    row = _failed(pk).select_for_update().first()
    if row is None:
        return False
    row.delete()
    trail.record("ground.task_discarded", by=by, task=row.task_path, id=str(pk))
    return True


def _failed(pk: UUID) -> "QuerySet[Row]":
    return DBTaskResult.objects.failed().filter(pk=pk)


def prune(now: datetime) -> int:
    """Forget what was done a week ago and what was given up three months ago."""
    done = DBTaskResult.objects.successful().filter(finished_at__lt=now - rules.KEEP_DONE)
    given_up = DBTaskResult.objects.failed().filter(finished_at__lt=now - rules.KEEP_FAILED)
    return done.delete()[0] + given_up.delete()[0]
