"""The process dies at any write of an import: what is there is whole, and the same import goes on to the same end."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from allmende.atlas.actions import rebuild, verify
from allmende.directory import actions, importers
from allmende.directory.importers import running
from allmende.directory.importers.running import Task
from allmende.directory.models import Organisation, Place, Record, Revision
from allmende.people.queries import service
from tests.cast import organisation

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = ["Identifier", "Name", "Street Address", "Locality", "Postcode", "Primary Activity", "Country ID", "Website"]


class PowerCut(BaseException):
    """Nobody inside may catch it, as nobody can catch a power cut."""


class Fall:
    """Lets so many writing statements pass and stops the process at the next."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self.left -= 1
            if self.left == 0:
                raise PowerCut
        return execute(sql, params, many, context)


END = [
    ("anna", "Anna", "published", "a", "Hull"),
    ("ben", "Ben", "published", "b", "York"),
    ("clara", "Clara", "published", "c", "Bath"),
    ("dora", "Dora", "published", "d", "Ely"),
    ("emil", "Emil", "published", "e", "Ripon"),
    ("schon-da-eg", "Schon da eG", "published", None, None),
]


def write(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows([[one, name, "", town, "", "ICA210", "GB", ""] for one, name, town in rows])
    return path


def bring(path: Path) -> None:
    actions.import_drafts(Task(importers.profile("sea-standard"), path), by=service("import"))


def told() -> list[tuple[Any, ...]]:
    """All that entries and their sources say, without numbers and moments."""
    entries = Organisation.objects.order_by("slug").values_list("slug", "name", "state", "records__remote_id", "places__town")
    return list(entries)


def test_every_write_may_be_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    organisation("Schon da eG")
    first = write(tmp_path / "1.csv", [("a", "Anna", "Leeds"), ("b", "Ben", "York"), ("c", "Clara", "Bath")])
    second = write(tmp_path / "2.csv", [("a", "Anna", "Hull"), ("c", "Clara", "Bath"), ("d", "Dora", "Ely"), ("e", "Emil", "Ripon")])
    bring(first)
    crashed, number, is_done = 0, 0, False
    while not is_done:
        number += 1
        fall = Fall(number)
        try:
            with connection.execute_wrapper(fall):
                bring(second)
        except PowerCut:
            crashed += 1
        _is_whole()
        bring(second)  # whatever was cut off: the same file goes on where it stopped
        assert told() == END
        is_done = fall.left > 0
        if not is_done:
            _bring_back(first)
    assert crashed >= 20


def _is_whole() -> None:
    """No entry without its source, place and revision, no source without its entry, and the map says the same."""
    for item in Organisation.objects.exclude(slug="schon-da-eg"):
        assert item.records.count() == 1 and item.places.count() == 1 and item.revisions.exists()
    assert not Record.objects.filter(organisation=None).exists()
    assert verify() == []


def _bring_back(first: Path) -> None:
    """The house as it was before the second file."""
    for model in (Revision, Record, Place):
        model.objects.all().delete()
    gone = list(Organisation.objects.exclude(slug="schon-da-eg").values_list("pk", flat=True))
    Organisation.objects.filter(pk__in=gone).delete()
    rebuild()
    bring(first)
