"""What comes out of a register only when it is asked for: names for a purpose, the list of § 31 GenG, files, the door for programs."""

import json

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils.timezone import localdate

from allmende.ground.models import Entry, Letter
from allmende.members.models import Inspection
from tests.leaks.scene import Scene
from tests.leaks.secrets import CARETAKER, EDITOR, GUEST, MEMBER, NEIGHBOUR, NETWORK, OWNER, REGION, Secret
from tests.leaks.walk import Walker, searcher, taken_back

pytestmark = pytest.mark.django_db
AT = "/genossenschaft/offen-stewards/"
PURPOSE = {"purpose": "Einladung zur Versammlung"}
NAMES = {"the family_name of another member", "the given_name of another member"}
AT_HOME = {"the street of another member", "the town of another member"}
BY_POST = {"the telephone of another member", "the e-mail in the register of another member"}
BESIDE = {"the IBAN of another member", "who holds the account of another member", "the words of an exit", "what another member worked"}
BOARDLESS = [GUEST, EDITOR, MEMBER, NEIGHBOUR, NETWORK, REGION, CARETAKER]


def _told(scene: Scene, response: HttpResponseBase) -> set[str]:
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return {secret.what for secret in searcher(scene)("", content, "")}


@pytest.fixture
def _as_before(scene: Scene) -> object:
    with taken_back() as written:
        yield written


@pytest.mark.usefixtures("_as_before")
def test_the_board_reads_names_once_it_has_said_what_for(scene: Scene) -> None:
    client = Walker(scene, OWNER).client
    before = _told(scene, client.get(f"{AT}mitglieder/")) | _told(scene, client.get(f"{AT}mitglieder/2/"))
    assert not before & (NAMES | AT_HOME | BY_POST)
    client.post(f"{AT}mitglieder/aufdecken/", PURPOSE)
    assert _told(scene, client.get(f"{AT}mitglieder/")) >= NAMES
    assert _told(scene, client.get(f"{AT}mitglieder/2/")) >= NAMES | AT_HOME | BY_POST
    assert Inspection.objects.filter(person=scene.people[OWNER], purpose=PURPOSE["purpose"]).exists()


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_board_takes_the_list_away_with_a_purpose(scene: Scene, kind: str) -> None:
    client = Walker(scene, OWNER).client
    asked = {**PURPOSE, "on": localdate().isoformat()}
    assert _told(scene, client.post(f"{AT}mitglieder/liste.{kind}", asked)) >= NAMES


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("door", ["mitglieder/aufdecken/", "mitglieder/liste.csv", "pruefung/", "kasse/beitraege/", "uebernahme/"])
def test_nobody_else_takes_anything_away(scene: Scene, door: str) -> None:
    """Neither whoever edits the entry nor a plain member nor those who take care of the network."""
    for viewer in BOARDLESS:
        response = Walker(scene, viewer).client.post(AT + door, PURPOSE)
        assert response.status_code == 404 or (viewer == GUEST and response.status_code in {302, 403}), viewer
        assert not _told(scene, response) & (NAMES | AT_HOME | BY_POST | BESIDE)


@pytest.mark.usefixtures("_as_before")
def test_a_member_who_inspects_the_list_reads_what_the_law_puts_into_it(scene: Scene) -> None:
    """§ 31 GenG: name and address of the others, no telephone, no account; and it stands in the log."""
    client = Walker(scene, MEMBER).client
    before = Inspection.objects.filter(person=scene.people[MEMBER]).count()
    shown = client.post(f"{AT}mitglieder/einsicht/", {"own-purpose": PURPOSE["purpose"]}, follow=True)
    assert shown.redirect_chain
    told = _told(scene, client.get(f"{AT}mitglieder/einsicht/liste/"))
    assert told >= NAMES
    assert not told & (BY_POST | BESIDE)
    assert Inspection.objects.filter(person=scene.people[MEMBER]).count() == before + 1


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("viewer", [one for one in BOARDLESS if one != MEMBER])
def test_who_is_no_member_inspects_nothing(scene: Scene, viewer: str) -> None:
    client = Walker(scene, viewer).client
    client.post(f"{AT}mitglieder/einsicht/", {"own-purpose": PURPOSE["purpose"]})
    assert not _told(scene, client.get(f"{AT}mitglieder/einsicht/liste/")) & (NAMES | AT_HOME)


@pytest.mark.usefixtures("_as_before")
def test_programs_come_in_by_key_alone_and_read_only_sums(scene: Scene) -> None:
    """A cookie opens nothing there, not even the board's; a key reads sums of what it entered."""
    door = "/api/v1/cooperatives/offen-stewards/contributions"
    for viewer in (GUEST, MEMBER, OWNER):
        assert Walker(scene, viewer).client.get(door).status_code == 401
    word = {"Authorization": f"Bearer {scene.things['key word']}"}
    answer = Client().get(door, headers=word)
    assert answer.status_code == 200
    assert _told(scene, answer) <= {"the program that has a key"}
    assert Client().get("/api/v1/cooperatives/nachbar/contributions", headers=word).status_code == 401


# ------------------------------------------------------------------------------------------------- letters and the trail

WRITE = ("constitution.", "members.", "money.", "banking.", "contributions.", "joining.", "leaving.", "intake.", "surplus.", "networks.")
"""The rooms of co-ownership."""


def _is_theirs(scene: Scene, to: str, secret: Secret) -> bool:
    """Whether this secret may stand in a letter to this address: of an account, of the register, or of an applicant."""
    viewers = [key for key, person in scene.people.items() if person.email == to]
    if viewers:
        return viewers[0] in secret.sees
    if to.startswith("antragspost"):
        return secret.kind == "application"
    whose = scene.secrets.by_word[to.partition("@")[0]].what.rpartition(" of ")[2]
    return MEMBER in secret.sees if whose == "a member" else secret.what.endswith(f" of {whose}") or GUEST in secret.sees


def test_letters_of_a_cooperative_tell_their_readers_only_what_they_may_read(scene: Scene) -> None:
    search, told = searcher(scene), []
    written = [one for one in Letter.objects.prefetch_related("files") if one.kind.startswith(WRITE)]
    for letter in written:
        files = b"\n".join(bytes(file.data) for file in letter.files.all())
        found = search(letter.subject, letter.body.encode() + files, letter.to)
        told += [f"{letter.kind} to {letter.to}: {one.what}" for one in found if not _is_theirs(scene, letter.to, one)]
    assert told == []
    assert {letter.kind.partition(".")[0] for letter in written} >= {"joining", "leaving", "members"}


def test_the_trail_names_nobody(scene: Scene) -> None:
    """It is kept for ever and read by those who run the house: ids, counts and states, no names, words or accounts."""
    lines = [one for one in Entry.objects.all() if one.verb.startswith(WRITE)]
    assert len(lines) > 30
    assert [one.verb for one in lines if searcher(scene)("", json.dumps(one.facts).encode(), "")] == []
