"""Two entries become one and two again: what moves, what stays, what nobody may, and what a crash leaves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from allmende.directory import actions as directory
from allmende.directory.importers import undoing
from allmende.directory.models import Belonging, Kinship, Organisation, Place, Record, Revision, RevisionSet, State, Stewardship
from allmende.directory.queries import newest_revision
from allmende.duplicates import actions
from allmende.duplicates.models import Merge, Pair, PairState
from allmende.ground.models import Entry
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Person
from tests.cast import BERLIN, HAMBURG, organisation, source
from tests.duplicates.cast import caretaker, mills, pair, person, steward

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def haus(db: None) -> Person:
    return caretaker()


def fresh(entry: Organisation) -> Organisation:
    return Organisation.objects.get(pk=entry.pk)


# ------------------------------------------------------------------------------------------------------------- fields


def test_gaps_are_filled_lists_united_and_the_rest_is_the_winners(haus: Person) -> None:
    one, other = mills()
    actions.merge_organisations(one, other, by=haus)
    now = undoing.said(one.pk)
    assert (now["name"], now["phone"], now["website"]) == ("Alte Mühle eG", "+49 30 123456", "https://muehle.example.org")
    assert (now["email"], now["sector"], now["sectors"]) == ("muehle@example.org", "housing", ["food", "housing"])
    assert [place["street"] for place in now["places"]] == ["Mühlenweg 3"]
    revision = Revision.objects.filter(organisation=one).first()
    assert revision is not None and revision.after["phone"] == "+49 30 123456"
    assert revision.set.by == haus


def test_a_chosen_value_of_the_other_holds(haus: Person) -> None:
    one, other = mills()
    actions.merge_organisations(one, other, by=haus, theirs=["name", "sector"], reason="Sie heißt so.")
    now = undoing.said(one.pk)
    assert (now["name"], now["sector"], now["phone"]) == ("Alte Mühle", "food", "")
    assert RevisionSet.objects.latest("pk").reason == "Sie heißt so."


def test_what_one_of_them_hides_is_hidden_afterwards(haus: Person) -> None:
    one, other = mills()
    Organisation.objects.filter(pk=other.pk).update(visibility={"address": "members", "email": "public"})
    actions.merge_organisations(one, fresh(other), by=haus)
    assert fresh(one).visibility == {"address": "members", "email": "stewards"}


def test_places_are_united_without_doubles_and_with_one_seat(haus: Person) -> None:
    one, other = mills()
    Place.objects.create(organisation=other, street="Am Kanal 1", town="Hamburg", country="DE", lat=53.55, lon=9.99, precision="exact")
    Place.objects.filter(organisation=other, is_seat=True).update(street="Mühlenweg 3", lat=52.5201, lon=13.4051)  # 13 m away
    actions.merge_organisations(one, other, by=haus)
    assert [(place.street, place.is_seat) for place in one.places.all()] == [("Mühlenweg 3", True), ("Am Kanal 1", False)]


# ---------------------------------------------------------------------------------------------------- what hangs on it


def test_the_old_address_leads_to_the_new_one_also_along_a_chain(client: Client, haus: Person) -> None:
    one, other = mills()
    third = organisation("Mühle am Bach", "Berlin", BERLIN)
    actions.merge_organisations(one, other, by=haus)
    actions.merge_organisations(third, one, by=haus)
    for slug in ("alte-muehle", "alte-muehle-eg"):
        answer = client.get(f"/o/{slug}/")
        assert (answer.status_code, answer["Location"]) == (301, "/o/muehle-am-bach/")
    assert fresh(other).merged_into_id == one.pk


def test_stewards_of_both_look_after_what_stays_in_the_higher_role(haus: Person) -> None:
    one, other = mills()
    anna = steward("anna", one, "editor")
    steward("", other, "owner", anna)
    bodo = steward("bodo", other, "editor")
    actions.merge_organisations(one, other, by=haus)
    held = {one.person_id: one.role for one in Stewardship.objects.filter(organisation=one, until=None)}
    assert held == {anna.pk: "owner", bodo.pk: "editor"}


def test_records_networks_and_branches_move_and_confirmations_stay(haus: Person) -> None:
    one, other = mills(from_source=source(), confirmed=timedelta(days=3))
    net, shop, member = (organisation(name) for name in ("Netz", "Laden", "Glied"))
    Belonging.objects.create(network=net, member=one)
    Belonging.objects.create(network=net, member=other)
    Belonging.objects.create(network=other, member=member)
    Kinship.objects.create(branch=shop, head=other)
    actions.merge_organisations(one, other, by=haus)
    assert set(Record.objects.values_list("organisation_id", flat=True)) == {one.pk}
    assert Belonging.objects.filter(network=net, member=one).count() == 1
    assert Belonging.objects.get(member=member).network == one
    assert Kinship.objects.get(branch=shop).head == one
    assert (one.confirmations.count(), other.confirmations.count()) == (1, 1)


def test_verdicts_about_the_loser_hold_for_the_winner(haus: Person) -> None:
    one, other = mills()
    third, fourth = organisation("Neue Mühle eG"), organisation("Mühle Süd")
    actions.mark_different(other, third, by=haus)
    actions.mark_branch(fourth, other, by=haus)
    pair(one, third)
    merge = actions.merge_organisations(one, other, by=haus)
    assert Pair.objects.get(one=one, other=third).state == PairState.DIFFERENT
    assert Pair.objects.get(one=one, other=fourth).state == PairState.BRANCH
    actions.undo_merge(merge, by=haus)
    assert Pair.objects.get(one=one, other=third).state == PairState.OPEN
    assert not Pair.objects.filter(one=one, other=fourth).exists()
    assert Pair.objects.get(one=other, other=fourth).state == PairState.BRANCH


def test_the_trail_says_what_upper_rooms_need(haus: Person) -> None:
    one, other = mills()
    merge = actions.merge_organisations(one, other, by=haus)
    said = Entry.objects.get(verb="duplicates.organisations_merged")
    assert said.facts == {"winner": one.pk, "loser": other.pk, "merge": merge.pk}
    assert Entry.objects.filter(verb="directory.organisations_changed").latest("pk").facts["organisations"] == [one.pk, other.pk]
    actions.undo_merge(merge, by=haus)
    assert Entry.objects.get(verb="duplicates.organisations_unmerged").facts == {
        "winner": one.pk, "loser": other.pk, "merge": merge.pk, "left": 0,
    }  # fmt: skip


def test_the_map_follows(client: Client, haus: Person) -> None:
    one, other = mills()
    merge = actions.merge_organisations(one, other, by=haus)
    assert client.get("/karte/?q=Mühle").content.decode().count("/o/alte-muehle") == client.get("/karte/?q=Mühle").content.decode().count(
        "/o/alte-muehle-eg"
    )
    actions.undo_merge(merge, by=haus)
    assert "/o/alte-muehle/" in client.get("/karte/?q=Mühle").content.decode()


# ------------------------------------------------------------------------------------------------------------ the no


def test_strangers_stewards_of_one_and_guests_hands_may_not(haus: Person) -> None:
    one, other = mills()
    for nobody in (person("fremd"), steward("anna", one), steward("bodo", other, "editor")):
        with pytest.raises(NotAllowed):
            actions.merge_organisations(one, other, by=nobody)
    assert {fresh(one).state, fresh(other).state} == {State.PUBLISHED}


def test_who_owns_both_may(haus: Person) -> None:
    one, other = mills()
    anna = steward("anna", one)
    steward("", other, "owner", anna)
    assert actions.merge_organisations(one, other, by=anna).winner == one


def test_what_makes_no_sense_is_refused_with_a_sentence(haus: Person) -> None:
    one, other = mills()
    third = organisation("Mühle am Bach")
    with pytest.raises(Refused, match="one and the same"):
        actions.merge_organisations(one, one, by=haus)
    actions.mark_branch(other, one, by=haus)
    with pytest.raises(Refused, match="head and branch"):
        actions.merge_organisations(one, other, by=haus)
    with pytest.raises(Refused, match="head and branch"):
        actions.merge_organisations(other, one, by=haus)
    actions.reopen_pair(Pair.objects.get(), by=haus)
    actions.merge_organisations(one, other, by=haus)
    with pytest.raises(Refused, match="merged into"):
        actions.merge_organisations(third, other, by=haus)
    with pytest.raises(Refused, match="merged into"):
        actions.merge_organisations(other, third, by=haus)
    draft = organisation("Entwurf", state=State.DRAFT)
    with pytest.raises(Refused, match="less visible"):
        actions.merge_organisations(draft, third, by=haus)


def test_who_chose_by_what_no_longer_holds_is_told_so(haus: Person) -> None:
    one, other = mills()
    bases = {one.pk: newest_revision(one.pk), other.pk: newest_revision(other.pk)}
    directory.edit_organisation(other, {"phone": "+49 30 999"}, by=haus, base=bases[other.pk])
    with pytest.raises(Refused, match="changed meanwhile"):
        actions.merge_organisations(one, other, by=haus, bases=bases)
    assert fresh(other).state == State.PUBLISHED


def test_who_edits_the_loser_while_it_is_merged_is_sent_to_the_winner(haus: Person) -> None:
    one, other = mills()
    base = newest_revision(other.pk)
    actions.merge_organisations(one, other, by=haus)
    with pytest.raises(Refused, match="Alte Mühle eG"):
        directory.edit_organisation(other, {"phone": "+49 30 999"}, by=haus, base=base)
    assert fresh(other).phone == "+49 30 123456"


def test_a_merge_is_not_taken_back_as_if_it_were_an_import(haus: Person) -> None:
    one, other = mills()
    merge = actions.merge_organisations(one, other, by=haus)
    with pytest.raises(Refused, match="merge"):
        directory.undo_import(merge.revision_set, by=haus)


# ---------------------------------------------------------------------------------------------------------- the way back


def everything() -> str:
    """All that the directory and the pairs say, as text; moments of change and histories left out."""
    models = [Organisation, Place, Record, Stewardship, Belonging, Kinship, Organisation.terms.through]
    rows = []
    for model in models:
        for row in model.objects.order_by("pk").values():  # type: ignore[attr-defined]
            row.pop("changed_at", None)
            if model in {Place, Organisation.terms.through}:
                row.pop("id")
            rows.append(repr(sorted(row.items(), key=lambda pair: pair[0])))
    return "\n".join(sorted(rows))


def rich(haus: Person) -> tuple[Organisation, Organisation]:
    """Two mills with everything that can move."""
    one, other = mills(from_source=source(), confirmed=timedelta(days=3))
    Place.objects.create(
        organisation=other, street="Am Kanal 1", town="Hamburg", country="DE", lat=53.55, lon=9.99, precision="exact", position=1
    )
    anna = steward("anna", one, "editor")
    steward("", other, "owner", anna)
    steward("bodo", other)
    net, shop, member = (organisation(name) for name in ("Netz", "Laden", "Glied"))
    Belonging.objects.create(network=net, member=other)
    Belonging.objects.create(network=other, member=member)
    Kinship.objects.create(branch=shop, head=other)
    actions.mark_different(other, net, by=haus)
    pair(one, other)
    return one, other


def test_undoing_brings_everything_back(haus: Person) -> None:
    one, other = rich(haus)
    before = everything()
    merge = actions.merge_organisations(one, other, by=haus)
    assert everything() != before
    actions.undo_merge(merge, by=haus)
    assert everything() == before
    assert Merge.objects.get().left == []
    assert Pair.objects.get(one=one, other=other).state == PairState.OPEN
    assert (one.revisions.count(), other.revisions.count()) == (2, 2)


def test_what_was_changed_since_stays_and_is_named(haus: Person) -> None:
    one, other = rich(haus)
    merge = actions.merge_organisations(one, other, by=haus)
    said = {"phone": "+49 30 999", "keywords": ["korn"]}
    directory.edit_organisation(one, said, by=haus, base=newest_revision(one.pk))
    Place.objects.filter(organisation=one, street="Am Kanal 1").update(street="Am Kanal 2")
    third = organisation("Mühle am Bach")
    Record.objects.filter(remote_id="alte-muehle").update(organisation=third)
    Belonging.objects.filter(member=one).delete()
    undone = actions.undo_merge(merge, by=haus)
    assert sorted(undone.left) == [
        ["belonging", ""], ["field", "phone"], ["place", "Am Kanal 1, Hamburg"], ["record", "Beispiel alte-muehle"],
    ]  # fmt: skip
    now = undoing.said(one.pk)
    assert (now["phone"], now["website"], now["keywords"], now["sectors"]) == ("+49 30 999", "", ["korn"], ["housing"])
    assert sorted(place["street"] for place in now["places"]) == ["Am Kanal 2", "Mühlenweg 3"]


def test_undoing_twice_and_under_a_later_merge_is_refused(haus: Person) -> None:
    one, other = mills()
    third = organisation("Mühle am Bach")
    first = actions.merge_organisations(one, other, by=haus)
    second = actions.merge_organisations(third, one, by=haus)
    with pytest.raises(Refused, match="undo that merge first"):
        actions.undo_merge(first, by=haus)
    actions.undo_merge(second, by=haus)
    actions.undo_merge(first, by=haus)
    with pytest.raises(Refused, match="undone already"):
        actions.undo_merge(first, by=haus)
    assert {fresh(entry).state for entry in (one, other, third)} == {State.PUBLISHED}


def test_only_who_looks_after_the_winner_may_undo(haus: Person) -> None:
    one, other = mills()
    merge = actions.merge_organisations(one, other, by=haus)
    for nobody in (person("fremd"), steward("bodo", one, "editor")):
        with pytest.raises(NotAllowed):
            actions.undo_merge(merge, by=nobody)
    actions.undo_merge(merge, by=steward("anna", one))


def test_three_entries_in_a_row_and_back(haus: Person) -> None:
    one, other = rich(haus)
    third = organisation("Mühle am Bach", "Hamburg", HAMBURG)
    before = everything()
    merges = [actions.merge_organisations(one, other, by=haus), actions.merge_organisations(third, one, by=haus)]
    assert Record.objects.exclude(organisation=third).count() == 0
    for merge in reversed(merges):
        actions.undo_merge(merge, by=haus)
    assert everything() == before


# ------------------------------------------------------------------------------------------------- crashes and races


class Crash(Exception):
    """The machine stops."""


@contextmanager
def stop_at(number: int) -> Iterator[list[str]]:
    """The machine stops at this write."""
    writes: list[str] = []

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            writes.append(sql)
            if len(writes) == number:
                raise Crash
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield writes


def tables() -> str:
    """All rows of the house's own tables."""
    models = [model for model in apps.get_models() if model.__module__.startswith("allmende.") and model._meta.label != "duplicates.Key"]
    return "\n".join(serialize("json", model._default_manager.order_by("pk")) for model in models)


def crash_everywhere(act: Any) -> int:
    """Let the machine stop at the first write, the second, ... until the action comes through; each time nothing may have changed."""
    before, number = tables(), 0
    while True:
        number += 1
        try:
            with stop_at(number):
                act()
        except Crash:
            assert tables() == before, f"write {number} left something behind"
        else:
            assert tables() != before
            return number - 1


def test_a_crash_at_any_write_of_a_merge_leaves_two_entries(haus: Person) -> None:
    one, other = rich(haus)
    assert crash_everywhere(lambda: actions.merge_organisations(fresh(one), fresh(other), by=haus)) > 20
    assert fresh(other).state == State.MERGED


def test_a_crash_at_any_write_of_an_undoing_leaves_one_entry(haus: Person) -> None:
    one, other = rich(haus)
    merge = actions.merge_organisations(one, other, by=haus)
    assert crash_everywhere(lambda: actions.undo_merge(Merge.objects.get(pk=merge.pk), by=haus)) > 15
    assert fresh(other).state == State.PUBLISHED


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_in_both_directions_at_once_come_to_one_result() -> None:
    haus = caretaker()
    one, other = mills()
    start, said = Barrier(2), []

    def merge(winner: Organisation, loser: Organisation) -> None:
        start.wait()
        try:
            actions.merge_organisations(winner, loser, by=haus)
            said.append("done")
        except Refused as no:
            said.append(str(no.sentence))
        finally:
            connection.close()

    threads = [Thread(target=merge, args=both) for both in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said)[0] == "done" or "done" in said
    assert sum(line == "done" for line in said) == 1
    assert sorted([fresh(one).state, fresh(other).state]) == ["merged", "published"]
    assert timezone.now() > Merge.objects.get().at
