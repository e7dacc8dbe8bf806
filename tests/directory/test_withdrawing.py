"""A source is taken back: who sees what first, which entries leave, which live on, and that a crash leaves nothing half done."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from allmende.atlas.actions import verify
from allmende.atlas.models import Entry
from allmende.directory import actions, withdrawing
from allmende.directory.models import Organisation, Proof, Record, Revision, RevisionSet, Role, Source, State, Stewardship
from allmende.ground import trail
from allmende.ground.models import Entry as Line
from allmende.ground.refusals import NotAllowed
from allmende.people.models import Person
from allmende.people.queries import service
from tests.cast import BERLIN, organisation, source

pytestmark = pytest.mark.django_db


class PowerCut(BaseException):
    """Nobody inside may catch it, as nobody can catch a power cut."""


@pytest.fixture
def gone() -> Source:
    """Five entries of one source: two of its own, one that another source has too, one looked after, one archived already."""
    register, other = source("register", "ODbL-1.0"), source("karte")
    organisation("Allein eG", "Berlin", BERLIN, from_source=register)
    organisation("Entwurf eG", "Berlin", BERLIN, from_source=register, state=State.DRAFT)
    both = organisation("Beide eG", "Berlin", BERLIN, from_source=register)
    now = timezone.now()
    Record.objects.create(source=other, remote_id="b", organisation=both, licence="CC0-1.0", digest="", retrieved_at=now, seen_at=now)
    trail.record("directory.organisations_changed", organisations=[both.pk])
    kept = organisation("Gepflegt eG", "Berlin", BERLIN, from_source=register)
    anna = Person.objects.create(email="anna@demo.example")
    Stewardship.objects.create(organisation=kept, person=anna, role=Role.OWNER, proof=Proof.FOUNDED, since=now)
    organisation("Archiv eG", from_source=register, state=State.ARCHIVED)
    organisation("Fremd eG", "Berlin", BERLIN, from_source=other)
    return register


def states() -> dict[str, str]:
    return dict(Organisation.objects.order_by("slug").values_list("slug", "state"))


AFTER = {
    "allein-eg": "archived",
    "archiv-eg": "archived",
    "beide-eg": "published",
    "entwurf-eg": "archived",
    "fremd-eg": "published",
    "gepflegt-eg": "published",
}


def withdraw(one: Source) -> RevisionSet:
    return actions.withdraw_source(one, by=service("import"))


@pytest.mark.parametrize("who", ["anna@demo.example", "haus@demo.example"])
def test_only_caretakers_withdraw(gone: Source, who: str) -> None:
    person, _new = Person.objects.get_or_create(email=who)
    with pytest.raises(NotAllowed):
        actions.withdraw_source(gone, by=person)
    person.is_caretaker = True
    person.save()
    assert actions.withdraw_source(gone, by=person).report["state"] == "done"


def test_what_would_go_is_said_first_and_nothing_is_changed(gone: Source, capsys: pytest.CaptureFixture[str]) -> None:
    before = states()
    assert withdrawing.outlook(gone) == withdrawing.Outlook(records=5, archived=2, kept=2)
    call_command("withdraw_source", "register", "--language", "en")
    said = capsys.readouterr().out
    assert "5 records go" in said and "2 entries leave the map" in said and "2 entries live on" in said and "--yes" in said
    assert states() == before and gone.records.count() == 5


def test_entries_nobody_else_vouches_for_are_archived_and_the_others_live_on(gone: Source) -> None:
    withdraw(gone)
    assert states() == AFTER
    assert not gone.records.exists() and Record.objects.count() == 2
    assert Revision.objects.filter(after={"state": "archived"}).count() == 2


def test_the_map_follows(gone: Source) -> None:
    withdraw(gone)
    assert sorted(Entry.objects.values_list("slug", flat=True)) == ["beide-eg", "fremd-eg", "gepflegt-eg"]
    assert Entry.objects.get(slug="beide-eg").licence == "CC0-1.0"
    assert verify() == []


def test_the_trail_tells_which_and_how_many(gone: Source) -> None:
    one = withdraw(gone)
    last = Line.objects.filter(verb="directory.source_withdrawn").get()
    assert (last.about, last.facts) == (str(gone.pk), {"records": 5, "archived": 2, "kept": 2})
    told = Line.objects.filter(verb="directory.organisations_changed", about=str(one.pk)).order_by("pk")
    assert [(line.facts["what"], len(line.facts["organisations"])) for line in told] == [("archived", 2), ("withdrawn", 3)]


def test_a_withdrawal_is_undone_like_an_import(gone: Source) -> None:
    one = withdraw(gone)
    actions.undo_import(one, by=service("import"))
    assert states() == AFTER | {"allein-eg": "published", "entwurf-eg": "draft"}
    assert verify() == []


def test_the_same_file_may_come_again(gone: Source) -> None:
    earlier = RevisionSet.objects.create(source=gone, report={"sha256": "x", "state": "done", "is_complete": True})
    one = withdraw(gone)
    earlier.refresh_from_db()
    assert earlier.report["undone_by"] == one.pk


def test_chunks_are_told_as_they_go(gone: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawing, "CHUNK", 2)
    told: list[tuple[int, int]] = []
    actions.withdraw_source(gone, by=service("import"), say=lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert states() == AFTER


@pytest.mark.parametrize("rows", [4, 40])
def test_the_number_of_statements_does_not_grow_with_the_rows(rows: int, django_assert_max_num_queries: Any) -> None:
    one = source("viele")
    for number in range(rows):
        organisation(f"Viele {number}", "Berlin", BERLIN, from_source=one)
    with django_assert_max_num_queries(60):
        withdraw(one)
    assert verify() == [] and Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at", [1, 4, 9, 16, 25])
def test_wherever_it_stops_the_same_call_goes_on_to_the_same_end(gone: Source, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(withdrawing, "CHUNK", 2)
    left = at

    def fall(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        left -= sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        if left == 0:
            raise PowerCut
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fall), pytest.raises(PowerCut):
        withdraw(gone)
    assert verify() == []
    one = withdraw(gone)
    assert states() == AFTER and verify() == []
    assert (one.report["records"], one.report["archived"], one.report["kept"]) == (5, 2, 2)
    assert RevisionSet.objects.filter(report__has_key="withdraws").count() == 1


def test_the_command_needs_a_source_that_is_there(gone: Source) -> None:
    with pytest.raises(CommandError, match="karte, register"):
        call_command("withdraw_source", "niemand", "--yes", "--language", "en")


def test_the_command_does_it_and_says_how_to_go_back(gone: Source, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("withdraw_source", "register", "--yes", "--language", "en")
    said = capsys.readouterr().out
    assert "5 records gone, 2 entries archived, 2 live on" in said
    assert f"--undo {RevisionSet.objects.latest('pk').pk}" in said
    assert states() == AFTER
