"""What somebody is responsible for stands in their own calendar on the day it is due, and in nobody else's."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from allmende.calendars import sources
from allmende.calendars.actions import calendar_key
from allmende.members.models import Membership
from allmende.people.models import Person
from allmende.resolutions import actions
from allmende.resolutions.actions import Planned
from tests.coops import person
from tests.resolutions.scene import entered, stage

pytestmark = pytest.mark.django_db

DUE = date(2099, 3, 1)


def titles(who: Person) -> list[str]:
    return [one.title for one in sources.entries(who)]


def test_measures_and_resolutions_stand_in_the_calendar_of_whoever_has_them_until_they_are_settled() -> None:
    scene: Any = stage()
    one = entered(scene, person=scene.anna, responsible="Anna", due_on=DUE + timedelta(days=1))
    measure = actions.add_measure(one, "Bahncard kaufen", person=scene.anna, due_on=DUE, by=scene.board)
    actions.add_measure(one, "Irgendwann", person=scene.anna, by=scene.board)
    assert titles(scene.anna) == ["Due: Bahncard kaufen", "Due: Reisen mit der Bahn"]
    assert titles(scene.board) == titles(person("fremd")) == []
    actions.finish_measure(measure, by=scene.anna)
    actions.plan(one, Planned("Anna", scene.anna, DUE + timedelta(days=9)), "Der Fahrplan kommt später", by=scene.board)
    assert [(line.title, line.revision, line.starts.day) for line in sources.entries(scene.anna)] == [("Due: Reisen mit der Bahn", 1, 10)]


def test_it_is_a_whole_day_and_gone_with_the_membership() -> None:
    scene: Any = stage()
    actions.add_measure(entered(scene), "Bahncard kaufen", person=scene.anna, due_on=DUE, by=scene.board)
    address = f"/kalender/{calendar_key(scene.anna).word}.ics"
    file = Client().get(address).content.decode()
    assert "DTSTART;VALUE=DATE:20990301\r\nDTEND;VALUE=DATE:20990302\r\n" in file
    assert f"/genossenschaft/{scene.slug}/beschluesse/2026/1/" in file.replace("\r\n ", "")
    Membership.objects.filter(person=scene.anna).update(person=None)
    assert "Bahncard" not in Client().get(address).content.decode()
