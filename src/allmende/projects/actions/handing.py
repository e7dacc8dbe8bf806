"""Handing a project over, so that it goes on when its lead stops or is gone."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation, State
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person
from allmende.projects import access, letters, rules
from allmende.projects.actions.steps import come_to
from allmende.projects.actions.writing import lead, require_room
from allmende.projects.models import Part, Project, Step


@transaction.atomic
def offer_handover(project: Project, organisation: Organisation | None, *, by: Person) -> Project:
    """Ask another organisation to answer for the project from now on; None takes the question back.

    Nothing changes until its own people take it over.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    sentence = _("Only who answers for the project, or a caretaker of its entry, may hand it over.")
    require(access.may_hand_over(by, project), sentence, NotAllowed)
    require(not project.is_draft, _("A draft cannot be handed over. Publish it first."))
    if organisation is not None:
        require(organisation.state == State.PUBLISHED, _("This organisation's entry is not published."))
        require(organisation.pk != project.organisation_id, _("This organisation answers for the project already."))
    project.handover_to = organisation
    project.save(update_fields=["handover_to"])
    to = organisation.pk if organisation else None
    trail.record("projects.project_changed", by=by, about=project, what="handover_offered", organisation=to)
    if organisation is not None:
        letters.handover_offered(project, organisation, by)
    return project


@transaction.atomic
def refuse_handover(project: Project, *, by: Person, word: str = "") -> Project:
    """The organisation that was asked does not take it over."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    asked = project.handover_to
    require(asked is not None, _("Nobody was asked to take this project over."))
    assert asked is not None  # noqa: S101 - said for mypy, required above
    require(access.may_carry_for(by, asked), _("Only the organisation itself can answer."), NotAllowed)
    project.handover_to = None
    project.save(update_fields=["handover_to"])
    trail.record("projects.project_changed", by=by, about=project, what="handover_refused", organisation=asked.pk)
    letters.handover_refused(project, asked, word, by)
    return project


@transaction.atomic
def take_over_project(project: Project, organisation: Organisation, *, sentence: str, by: Person, today: date) -> Project:
    """Answer for a project from now on. Who did so before stays in its history; all texts, steps, parts and news stay."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    may = access.may_take_over_for(by, project).filter(pk=organisation.pk).exists()
    no = _("Your organisation can take over this project only when it has been asked, or when nobody leads it any more.")
    require(may, no, NotAllowed)
    require(not project.is_draft, _("A draft cannot be handed over. Publish it first."))
    require_room(organisation)
    before = project.organisation_id
    facts = {"state": rules.LEFT, "left_at": timezone.now(), "word": ""}
    Part.objects.filter(project=project, organisation=before, state=rules.CONFIRMED).update(**facts)
    project.organisation, project.handover_to = organisation, None
    project.save()
    lead(project, organisation, by)
    Step.objects.create(project=project, stage=rules.TRANSFERRED, on=today, sentence=sentence, by=by)
    come_to(project)
    trail.record("projects.step_added", by=by, about=project, stage=rules.TRANSFERRED, organisation=organisation.pk, before=before)
    letters.taken_over(project, before, by)
    return project
