"""Processes of an idea: planned, changed with a reason, told of; who may do what."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allmende.ground.refusals import NotAllowed, Refused
from allmende.ideas.models import Idea
from allmende.people import personal
from allmende.people.models import Notice, Person
from allmende.processes import actions, letters, panels, queries
from allmende.processes.models import Change, Phase, Process, State
from allmende.processes.rules import Span
from tests.ideas.scene import Scene, scene

DAY = timedelta(days=1)


@pytest.fixture
def here(db: None) -> Scene:
    return scene()


def spans(now: datetime, *days: tuple[float, float]) -> list[Span]:
    doors = [("arguments",), ("vote",), ("edit",)]
    return [Span(None, now + a * DAY, now + b * DAY, "other", f"P{n}", doors[n]) for n, (a, b) in enumerate(days)]


def planned(here: Scene, *days: tuple[float, float]) -> tuple[Process, Idea, datetime]:
    now, idea = timezone.now(), here.idea()
    return actions.plan_process(idea, "decision", "Lager", spans(now, *days), by=here.board), idea, now


def browser(person: Person | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person, backend="allmende.people.adapter.Backend")
    return client


def test_only_board_and_administration_plan(here: Scene) -> None:
    idea = here.idea()
    for who in (here.anna, here.stranger):
        with pytest.raises(NotAllowed):
            actions.plan_process(idea, "decision", "Lager", spans(timezone.now(), (1, 2)), by=who)


def test_a_thing_has_one_process_until_it_is_over(here: Scene) -> None:
    process, idea, now = planned(here, (1, 2))
    with pytest.raises(Refused):
        actions.plan_process(idea, "decision", "Zweites", spans(now, (1, 2)), by=here.board)
    Phase.objects.filter(process=process).update(starts_at=now - 2 * DAY, ends_at=now - DAY)
    second = actions.plan_process(idea, "advice", "Zweites", spans(now, (1, 2)), by=here.board)
    process.refresh_from_db()
    assert (process.state, queries.process_of(idea)) == (State.ENDED, second)


def test_doors_follow_the_clock(here: Scene) -> None:
    process, idea, now = planned(here, (1, 3), (3, 5))
    opens = [[queries.is_open(idea, door, now + at * DAY) for door in ("arguments", "vote", "edit")] for at in (0, 1, 2.999, 3, 5)]
    assert opens == [[True] * 3, [True, False, False], [True, False, False], [False, True, False], [False] * 3]
    assert queries.is_open(here.idea("Anderes"), "vote", now)
    running = queries.phase_now(idea, now + 2 * DAY)
    assert running is not None
    assert running.called == "P0"
    assert process.phases.count() == 2


@pytest.mark.parametrize("days", [[], [(2, 1)], [(1, 3), (2, 4)], [(-3, -2)]])
def test_impossible_dates_are_refused_with_a_sentence(here: Scene, days: list[tuple[float, float]]) -> None:
    with pytest.raises(Refused) as no:
        planned(here, *days)
    assert str(no.value.sentence)


def test_a_started_process_changes_only_with_a_reason(here: Scene) -> None:
    process, _idea, _now = planned(here, (0, 2), (3, 5))
    longer = [one._replace(ends_at=one.ends_at + DAY) if n == 0 else one for n, one in enumerate(queries.spans(process))]
    with pytest.raises(Refused):
        actions.change_process(process, longer, by=here.board)
    with pytest.raises(NotAllowed):
        actions.change_process(process, longer, by=here.anna, reason="Ferien")
    actions.change_process(process, longer, by=here.board, reason="Ferien")
    change = Change.objects.get()
    assert (change.reason, change.by) == ("Ferien", here.board)
    assert queries.spans(process) == longer
    assert letters.changed(change) == 4  # board and three members
    assert letters.changed(change) == 0
    told = Notice.objects.filter(kind="processes.changed")
    assert {one.person for one in told} == {here.board, here.anna, here.ben, here.clara}
    assert "Ferien" in told[0].text


def test_before_the_start_it_changes_freely(here: Scene) -> None:
    process, _idea, now = planned(here, (1, 2))
    actions.change_process(process, spans(now, (4, 6), (7, 8)), by=here.board, title="Neu")
    assert not Change.objects.exists()
    assert [one.called for one in Phase.objects.filter(process=process)] == ["P0", "P1"]


def test_prolonging_moves_the_later_phases_along(here: Scene) -> None:
    process, _idea, now = planned(here, (0, 2), (2, 5))
    actions.move_end(process, now + 4 * DAY, by=here.board, reason="Ferien")
    assert [(one.starts_at, one.ends_at) for one in queries.spans(process)] == [(now, now + 4 * DAY), (now + 4 * DAY, now + 7 * DAY)]
    with pytest.raises(Refused):
        actions.move_end(process, now - DAY, by=here.board, reason="Ferien")


def test_closing_early_closes_every_door(here: Scene) -> None:
    process, idea, now = planned(here, (0, 2))
    actions.end_process(process, by=here.board, reason="Erledigt")
    assert not queries.is_open(idea, "arguments", now + DAY)
    with pytest.raises(Refused):
        actions.move_end(process, now + 4 * DAY, by=here.board, reason="Doch")


def test_what_has_not_begun_is_called_off(here: Scene) -> None:
    process, idea, _now = planned(here, (1, 2))
    with pytest.raises(Refused):
        actions.end_process(process, by=here.board, reason="Erledigt")
    actions.call_off(process, by=here.board)
    assert queries.process_of(idea) is None


def test_participants_are_told_once_of_the_beginning_and_the_end(here: Scene) -> None:
    process, _idea, now = planned(here, (0, 5))
    assert [actions.tell_of_phases(now + DAY * at) for at in (0, 0.001, 4.5, 4.6)] == [1, 0, 1, 0]
    phase = process.phases.get()
    assert [letters.phase(phase, "opens"), letters.phase(phase, "opens")] == [4, 0]
    assert not Notice.objects.filter(person=here.stranger).exists()


def test_pages_open_for_whom_they_are(here: Scene) -> None:
    process, idea, _now = planned(here, (0, 2), (3, 5))
    slug = here.cooperative.organisation.slug
    page = reverse("processes:process", args=[slug, process.uuid])
    assert [browser(who).get(page).status_code for who in (None, here.stranger, here.ben, here.board)] == [404, 404, 200, 200]
    for name in ("edit", "move", "end"):
        address = reverse(f"processes:{name}", args=[slug, process.uuid])
        assert [browser(who).get(address).status_code for who in (here.ben, here.board)] == [404, 200]
    new = reverse("processes:new", args=[slug])
    board = browser(here.board)
    for about, status in (("", 404), ("nonsense:1", 404), ("ideas.idea:999999", 404), (f"ideas.idea:{idea.pk}", 200)):
        assert board.get(new, {"about": about}).status_code == status
    assert browser(here.ben).get(new, {"about": f"ideas.idea:{idea.pk}"}).status_code == 404
    assert "aria-current" in browser(here.ben).get(idea.get_absolute_url()).content.decode()


def test_planning_through_the_pages(here: Scene) -> None:
    idea, board = here.idea(), browser(here.board)
    address = reverse("processes:new", args=[here.cooperative.organisation.slug])
    step = f"{address}?about=ideas.idea:{idea.pk}&template=decision&begins=2099-03-01T09:00"
    assert board.get(step).status_code == 200
    form = {"title": "Lager", "phase-TOTAL_FORMS": "3", "phase-INITIAL_FORMS": "2"}
    for n, (start, end) in enumerate([("2099-03-01T09:00", "2099-03-15T18:00"), ("2099-03-16T09:00", "2099-03-23T18:00")]):
        form |= {f"phase-{n}-kind": "decision", f"phase-{n}-starts_at": start, f"phase-{n}-ends_at": end, f"phase-{n}-doors": "vote"}
    form["phase-2-kind"] = "other"
    wrong = board.post(step, {**form, "phase-1-starts_at": "2099-03-10T09:00"})
    assert wrong.status_code == 422
    assert board.post(step, {**form, "phase-0-starts_at": "never"}).status_code == 422
    assert board.post(step, {"title": "Lager"}).status_code == 422
    assert board.post(step, form).status_code == 302
    process = Process.objects.get()
    assert [one.doors for one in process.phases.all()] == [["vote"], ["vote"]]
    edit = reverse("processes:edit", args=[here.cooperative.organisation.slug, process.uuid])
    numbers = {f"phase-{n}-number": one.pk for n, one in enumerate(process.phases.all())}
    assert board.post(edit, {**form, **numbers, "phase-1-is_dropped": "on"}).status_code == 302
    assert process.phases.count() == 1


def test_the_calendar_shows_ends_of_own_processes(here: Scene) -> None:
    planned(here, (0, 2), (3, 5))
    assert len(panels.ends(here.anna)) == 2
    assert panels.ends(here.stranger) == []


def test_erasure_keeps_the_reasons_without_the_name(here: Scene) -> None:
    process, _idea, _now = planned(here, (0, 2))
    actions.end_process(process, by=here.board, reason="Erledigt")
    assert len(personal.AREAS["processes-changed"].rows(here.board)) == 1
    personal.FORGETS["processes"][1](here.board)
    assert Change.objects.get().by is None
