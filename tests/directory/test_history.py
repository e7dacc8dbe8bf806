"""What an entry said at any time, how two people's changes come together, and going back."""

from typing import Any

import pytest
from django.utils import timezone

from allmende.directory import actions, history
from allmende.directory.importers import undoing
from allmende.directory.importers.base import BLANK, PLACE_BLANK
from allmende.directory.models import Organisation, Proof, Revision, RevisionSet, Role, State, Stewardship
from allmende.directory.queries import newest_revision
from allmende.ground.refusals import NotAllowed, Refused
from allmende.people.models import Person
from tests.cast import term

pytestmark = pytest.mark.django_db


def place(town: str, **more: Any) -> dict[str, Any]:
    return {**PLACE_BLANK, "town": town, "country": "DE", **more}


@pytest.fixture
def anna(db: None) -> Person:
    return Person.objects.create_user("anna@muehle.example", name="Anna")


@pytest.fixture
def muehle(anna: Person) -> Organisation:
    term("sector", "food")
    said = {"name": "Alte Mühle eG", "summary": "Mehl", "places": [place("Bremen", is_seat=True), place("Kiel")], "keywords": ["Mehl"]}
    item = actions.create_organisation(said, by=anna, state=State.PUBLISHED)
    Stewardship.objects.create(organisation=item, person=anna, role=Role.OWNER, proof=Proof.FOUNDED, since=timezone.now())
    return item


def edit(item: Organisation, by: Person, base: int | None = None, **said: Any) -> Revision | None:
    return actions.edit_organisation(item, said, by=by, base=newest_revision(item.pk) if base is None else base)


def ordered(said: dict[str, Any]) -> dict[str, Any]:
    """The order of places is not remembered."""
    return {**said, "places": sorted(said["places"], key=lambda place: str(place["town"]))}


def towns(item: Organisation) -> list[str]:
    return [one["town"] for one in undoing.said(item.pk)["places"]]


def test_every_state_comes_back_word_for_word(muehle: Organisation, anna: Person) -> None:
    states = {newest_revision(muehle.pk): undoing.said(muehle.pk)}
    for said in (
        {"summary": "Mehl und Brot", "founded": 1990},
        {"places": [place("Bremen"), place("Kiel", is_seat=True), place("Jena")]},
        {"places": [place("Jena", is_seat=True)], "visibility": {"email": "public"}},
        {"keywords": [], "name": "Neue Mühle eG"},
    ):
        edit(muehle, anna, **said)
        states[newest_revision(muehle.pk)] = undoing.said(muehle.pk)
    assert len(states) == 5
    for number, said in states.items():
        assert ordered(history.state_at(muehle.pk, number)) == ordered(said)


def test_before_the_first_revision_nothing_was_said(muehle: Organisation) -> None:
    assert history.state_at(muehle.pk, 0) == {**BLANK, "places": []}


def test_unchanged_is_no_revision(muehle: Organisation, anna: Person) -> None:
    said = undoing.said(muehle.pk)
    assert edit(muehle, anna, **said) is None
    assert Revision.objects.filter(organisation=muehle).count() == 1


def test_changes_of_different_fields_come_together(muehle: Organisation, anna: Person) -> None:
    base = newest_revision(muehle.pk)
    edit(muehle, anna, base, summary="Mehl und Brot")
    edit(muehle, anna, base, founded=1990)
    now = undoing.said(muehle.pk)
    assert (now["summary"], now["founded"]) == ("Mehl und Brot", 1990)


def test_different_changes_of_one_field_write_nothing_and_show_both(muehle: Organisation, anna: Person) -> None:
    base = newest_revision(muehle.pk)
    edit(muehle, anna, base, summary="Mehl und Brot")
    with pytest.raises(history.EditConflict) as told:
        edit(muehle, anna, base, summary="Nur Mehl", founded=1990)
    assert told.value.merged.conflicts == {"summary": ("Nur Mehl", "Mehl und Brot")}
    assert told.value.merged.fields == {"founded": 1990}
    assert told.value.merged.newest == newest_revision(muehle.pk)
    assert undoing.said(muehle.pk)["founded"] is None


def test_the_same_change_twice_is_no_conflict(muehle: Organisation, anna: Person) -> None:
    base = newest_revision(muehle.pk)
    edit(muehle, anna, base, summary="Mehl und Brot")
    assert edit(muehle, anna, base, summary="Mehl und Brot") is None


def test_who_sees_what_is_merged_field_by_field(muehle: Organisation, anna: Person) -> None:
    base = newest_revision(muehle.pk)
    edit(muehle, anna, base, visibility={"phone": "public"})
    edit(muehle, anna, base, visibility={"email": "network"})
    assert undoing.said(muehle.pk)["visibility"] == {"phone": "public", "email": "network"}
    with pytest.raises(history.EditConflict):
        edit(muehle, anna, base, visibility={"phone": "members"})


def test_words_that_two_people_add_and_remove_are_all_respected(muehle: Organisation, anna: Person) -> None:
    base = newest_revision(muehle.pk)
    edit(muehle, anna, base, keywords=["Mehl", "Korn"])
    edit(muehle, anna, base, keywords=["Brot"])
    assert undoing.said(muehle.pk)["keywords"] == ["Korn", "Brot"]


def test_different_places_changed_by_two_come_together(muehle: Organisation, anna: Person) -> None:
    base = newest_revision(muehle.pk)
    edit(muehle, anna, base, places=[place("Bremen", is_seat=True, street="Weg 1"), place("Kiel")])
    edit(muehle, anna, base, places=[place("Bremen", is_seat=True), place("Jena")])
    assert undoing.said(muehle.pk)["places"] == [place("Bremen", is_seat=True, street="Weg 1"), place("Jena")]


def test_a_place_deleted_by_one_and_edited_by_the_other_is_a_conflict(muehle: Organisation, anna: Person) -> None:
    base = newest_revision(muehle.pk)
    edit(muehle, anna, base, places=[place("Bremen", is_seat=True)])
    with pytest.raises(history.EditConflict) as told:
        edit(muehle, anna, base, places=[place("Bremen", is_seat=True), place("Kiel", street="Kai 3")])
    assert list(told.value.merged.conflicts) == ["places"]
    assert towns(muehle) == ["Bremen"]


def test_a_place_deleted_by_both_is_gone_and_two_seats_are_a_conflict(muehle: Organisation, anna: Person) -> None:
    base = newest_revision(muehle.pk)
    edit(muehle, anna, base, places=[place("Bremen", is_seat=True)])
    edit(muehle, anna, base, places=[place("Bremen", is_seat=True)], founded=1990)
    assert towns(muehle) == ["Bremen"]
    edit(muehle, anna, places=[place("Bremen", is_seat=True), place("Jena"), place("Ulm")])
    base = newest_revision(muehle.pk)
    edit(muehle, anna, base, places=[place("Bremen"), place("Jena", is_seat=True), place("Ulm")])
    with pytest.raises(history.EditConflict):
        edit(muehle, anna, base, places=[place("Bremen"), place("Jena"), place("Ulm", is_seat=True)])


def test_restoring_brings_back_all_but_the_state_and_is_a_revision_of_its_own(muehle: Organisation, anna: Person) -> None:
    first = Revision.objects.get(organisation=muehle)
    edit(muehle, anna, summary="Unsinn", places=[])
    actions.archive_organisation(muehle, by=anna)
    restored = actions.restore_organisation(muehle, first, by=anna, reason="zurück")
    now = undoing.said(muehle.pk)
    assert (now["summary"], towns(muehle), now["state"]) == ("Mehl", ["Bremen", "Kiel"], "archived")
    assert restored is not None and restored.set.reason == "zurück"
    assert actions.restore_organisation(muehle, first, by=anna) is None


def test_a_revision_of_another_entry_cannot_be_restored_here(muehle: Organisation, anna: Person) -> None:
    other = actions.create_organisation({"name": "Andere"}, by=anna, state=State.PUBLISHED)
    with pytest.raises(Refused):
        actions.restore_organisation(muehle, Revision.objects.get(organisation=other), by=anna)


def test_going_back_past_an_import_never_makes_two_seats(muehle: Organisation, anna: Person) -> None:
    """An import notes the place as its file had it; the seat may have moved since."""
    first = Revision.objects.get(organisation=muehle)
    edit(muehle, anna, places=[place("Bremen"), place("Kiel", is_seat=True)])
    imported = {"before": {"places": [place("Bremen", is_seat=True)]}, "after": {"places": [place("Bremen", street="Weg 2")]}}
    Revision.objects.create(organisation=muehle, set=RevisionSet.objects.create(), **imported)
    muehle.places.filter(town="Bremen").update(street="Weg 2")
    second = Revision.objects.filter(organisation=muehle, after__has_key="seat").get()
    assert [one["town"] for one in history.state_at(muehle.pk, second.pk)["places"] if one["is_seat"]] == ["Kiel"]
    actions.restore_organisation(muehle, second, by=anna)
    actions.restore_organisation(muehle, first, by=anna)
    assert [one["town"] for one in undoing.said(muehle.pk)["places"] if one["is_seat"]] == ["Bremen"]


def test_a_stranger_may_neither_edit_nor_restore(muehle: Organisation) -> None:
    stranger = Person.objects.create_user("fremd@example.org")
    with pytest.raises(NotAllowed):
        edit(muehle, stranger, summary="Unsinn")
    with pytest.raises(NotAllowed):
        actions.restore_organisation(muehle, Revision.objects.get(organisation=muehle), by=stranger)


def test_an_entry_that_was_merged_is_edited_no_more_not_even_by_caretakers(muehle: Organisation, anna: Person) -> None:
    into = actions.create_organisation({"name": "Andere"}, by=anna, state=State.PUBLISHED)
    Organisation.objects.filter(pk=muehle.pk).update(state=State.MERGED, merged_into=into)
    caretaker = Person.objects.create_user("haus@example.org", is_caretaker=True)
    for by in (anna, caretaker):
        with pytest.raises(Refused, match="Andere"):
            edit(muehle, by, summary="zu spät")
    muehle.refresh_from_db()
    assert muehle.summary == "Mehl"
