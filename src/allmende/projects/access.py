"""Who may see and change projects. Guests are viewers too.

A project is changed by those who look after the organisation that answers for it and after organisations that confirmed to lead it.
Organisations that were asked to take part, or do, see it whatever its audience. Each organisation answers for its own part.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from allmende.directory import access as directory
from allmende.directory.access import KEEPERS
from allmende.directory.audience import seen_by
from allmende.directory.models import Organisation, State, Stewardship
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.projects import rules
from allmende.projects.models import Part, Project

TAKING_PART = (rules.ASKED, rules.OFFERED, rules.CONFIRMED)


def projects_visible_to(viewer: Viewer) -> QuerySet[Project]:
    """What this viewer may read; drafts and those taken off only who may change them, the latter also caretakers."""
    shown = Q(is_draft=False, hidden_at=None)
    meant = seen_by(viewer, Project.chosen.through, "project_id") & shown
    if not is_person(viewer):
        return Project.objects.filter(meant)
    mine = directory.stewarded_by(viewer).values("pk")
    takes_part = Part.objects.filter(project=OuterRef("pk"), organisation__in=mine, state__in=TAKING_PART)
    seen = meant | (Q(Exists(takes_part)) & shown) | (Q(handover_to__in=mine) & shown) | _own(viewer)
    if directory.may_caretake_somewhere(viewer):
        seen |= Q(is_draft=False, organisation__in=directory.caretaken_by(viewer).values("pk"))
    return Project.objects.filter(seen)


def projects_of(viewer: Viewer) -> QuerySet[Project]:
    """What this viewer may change."""
    return Project.objects.filter(_own(viewer)) if is_person(viewer) else Project.objects.none()


def may_change(viewer: Viewer, project: Project) -> bool:
    """Those who look after the organisation that answers for it, or after one that confirmed to lead it."""
    return projects_of(viewer).filter(pk=project.pk).exists()


def may_moderate(viewer: Viewer, project: Project) -> bool:
    """The caretakers of its organisation's entry."""
    return directory.may_caretake_entry(viewer, project.organisation)


def may_discuss(viewer: Viewer, project: Project) -> bool:
    """Everybody who is signed in and may read it, once it is published."""
    return is_person(viewer) and not project.is_draft and project.hidden_at is None


def organisations_to_carry_for(viewer: Viewer) -> QuerySet[Organisation]:
    """For which organisations this viewer may write projects and answer: the published ones they look after."""
    return directory.stewarded_by(viewer).filter(state=State.PUBLISHED)


def may_carry_for(viewer: Viewer, organisation: Organisation) -> bool:
    """Whether this viewer speaks for the organisation."""
    return organisations_to_carry_for(viewer).filter(pk=organisation.pk).exists()


def parts_visible_to(viewer: Viewer, project: Project) -> QuerySet[Part]:
    """Who takes part and who did, for everybody who sees the project; what is not confirmed only for both sides.

    Entries that are not published (any more) are shown to those who may change the project, so that nobody is missing without a word.
    """
    parts = Part.objects.filter(project=project).select_related("organisation")
    if may_change(viewer, project):
        return parts
    mine = Q(organisation__in=directory.stewarded_by(viewer).values("pk"))
    return parts.filter(Q(state__in=(rules.CONFIRMED, rules.LEFT), organisation__state=State.PUBLISHED) | mine)


def parts_of(viewer: Viewer) -> QuerySet[Part]:
    """The parts of organisations this viewer looks after."""
    return Part.objects.filter(organisation__in=directory.stewarded_by(viewer).values("pk"))


def parts_to_answer(viewer: Viewer) -> QuerySet[Part]:
    """What waits for this viewer: organisations of theirs that were asked, and offers to projects they may change."""
    asked = Q(state=rules.ASKED, organisation__in=organisations_to_carry_for(viewer).values("pk"))
    offered = Q(state=rules.OFFERED, project__in=projects_of(viewer).values("pk"))
    seen = Q(project__is_draft=False, project__hidden_at=None)
    return Part.objects.filter(asked | offered, seen)


def may_answer(viewer: Viewer, part: Part) -> bool:
    """Nobody confirms for somebody else: the organisation that was asked itself; where it offered itself, the project."""
    if rules.answered_by_project(part.state):
        return may_change(viewer, part.project)
    return may_carry_for(viewer, part.organisation)


def may_leave(viewer: Viewer, part: Part) -> bool:
    """An organisation leaves, or takes its offer back, itself; who answers for the project hands it over instead."""
    return directory.stewarded_by(viewer).filter(pk=part.organisation_id).exists() and part.organisation_id != part.project.organisation_id


def may_hand_over(viewer: Viewer, project: Project) -> bool:
    """Who looks after the organisation that answers for it, and the caretakers of its entry."""
    return directory.stewarded_by(viewer).filter(pk=project.organisation_id).exists() or may_moderate(viewer, project)


def is_without_lead(project: Project) -> bool:
    """Whether nobody answers for it any more: its organisation's entry is gone, or has nobody who looks after it."""
    return project.organisation.state != State.PUBLISHED or not directory.keepers_of(project.organisation).exists()


def without_lead() -> Q:
    """The same as a filter of projects."""
    held = Stewardship.objects.filter(
        organisation=OuterRef("organisation"), until=None, role__in=KEEPERS, person__is_active=True, person__is_service=False
    )
    return ~Q(organisation__state=State.PUBLISHED) | ~Q(Exists(held))


def may_take_over_for(viewer: Viewer, project: Project) -> QuerySet[Organisation]:
    """For which of their organisations this viewer may take the project over: the one it was offered to; without a lead every partner."""
    mine = organisations_to_carry_for(viewer).exclude(pk=project.organisation_id)
    wanted = Q(pk=project.handover_to_id)
    if is_without_lead(project):
        wanted |= Q(pk__in=project.parts.filter(state=rules.CONFIRMED).values("organisation"))
    return mine.filter(wanted)


def keepers_of(project: Project) -> QuerySet[Person]:
    """Whom news about a project concern: who looks after the organisation that answers for it and after its confirmed leads."""
    leads = project.parts.filter(kind=rules.LEAD, state=rules.CONFIRMED).select_related("organisation")
    return directory.keepers_of(project.organisation, *(part.organisation for part in leads))


def participants_of(project: Project) -> QuerySet[Person]:
    """Who looks after organisations that take part, or were asked to; those who answer for the project included."""
    parts = project.parts.filter(state__in=TAKING_PART).select_related("organisation")
    return directory.keepers_of(project.organisation, *(part.organisation for part in parts))


def _own(viewer: Person) -> Q:
    mine = directory.stewarded_by(viewer).values("pk")
    leads = Part.objects.filter(project=OuterRef("pk"), organisation__in=mine, kind=rules.LEAD, state=rules.CONFIRMED)
    return Q(organisation__in=mine) | Q(Exists(leads))
