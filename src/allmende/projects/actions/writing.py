"""Writing a project: a draft, its texts, publishing it and taking it back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.ground.text import words
from allmende.people.models import Person
from allmende.projects import access, letters, rules
from allmende.projects.models import Part, Project, Stage, Step

TEXTS = ("title", "summary", "challenge", "audience_text", "text", "funding", "results", "licence", "links", "audience", "language")
MANY = ("sdgs", "chosen")


@transaction.atomic
def write_project(said: Mapping[str, Any], organisation: Organisation, *, by: Person, today: date) -> Project:
    """A new draft. The organisation that writes it answers for it and leads it; its first step says where it stands.

    `said` are the texts (`TEXTS`), `sdgs`, `chosen`, and of the first step `stage`, `on`, `sentence`.
    """
    require(access.may_carry_for(by, organisation), _("Only who looks after an organisation may write projects for it."), NotAllowed)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    require_room(organisation)
    require(said["stage"] in Stage.values, _("Please choose how far the project is."))
    require(rules.is_good_day(said["on"], today), _("Please choose a day that is not in the future."))
    project = Project(organisation=organisation, created_by=by, stage=said["stage"], is_demo=organisation.is_demo)
    fill(project, said)
    Step.objects.create(project=project, stage=said["stage"], on=said["on"], sentence=said["sentence"], by=by)
    lead(project, organisation, by)
    trail.record("projects.project_written", by=by, about=project, organisation=organisation.pk)
    return project


def require_room(organisation: Organisation) -> None:
    """Refuses what would bury the others: an organisation has so many projects and no more."""
    sentence = _("Your organisation has %(number)d projects and drafts already. Please discard drafts you no longer need.")
    number = Project.objects.filter(organisation=organisation).count()
    require(number < rules.MOST_PROJECTS, sentence % {"number": number})


def lead(project: Project, organisation: Organisation, by: Person) -> Part:
    """Note that this organisation answers for the project and says so itself."""
    now = timezone.now()
    facts = {"kind": rules.LEAD, "state": rules.CONFIRMED, "answered_at": now, "answered_by": by, "left_at": None, "word": ""}
    part, _new = Part.objects.update_or_create(
        project=project, organisation=organisation, defaults=facts, create_defaults=facts | {"asked_by": by}
    )
    return part


def fill(project: Project, said: Mapping[str, Any]) -> None:
    """Write the texts into the row, with what it is searched by."""
    for name in TEXTS:
        if name in said:
            setattr(project, name, said[name])
    project.folded = folded(project)
    project.save()
    for name in MANY:
        if name in said:
            getattr(project, name).set(said[name])


def folded(project: Project) -> str:
    """The words of its texts without case and accents, each with a blank before it."""
    texts = (project.title, project.summary, project.challenge, project.audience_text, project.text, project.results)
    return " " + " ".join(dict.fromkeys(words(" ".join(texts))))


@transaction.atomic
def edit_project(project: Project, said: Mapping[str, Any], *, by: Person) -> Project:
    """Change the texts, the goals, for whom it is. Its stage changes by steps."""
    project = taken(project, by)
    fill(project, said)
    trail.record("projects.project_changed", by=by, about=project, what="texts")
    return project


@transaction.atomic
def publish_project(project: Project, *, by: Person) -> Project:
    """Show a draft to those it is meant for."""
    project = taken(project, by)
    require(project.is_draft, _("This project is published already."))
    require(
        access.may_carry_for(by, project.organisation), _("Only who looks after the organisation may publish its projects."), NotAllowed
    )
    is_first, project.is_draft = project.published_at is None, False
    project.published_at = project.published_at or timezone.now()
    project.save()
    trail.record("projects.project_published", by=by, about=project, organisation=project.organisation_id, audience=str(project.audience))
    if is_first and project.adopted_from is not None:
        letters.adopted(project, by)
    return project


@transaction.atomic
def unpublish_project(project: Project, *, by: Person) -> Project:
    """Take a project back into a draft: nobody but those who may change it sees it. Its steps, parts and news stay."""
    project = taken(project, by)
    require(not project.is_draft, _("This project is a draft already."))
    require(access.may_carry_for(by, project.organisation), _("Only who looks after the organisation may do this."), NotAllowed)
    project.is_draft = True
    project.save()
    trail.record("projects.project_changed", by=by, about=project, what="unpublished")
    return project


@transaction.atomic
def discard_draft(project: Project, *, by: Person) -> None:
    """Delete a draft for good. What others have a part in is not only ours to delete."""
    project = taken(project, by)
    require(project.is_draft, _("Only drafts can be discarded. Take the project back first."))
    others = project.parts.filter(state=rules.CONFIRMED).exclude(organisation=project.organisation_id)
    require(not others.exists(), _("Other organisations take part in this project. Hand it over to one of them instead."))
    trail.record("projects.project_discarded", by=by, organisation=project.organisation_id)
    project.delete()


def taken(project: Project, by: Person) -> Project:
    """The project, locked, for somebody who may change it."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    require(access.may_change(by, project), _("Only the organisations that lead a project may change it."), NotAllowed)
    return project
