"""Opening, answering, hiding, closing, publishing; the picture in the background."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from allmende.ground import queue
from allmende.ground.models import Entry
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from allmende.opinions import actions, jobs, queries, tasks
from allmende.opinions.actions import Wording
from allmende.opinions.models import Answer, Landscape, Result, State, Statement
from allmende.people.models import Notice
from allmende.people.personal import AREAS, FORGETS, KEEPS
from tests import coops
from tests.opinions.conftest import TEXTS, Scene


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are known by their words."""
    with translation.override("en"):
        yield


def ten(scene: Scene) -> None:
    """Two camps of five answer everything."""
    people = scene.more(10)
    scene.all_answer(people[:5], 1, -1)
    scene.all_answer(people[5:], -1, 1)


def shown(scene: Scene) -> dict[str, object]:
    found: dict[str, object] = Result.objects.get(landscape=scene.landscape).shown
    return found


# ------------------------------------------------------------------------------------------------------------- running


def test_only_board_and_administration_run_it(draft: Scene) -> None:
    member, stranger = draft.more(1)[0], coops.person("fremd")
    administration = coops.office(draft.cooperative, "administration")
    for person in (member, stranger, coops.office(coops.cooperative("Andere eG"))):
        with pytest.raises(NotAllowed):
            actions.create_landscape(draft.cooperative, Wording("Neu"), by=person)
        with pytest.raises(NotAllowed):
            actions.open_landscape(draft.landscape, by=person)
    assert actions.open_landscape(draft.landscape, by=administration).state == State.OPEN


def test_opening_tells_all_members_once(draft: Scene) -> None:
    people = draft.more(2)
    actions.open_landscape(draft.landscape, by=draft.board)
    queue.run_all()
    tasks.tell_of_opening.enqueue(str(draft.landscape.uuid))
    queue.run_all()
    told = Notice.objects.filter(kind="opinions.opened")
    assert {one.person for one in told} == set(people) and told.count() == 2
    assert Entry.objects.filter(verb="opinions.landscape_opened", by=draft.board).count() == 1


def test_an_empty_or_past_or_open_one_is_not_opened(draft: Scene) -> None:
    past = actions.create_landscape(draft.cooperative, Wording("Vorbei", ends_at=timezone.now() - timedelta(hours=1)), by=draft.board)
    with pytest.raises(Refused, match="at least one statement"):
        actions.open_landscape(past, by=draft.board)
    actions.add_statement(past, TEXTS[0], by=draft.board)
    with pytest.raises(Refused, match="past"):
        actions.open_landscape(past, by=draft.board)
    actions.open_landscape(draft.landscape, by=draft.board)
    with pytest.raises(Refused):
        actions.open_landscape(draft.landscape, by=draft.board)
    with pytest.raises(Refused):
        actions.change_landscape(draft.landscape, Wording("Anders"), by=draft.board)


def test_a_draft_is_changed_and_thrown_away(draft: Scene) -> None:
    changed = actions.change_landscape(draft.landscape, Wording("Anders", members_add=False), by=draft.board)
    assert (changed.title, changed.members_add) == ("Anders", False)
    with pytest.raises(BadInput):
        actions.change_landscape(draft.landscape, Wording(" "), by=draft.board)
    actions.remove_statement(draft.statement(8), by=draft.board)
    assert Statement.objects.count() == 7
    actions.discard_landscape(draft.landscape, by=draft.board)
    assert not Landscape.objects.exists()


def test_it_belongs_to_a_thing_of_the_same_cooperative_only(draft: Scene) -> None:
    with pytest.raises(BadInput):
        actions.create_landscape(draft.cooperative, Wording("Neu"), about=coops.cooperative("Andere eG").organisation, by=draft.board)
    made = actions.create_landscape(draft.cooperative, Wording("Neu"), about=draft.landscape, by=draft.board)
    assert (made.about_kind, made.about_id) == ("opinions.landscape", draft.landscape.pk)
    assert queries.about(made) == draft.landscape


# ------------------------------------------------------------------------------------------------------------- answers


def test_the_last_word_counts_and_leaves_no_trail(scene: Scene) -> None:
    member, before = scene.members[0], Entry.objects.count()
    actions.answer(scene.statement(1), 1, by=member)
    actions.answer(scene.statement(1), -1, by=member)
    assert list(Answer.objects.values_list("person", "value")) == [(member.pk, -1)]
    assert Entry.objects.count() == before
    assert queries.progress(scene.landscape, member) == (1, 8)


def test_who_does_not_take_part_or_comes_late_or_says_nonsense_cannot_answer(scene: Scene) -> None:
    member = scene.members[0]
    caretaker = coops.person("pflege")
    caretaker.is_caretaker = True
    caretaker.save()
    for stranger in (coops.person("fremd"), caretaker):
        with pytest.raises(NotAllowed):
            actions.answer(scene.statement(1), 1, by=stranger)
    with pytest.raises(BadInput):
        actions.answer(scene.statement(1), 2, by=member)
    Landscape.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="Answers are not taken"):
        actions.answer(scene.statement(1), 1, by=member)
    assert not Answer.objects.exists()


def test_answers_are_taken_back(scene: Scene) -> None:
    member = scene.members[0]
    other = scene.more(1)[0]
    for person in (member, other):
        actions.answer(scene.statement(1), 1, by=person)
    assert actions.withdraw_answers(scene.landscape, by=member) == 1
    assert list(Answer.objects.values_list("person", flat=True)) == [other.pk]


# ---------------------------------------------------------------------------------------------------------- statements


def test_members_add_statements_whose_author_stands_in_no_trail(scene: Scene) -> None:
    member = scene.members[0]
    made = actions.add_statement(scene.landscape, "  Lieferräder sind   besser als Lieferwagen. ", by=member)
    assert (made.number, made.text, made.author) == (9, "Lieferräder sind besser als Lieferwagen.", member)
    assert Entry.objects.filter(verb="opinions.statement_added").latest("pk").by is None
    with pytest.raises(Refused, match="there already"):
        actions.add_statement(scene.landscape, made.text.upper(), by=member)
    for text in ("Kurz", "x" * 201):
        with pytest.raises(BadInput):
            actions.add_statement(scene.landscape, text, by=member)
    with pytest.raises(NotAllowed):
        actions.add_statement(scene.landscape, "Von außen etwas dazu gesagt.", by=coops.person("fremd"))


def test_one_person_adds_ten_and_nobody_where_only_the_board_does(scene: Scene) -> None:
    member = scene.members[0]
    for number in range(10):
        actions.add_statement(scene.landscape, f"Aussage eines Mitglieds, die {number}.", by=member)
    with pytest.raises(Refused, match="as many"):
        actions.add_statement(scene.landscape, "Noch eine Aussage mehr.", by=member)
    Landscape.objects.update(members_add=False)
    with pytest.raises(NotAllowed):
        actions.add_statement(scene.landscape, "Noch eine Aussage mehr.", by=scene.more(1)[0])


def test_hiding_needs_a_reason_which_the_author_is_told_and_can_be_undone(scene: Scene) -> None:
    member = scene.members[0]
    made = actions.add_statement(scene.landscape, "Eine Beleidigung gegen jemanden.", by=member)
    actions.answer(made, 1, by=member)
    with pytest.raises(NotAllowed):
        actions.hide_statement(made, by=member, reason="So")
    with pytest.raises(BadInput):
        actions.hide_statement(made, by=scene.board, reason="  ")
    actions.hide_statement(made, by=scene.board, reason="Greift jemanden an.")
    assert "Greift jemanden an." in Notice.objects.get(kind="opinions.hidden", person=member).text
    assert queries.progress(scene.landscape, member) == (0, 8)
    with pytest.raises(Refused):
        actions.answer(made, 1, by=member)
    actions.unhide_statement(made, by=scene.board)
    assert queries.progress(scene.landscape, member) == (1, 9)


# --------------------------------------------------------------------------------------------------------- the picture


def test_the_picture_comes_with_the_tenth_person_and_then_with_five_more(scene: Scene) -> None:
    people = scene.more(9)
    scene.all_answer(people, 1, -1)
    assert jobs.pictures() == "0 closed, 0 to compute"
    actions.answer(scene.statement(1), 1, by=scene.members[0])
    assert jobs.pictures() == "0 closed, 1 to compute"
    queue.run_all()
    first = Result.objects.get()
    assert (first.people, first.is_final, first.shown["groups"]) == (10, False, [])
    scene.all_answer(scene.more(4), -1, 1)
    assert jobs.pictures() == "0 closed, 0 to compute"
    scene.all_answer(scene.more(1), -1, 1)
    jobs.pictures()
    queue.run_all()
    assert [group["people"] for group in Result.objects.get().shown["groups"]] == [10, 5]


def test_the_end_by_the_clock_makes_the_final_picture_and_tells_who_answered(scene: Scene) -> None:
    ten(scene)
    Landscape.objects.update(ends_at=timezone.now())
    assert jobs.pictures() == "1 closed, 1 to compute"
    queue.run_all()
    assert Result.objects.get().is_final
    assert Notice.objects.filter(kind="opinions.closed").count() == 10
    assert jobs.pictures() == "0 closed, 0 to compute"


def test_one_sees_the_own_place_from_the_own_answers(scene: Scene) -> None:
    ten(scene)
    actions.close_landscape(scene.landscape, by=scene.board)
    queue.run_all()
    asked = Landscape.objects.select_related("result").get()
    groups = asked.result.shown["groups"]
    places = [queries.own_place(asked, person) for person in scene.members]
    assert places[0] is None  # has not answered
    assert [place[2] for place in places[1:] if place] == [places[1][2]] * 5 + [1 - places[1][2]] * 5 if places[1] else False
    assert places[1] and (round(places[1][0], 3), round(places[1][1], 3)) == (groups[places[1][2]]["x"], groups[places[1][2]]["y"])
    assert queries.own_place(asked, coops.person("fremd")) is None


def test_what_is_stored_names_nobody(scene: Scene) -> None:
    ten(scene)
    actions.close_landscape(scene.landscape, by=scene.board)
    queue.run_all()
    result = Result.objects.get()
    assert set(result.kept) == {"numbers", "hidden", "centre", "axes", "middles", "smoothing"}
    assert [len(group["stands"]) > 0 for group in result.shown["groups"]] == [True, True]


def test_the_end_is_moved_with_a_reason_all_who_answered_read(scene: Scene) -> None:
    member, later = scene.members[0], timezone.now() + timedelta(days=2)
    actions.answer(scene.statement(1), 1, by=member)
    for reason, ends_at in (("", later), ("Weil", timezone.now())):
        with pytest.raises(BadInput):
            actions.move_end(scene.landscape, ends_at, reason, by=scene.board)
    actions.move_end(scene.landscape, later, "Viele sind im Urlaub.", by=scene.board)
    queue.run_all()
    assert "Viele sind im Urlaub." in Notice.objects.get(kind="opinions.moved").text
    assert Landscape.objects.get().ends_at == later


def test_opened_again_with_one_more_answer_it_keeps_its_picture(scene: Scene) -> None:
    ten(scene)
    actions.close_landscape(scene.landscape, by=scene.board)
    queue.run_all()
    first = shown(scene)
    actions.move_end(scene.landscape, None, "Noch offen.", by=scene.board)
    assert not Result.objects.get().is_final
    scene.all_answer(scene.members[:1], 1, 1)
    actions.close_landscape(scene.landscape, by=scene.board)
    queue.run_all()
    assert shown(scene) == first and Result.objects.get().is_final


def test_the_board_alone_publishes_what_is_final_and_takes_it_back(scene: Scene) -> None:
    ten(scene)
    administration = coops.office(scene.cooperative, "administration")
    with pytest.raises(NotAllowed):
        actions.publish_report(scene.landscape, by=administration)
    with pytest.raises(Refused, match="Close it first"):
        actions.publish_report(scene.landscape, by=scene.board)
    actions.close_landscape(scene.landscape, by=scene.board)
    with pytest.raises(Refused, match="being computed"):
        actions.publish_report(scene.landscape, by=scene.board)
    queue.run_all()
    assert actions.publish_report(scene.landscape, by=scene.board).published_at
    with pytest.raises(Refused, match="published"):
        actions.move_end(scene.landscape, None, "Weil", by=scene.board)
    assert actions.take_back_report(scene.landscape, by=scene.board).published_at is None


def test_too_few_people_are_never_published(scene: Scene) -> None:
    scene.all_answer(scene.members, 1, 1)
    actions.close_landscape(scene.landscape, by=scene.board)
    queue.run_all()
    assert shown(scene)["statements"] == [] and shown(scene)["people"] == 1
    with pytest.raises(Refused, match="Too few"):
        actions.publish_report(scene.landscape, by=scene.board)


# ------------------------------------------------------------------------------------------------------- about a person


def test_a_person_takes_their_answers_along_and_leaves_statements_without_name(scene: Scene) -> None:
    member = scene.members[0]
    made = actions.add_statement(scene.landscape, "Lieferräder sind besser als Wagen.", by=member)
    actions.answer(made, -1, by=member)
    assert [(row["statement"], row["answer"]) for row in AREAS["opinions"].rows(member)] == [(made.text, "disagree")]
    assert [row["statement"] for row in AREAS["statements"].rows(member)] == [made.text]
    assert len(KEEPS["opinions"](member)) == 1
    FORGETS["opinions"][1](member)
    assert not Answer.objects.exists()
    assert Statement.objects.get(pk=made.pk).author is None
    assert KEEPS["opinions"](member) == []
