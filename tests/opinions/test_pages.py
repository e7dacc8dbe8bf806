"""The doors: who gets in, what stands there, what is taken."""

import csv
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from allmende.comments.actions import write_comment
from allmende.directory.models import State as EntryState
from allmende.ground import queue
from allmende.opinions import actions
from allmende.opinions.models import Answer, Landscape, Statement
from allmende.people import subjects
from allmende.people.models import Person
from tests import coops
from tests.opinions.conftest import TEXTS, Scene

READ = ("landscape", "own", "statements", "csv", "json")
RUN = ("edit", "move")
POST_ONLY = ("answer", "open", "close", "publish", "discard")


def signed(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def with_picture(scene: Scene) -> Scene:
    """Two camps have answered and it is closed."""
    people = scene.more(12)
    scene.all_answer(people[:7], 1, -1)
    scene.all_answer(people[7:], -1, 1)
    actions.close_landscape(scene.landscape, by=scene.board)
    queue.run_all()
    return scene


# --------------------------------------------------------------------------------------------------------------- who


def test_strangers_and_caretakers_find_nothing_and_guests_are_asked_to_sign_in(scene: Scene) -> None:
    with_picture(scene)
    caretaker = coops.person("pflege")
    caretaker.is_caretaker = True
    caretaker.save()
    foreign_board = coops.office(coops.cooperative("Andere eG"))
    for person in (coops.person("fremd"), caretaker, foreign_board):
        client = signed(person)
        assert [client.get(scene.at(page)).status_code for page in (*READ, *RUN)] == [404] * 7
        assert [client.post(scene.at(page)).status_code for page in POST_ONLY] == [404] * 5
        assert client.get(f"/genossenschaft/{scene.slug}/meinungsbilder/").status_code == 404
    guest = Client()
    assert [guest.get(scene.at(page)).status_code for page in READ] == [404, 302, 302, 404, 404]
    assert guest.get(f"/genossenschaft/{scene.slug}/meinungsbilder/").status_code == 404


def test_members_read_and_answer_but_do_not_run_it(scene: Scene) -> None:
    with_picture(scene)
    client = signed(scene.members[0])
    assert [client.get(scene.at(page)).status_code for page in READ] == [200] * 5
    assert [client.get(scene.at(page)).status_code for page in RUN] == [404] * 2
    assert [client.post(scene.at(page)).status_code for page in POST_ONLY[1:]] == [404] * 4
    assert client.get(scene.at("hide", 1)).status_code == client.post(scene.at("unhide", 1)).status_code == 404
    assert client.get(f"/genossenschaft/{scene.slug}/meinungsbilder/neu/").status_code == 404


def test_drafts_are_for_those_who_run_them(draft: Scene) -> None:
    member = draft.more(1)[0]
    assert signed(member).get(draft.at("landscape")).status_code == 404
    page = text(signed(draft.board).get(draft.at("landscape")))
    assert "A draft" in page or "Entwurf" in page
    assert signed(draft.board).get(draft.at("own")).status_code == 200


def test_guests_see_the_numbers_of_a_published_report_and_no_more(scene: Scene) -> None:
    with_picture(scene)
    actions.publish_report(scene.landscape, by=scene.board)
    write_comment(scene.landscape, "Das bleibt unter uns.", by=scene.members[0])
    guest = Client()
    page = text(guest.get(scene.at("landscape")))
    assert "bleibt unter uns" not in page and guest.get(f"/kommentare/opinions.landscape/{scene.landscape.pk}/").status_code == 404
    assert "bleibt unter uns" in text(signed(scene.board).get(scene.at("landscape")))
    assert TEXTS[0] in page and "opinion-ask" not in page and 'class="me"' not in page
    assert guest.get(scene.at("json")).status_code == 200
    assert guest.get(scene.at("own")).status_code == 302
    assert signed(coops.person("fremd")).get(scene.at("statements")).status_code == 404
    assert scene.landscape.title in text(guest.get(f"/genossenschaft/{scene.slug}/meinungsbilder/"))
    type(scene.cooperative.organisation).objects.update(state=EntryState.ARCHIVED)
    assert guest.get(scene.at("landscape")).status_code == 404
    assert signed(scene.members[0]).get(scene.at("landscape")).status_code == 200


# --------------------------------------------------------------------------------------------------------------- answering


def test_one_statement_after_the_other_without_javascript(scene: Scene) -> None:
    client, member = signed(scene.members[0]), scene.members[0]
    for done in range(8):
        page = client.get(scene.at("landscape"))
        number = page.context["statement"].number
        assert (page.context["done"], page.context["all"]) == (done, 8)
        answer = client.post(scene.at("answer"), {"statement": number, "value": "pass"})
        assert answer.url == scene.at("landscape") + "#frage"
    assert client.get(scene.at("landscape")).context["statement"] is None
    answer = client.post(scene.at("answer"), {"statement": 3, "value": "agree", "back": "own"})
    assert answer.url == scene.at("own") + "#s-3"
    assert Answer.objects.get(person=member, statement__number=3).value == 1
    client.post(scene.at("own"))
    assert not Answer.objects.filter(person=member).exists()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"statement": "1", "value": "perhaps"}, 400),
        ({"statement": "1"}, 400),
        ({"value": "agree"}, 400),
        ({"statement": "99", "value": "agree"}, 404),
        ({"statement": "-1", "value": "agree"}, 400),
        ({"statement": "²", "value": "agree"}, 400),
        ({"statement": "9" * 99, "value": "agree"}, 400),
    ],
)
def test_nonsense_is_no_answer(scene: Scene, said: dict[str, str], status: int) -> None:
    client = signed(scene.members[0])
    assert client.post(scene.at("answer"), said).status_code == status
    assert client.get(scene.at("answer")).status_code == 405
    assert not Answer.objects.exists()


def test_a_statement_of_another_landscape_is_not_answered_here(scene: Scene) -> None:
    other = actions.create_landscape(scene.cooperative, actions.Wording("Andere"), by=scene.board)
    Statement.objects.create(landscape=other, number=77, text="Eine fremde Aussage steht hier.")
    assert signed(scene.members[0]).post(scene.at("answer"), {"statement": 77, "value": "agree"}).status_code == 404


def test_after_the_end_a_clear_sentence(scene: Scene) -> None:
    actions.close_landscape(scene.landscape, by=scene.board)
    answer = signed(scene.members[0]).post(scene.at("answer"), {"statement": 1, "value": "agree"})
    assert answer.status_code == 409
    assert not Answer.objects.exists()


# -------------------------------------------------------------------------------------------------------------- statements


def test_nearly_the_same_is_shown_before_it_is_added(scene: Scene) -> None:
    client = signed(scene.members[0])
    near = "Bei uns gilt die Aussage Nummer eins"
    page = client.post(scene.at("statements"), {"text": near})
    assert [one.number for one in page.context["similar"]][:1] == [1]
    assert near in text(page) and Statement.objects.count() == 8
    assert client.post(scene.at("statements"), {"text": near, "sure": "on"}).status_code == 302
    assert Statement.objects.get(number=9).author == scene.members[0]
    assert TEXTS[0] in text(client.get(scene.at("alike"), {"text": near}))
    assert client.get(scene.at("alike"), {"text": "x" * 5000}).status_code == 200


def test_hostile_words_stay_words_and_too_long_ones_are_kept_for_changing(scene: Scene) -> None:
    client = signed(scene.members[0])
    hostile = "<script>alert(1)</script> gilt bei uns"
    client.post(scene.at("statements"), {"text": hostile, "sure": "on"})
    page = text(client.get(scene.at("statements")))
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    page_after = client.post(scene.at("statements"), {"text": "y" * 300})
    assert page_after.status_code == 400 and "y" * 300 in text(page_after)


def test_who_wrote_a_statement_is_shown_to_nobody(scene: Scene) -> None:
    member = scene.members[0]
    actions.add_statement(scene.landscape, "Lieferräder sind besser als Wagen.", by=member)
    for person in (scene.board, scene.more(1)[0]):
        for page in ("landscape", "statements"):
            assert member.name not in text(signed(person).get(scene.at(page)))


def test_hidden_statements_stand_there_with_the_reason_but_without_their_words(scene: Scene) -> None:
    board = signed(scene.board)
    assert board.post(scene.at("hide", 2), {"reason": " "}).status_code == 400
    assert board.post(scene.at("hide", 2), {"reason": "Doppelt zu eins."}).status_code == 302
    page = text(signed(scene.members[0]).get(scene.at("statements")))
    assert "Doppelt zu eins." in page and TEXTS[1] not in page
    assert TEXTS[1] in text(board.get(scene.at("statements")))
    assert board.post(scene.at("unhide", 2)).status_code == 302
    assert TEXTS[1] in text(signed(scene.members[0]).get(scene.at("statements")))


# -------------------------------------------------------------------------------------------------------------- the picture


def test_the_picture_has_a_table_beside_it_and_the_own_place_only(scene: Scene) -> None:
    with_picture(scene)
    page = signed(scene.members[1]).get(scene.at("landscape"))
    shown = page.context["picture"]
    assert [group.people for group in shown.groups] == [7, 5]
    assert text(page).count("<ellipse") == 2 and text(page).count("<circle") == 1
    assert "<circle" not in text(signed(scene.members[0]).get(scene.at("landscape")))  # has not answered
    assert [line.number for line in shown.divides] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (shown.lines[0].whole.agree, shown.lines[0].whole.disagree) == (58, 42)
    names = [person.name for person in scene.members]
    assert not [name for name in names[2:] if name in text(page)]


def test_exports_hold_the_same_numbers_and_no_people(scene: Scene) -> None:
    with_picture(scene)
    client = signed(scene.members[1])
    rows = list(csv.reader(text(client.get(scene.at("csv"))).lstrip("\ufeff").splitlines(), delimiter=";"))
    assert rows[:4] == [
        ["number", "statement", "group", "people", "agree", "disagree", "pass"],
        ["1", TEXTS[0], "all", "12", "7", "5", "0"],
        ["1", TEXTS[0], "A", "7", "7", "0", "0"],
        ["1", TEXTS[0], "B", "5", "0", "5", "0"],
    ]
    told = json.loads(text(client.get(scene.at("json"))))
    assert (told["people"], [group["people"] for group in told["groups"]], len(told["statements"])) == (12, [7, 5], 8)
    assert not {"kept", "plane", "centre", "axes"} & set(told)


def test_before_ten_have_answered_nothing_is_shown(scene: Scene) -> None:
    scene.all_answer(scene.members, 1, 1)
    actions.close_landscape(scene.landscape, by=scene.board)
    queue.run_all()
    client = signed(scene.members[0])
    assert client.get(scene.at("json")).status_code == client.get(scene.at("csv")).status_code == 404
    assert '<svg class="opinion-map"' not in text(client.get(scene.at("landscape")))


# ------------------------------------------------------------------------------------------------------------- running


def test_the_board_begins_opens_moves_closes_and_publishes(draft: Scene) -> None:
    board = signed(draft.board)
    answer = board.post(f"/genossenschaft/{draft.slug}/meinungsbilder/neu/", {"title": "Neue Frage", "members_add": "on"})
    made = Landscape.objects.get(title="Neue Frage")
    assert answer.url.endswith(f"{made.uuid}/aussagen/")
    assert board.post(draft.at("edit"), {"title": ""}).status_code == 400
    assert board.post(draft.at("edit"), {"title": "x", "starts_at": "2030-01-02T10:00", "ends_at": "2030-01-01T10:00"}).status_code == 400
    assert board.post(draft.at("edit"), {"title": "Wie liefern?", "ends_at": "99999-01-01T00:00"}).status_code == 400
    assert board.post(draft.at("edit"), {"title": "Wie liefern?", "members_add": "on"}).status_code == 302
    assert board.post(draft.at("open")).status_code == 302
    assert board.get(draft.at("edit")).status_code == 302
    with_picture(draft)
    assert board.post(draft.at("move"), {"reason": ""}).status_code == 400
    assert board.post(draft.at("publish")).status_code == 302
    assert Client().get(draft.at("landscape")).status_code == 200
    assert board.post(draft.at("publish"), {"take_back": "1"}).status_code == 302
    assert Client().get(draft.at("landscape")).status_code == 404


@pytest.mark.parametrize(
    "about", ["x", "opinions.landscape:x", "opinions.landscape:999999", "nothing.here:1", f"opinions.landscape:{'9' * 30}"]
)
def test_a_thing_that_is_not_there_is_not_asked_about(draft: Scene, about: str) -> None:
    assert signed(draft.board).get(f"/genossenschaft/{draft.slug}/meinungsbilder/neu/", {"about": about}).status_code == 404


def test_unknown_ones_are_not_there(scene: Scene) -> None:
    scene.landscape.uuid = uuid4()
    assert signed(scene.board).get(scene.at("landscape")).status_code == 404


def test_what_waits_for_me_and_what_is_open_here(scene: Scene) -> None:
    client = signed(scene.members[0])
    assert scene.landscape.title in text(client.get("/mein/"))
    scene.all_answer(scene.members, 1, 1)
    assert f"{scene.landscape.uuid}" not in text(client.get("/mein/"))


def test_a_list_asks_as_often_for_three_as_for_one(scene: Scene, django_assert_max_num_queries: Any) -> None:
    client, address = signed(scene.board), f"/genossenschaft/{scene.slug}/meinungsbilder/"
    client.get(address)
    with django_assert_max_num_queries(60) as one:
        client.get(address)
    for number in range(2):
        actions.create_landscape(scene.cooperative, actions.Wording(f"Frage {number}"), by=scene.board)
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(address)


def test_statements_can_be_reported_and_taken_off_by_those_who_judge(scene: Scene) -> None:
    subject = subjects.by_kind("opinions.statement")
    assert subject and subject.hide
    statement = scene.statement(1)
    assert subject.may_moderate(scene.board, statement) and not subject.may_moderate(scene.members[0], statement)
    assert subjects.find("opinions.statement", statement.pk, scene.members[0]) == statement
    assert subjects.find("opinions.statement", statement.pk, coops.person("fremd")) is None
    subject.hide(statement, by=scene.board, reason="Gemeldet.")
    assert subjects.find("opinions.statement", statement.pk, scene.members[0]) is None
