"""What is left when people go, and when entries become one."""

import pytest
from django.db import IntegrityError, transaction

from allmende.directory.models import State
from allmende.duplicates.actions import merge_organisations, undo_merge
from allmende.ground.models import Entry
from allmende.people import personal
from allmende.people.actions import erase
from allmende.people.models import Notice, Person
from allmende.people.subjects import by_kind, find
from allmende.projects import actions, queries
from allmende.projects.models import Part, Project, Step, Update
from allmende.stewards.actions import leave
from tests.projects.conftest import GUEST, Cast, steward_of
from tests.projects.test_actions import TODAY


def test_what_a_person_wrote_is_in_their_export(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    actions.add_update(project, title="Neu", text="Los.", by=cast.anna, now=project.created_at)
    rows = personal.AREAS["projects"].rows
    assert [row["what"] for row in rows(cast.anna)] == ["project", "step", "news", "part asked for", "part asked for", "part answered"]
    assert [(row["what"], row["said"]) for row in rows(cast.ben)] == [("part answered", "confirmed")]
    assert list(rows(cast.emil)) == []


def test_a_person_goes_and_the_project_stays(cast: Cast) -> None:
    project = cast.project()
    part = cast.partner(project)
    update = actions.add_update(project, title="Neu", text="Los.", by=cast.anna, now=project.created_at)
    steward_of(cast.acker, "zweite")
    kept = erase(cast.anna, by=cast.anna)
    assert any("projects" in one.what.lower() or "projekte" in one.what.lower() for one in kept)
    assert not Person.objects.filter(email="anna@example.org").exists()
    project.refresh_from_db()
    assert project.created_by is None
    assert Step.objects.get(project=project).by is None
    assert Update.objects.get(pk=update.pk).by is None
    assert Part.objects.get(pk=part.pk).asked_by is None
    assert Part.objects.get(pk=part.pk).state == "confirmed"


def test_partners_hear_of_it_when_the_last_person_goes(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    Notice.objects.all().delete()
    leave(cast.acker, by=cast.anna, without_successor=True)
    assert [one.kind for one in Notice.objects.filter(person=cast.ben, kind__startswith="projects.")] == ["projects.without_lead"]
    assert queries.handovers(cast.ben).get() == project


def test_projects_and_parts_follow_their_entry_through_a_merge_and_back(cast: Cast) -> None:
    project = cast.project(audience="chosen", chosen=[cast.bund])
    theirs = cast.project(organisation=cast.chor, by=cast.clara)
    part = actions.answer_part(actions.ask_part(theirs, cast.acker, kind="partner", by=cast.clara), confirm=True, by=cast.anna)
    merge = merge_organisations(cast.fern, cast.acker, by=cast.frida)
    project.refresh_from_db()
    part.refresh_from_db()
    assert (project.organisation, part.organisation) == (cast.fern, cast.fern)
    assert queries.parts(cast.fritz, project).lead is not None
    undo_merge(merge, by=cast.frida)
    project.refresh_from_db()
    part.refresh_from_db()
    assert (project.organisation, part.organisation) == (cast.acker, cast.acker)


def test_where_both_take_part_the_one_that_stays_keeps_its_part(cast: Cast) -> None:
    project = cast.project()
    first, second = cast.partner(project), cast.partner(project, cast.chor, cast.clara)
    merge = merge_organisations(cast.bund, cast.chor, by=cast.frida)
    assert [part.pk for part in queries.parts(GUEST, project).confirmed] == [first.pk]
    undo_merge(merge, by=cast.frida)
    assert [part.pk for part in queries.parts(GUEST, project).confirmed] == [first.pk, second.pk]


def test_a_partner_that_becomes_one_with_the_lead_is_not_named_twice(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    merge_organisations(cast.bund, cast.acker, by=cast.frida)
    project.refresh_from_db()
    parts = queries.parts(GUEST, project)
    assert (project.organisation, parts.confirmed) == (cast.bund, [])


def test_who_was_chosen_follows_a_merge(cast: Cast) -> None:
    project = cast.project(audience="chosen", chosen=[cast.bund, cast.chor])
    merge = merge_organisations(cast.bund, cast.chor, by=cast.frida)
    assert cast.bund in project.chosen.all()
    undo_merge(merge, by=cast.frida)
    assert set(project.chosen.all()) == {cast.bund, cast.chor}


def test_projects_are_a_subject_for_comments_files_and_reports(cast: Cast) -> None:
    project, subject = cast.project(audience="network"), by_kind("projects.project")
    assert subject is not None
    assert (subject.url(project), subject.title(project)) == (project.get_absolute_url(), "Datentreuhand")
    assert find("projects.project", project.pk, GUEST) is None
    assert find("projects.project", project.pk, cast.ben) == project
    assert [subject.may_discuss(viewer, project) for viewer in (GUEST, cast.ben, cast.anna)] == [False, True, True]
    assert [subject.may_attach(viewer, project) for viewer in (GUEST, cast.ben, cast.anna)] == [False, False, True]
    assert [subject.may_moderate(viewer, project) for viewer in (cast.anna, cast.frida)] == [False, True]
    assert list(subject.people(project)) == [cast.anna]
    assert not subject.may_discuss(cast.anna, cast.project(published=False))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "asked"},  # with a moment of the answer
        {"state": "left"},  # without a moment of leaving
        {"state": "confirmed", "answered_at": None},
    ],
)
def test_the_database_refuses_parts_that_cannot_be(cast: Cast, wrong: dict[str, object]) -> None:
    part = cast.partner(cast.project())
    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.filter(pk=part.pk).update(**wrong)


def test_the_database_refuses_projects_that_cannot_be(cast: Cast) -> None:
    project = cast.project()
    for wrong in ({"adopted_from": project}, {"published_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(**wrong)


def test_the_trail_says_the_words_that_rooms_upstairs_listen_to(cast: Cast) -> None:
    project = cast.project()
    part = cast.partner(project)
    actions.add_step(project, stage="pilot", on=TODAY, sentence="Los.", by=cast.anna, today=TODAY)
    actions.add_update(project, title="Neu", text="Los.", by=cast.anna, now=project.created_at)
    actions.edit_project(project, {"title": "Anders"}, by=cast.anna)
    actions.leave_part(part, by=cast.ben)
    actions.adopt_project(project, cast.bund, with_texts=False, by=cast.ben, today=TODAY)
    actions.hide_project(project, by=cast.frida, reason="Gemeldet.")
    said = set(Entry.objects.filter(verb__startswith="projects.").values_list("verb", flat=True))
    names = "project_published project_changed step_added part_asked part_answered partner_left update_added project_adopted project_hidden"
    assert {f"projects.{name}" for name in names.split()} <= said
    assert cast.acker.state == State.PUBLISHED
