"""What happens by itself and in the background: faults while writing, sweeping, merges, erasure, backups, reports."""

import os
import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from allmende.directory.models import Organisation
from allmende.duplicates.actions import merge_organisations, undo_merge
from allmende.files import actions, jobs, personal, rules, storing
from allmende.files.models import Attachment
from allmende.ground.backups import unpack, write_archive
from allmende.people import subjects
from allmende.people.models import Person
from allmende.suggestions import actions as reports
from allmende.suggestions.actions.judging import Verdict
from allmende.suggestions.actions.pointing import Writer
from allmende.suggestions.models import Report
from tests.cast import organisation
from tests.files.conftest import as_, person, picture, steward_of, upload

pytestmark = pytest.mark.django_db


def lying() -> list[str]:
    return sorted(path.name for path in storing.folder().rglob("*") if path.is_file())


@pytest.fixture
def bild(haus: Organisation, steward: Person) -> Attachment:
    return actions.attach_file(haus, picture(), "Haus.jpg", by=steward)[0]


def test_a_fault_while_writing_leaves_nothing(haus: Organisation, steward: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        actions.attach_file(haus, picture(), "a.jpg", by=steward)
    assert (lying(), Attachment.objects.count()) == ([], 0)


def test_a_fault_in_the_transaction_leaves_nothing(haus: Organisation, steward: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*what: Any, **more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions.trail, "record", broken)
    with pytest.raises(RuntimeError):
        actions.attach_file(haus, picture(), "a.jpg", by=steward)
    assert (lying(), Attachment.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_no_lock_is_held_while_a_file_is_checked_and_written(haus: Organisation, steward: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    seen = []
    write = storing.write
    monkeypatch.setattr(storing, "write", lambda *what: (seen.append(connection.in_atomic_block), write(*what)))
    actions.attach_file(haus, picture(), "a.jpg", by=steward)
    assert seen == [False]


def test_what_a_crash_left_is_swept_after_a_day(bild: Attachment) -> None:
    left, half = uuid4(), uuid4()
    storing.write(left, b"x")
    part = storing.path_of(half).with_name(half.hex + storing.PART)
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"x")
    assert actions.sweep() == {"deleted": 0, "strays": 0}
    for path in (storing.path_of(left), part, storing.path_of(bild.uuid)):
        os.utime(path, (0, 0))
    assert actions.sweep() == {"deleted": 0, "strays": 2}
    assert lying() == [bild.uuid.hex]


def test_removed_files_are_deleted_after_a_month(bild: Attachment, steward: Person) -> None:
    actions.remove_file(bild, by=steward)
    assert jobs.sweep() == "0 deleted, 0 strays"
    assert actions.sweep(timezone.now() + rules.UNDONE_WITHIN + timedelta(minutes=1)) == {"deleted": 1, "strays": 0}
    assert (lying(), Attachment.objects.count()) == ([], 0)


def test_files_of_things_that_are_no_more_are_deleted(bild: Attachment) -> None:
    Attachment.objects.update(number=999_999)
    Attachment.objects.create(kind="room.gone", number=1, name="a", content_type="text/plain", size=1, digest="x")
    assert actions.sweep()["deleted"] == 1
    assert [one.kind for one in Attachment.objects.all()] == ["room.gone"]


def test_a_backup_holds_the_files(bild: Attachment, settings: Any, tmp_path: Path) -> None:
    database = tmp_path / "database.sqlite3"
    database.write_bytes(b"x")
    write_archive(tmp_path / "a.tar.gz", database, "database.sqlite3", Path(settings.MEDIA_ROOT))
    name = f"media/files/{bild.uuid.hex[:2]}/{bild.uuid.hex}"
    with tarfile.open(tmp_path / "a.tar.gz") as archive:
        assert name in archive.getnames()
    assert name in unpack(tmp_path / "a.tar.gz", tmp_path / "back")["files"]
    assert (tmp_path / "back" / name).read_bytes() == storing.path_of(bild.uuid).read_bytes()


def test_files_follow_their_entry_through_a_merge_and_back(bild: Attachment, haus: Organisation, steward: Person) -> None:
    other, caretaker = organisation("Haus Berlin eG"), person("caretaker", is_caretaker=True)
    merge = merge_organisations(other, haus, by=caretaker)
    assert Attachment.objects.get().organisation == other
    undo_merge(merge, by=caretaker)
    assert Attachment.objects.get().organisation == haus


# -------------------------------------------------------------------------------------------------- persons and reports


def test_a_person_takes_the_list_along_and_leaves_the_files(bild: Attachment, steward: Person) -> None:
    assert [(row["name"], row["size"]) for row in personal.attached(steward)] == [("Haus.jpg", bild.size)]
    assert len(personal.what_stays(steward)) == 1
    personal.forget(steward)
    found = Attachment.objects.get()
    assert (found.uploaded_by, found.organisation, storing.path_of(found.uuid).is_file()) == (None, bild.organisation, True)
    assert (personal.attached(steward), personal.what_stays(steward)) == ([], [])


def test_a_file_is_reported_hidden_and_shown_again(bild: Attachment, steward: Person) -> None:
    first, second = person("first", is_caretaker=True), person("second", is_caretaker=True)
    address = f"/dateien/{bild.uuid}/Haus.jpg"
    said = {"place": "hier", "reason": "Das bin ich.", "name": "Anna", "email": "anna@example.org", "is_nameless": False}
    report = reports.report_thing(bild, said, by=Writer(uuid4()))
    assert (report.kind, report.number, report.title, report.organisation) == ("files.attachment", bild.pk, "Haus.jpg", bild.organisation)
    assert list(report.responsible.all()) == [steward]
    report = reports.decide_report(report, Verdict("hidden", "Ein fremdes Bild.", ground="law", basis="§ 22 KunstUrhG"), by=first)
    for who in (None, steward):
        assert as_(who).get(address).status_code == 404
        assert as_(who).post(f"/dateien/{bild.uuid}/entfernen/").status_code in {302, 404}
    assert as_(second).get(address).status_code == 200  # who judges the appeal must see it
    appeal = reports.appeal_decision(report, "steward", "Sie hat zugestimmt.", by=steward)
    reports.decide_appeal(appeal, "changed", "Stimmt.", by=second, verdict=Verdict("none", "Mit Erlaubnis."))
    assert Client().get(address).status_code == 200
    assert Attachment.objects.get().hidden_reason == ""


def test_a_hidden_file_is_deleted_when_nothing_can_follow_any_more(bild: Attachment) -> None:
    caretaker = person("caretaker", is_caretaker=True)
    said = {"place": "hier", "reason": "x", "name": "", "email": "", "is_nameless": True}
    report = reports.report_thing(bild, said, by=Writer(uuid4()))
    reports.decide_report(report, Verdict("hidden", "x", ground="law", basis="x"), by=caretaker)
    later = timezone.now() + rules.KEPT_HIDDEN + timedelta(days=1)
    assert actions.sweep(later)["deleted"] == 0
    Report.objects.update(emptied_at=timezone.now())
    assert actions.sweep(later)["deleted"] == 1


def test_caretakers_open_a_file_of_a_thing_they_do_not_see_only_when_it_is_reported(
    bild: Attachment, steward: Person, monkeypatch: Any
) -> None:
    caretaker = person("caretaker", is_caretaker=True)
    entry = subjects.of(bild.organisation)
    secret = subjects.Subject(
        Organisation, label="x", visible_to=lambda viewer: Organisation.objects.filter(pk__gt=0 if viewer == steward else 10**6),
        url=entry.url, organisation=entry.organisation, may_attach=entry.may_attach, people=entry.people,
    )  # fmt: skip
    monkeypatch.setitem(subjects._SUBJECTS, secret.kind, secret)
    address = f"/dateien/{bild.uuid}/Haus.jpg"
    assert as_(caretaker).get(address).status_code == 404
    said = {"place": "hier", "reason": "x", "name": "", "email": "", "is_nameless": False}
    reports.report_thing(bild, said, by=Writer(uuid4(), steward), matter="conduct")
    assert as_(caretaker).get(address).status_code == 200
    assert as_(person("stranger")).get(address).status_code == 404


def test_another_steward_after_the_first_left_may_still_remove(bild: Attachment, haus: Organisation, steward: Person) -> None:
    personal.forget(steward)
    assert as_(steward_of(haus, "next")).post(f"/dateien/{bild.uuid}/entfernen/").status_code == 302
    assert upload(steward, haus, picture("PNG"), "b.png").status_code == 302
