"""What a house does by itself to keep its index quick: a base where it is large, a short log of changes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from allmende.atlas import indexing, jobs
from allmende.atlas.engine import base
from allmende.atlas.models import Change, Entry
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three entries are many here."""
    monkeypatch.setattr(base, "BASE_FROM", 3)
    monkeypatch.setattr(jobs, "MOST_CHANGED", 4)
    monkeypatch.setattr(jobs, "MOST_CHANGED_PART", 2.0)
    monkeypatch.setattr(jobs, "KEPT", 1)
    for number in range(3):
        cast.organisation(f"Solar {number}", "Jena", cast.BERLIN)


def steps(number: int) -> None:
    for _ in range(number):
        indexing.step(indexing.packed([1]))


def age(**ago: int) -> None:
    Change.objects.update(at=timezone.now() - timedelta(**ago))


def test_a_small_house_has_no_base_and_forgets_very_old_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "KEPT_IN_SMALL_HOUSES", 2)
    steps(5)
    assert jobs.settle() == "steps forgotten 2"
    assert (base.current(), list(Change.objects.order_by("number").values_list("number", flat=True))) == (None, [3, 4, 5])


@pytest.mark.usefixtures("large")
def test_a_large_house_gets_a_base_once() -> None:
    assert jobs.settle().startswith("entries in a new base 3, stems kept with it ")
    assert jobs.settle() == "entries in a new base 0, stems kept with it 0, steps forgotten 0"


@pytest.mark.usefixtures("large")
def test_many_changes_are_due_after_a_while_and_very_many_at_once() -> None:
    jobs.settle()
    steps(4)
    age(days=2)
    assert not jobs.is_due(3)
    steps(1)
    assert jobs.is_due(3)
    age(minutes=5)
    assert not jobs.is_due(3)  # so soon after the last
    steps(2)
    assert jobs.is_due(3)  # more than the part


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("harm", ["everything", "gap", "restored"])
def test_a_base_the_log_does_not_lead_on_from_is_due(harm: str) -> None:
    jobs.settle()
    steps(2)
    assert not jobs.is_due(3)
    if harm == "everything":
        indexing.step(indexing.EVERYTHING)
    elif harm == "gap":
        Change.objects.order_by("-number")[1].delete()
    else:  # a backup was restored: another history has the same numbers
        Change.objects.update(nonce=7)
    assert jobs.is_due(3)


@pytest.mark.usefixtures("large")
def test_steps_older_than_the_base_and_a_day_are_forgotten() -> None:
    steps(5)
    age(days=2)
    steps(2)
    jobs.settle()
    assert list(Change.objects.order_by("number").values_list("number", flat=True)) == [9, 10]
    steps(3)
    age(days=2)
    assert jobs.settle().endswith("forgotten 1")  # the base's own step is kept, and all since
    assert list(Change.objects.order_by("number").values_list("number", flat=True)) == [10, 11, 12, 13]


@pytest.mark.usefixtures("large")
def test_prepare_builds_what_is_missing_and_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    Entry.objects.all().delete()
    call_command("prepare", no_demo=True)
    assert "index of the map" in capsys.readouterr().out
    assert Entry.objects.count() == 3 and base.current() is not None
    call_command("prepare", no_demo=True)
    assert "index of the map" not in capsys.readouterr().out
