"""Periodic jobs: when they are due, that they run once, and that one failing job stops no other."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from allmende.ground import jobs
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


@pytest.mark.django_db
def test_a_new_job_waits_for_its_time() -> None:
    runs: list[int] = []
    jobs.daily("house.sweep", at_hour=3)(lambda: runs.append(1))
    assert jobs.run_due(NOON) == []
    assert runs == []
    assert Job.objects.get().due_at == datetime(2026, 6, 2, 3, tzinfo=BERLIN)


@pytest.mark.django_db
def test_a_due_job_runs_once_and_says_how_it_went() -> None:
    jobs.daily("house.sweep", at_hour=3)(lambda: "two rooms")
    jobs.run_due(NOON)
    later = NOON + timedelta(days=1)
    assert jobs.run_due(later) == ["house.sweep"]
    assert jobs.run_due(later) == []
    row = Job.objects.get()
    assert (row.result, row.ran_at, row.due_at) == ("two rooms", later, datetime(2026, 6, 3, 3, tzinfo=BERLIN))


@pytest.mark.django_db
def test_a_job_missed_for_a_week_runs_once_not_seven_times() -> None:
    runs: list[int] = []
    jobs.daily("house.sweep", at_hour=3)(lambda: runs.append(1))
    for day in (0, 8, 8, 8):
        jobs.run_due(NOON + timedelta(days=day))
    assert runs == [1]


@pytest.mark.django_db
def test_a_failing_job_is_noted_and_stops_no_other() -> None:
    def fail() -> str:
        raise RuntimeError("the broom is broken")

    jobs.every("house.fail", minutes=5)(fail)
    jobs.every("house.sweep", minutes=5)(lambda: None)
    jobs.run_due(NOON)
    assert jobs.run_due(NOON + timedelta(minutes=5)) == ["house.fail", "house.sweep"]
    assert dict(Job.objects.values_list("name", "result")) == {
        "house.fail": "failed: RuntimeError: the broom is broken",
        "house.sweep": "done",
    }


@pytest.mark.django_db
def test_of_two_workers_one_runs_the_job() -> None:
    jobs.every("house.sweep", minutes=5)(lambda: None)
    jobs.run_due(NOON)
    job, later = jobs.JOBS["house.sweep"], NOON + timedelta(minutes=5)
    assert [jobs._claim("house.sweep", job, later) for _ in range(2)] == [True, False]


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
