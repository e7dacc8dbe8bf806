"""The queue: at least once, whatever happens; tried again with growing pauses; nothing is done twice by two living workers."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone
from django_tasks import TaskContext, task
from django_tasks_db.models import DBTaskResult

from allmende.ground import occupancy, outbox, queue, rules
from allmende.ground.models import Entry, Worker

NOW = timezone.now
did: list[object] = []


@task()
def note(number: int) -> None:
    did.append(number)


@task()
def fail(number: int) -> None:
    raise RuntimeError(f"no mailbox anna.b@mail.example.org for {number}")


@task()
def note_then_note(number: int) -> None:
    did.append(number)
    note.enqueue(number + 1)


@task(takes_context=True)
def note_attempt(context: TaskContext, number: int) -> None:
    did.append((number, context.attempt))


@task(priority=10)
def note_first(number: int) -> None:
    did.append(number)


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    did.clear()


def wake(row: DBTaskResult) -> DBTaskResult:
    """Let the pause be over."""
    DBTaskResult.objects.filter(pk=row.pk).update(run_after=NOW())
    return DBTaskResult.objects.get(pk=row.pk)


# --------------------------------------------------------------------------------------------------------------- doing


@pytest.mark.django_db
def test_a_task_waits_until_somebody_runs_it() -> None:
    note.enqueue(1)
    assert did == []
    assert queue.run_all() == ["note"]
    assert did == [1]
    assert queue.run_all() == []


@pytest.mark.django_db
def test_tasks_are_done_in_their_order_the_urgent_first_and_what_they_queue_too() -> None:
    note_then_note.enqueue(1)
    note.enqueue(5)
    note_first.enqueue(9)
    note_attempt.enqueue(7)
    assert queue.run_all() == ["note_first", "note_then_note", "note", "note_attempt", "note"]
    assert did == [9, 1, 5, (7, 1), 2]


@pytest.mark.django_db
def test_mail_has_a_lane_of_its_own_beside_long_work() -> None:
    note.enqueue(1)
    outbox.post("anna@example.org", "Dein Code", "123 456")
    mail = queue.claim("one-mail", "mail")
    assert mail is not None
    assert mail.task_name == "deliver"
    assert queue.claim("one-mail", "mail") is None
    other = queue.claim("one", "default")
    assert other is not None
    assert other.task_name == "note"


@pytest.mark.django_db
def test_a_change_that_did_not_happen_queues_nothing() -> None:
    with transaction.atomic():
        note.enqueue(1)
        transaction.set_rollback(True)
    assert queue.run_all() == []


@pytest.mark.django_db
def test_a_task_in_the_future_waits() -> None:
    note.using(run_after=NOW() + timedelta(hours=1)).enqueue(1)
    assert queue.run_all() == []
    assert queue.summary().later == 1
    wake(DBTaskResult.objects.get())
    assert queue.run_all() == ["note"]


# ------------------------------------------------------------------------------------------------------------- failing


@pytest.mark.django_db
def test_what_fails_is_tried_five_times_with_growing_pauses_and_then_waits_for_a_person() -> None:
    fail.enqueue(1)
    row, pauses = DBTaskResult.objects.get(), []
    for _ in range(4):
        before = NOW()
        assert queue.run_all() == ["fail"]
        row.refresh_from_db()
        pauses.append(round((row.run_after - before).total_seconds() / 60))
        assert queue.run_all() == []
        row = wake(row)
    assert pauses == [1, 10, 60, 360]
    assert queue.failures() == []
    queue.run_all()
    [failure] = queue.failures()
    assert (failure.task, failure.arguments, failure.attempts) == ("tests.ground.test_queue.fail", "1", 5)
    assert failure.fault == "builtins.RuntimeError"


@pytest.mark.django_db
def test_what_is_noted_of_a_failure_names_no_mail_address() -> None:
    fail.enqueue(1)
    queue.run_all()
    text = DBTaskResult.objects.get().traceback
    assert "RuntimeError: no mailbox ...@... for 1" in text
    assert "anna" not in text


@pytest.mark.django_db
def test_a_failing_task_stops_no_other() -> None:
    fail.enqueue(1)
    note.enqueue(2)
    assert queue.run_all() == ["fail", "note"]
    assert did == [2]


@pytest.mark.django_db
def test_a_task_whose_code_is_gone_fails_like_any_other() -> None:
    DBTaskResult.objects.create(task_path="allmende.ground.tasks.gone", args_kwargs={"args": [], "kwargs": {}}, backend_name="default")
    queue.run_all()
    row = DBTaskResult.objects.get()
    assert (row.status, row.exception_class_path) == ("READY", "builtins.ImportError")


def given_up(number: int) -> DBTaskResult:
    fail.enqueue(number)
    row = DBTaskResult.objects.latest("enqueued_at")
    DBTaskResult.objects.filter(pk=row.pk).update(status="FAILED", finished_at=NOW(), worker_ids=["a"] * 5)
    return row


@pytest.mark.django_db
def test_a_person_lets_a_failed_task_try_all_over() -> None:
    row = given_up(1)
    assert queue.retry(row.pk)
    assert not queue.retry(row.pk)
    assert queue.failures() == []
    assert queue.run_all() == ["fail"]
    row.refresh_from_db()
    assert (row.status, len(row.worker_ids)) == ("READY", 1)
    assert Entry.objects.get(verb="ground.task_retried").facts["id"] == str(row.pk)


@pytest.mark.django_db
def test_a_person_throws_a_failed_task_away_but_no_other() -> None:
    row = given_up(1)
    note.enqueue(1)
    waiting = DBTaskResult.objects.exclude(pk=row.pk).get()
    assert not queue.discard(waiting.pk)
    assert not queue.discard(uuid4())
    assert queue.discard(row.pk)
    assert list(DBTaskResult.objects.all()) == [waiting]
    assert Entry.objects.filter(verb="ground.task_discarded").count() == 1


@pytest.mark.django_db
def test_the_summary_counts_what_waits_runs_and_failed() -> None:
    for number in range(3):
        note.enqueue(number)
    given_up(9)
    queue.claim("busy")
    queue.beat("busy")
    found = queue.summary()
    assert (found.waiting, found.later, found.running, found.failed, found.workers) == (2, 0, 1, 1, 1)
    assert found.oldest_at == DBTaskResult.objects.ready().earliest("enqueued_at").enqueued_at


@pytest.mark.django_db
def test_what_was_done_is_forgotten_after_a_week_and_what_failed_after_three_months() -> None:
    for number in range(2):
        note.enqueue(number)
    queue.run_all()
    old = DBTaskResult.objects.successful().first()
    DBTaskResult.objects.filter(pk=old.pk).update(finished_at=NOW() - timedelta(days=8))
    older = given_up(1)
    DBTaskResult.objects.filter(pk=older.pk).update(finished_at=NOW() - timedelta(days=91))
    kept = given_up(2)
    DBTaskResult.objects.filter(pk=kept.pk).update(finished_at=NOW() - timedelta(days=89))
    assert queue.prune(NOW()) == 2
    assert {row.status for row in DBTaskResult.objects.all()} == {"SUCCESSFUL", "FAILED"}


# ------------------------------------------------------------------------------------------------------------- crashes


@pytest.mark.django_db
def test_what_ran_when_its_worker_died_is_ready_again() -> None:
    note.enqueue(1)
    queue.beat("one")
    queue.claim("one")
    assert queue.rescue(NOW() + timedelta(minutes=1)) == 0  # it may still live
    assert queue.rescue(NOW() + timedelta(minutes=3)) == 1
    assert not Worker.objects.exists()
    assert queue.run_all() == ["note"]
    assert did == [1]


@pytest.mark.django_db
def test_the_task_of_a_worker_that_signed_off_or_was_never_known_is_handed_on_at_once() -> None:
    note.enqueue(1)
    queue.claim("nobody")
    assert queue.rescue(NOW()) == 1


@pytest.mark.django_db
def test_the_task_of_a_living_worker_is_left_alone() -> None:
    note.enqueue(1)
    with queue.alive("one"):
        queue.claim("one")
        assert queue.rescue(NOW(), me="two") == 0
        assert queue.rescue(NOW(), me="one") == 1  # said between two tasks: lost with the connection
    assert not Worker.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_at_a_long_task_says_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "BEAT_EVERY", timedelta(milliseconds=20))
    with queue.alive("one"):
        Worker.objects.update(beat_at=NOW() - timedelta(hours=1))
        for _ in range(200):
            time.sleep(0.02)
            if Worker.objects.get().beat_at > NOW() - timedelta(minutes=1):
                break
        else:
            pytest.fail("The worker fell silent.")


@pytest.mark.django_db
def test_what_kills_its_worker_five_times_is_given_up() -> None:
    note.enqueue(1)
    for number in range(5):
        assert queue.claim(f"worker-{number}") is not None
        assert queue.rescue(NOW()) == 1
    [failure] = queue.failures()
    assert (failure.attempts, failure.traceback) == (5, "Its worker died 5 times while it ran.")


@pytest.mark.django_db
def test_a_worker_killed_on_this_machine_is_noticed_at_once_by_its_lock() -> None:
    code = (
        "import sys, time; from pathlib import Path; from allmende.ground import occupancy;"
        "held = occupancy.hold_name(Path(sys.argv[1]), 'victim'); print('held', flush=True); time.sleep(60)"
    )
    note.enqueue(1)
    queue.claim("victim")
    with subprocess.Popen(
        [sys.executable, "-c", code, str(settings.VAR)], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "src"}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        queue.beat("victim")
        assert queue.rescue(NOW()) == 0
        process.kill()
    assert queue.rescue(NOW()) == 1
    assert queue.run_all() == ["note"]


def test_a_name_nobody_held_here_may_live_elsewhere(tmp_path: Path) -> None:
    assert not occupancy.is_gone(tmp_path, "elsewhere")
    held = occupancy.hold_name(tmp_path, "here")
    assert not occupancy.is_gone(tmp_path, "here")
    occupancy.give_name_back(held)
    assert list((tmp_path / "workers").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_each_task_is_claimed_by_one() -> None:
    for number in range(12):
        note.enqueue(number)
    claimed: list[tuple[str, object]] = []
    barrier = threading.Barrier(3)

    def work(name: str) -> None:
        barrier.wait()
        while row := queue.claim(name):
            claimed.append((name, row.args_kwargs["args"][0]))
        connections.close_all()

    threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(number for _name, number in claimed) == list(range(12))


@pytest.mark.django_db
def test_the_worker_does_once_what_waits_and_signs_off() -> None:
    note_then_note.enqueue(1)
    call_command("worker", once=True)
    assert did == [1, 2]
    assert not Worker.objects.exists()
    assert not list((settings.VAR / "workers").iterdir())
