"""Taking a project off all pages after a report, and putting it back after an appeal."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.ground.text import shorten
from allmende.people.models import Person
from allmende.projects import access, letters
from allmende.projects.models import Project


@transaction.atomic
def hide_project(project: Project, *, by: Person, reason: str) -> Project:
    """Take it off: only its own people and caretakers still see it, with the reason."""
    project = _taken(project, by)
    require(project.hidden_at is None, _("This project has been taken off already."))
    require(reason.strip(), _("Please say why."))
    project.hidden_at, project.hidden_reason = timezone.now(), shorten(reason.strip(), 300)
    project.save(update_fields=["hidden_at", "hidden_reason"])
    trail.record("projects.project_hidden", by=by, about=project, organisation=project.organisation_id)
    letters.hidden(project, by)
    return project


@transaction.atomic
def unhide_project(project: Project, *, by: Person, reason: str = "") -> Project:
    """Put it back."""
    project = _taken(project, by)
    require(project.hidden_at is not None, _("This project has not been taken off."))
    project.hidden_at, project.hidden_reason = None, ""
    project.save(update_fields=["hidden_at", "hidden_reason"])
    trail.record("projects.project_unhidden", by=by, about=project, organisation=project.organisation_id)
    letters.unhidden(project, reason, by)
    return project


def _taken(project: Project, by: Person) -> Project:
    project = Project.objects.select_for_update().select_related("organisation").get(pk=project.pk)
    require(access.may_moderate(by, project), _("Only caretakers may do this."), NotAllowed)
    return project
