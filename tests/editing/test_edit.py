"""Editing: unchanged is unchanged, two people at once, and what happens to the entry while a form is open."""

from typing import Any

import pytest
from django.test import Client

from allmende.directory import actions
from allmende.directory.importers import undoing
from allmende.directory.models import Caretaking, Organisation, Revision, Role, State
from allmende.directory.queries import newest_revision
from allmende.people.models import Person
from tests.cast import organisation
from tests.editing.cast import as_it_stands, fields, looks_after, mill, person, place, signed_in

pytestmark = pytest.mark.django_db
EDIT = "/o/alte-muehle-eg/bearbeiten/"
SETTLE = f"{EDIT}zusammenfuehren/"


@pytest.fixture
def muehle(db: None) -> Organisation:
    return mill()


@pytest.fixture
def anna(muehle: Organisation) -> Person:
    anna = person("anna")
    looks_after(anna, muehle)
    return anna


@pytest.fixture
def bodo(muehle: Organisation) -> Person:
    bodo = person("bodo")
    looks_after(bodo, muehle, Role.EDITOR)
    return bodo


def said(item: Organisation) -> dict[str, Any]:
    return undoing.said(item.pk)


def send(client: Client, form: dict[str, list[str]], address: str = EDIT, **changes: Any) -> Any:
    return client.post(address, form | changes)


def test_who_sees_the_form(client: Client, muehle: Organisation) -> None:
    foreign, member, editor, inside, outside = (person(name) for name in ("frank", "mia", "edith", "ines", "otto"))
    looks_after(foreign, organisation("Andere eG"))
    looks_after(member, muehle, Role.MEMBER)
    looks_after(editor, muehle, Role.EDITOR)
    Caretaking.objects.create(person=inside, country="DE", region="Bremen")
    Caretaking.objects.create(person=outside, country="AT")
    assert client.get(EDIT).status_code == 302
    for nobody in (person("fremd"), foreign, member, outside):
        assert signed_in(nobody).get(EDIT).status_code == 403
        assert signed_in(nobody).post(EDIT, {"name": "Meins"}).status_code == 403
    for somebody in (editor, inside, person("haus", is_caretaker=True)):
        assert signed_in(somebody).get(EDIT).status_code == 200
    assert Revision.objects.filter(organisation=muehle).count() == 1


def test_a_draft_is_not_there_for_strangers(client: Client) -> None:
    mill(State.DRAFT)
    assert signed_in(person("fremd")).get(EDIT).status_code == 404


def test_open_and_save_changes_nothing(muehle: Organisation, anna: Person) -> None:
    before, client = said(muehle), signed_in(anna)
    answer = send(client, as_it_stands(client, EDIT))
    assert answer.status_code == 302
    assert said(muehle) == before
    assert newest_revision(muehle.pk) == Revision.objects.get(organisation=muehle).pk


def test_odd_values_of_an_import_do_not_stand_in_the_way(anna: Person, muehle: Organisation) -> None:
    Organisation.objects.filter(pk=muehle.pk).update(website="ftp://alt", phone="keins", sector=None, summary="", email="a@b;c@d")
    client = signed_in(anna)
    answer = send(client, as_it_stands(client, EDIT), founded="1991")
    assert answer.status_code == 302
    now = said(muehle)
    assert (now["founded"], now["website"], now["phone"]) == (1991, "ftp://alt", "keins")


def test_every_field_can_be_changed(muehle: Organisation, anna: Person) -> None:
    client = signed_in(anna)
    answer = send(
        client, as_it_stands(client, EDIT), name="Neue Mühle eG", kind="association", legal_form="", sector="energy", sectors=["food"],
        summary="Strom", description="Neu", website="muehle.example", email="neu@muehle.example", phone="+49 421 99", activities=["mill"],
        cooperation=[], sdgs=[], languages=["de", "fr"], founded="1995", legal_name="", register="GnR 8", keywords="Strom, Wasser",
        same_as="", summary_en="", description_en="Other", show_email="public", show_founded="", reason="Neu anfangen",
    )  # fmt: skip
    assert answer.status_code == 302
    now = said(muehle)
    places = now.pop("places")
    assert now == {
        "name": "Neue Mühle eG", "legal_name": "", "kind": "association", "state": "published", "legal_form": "", "sector": "energy",
        "sectors": ["energy", "food"], "activities": ["mill"], "cooperation": [], "sdgs": [], "summary": "Strom", "summary_en": "",
        "description": "Neu", "description_en": "Other", "keywords": ["Strom", "Wasser"], "languages": ["de", "fr"], "founded": 1995,
        "ended": None, "website": "https://muehle.example", "email": "neu@muehle.example", "phone": "+49 421 99", "register": "GnR 8",
        "same_as": [], "visibility": {"website": "public", "email": "public"}, "is_demo": False,
    }  # fmt: skip
    assert [one["town"] for one in places] == ["Bremen", "Kiel", ""]
    assert Revision.objects.filter(organisation=muehle).first().set.reason == "Neu anfangen"  # type: ignore[union-attr]


def test_places_move_lose_their_point_get_one_and_go(muehle: Organisation, anna: Person) -> None:
    client = signed_in(anna)
    form = as_it_stands(client, EDIT)
    changes = {"place-0-town": "Hamburg", "place-0-postcode": "20095", "place-1-lat": "54,3", "place-1-lon": "10.1", "place-2-remove": "on"}
    assert send(client, form, seat="place-1", **changes).status_code == 302
    hamburg, kiel = said(muehle)["places"]
    assert (hamburg["town"], hamburg["region"], hamburg["precision"], hamburg["is_seat"]) == ("Hamburg", "Hamburg", "postcode", False)
    assert (kiel["lat"], kiel["lon"], kiel["precision"], kiel["region"], kiel["is_seat"]) == (
        54.3,
        10.1,
        "exact",
        "Schleswig-Holstein",
        True,
    )


def test_a_better_street_keeps_the_point(muehle: Organisation, anna: Person) -> None:
    client = signed_in(anna)
    send(client, as_it_stands(client, EDIT), **{"place-0-street": "Wallstr. 1"})
    first = said(muehle)["places"][0]
    assert (first["street"], first["lat"], first["precision"]) == ("Wallstr. 1", 53.08, "exact")


def test_one_more_place_shows_the_form_again_with_all_that_was_typed(muehle: Organisation, anna: Person) -> None:
    client = signed_in(anna)
    answer = send(client, as_it_stands(client, EDIT), step="add", name="", summary="Getippt")
    form = fields(answer.content.decode())
    assert answer.status_code == 200 and b'role="alert"' not in answer.content
    assert (form["summary"], form["place-3-town"], form["place-3-country"]) == (["Getippt"], [""], ["Deutschland"])
    answer = send(client, form, name="Alte Mühle eG", **{"place-3-town": "Ulm"})
    assert answer.status_code == 302
    assert [one["town"] for one in said(muehle)["places"]] == ["Bremen", "Kiel", "", "Ulm"]


def test_twenty_places_are_edited_eight_at_a_time(anna: Person, muehle: Organisation) -> None:
    places = [place(f"Ort {number}", is_seat=number == 0) for number in range(20)]
    actions.edit_organisation(muehle, {"places": places}, by=anna, base=newest_revision(muehle.pk))
    client = signed_in(anna)
    form = as_it_stands(client, f"{EDIT}?orte=1")
    assert len([name for name in form if name.endswith("-was")]) == 8
    assert send(client, form).status_code == 302
    assert newest_revision(muehle.pk) == int(form["base"][0])
    assert send(client, form, seat="place-2", **{"place-0-town": "Andernort", "place-1-remove": "on"}).status_code == 302
    now = said(muehle)["places"]
    assert [one["town"] for one in now] == [*(f"Ort {n}" for n in range(8)), "Andernort", *(f"Ort {n}" for n in range(10, 20))]
    assert [one["town"] for one in now if one["is_seat"]] == ["Ort 10"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "id_name"),
        ("name", "x" * 201, "201"),
        ("summary", "Mehl <b>fett</b>", "&lt;"),
        ("description", "x" * 20_001, "20001"),
        ("website", "javascript:alert(1)", "https://www.example.org"),
        ("email", "a@b.de, c@d.de", "name@example.org"),
        ("phone", "ruf an", "id_phone"),
        ("founded", "übermorgen", "1998"),
        ("keywords", "x" * 61, "id_keywords"),
        ("keywords", ", ".join(f"w{n}" for n in range(41)), "40"),
        ("same_as", "javascript:1", "id_same_as"),
        ("sector", "nichts", "id_sector"),
        ("place-0-country", "Atlantis", "id_place-0-country"),
        ("place-0-lat", "991", "id_place-0-lat"),
        ("place-0-lon", "", "id_place-0-lon"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    muehle: Organisation, anna: Person, field: str, value: str, sentence: str
) -> None:
    client = signed_in(anna)
    answer = send(client, as_it_stands(client, EDIT), register="Getippt", **{field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "aria-invalid" in page and sentence in page and "Getippt" in page and 'role="alert"' in page
    assert said(muehle)["register"] == "GnR 7"


def test_control_characters_are_taken_out(muehle: Organisation, anna: Person) -> None:
    client = signed_in(anna)
    send(client, as_it_stands(client, EDIT), summary="Mehl\x00 und\x08   Brot\u0007", description="a\x00b\r\nc")
    now = said(muehle)
    assert (now["summary"], now["description"]) == ("Mehl und Brot", "ab\nc")


# ------------------------------------------------------------------------------------------------------- two at once


def test_different_fields_come_together_and_it_is_said(muehle: Organisation, anna: Person, bodo: Person) -> None:
    one, other = signed_in(anna), signed_in(bodo)
    form, same = as_it_stands(one, EDIT), as_it_stands(other, EDIT)
    send(one, form, summary="Mehl und Brot")
    answer = other.post(EDIT, same | {"founded": "1991"}, follow=True)
    now = said(muehle)
    assert (now["summary"], now["founded"]) == ("Mehl und Brot", 1991)
    assert "In one sentence" in answer.content.decode() or "In einem Satz" in answer.content.decode()


def test_the_same_field_is_asked_with_both_versions_and_the_name(muehle: Organisation, anna: Person, bodo: Person) -> None:
    one, other = signed_in(anna), signed_in(bodo)
    form, same = as_it_stands(one, EDIT), as_it_stands(other, EDIT)
    send(one, form, summary="Mehl und Brot", phone="0421 77")
    answer = send(other, same, summary="Nur Mehl", founded="1991")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mehl und Brot" in page and "Nur Mehl" in page and "Anna" in page
    assert said(muehle)["founded"] == 1990
    asked = fields(page)
    unanswered = other.post(SETTLE, asked)
    assert unanswered.status_code == 409 and b'role="alert"' in unanswered.content
    for choice, wanted in (("theirs", "Mehl und Brot"), ("mine", "Nur Mehl")):
        again = fields(send(other, same, summary="Nur Mehl", founded="1991").content.decode()) if choice == "mine" else asked
        assert other.post(SETTLE, again | {"choice-summary": choice}).status_code == 302
        now = said(muehle)
        assert (now["summary"], now["founded"], now["phone"]) == (wanted, 1991, "0421 77")


def test_a_version_written_anew_is_judged_like_the_form(muehle: Organisation, anna: Person, bodo: Person) -> None:
    one, other = signed_in(anna), signed_in(bodo)
    form, same = as_it_stands(one, EDIT), as_it_stands(other, EDIT)
    send(one, form, website="https://eins.example")
    asked = fields(send(other, same, website="https://zwei.example").content.decode())
    wrong = other.post(SETTLE, asked | {"choice-website": "own", "own-website": "kein Link"})
    assert wrong.status_code == 409 and "kein Link" in wrong.content.decode()
    right = fields(wrong.content.decode()) | {"choice-website": "own", "own-website": "drei.example"}
    assert other.post(SETTLE, right).status_code == 302
    assert said(muehle)["website"] == "https://drei.example"


def test_a_third_change_meanwhile_is_asked_again(muehle: Organisation, anna: Person, bodo: Person) -> None:
    one, other = signed_in(anna), signed_in(bodo)
    form, same = as_it_stands(one, EDIT), as_it_stands(other, EDIT)
    send(one, form, summary="Eins")
    asked = fields(send(other, same, summary="Zwei").content.decode())
    send(one, as_it_stands(one, EDIT), summary="Drei")
    answer = other.post(SETTLE, asked | {"choice-summary": "mine"})
    assert answer.status_code == 409 and "Drei" in answer.content.decode()
    assert said(muehle)["summary"] == "Drei"


def test_a_place_deleted_and_edited_at_once_is_asked(muehle: Organisation, anna: Person, bodo: Person) -> None:
    one, other = signed_in(anna), signed_in(bodo)
    form, same = as_it_stands(one, EDIT), as_it_stands(other, EDIT)
    send(one, form, **{"place-1-remove": "on"})
    answer = send(other, same, **{"place-1-street": "Kai 3"})
    assert answer.status_code == 409
    asked = fields(answer.content.decode())
    assert other.post(SETTLE, asked | {"choice-places": "mine"}).status_code == 302
    assert [one["street"] for one in said(muehle)["places"]] == ["Wallstraße 1", "Kai 3", ""]


def test_different_places_edited_at_once_come_together(muehle: Organisation, anna: Person, bodo: Person) -> None:
    one, other = signed_in(anna), signed_in(bodo)
    form, same = as_it_stands(one, EDIT), as_it_stands(other, EDIT)
    send(one, form, **{"place-0-street": "Wallstraße 2"})
    assert send(other, same, **{"place-1-street": "Kai 3"}).status_code == 302
    assert [one["street"] for one in said(muehle)["places"] if one["street"]] == ["Wallstraße 2", "Kai 3"]


def test_a_choice_of_somebody_else_or_for_another_entry_is_not_taken(muehle: Organisation, anna: Person, bodo: Person) -> None:
    one, other = signed_in(anna), signed_in(bodo)
    form, same = as_it_stands(one, EDIT), as_it_stands(other, EDIT)
    send(one, form, summary="Eins")
    asked = fields(send(other, same, summary="Zwei").content.decode())
    assert one.post(SETTLE, asked | {"choice-summary": "mine"}).status_code == 409
    assert other.post(SETTLE, asked | {"said": ["unsinn"], "choice-summary": "mine"}).status_code == 409
    assert said(muehle)["summary"] == "Eins"


def test_merged_meanwhile_nothing_is_written_and_nothing_lost(muehle: Organisation, anna: Person) -> None:
    client = signed_in(anna)
    form = as_it_stands(client, EDIT)
    into = organisation("Große Mühle eG")
    Organisation.objects.filter(pk=muehle.pk).update(state=State.MERGED, merged_into=into)
    answer = send(client, form, summary="Lang überlegt")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Große Mühle eG" in page and "Lang überlegt" in page and "/o/grosse-muehle-eg/" in page
    assert client.get(EDIT)["Location"] == "/o/grosse-muehle-eg/bearbeiten/"


def test_no_longer_in_the_team_the_text_comes_back_with_the_no(muehle: Organisation, anna: Person) -> None:
    client = signed_in(anna)
    form = as_it_stands(client, EDIT)
    anna.stewardships.all().delete()
    answer = send(client, form, summary="Lang überlegt")
    assert answer.status_code == 403 and "Lang überlegt" in answer.content.decode()
    assert said(muehle)["summary"] == "Mehl für alle"


def test_taken_off_the_map_meanwhile_it_is_saved_and_said(muehle: Organisation, anna: Person) -> None:
    client = signed_in(anna)
    form = as_it_stands(client, EDIT)
    actions.archive_organisation(muehle, by=anna)
    assert send(client, form, summary="Zum Abschied").status_code == 302
    assert (said(muehle)["summary"], said(muehle)["state"]) == ("Zum Abschied", "archived")


def test_a_base_that_was_made_up_breaks_nothing(muehle: Organisation, anna: Person) -> None:
    client = signed_in(anna)
    form = as_it_stands(client, EDIT)
    for base in ("", "-1", "x", "999999999999999", "9" * 40):
        assert send(client, form, base=base).status_code in {302, 409, 422}
    assert said(muehle)["name"] == "Alte Mühle eG"


# ---------------------------------------------------------------------------------------------------------- off the map


def test_only_owners_and_caretakers_take_an_entry_off_the_map(muehle: Organisation, anna: Person, bodo: Person) -> None:
    off = "/o/alte-muehle-eg/vom-netz/"
    assert signed_in(bodo).get(off).status_code == 403
    client = signed_in(anna)
    assert client.post(off, {"why": "ended", "ended": "2020"}).status_code == 200
    muehle.refresh_from_db()
    assert muehle.state == State.PUBLISHED  # nobody was sure
    assert client.post(off, {"why": "ended", "ended": "2020", "reason": "Schluss", "sure": "on"}).status_code == 302
    muehle.refresh_from_db()
    assert (muehle.state, muehle.ended) == (State.ARCHIVED, 2020)
    assert Client().get("/o/alte-muehle-eg/").status_code == 410
    look = "/o/alte-muehle-eg/sichten/"
    assert client.get(look).status_code == 403
    house = signed_in(person("haus", is_caretaker=True))
    assert house.get(look).status_code == 200
    assert house.post(look, {"decision": "publish"}).status_code == 302
    muehle.refresh_from_db()
    assert muehle.state == State.PUBLISHED
