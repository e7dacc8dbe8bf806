"""Who comes in where; a list from the upload to the result through the pages."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from allmende.constitution.models import OfficeKind
from allmende.ground import queue
from allmende.intake import actions
from allmende.intake.checking import Options
from allmende.intake.models import Intake
from allmende.members.models import Membership
from tests import coops

pytestmark = pytest.mark.django_db
LIST = "Nr;Nachname;Vorname;Eintritt;Anteile;Guthaben\n1;<b>Muster</b>;A;01.02.2019;2;500,00\n2;=1+1;B;30.02.2019;1;0\n"


def _at(cooperative, name: str, *args: object) -> str:
    return reverse(f"intake:{name}", args=[cooperative.organisation.slug, *args])


def _client(person) -> Client:
    made = Client()
    made.force_login(person, backend="allmende.people.adapter.Backend")
    return made


@pytest.fixture
def scene():
    made = coops.cooperative()
    coops.statute(made)
    return made, coops.office(made)


def test_only_board_and_administration_come_in(scene, client) -> None:
    cooperative, board = scene
    made = actions.upload(cooperative, LIST.encode(), "x.csv", by=board)
    pages = [_at(cooperative, "intake"), _at(cooperative, "one", made.uuid), _at(cooperative, "columns", made.uuid),
             _at(cooperative, "findings", made.uuid), _at(cooperative, "template", "csv")]  # fmt: skip
    keeper = coops.person("pflegerin")
    keeper.is_caretaker = True
    keeper.save()
    member = coops.member(cooperative, board, person=coops.person("mitglied"), number=50).person
    audit, clerk = coops.office(cooperative, OfficeKind.AUDIT), coops.office(cooperative, OfficeKind.ADMINISTRATION)
    for page in pages:
        assert client.get(page).status_code == 302
        assert [_client(who).get(page).status_code for who in (coops.person(f"fremd{len(page)}{page[-5:-1]}"), keeper, member, audit)] == [
            404
        ] * 4
        assert [_client(who).get(page).status_code for who in (clerk, board)] == [200, 200]
    other = coops.cooperative("Fremdes eG")
    foreign = coops.office(other)
    assert _client(foreign).get(_at(other, "one", made.uuid)).status_code == 404
    assert _client(board).get(_at(cooperative, "start", made.uuid)).status_code == 405


def test_a_list_goes_through_the_pages(scene) -> None:
    cooperative, board = scene
    browser = _client(board)
    answer = browser.post(_at(cooperative, "intake"), {"file": SimpleUploadedFile("alt.csv", LIST.encode("cp1252"))})
    made = Intake.objects.get()
    assert answer.url == _at(cooperative, "columns", made.uuid)
    chosen = {f"c{at}": field for at, field in enumerate(made.columns)}
    assert browser.post(answer.url, chosen).url == _at(cooperative, "one", made.uuid)
    said = {"opening_on": "2025-12-31", "leave_out": "on"}
    browser.post(_at(cooperative, "one", made.uuid), said)
    page = browser.get(_at(cooperative, "one", made.uuid)).content.decode()
    assert "&lt;b&gt;Muster" in page
    assert "'=1+1" in browser.get(_at(cooperative, "findings", made.uuid)).content.decode()
    browser.post(_at(cooperative, "start", made.uuid))
    assert Intake.objects.get().state == "open"  # the sums were not confirmed
    browser.post(_at(cooperative, "start", made.uuid), {"sums_are_right": "on"})
    assert browser.get(_at(cooperative, "one", made.uuid))["Refresh"] == "5"
    queue.run_all()
    assert "0001" in browser.get(_at(cooperative, "one", made.uuid)).content.decode()
    assert Membership.objects.count() == 1
    browser.post(_at(cooperative, "undo", made.uuid))
    assert Membership.objects.count() == 0
    assert browser.get(_at(cooperative, "one", made.uuid)).status_code == 200


def test_faults_are_said_on_the_page(scene) -> None:
    cooperative, board = scene
    browser = _client(board)
    assert browser.post(_at(cooperative, "intake")).status_code == 400
    answer = browser.post(_at(cooperative, "intake"), {"file": SimpleUploadedFile("bild.csv", b"\x89PNG\r\n\x1a\n\0\0")})
    assert (answer.status_code, Intake.objects.count()) == (400, 0)
    made = actions.upload(cooperative, LIST.encode(), "x.csv", by=board)
    assert browser.post(_at(cooperative, "columns", made.uuid), {"c0": "evil"}).status_code == 400
    assert browser.post(_at(cooperative, "one", made.uuid), {"opening_on": "morgen"}).status_code == 400
    assert browser.post(_at(cooperative, "start", made.uuid), {"sums_are_right": "on"}).status_code == 409
    assert browser.post(_at(cooperative, "discard", made.uuid)).status_code == 302
    assert Intake.objects.count() == 0


def test_the_rehearsal_asks_no_more_for_three_rows_than_for_one(scene, django_assert_max_num_queries) -> None:
    cooperative, board = scene
    browser = _client(board)
    counts = []
    for rows in (1, 3):
        text = "Nachname;Eintritt;Anteile\n" + "".join(f"Muster{at};1.1.2020;1\n" for at in range(rows))
        made = actions.upload(cooperative, text.encode(), "x.csv", by=board)
        actions.rehearse(made, Options(opening_on=date(2025, 12, 31)), by=board)
        browser.get(_at(cooperative, "one", made.uuid))
        with django_assert_max_num_queries(60) as asked:
            browser.get(_at(cooperative, "one", made.uuid))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_house_without_a_statute_says_so() -> None:
    cooperative = coops.cooperative("Neu eG")
    board = coops.office(cooperative)
    assert _client(board).get(_at(cooperative, "intake")).status_code == 200
    made = actions.upload(cooperative, LIST.encode(), "x.csv", by=board)
    assert _client(board).post(_at(cooperative, "one", made.uuid), {"opening_on": "2025-12-31"}).status_code == 400
