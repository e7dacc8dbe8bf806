"""Ways into somebody else's entry through a made-up double."""

import pytest

from allmende.directory.models import Organisation, Stewardship
from allmende.duplicates import actions
from allmende.people.models import Person
from tests.duplicates.cast import caretaker, mills, person, steward

pytestmark = pytest.mark.django_db


def founder(name: str, entry: Organisation, who: Person | None = None) -> Person:
    """Somebody who entered this entry themselves."""
    found = steward(name, entry, "owner", who)
    Stewardship.objects.filter(organisation=entry, person=found).update(proof="founded")
    return found


def roles(entry: Organisation) -> dict[int, str]:
    return {one.person_id: one.role for one in Stewardship.objects.filter(organisation=entry, until=None)}


def test_a_made_up_double_makes_nobody_an_owner_and_undoing_gives_the_role_back() -> None:
    one, other = mills()
    olga, thief, half = steward("olga", one), founder("dieb", other), person("halb")
    steward("", one, "editor", half)
    founder("", other, half)
    haus = caretaker()
    merge = actions.merge_organisations(one, other, by=haus)
    assert roles(one) == {olga.pk: "owner", thief.pk: "editor", half.pk: "editor"}
    undone = actions.undo_merge(merge, by=haus)
    assert (roles(one), roles(other)) == ({olga.pk: "owner", half.pk: "editor"}, {thief.pk: "owner", half.pk: "owner"})
    assert undone.left == []


def test_where_nobody_answers_the_one_who_entered_the_double_does() -> None:
    one, other = mills()
    anna = founder("anna", other)
    actions.merge_organisations(one, other, by=caretaker())
    assert roles(one) == {anna.pk: "owner"}
