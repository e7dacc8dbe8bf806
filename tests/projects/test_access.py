"""Who sees and changes projects: the no before the yes."""

import pytest

from allmende.directory.models import Organisation, State
from allmende.projects import access, actions
from allmende.projects.models import Project
from tests.projects.conftest import Cast


def seeing(cast: Cast, project: Project) -> set[str]:
    return {name for name, viewer in cast.viewers.items() if access.projects_visible_to(viewer).filter(pk=project.pk).exists()}


@pytest.mark.parametrize(
    ("audience", "published", "sees"),
    [
        ("public", False, {"steward"}),
        ("public", True, {"guest", "stranger", "outside", "neighbour", "member", "steward", "caretaker"}),
        ("network", True, {"neighbour", "member", "steward", "caretaker"}),
        ("chosen", True, {"member", "steward", "caretaker"}),
    ],
)
def test_who_sees_a_project(cast: Cast, audience: str, published: bool, sees: set[str]) -> None:
    assert seeing(cast, cast.project(audience=audience, published=published)) == sees


def test_chosen_organisations_see_it(cast: Cast) -> None:
    assert seeing(cast, cast.project(audience="chosen", chosen=[cast.fern])) == {"member", "steward", "caretaker", "outside"}


def test_what_was_taken_off_is_seen_by_its_people_and_caretakers(cast: Cast) -> None:
    project = actions.hide_project(cast.project(), by=cast.frida, reason="Gemeldet.")
    assert seeing(cast, project) == {"steward", "caretaker"}


def test_whoever_was_asked_sees_it_and_whoever_declined_or_left_does_not(cast: Cast) -> None:
    project = cast.project(audience="chosen")
    part = actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    assert "neighbour" in seeing(cast, project)
    actions.answer_part(part, confirm=False, by=cast.ben)
    assert "neighbour" not in seeing(cast, project)
    part = actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    part = actions.answer_part(part, confirm=True, by=cast.ben)
    assert "neighbour" in seeing(cast, project)
    actions.leave_part(part, by=cast.ben)
    assert "neighbour" not in seeing(cast, project)


def test_asking_does_not_open_a_draft_or_what_was_taken_off(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    actions.unpublish_project(project, by=cast.anna)
    assert "neighbour" not in seeing(cast, project)


def test_only_who_looks_after_the_organisation_or_leads_as_well_changes_it(cast: Cast) -> None:
    project = cast.project()
    assert {name for name, viewer in cast.viewers.items() if access.may_change(viewer, project)} == {"steward"}
    part = cast.partner(project)
    assert not access.may_change(cast.ben, project)
    actions.leave_part(part, by=cast.ben)
    cast.partner(project, kind="lead")
    assert access.may_change(cast.ben, project)


def test_the_project_of_an_entry_that_is_gone_is_seen_by_those_who_take_part(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    Organisation.objects.filter(pk=cast.acker.pk).update(state=State.ARCHIVED)
    assert seeing(cast, project) == {"neighbour", "member", "steward", "caretaker"}


def test_unconfirmed_parts_are_shown_to_both_sides_only(cast: Cast) -> None:
    project = cast.project()
    actions.ask_part(project, cast.bund, kind="partner", by=cast.anna)
    lead_only = {cast.acker.pk}
    shown = {
        name: set(access.parts_visible_to(viewer, project).values_list("organisation", flat=True)) for name, viewer in cast.viewers.items()
    }
    assert shown == dict.fromkeys(shown, lead_only) | {
        "steward": {cast.acker.pk, cast.bund.pk},
        "neighbour": {cast.acker.pk, cast.bund.pk},
    }


def test_a_partner_whose_entry_is_gone_is_shown_to_those_who_lead_only(cast: Cast) -> None:
    project = cast.project()
    cast.partner(project)
    Organisation.objects.filter(pk=cast.bund.pk).update(state=State.ARCHIVED)
    assert access.parts_visible_to(cast.emil, project).count() == 1
    assert access.parts_visible_to(cast.anna, project).count() == 2


def test_a_blocked_person_sees_what_guests_see(cast: Cast) -> None:
    project = cast.project(audience="network")
    cast.anna.is_active = False
    assert not access.projects_visible_to(cast.anna).filter(pk=project.pk).exists()
    assert not access.may_change(cast.anna, project)
