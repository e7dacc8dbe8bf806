"""Periodic jobs: when they are due, that they run once through the queue, and that one failing job stops no other."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.ground import jobs, queue
from allmende.ground.models import Job

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 1, 12, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def no_other_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "JOBS", {})


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 6, 1, 2, 59, tzinfo=BERLIN), datetime(2026, 6, 1, 3, tzinfo=BERLIN)),
        (datetime(2026, 6, 1, 3, 0, tzinfo=BERLIN), datetime(2026, 6, 2, 3, tzinfo=BERLIN)),  # exactly now is over
        (datetime(2026, 6, 1, 1, 30, tzinfo=UTC), datetime(2026, 6, 2, 3, tzinfo=BERLIN)),  # 03:30 on the wall
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), datetime(2027, 1, 1, 3, tzinfo=BERLIN)),  # already the new year here
        (datetime(2026, 10, 24, 12, tzinfo=BERLIN), datetime(2026, 10, 25, 3, tzinfo=BERLIN)),  # the night with 25 hours
    ],
)
def test_a_daily_job_comes_at_its_hour_on_the_wall(moment: datetime, expected: datetime) -> None:
    assert jobs.next_day_at(moment, time(3)) == expected


def run_due(now: datetime) -> list[str]:
    """Queue what is due and do it."""
    names = jobs.queue_due(now)
    queue.run_all()
    return names


@pytest.mark.parametrize(
    ("moment", "weekday", "expected"),
    [
        (datetime(2026, 6, 1, 2, tzinfo=BERLIN), 0, datetime(2026, 6, 1, 3, tzinfo=BERLIN)),  # the first of June is a Monday
        (datetime(2026, 6, 1, 3, tzinfo=BERLIN), 0, datetime(2026, 6, 8, 3, tzinfo=BERLIN)),
        (datetime(2026, 6, 1, 12, tzinfo=BERLIN), 6, datetime(2026, 6, 7, 3, tzinfo=BERLIN)),
        (datetime(2026, 10, 23, 12, tzinfo=BERLIN), 6, datetime(2026, 10, 25, 3, tzinfo=BERLIN)),  # the night with 25 hours
    ],
)
def test_a_weekly_job_comes_on_its_day(moment: datetime, weekday: int, expected: datetime) -> None:
    assert jobs.next_weekday_at(moment, weekday, time(3)) == expected


@pytest.mark.django_db
def test_a_new_job_waits_for_its_time() -> None:
    runs: list[int] = []
    jobs.daily("house.sweep", at_hour=3)(lambda: runs.append(1))
    assert run_due(NOON) == []
    assert runs == []
    assert Job.objects.get().due_at == datetime(2026, 6, 2, 3, tzinfo=BERLIN)


@pytest.mark.django_db
def test_a_due_job_runs_once_and_says_how_it_went() -> None:
    jobs.daily("house.sweep", at_hour=3)(lambda: "two rooms")
    run_due(NOON)
    later = NOON + timedelta(days=1)
    assert run_due(later) == ["house.sweep"]
    assert run_due(later) == []
    row = Job.objects.get()
    assert (row.result, row.due_at) == ("two rooms", datetime(2026, 6, 3, 3, tzinfo=BERLIN))
    assert row.ran_at is not None
    assert timezone.now() - row.ran_at < timedelta(minutes=1)


@pytest.mark.django_db
def test_a_job_missed_for_a_week_runs_once_not_seven_times() -> None:
    runs: list[int] = []
    jobs.daily("house.sweep", at_hour=3)(lambda: runs.append(1))
    for day in (0, 8, 8, 8):
        run_due(NOON + timedelta(days=day))
    assert runs == [1]


@pytest.mark.django_db
def test_a_failing_job_is_noted_and_stops_no_other() -> None:
    def fail() -> str:
        raise RuntimeError("the broom is broken")

    jobs.every("house.fail", minutes=5)(fail)
    jobs.every("house.sweep", minutes=5)(lambda: None)
    run_due(NOON)
    assert run_due(NOON + timedelta(minutes=5)) == ["house.fail", "house.sweep"]
    assert dict(Job.objects.values_list("name", "result")) == {
        "house.fail": "failed: RuntimeError: the broom is broken",
        "house.sweep": "done",
    }


@pytest.mark.django_db
def test_of_two_workers_one_queues_the_job() -> None:
    jobs.every("house.sweep", minutes=5)(lambda: None)
    run_due(NOON)
    job, later = jobs.JOBS["house.sweep"], NOON + timedelta(minutes=5)
    assert [jobs._claim("house.sweep", job, later) for _ in range(2)] == [True, False]


@pytest.mark.django_db
def test_a_failed_job_is_tried_again_by_the_queue_and_has_no_twin_when_it_is_due_again() -> None:
    broken = [True, True]

    def fail_twice() -> str:
        if broken:
            broken.pop()
            raise RuntimeError("anna@example.org has the key")
        return "swept"

    jobs.every("house.sweep", minutes=5)(fail_twice)
    for minutes in (0, 5):
        run_due(NOON + timedelta(minutes=minutes))
    assert Job.objects.get().result == "failed: RuntimeError: ...@... has the key"
    assert DBTaskResult.objects.get().status == "READY"  # in a minute
    assert run_due(NOON + timedelta(minutes=10)) == ["house.sweep"]
    assert DBTaskResult.objects.get().status == "READY"  # in ten minutes
    assert run_due(NOON + timedelta(minutes=15)) == ["house.sweep"]
    row = DBTaskResult.objects.get()
    assert (row.status, len(row.worker_ids), Job.objects.get().result) == ("SUCCESSFUL", 3, "swept")


@pytest.mark.django_db
def test_a_job_that_still_runs_is_not_queued_again() -> None:
    jobs.every("house.sweep", minutes=5)(lambda: None)
    jobs.queue_due(NOON)
    assert jobs.queue_due(NOON + timedelta(minutes=5)) == ["house.sweep"]
    assert queue.claim("busy") is not None
    assert jobs.queue_due(NOON + timedelta(minutes=10)) == []
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_a_job_whose_room_was_closed_is_no_failure() -> None:
    Job.objects.create(name="house.gone")
    jobs.run_job.enqueue("house.gone")
    queue.run_all()
    assert Job.objects.get().result == "no room knows this job any more"
    assert queue.failures() == []


def test_two_jobs_of_one_name_are_refused() -> None:
    jobs.daily("house.sweep", at_hour=3)(lambda: None)
    with pytest.raises(ValueError, match=r"house\.sweep"):
        jobs.daily("house.sweep", at_hour=4)(lambda: None)


@pytest.mark.django_db
def test_the_worker_runs_what_is_due_and_returns(capsys: pytest.CaptureFixture[str]) -> None:
    jobs.every("house.sweep", minutes=5)(lambda: None)
    Job.objects.create(name="house.sweep", due_at=datetime(2020, 1, 1, tzinfo=UTC))
    call_command("worker", once=True)
    assert "house.sweep" in capsys.readouterr().out
    assert Job.objects.get(name="house.sweep").result == "done"
