"""What this room shows on other rooms' pages, what it knows of a person, and its small answers for programs."""

import pytest
from django.test import Client

from allmende.directory.models import Organisation, Role, State
from allmende.editing import personal
from allmende.editing.models import Entering
from tests.cast import HAMBURG, organisation
from tests.editing.cast import looks_after, person, signed_in

pytestmark = pytest.mark.django_db
EDIT = "/o/alte-muehle-eg/bearbeiten/"
LOOK = "/o/alte-muehle-eg/sichten/"


@pytest.fixture
def muehle(db: None) -> Organisation:
    return organisation("Alte Mühle eG", "Hamburg", HAMBURG)


def test_the_ways_to_edit_stand_where_one_may(client: Client, muehle: Organisation) -> None:
    member, editor, house = person("mia"), person("edith"), person("haus", is_caretaker=True)
    looks_after(member, muehle, Role.MEMBER)
    looks_after(editor, muehle, Role.EDITOR)
    for viewer, may in ((client, False), (signed_in(member), False), (signed_in(editor), True), (signed_in(house), True)):
        page = viewer.get("/o/alte-muehle-eg/").content.decode()
        assert (EDIT in page) is may
        assert "/o/alte-muehle-eg/verlauf/" in page
        assert LOOK not in page
    assert EDIT in signed_in(editor).get("/mein/").content.decode()
    assert EDIT not in signed_in(member).get("/mein/").content.decode()


def test_the_look_is_offered_to_caretakers_of_what_is_not_published(muehle: Organisation) -> None:
    Organisation.objects.update(state=State.DRAFT)
    owner = person("olga")
    looks_after(owner, muehle)
    assert LOOK not in signed_in(owner).get("/o/alte-muehle-eg/").content.decode()
    assert LOOK in signed_in(person("haus", is_caretaker=True)).get("/o/alte-muehle-eg/").content.decode()


def test_what_one_entered_waits_in_ones_own_area_and_belongs_to_ones_data(muehle: Organisation) -> None:
    anna, house = person("anna"), person("haus", is_caretaker=True)
    Organisation.objects.update(state=State.DRAFT)
    Entering.objects.create(token="a", organisation=muehle, person=anna, invited_by=house, licence="CC0-1.0")
    assert "Alte Mühle eG" in signed_in(anna).get("/mein/").content.decode()
    (row,) = personal.data(anna)
    assert (row["name"], row["licence"]) == ("Alte Mühle eG", "CC0-1.0")
    assert [one["name"] for one in personal.invited(house)] == ["Alte Mühle eG"]
    assert personal.data(house) == personal.invited(anna) == []
    anna.delete()
    assert Entering.objects.get().person is None


def test_only_who_may_invite_finds_the_way_to_it(muehle: Organisation) -> None:
    anna = person("anna")
    assert "/eintragen/einladen/" not in signed_in(anna).get("/mein/").content.decode()
    looks_after(anna, muehle)
    assert "/eintragen/einladen/" in signed_in(anna).get("/mein/").content.decode()


def test_programs_hear_where_an_address_lies_in_the_language_of_who_asks(client: Client) -> None:
    answer = client.get("/eintragen/ort.json", {"postcode": "20095", "town": "Hamburg"}, headers={"accept-language": "en"})
    said = answer.json()
    assert said["found"]["sentence"].startswith("Found: centre of the postcode area, 20095")
    assert {"name": "Hamburg", "country": "DE"} in said["towns"]
    assert client.get("/eintragen/ort.json").json() == {"found": None, "towns": []}
    assert client.get("/eintragen/ort.json", {"town": "x" * 500}).json()["found"]["map"] == ""


@pytest.mark.parametrize(
    ("query", "status"), [("lat=53.5&lon=10", 200), ("lat=nan&lon=1", 404), ("lat=x&lon=1", 404), ("lat=91&lon=1", 404), ("", 404)]
)
def test_the_small_map_answers_only_points_on_earth(client: Client, query: str, status: int) -> None:
    assert client.get(f"/eintragen/ort.svg?{query}").status_code == status
