"""Until when one can vote stands in one's own calendar, and nowhere else."""

import pytest

from allmende.ballots import actions
from allmende.calendars import sources
from allmende.people.models import Person
from tests.ballots.scene import DAY, scene
from tests.coops import person

pytestmark = pytest.mark.django_db


def titles(who: Person) -> list[tuple[str, bool, int]]:
    return [(one.title, one.is_cancelled, one.revision) for one in sources.entries(who)]


def test_who_has_a_voice_finds_the_end_in_the_calendar() -> None:
    house = scene()
    member = house.member()
    assert titles(member) == []
    house.draft()
    assert titles(member) == []
    ballot = house.opened()
    assert titles(member) == [("Abstimmung endet: Lastenrad", False, 0)]
    assert [one.ends for one in sources.entries(member)] == [ballot.closes_at]


def test_who_has_none_does_not() -> None:
    house = scene()
    house.member()
    house.opened()
    assert titles(person("fremd")) == []


def test_calendars_learn_of_another_end_and_of_a_cancelled_ballot() -> None:
    house = scene()
    member = house.member()
    ballot = house.opened()
    ballot = actions.prolong(ballot, ballot.closes_at + DAY, "Feiertag", by=house.board)
    assert titles(member) == [("Abstimmung endet: Lastenrad", False, 1)]
    actions.cancel(ballot, "Falsche Frage", by=house.board)
    assert titles(member) == [("Abstimmung endet: Lastenrad", True, 2)]
