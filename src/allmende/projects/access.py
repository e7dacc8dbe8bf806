"""Who may see and change projects. Guests are viewers too.

A project is changed by those who look after the organisation that answers for it and after organisations that confirmed to lead it.
Organisations that were asked to take part see it, whatever its audience.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from allmende.directory import access as directory
from allmende.directory.audience import seen_by
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.projects import rules
from allmende.projects.models import Part, Project


def projects_visible_to(viewer: Viewer) -> QuerySet[Project]:
    """What this viewer may read; drafts and those taken off only who may change them, the latter also caretakers."""
    shown = Q(is_draft=False, hidden_at=None)
    meant = seen_by(viewer, Project.chosen.through, "project_id") & shown
    if not isinstance(viewer, Person) or not viewer.is_active or viewer.is_service:
        return Project.objects.filter(meant)
    takes_part = Part.objects.filter(project=OuterRef("pk"), organisation__in=directory.stewarded_by(viewer).values("pk"))
    seen = meant | (Q(Exists(takes_part.exclude(state=rules.DECLINED))) & shown) | _own(viewer)
    if directory.may_caretake_somewhere(viewer):
        seen |= Q(is_draft=False, organisation__in=directory.caretaken_by(viewer).values("pk"))
    return Project.objects.filter(seen)


def projects_of(viewer: Viewer) -> QuerySet[Project]:
    """What this viewer may change."""
    if not isinstance(viewer, Person) or not viewer.is_active or viewer.is_service:
        return Project.objects.none()
    return Project.objects.filter(_own(viewer))


def may_change(viewer: Viewer, project: Project) -> bool:
    """Those who look after the organisation that answers for it, or after one that confirmed to lead it."""
    return projects_of(viewer).filter(pk=project.pk).exists()


def may_moderate(viewer: Viewer, project: Project) -> bool:
    """The caretakers of its organisation's entry."""
    return directory.may_caretake_entry(viewer, project.organisation)


def keepers_of(project: Project) -> QuerySet[Person]:
    """Whom news about a project concern: who looks after the organisation that answers for it and after its confirmed leads."""
    leads = project.parts.filter(kind=rules.LEAD, state=rules.CONFIRMED).select_related("organisation")
    return directory.keepers_of(project.organisation, *(part.organisation for part in leads))


def _own(viewer: Person) -> Q:
    mine = directory.stewarded_by(viewer).values("pk")
    leads = Part.objects.filter(project=OuterRef("pk"), organisation__in=mine, kind=rules.LEAD, state=rules.CONFIRMED)
    return Q(organisation__in=mine) | Q(Exists(leads))
