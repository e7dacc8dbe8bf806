"""Attaching, fetching, removing, bringing back: who may, and what the answer carries."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from allmende.directory.models import Organisation, Role, State
from allmende.files import actions, checking, rules, storing
from allmende.files.models import Attachment
from allmende.ground.models import Entry
from allmende.ground.refusals import Refused
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.queries import GUEST
from tests.cast import organisation
from tests.files.conftest import AT, as_, person, picture, steward_of, upload

pytestmark = pytest.mark.django_db


def address(found: Attachment) -> str:
    return f"/dateien/{found.uuid}/{found.name}"


@pytest.fixture
def bild(haus: Organisation, steward: Person) -> Attachment:
    assert upload(steward, haus, picture(), "Haus.jpg").status_code == 302
    return Attachment.objects.get()


def panel(viewer: Any, item: Organisation) -> str:
    request = RequestFactory().get("/")
    request.user = viewer
    return Template('{% panels "thing.files" item %}').render(Context({"item": item, "request": request}))


# ------------------------------------------------------------------------------------------------------------ attaching


def test_guests_strangers_and_mere_members_attach_nothing(haus: Organisation, steward: Person) -> None:
    foreign = steward_of(organisation("Nachbar eG"), "foreign")
    member = steward_of(haus, "member", Role.MEMBER)
    for who in (None, person("stranger"), foreign, member):
        assert upload(who, haus, picture()).status_code == 404
        assert "<form" not in as_(who).get(AT.format(haus.pk)).content.decode().partition("<main")[2]
    assert not Attachment.objects.exists()


def test_a_steward_attaches_a_picture(haus: Organisation, steward: Person) -> None:
    answer = upload(steward, haus, picture(), "Unser Haus.jpg")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/o/haus-eg/#dateien")
    found = Attachment.objects.get()
    assert (found.name, found.content_type, found.kind, found.number) == ("Unser Haus.jpg", "image/jpeg", "directory.organisation", haus.pk)
    assert (found.organisation, found.uploaded_by, found.size) == (haus, steward, storing.path_of(found.uuid).stat().st_size)
    assert storing.path_of(found.uuid).stat().st_mode & 0o777 == 0o600
    line = Entry.objects.get(verb="files.file_attached")
    assert line.facts == {"thing": "directory.organisation", "number": haus.pk, "type": "image/jpeg", "size": found.size}


def test_a_form_from_elsewhere_is_refused(haus: Organisation, steward: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(steward)
    assert client.post(AT.format(haus.pk), {"file": ""}).status_code == 403


@pytest.mark.parametrize(
    ("data", "name"), [(b"", "a.txt"), (b"<svg></svg>", "a.svg"), (b"MZ\x90", "a.pdf"), (b"x" * (rules.LARGEST + 1), "a.txt")]
)
def test_a_refused_file_keeps_the_way_back(haus: Organisation, steward: Person, data: bytes, name: str) -> None:
    answer = upload(steward, haus, data, name)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "/o/haus-eg/" in page and 'id="id_file_error"' in page and "<title>Fehler:" in page
    assert not Attachment.objects.exists() and not list(storing.folder().glob("*/*"))


def test_without_a_file_the_form_says_so(haus: Organisation, steward: Person) -> None:
    answer = as_(steward).post(AT.format(haus.pk), {})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["file"])


def test_what_is_far_too_large_does_not_come_in(haus: Organisation, steward: Person) -> None:
    answer = upload(steward, haus, b"x" * 11_000_000, "a.txt")
    assert answer.status_code == 413
    assert upload(None, haus, b"x" * 2_000_000, "a.txt").status_code == 404
    assert as_(steward).post("/o/haus-eg/melden/falsch/", {"a": "x" * 1_100_000}).status_code == 413


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "a\\..\\b.jpg", "x\r\nSet-Cookie: a=b.jpg", "\u202egpj.exe", "ä" * 250 + ".jpg", "con.jpg", "%2e%2e%2fx.jpg"],
)
def test_no_name_leads_out_of_the_folder(haus: Organisation, steward: Person, name: str) -> None:
    assert upload(steward, haus, picture(), name).status_code == 302
    found = Attachment.objects.get()
    assert [path.name for path in storing.folder().rglob("*") if path.is_file()] == [found.uuid.hex]
    answer = as_(steward).get(f"/dateien/{found.uuid}/x", follow=True)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert "\n" not in answer.headers["Content-Disposition"]


def test_the_same_file_twice_is_there_once(haus: Organisation, steward: Person) -> None:
    for _ in range(2):
        assert upload(steward, haus, picture()).status_code == 302
    assert Attachment.objects.count() == 1 == len([path for path in storing.folder().rglob("*") if path.is_file()])


def test_ten_files_and_no_more(haus: Organisation, steward: Person) -> None:
    for number in range(rules.MOST_OF_A_THING):
        assert upload(steward, haus, b"%d" % number, f"{number}.txt").status_code == 302
    assert upload(steward, haus, b"zu viel", "a.txt").status_code == 400
    assert Attachment.objects.count() == rules.MOST_OF_A_THING
    assert 'type="file"' not in panel(steward, haus)


def test_a_day_has_a_limit_for_a_person_and_for_an_organisation(
    haus: Organisation, steward: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "A_DAY", 10)
    second = steward_of(haus, "second")
    assert upload(steward, haus, b"12345678", "a.txt").status_code == 302
    assert upload(steward, haus, b"abc", "b.txt").status_code == 400
    assert upload(second, haus, b"abc", "b.txt").status_code == 400
    Attachment.objects.update(uploaded_at=timezone.now() - timedelta(days=1, minutes=1))
    assert upload(second, haus, b"abc", "b.txt").status_code == 302
    assert [path.is_file() for path in (storing.path_of(one.uuid) for one in Attachment.objects.all())] == [True, True]


def test_a_thing_that_goes_while_a_file_is_sent_takes_none(haus: Organisation, steward: Person) -> None:
    haus_before = Organisation.objects.get()
    haus.delete()
    with pytest.raises(Refused):
        actions._put(haus_before, checking.check(picture(), "a.jpg"), uuid4(), steward)


@pytest.mark.parametrize(
    "where",
    [
        "/dateien/an/gibt.es/1/",
        "/dateien/an/directory.organisation/999999/",
        "/dateien/an/directory.organisation/99999999999999999999999/",
        "/dateien/an/people.person/1/",
    ],
)
def test_nothing_can_be_attached_to_what_is_not_there(steward: Person, where: str) -> None:
    for answer in (as_(steward).get(where), as_(steward).post(where, {})):
        assert answer.status_code == 404


# ------------------------------------------------------------------------------------------------------------- fetching


def test_a_picture_is_shown_and_harmless(bild: Attachment) -> None:
    answer = Client().get(address(bild))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == storing.path_of(bild.uuid).read_bytes()
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'inline; filename="Haus.jpg"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" in answer.headers["Vary"]
    assert "Content-Encoding" not in Client().get(address(bild), headers={"Accept-Encoding": "gzip"}).headers


def test_everything_else_is_for_saving(haus: Organisation, steward: Person) -> None:
    upload(steward, haus, b"Ein Text.", "Größe.txt")
    answer = Client().get(f"/dateien/{Attachment.objects.get().uuid}/x", follow=True)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.txt"


def test_what_has_not_changed_is_not_sent_again(bild: Attachment) -> None:
    etag = Client().get(address(bild)).headers["ETag"]
    again = Client().get(address(bild), headers={"If-None-Match": f"W/{etag}"})
    assert (again.status_code, again.content, again.headers["Content-Security-Policy"]) == (
        304,
        b"",
        "default-src 'none'; sandbox; frame-ancestors 'none'",
    )
    assert Client().get(address(bild), headers={"If-None-Match": '"anders"'}).status_code == 200


def test_another_name_leads_to_the_right_one(bild: Attachment) -> None:
    answer = Client().get(f"/dateien/{bild.uuid}/anklicken.html")
    assert (answer.status_code, answer.headers["Location"]) == (302, address(bild))
    assert Client().get("/en" + address(bild)).status_code == 200


def test_only_those_who_see_the_thing_get_its_files(bild: Attachment, haus: Organisation, steward: Person) -> None:
    caretaker = person("caretaker", is_caretaker=True)
    Organisation.objects.update(state=State.DRAFT)
    for who in (None, person("stranger"), steward_of(organisation("Nachbar eG"), "foreign")):
        for where in (address(bild), f"/dateien/{bild.uuid}/x", AT.format(haus.pk)):
            assert as_(who).get(where).status_code == 404
        assert as_(who).get(address(bild), headers={"If-None-Match": f'"{bild.digest}"'}).status_code == 404
    for who in (steward, caretaker):
        answer = as_(who).get(address(bild))
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert Client().get("/dateien/00000000-0000-4000-8000-000000000000/x").status_code == 404


def test_nothing_is_served_from_the_folder_itself(bild: Attachment) -> None:
    for where in (f"/media/files/{bild.uuid.hex[:2]}/{bild.uuid.hex}", f"/static/files/{bild.uuid.hex}", f"/files/{bild.uuid.hex}"):
        assert Client().get(where).status_code == 404


def test_a_file_whose_bytes_are_lost_is_not_there(bild: Attachment) -> None:
    storing.delete(bild.uuid)
    assert Client().get(address(bild)).status_code == 404


def test_files_cannot_be_posted_to(bild: Attachment) -> None:
    assert Client().post(address(bild)).status_code == 405


# ---------------------------------------------------------------------------------------------- removing, bringing back


def test_only_its_own_people_remove_a_file(bild: Attachment, haus: Organisation, steward: Person) -> None:
    for who in (person("stranger"), steward_of(organisation("Nachbar eG"), "foreign"), steward_of(haus, "member", Role.MEMBER)):
        assert as_(who).post(f"/dateien/{bild.uuid}/entfernen/").status_code == 403
    assert Client().post(f"/dateien/{bild.uuid}/entfernen/").status_code == 302
    assert as_(steward).get(f"/dateien/{bild.uuid}/entfernen/").status_code == 405
    assert Attachment.objects.get().removed_at is None


def test_a_file_is_removed_and_brought_back(bild: Attachment, haus: Organisation, steward: Person) -> None:
    second = steward_of(haus, "second")
    assert as_(second).post(f"/dateien/{bild.uuid}/entfernen/").headers["Location"] == "/o/haus-eg/#dateien"
    assert as_(second).post(f"/dateien/{bild.uuid}/entfernen/").status_code == 409
    for who in (None, steward):
        assert as_(who).get(address(bild)).status_code == 404
    assert "Haus.jpg" not in panel(GUEST, haus) and "zurueckholen" in panel(steward, haus)
    assert as_(person("stranger")).post(f"/dateien/{bild.uuid}/zurueckholen/").status_code == 403
    assert as_(steward).post(f"/dateien/{bild.uuid}/zurueckholen/").status_code == 302
    assert as_(steward).post(f"/dateien/{bild.uuid}/zurueckholen/").status_code == 409
    assert Client().get(address(bild)).status_code == 200


def test_after_a_month_nothing_comes_back(bild: Attachment, haus: Organisation, steward: Person) -> None:
    Attachment.objects.update(removed_at=timezone.now() - rules.UNDONE_WITHIN - timedelta(minutes=1))
    assert as_(steward).post(f"/dateien/{bild.uuid}/zurueckholen/").status_code == 409
    assert "zurueckholen" not in panel(steward, haus)


def test_nothing_comes_back_where_there_is_no_room(
    bild: Attachment, haus: Organisation, steward: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_OF_A_THING", 1)
    as_(steward).post(f"/dateien/{bild.uuid}/entfernen/")
    upload(steward, haus, b"neu", "neu.txt")
    assert as_(steward).post(f"/dateien/{bild.uuid}/zurueckholen/").status_code == 409


# ------------------------------------------------------------------------------------------------------------ the panel


def test_the_panel_shows_files_to_all_and_the_form_to_those_who_may(bild: Attachment, haus: Organisation, steward: Person) -> None:
    seen = panel(GUEST, haus)
    assert "Haus.jpg" in seen and "Haus eG" in seen and "Steward" not in seen and "<form" not in seen
    assert 'enctype="multipart/form-data"' in panel(steward, haus)


def test_the_panel_is_silent_where_there_is_nothing(haus: Organisation, steward: Person) -> None:
    assert panel(GUEST, haus) == ""
    assert 'type="file"' in panel(steward, haus)


def test_names_are_shown_as_text(haus: Organisation, steward: Person) -> None:
    upload(steward, haus, b"x", "a&b 'c' =d.txt")
    Attachment.objects.update(name="<b>.txt")
    assert "<b>" not in panel(GUEST, haus).replace("</b>", "")


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_asks_as_often_for_three_as_for_one(
    haus: Organisation, steward: Person, number: int, django_assert_max_num_queries: Any
) -> None:
    for one in range(number):
        upload(steward, haus, b"%d" % one, f"{one}.txt")
    with django_assert_max_num_queries(8):
        panel(steward, haus)
    with django_assert_max_num_queries(1):
        panel(GUEST, haus)


def test_for_whom_a_file_was_put_up(haus: Organisation) -> None:
    """That of the thing for those who belong to it, otherwise the only one they belong to."""
    from allmende.files.access import speaks_for

    nachbar = organisation("Nachbar eG")
    both, one, none = steward_of(haus, "both"), steward_of(nachbar, "one"), person("none")
    steward_of(nachbar, "both")
    assert [speaks_for(who, haus) for who in (both, one, none)] == [haus, nachbar, None]
    assert subjects.of(haus).organisation(haus) == haus
