"""Who reads and writes the register. Public resolutions are for everybody, others for members; drafts are with the administration."""

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.directory.models import State as EntryState
from allmende.electorates.access import cooperatives_of
from allmende.members.access import active_on
from allmende.members.models import Membership
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.resolutions.models import Measure, MeasureState, Report, Resolution, State, Visibility

PUBLIC = Q(visibility=Visibility.PUBLIC, cooperative__organisation__state=EntryState.PUBLISHED)


def resolutions_visible_to(viewer: Viewer) -> QuerySet[Resolution]:
    """What this viewer may read, of all cooperatives."""
    entered = ~Q(state=State.DRAFT)
    seen = entered & PUBLIC
    if is_person(viewer):
        held = constitution.held_by(viewer, constitution.ADMINISTERING).values("cooperative")
        seen |= entered & Q(cooperative__in=cooperatives_of(viewer)) | Q(state=State.DRAFT, cooperative__in=held)
    return Resolution.objects.filter(seen).select_related("cooperative__organisation")


def reports_visible_to(viewer: Viewer) -> QuerySet[Report]:
    """Reports on what one may read."""
    return Report.objects.filter(resolution__in=resolutions_visible_to(viewer)).select_related("resolution__cooperative__organisation")


def measures_of(viewer: Viewer) -> QuerySet[Measure]:
    """Open measures this person is responsible for."""
    if not is_person(viewer):
        return Measure.objects.none()
    found = Measure.objects.filter(person=viewer, state=MeasureState.OPEN, resolution__state=State.IN_WORK)
    return found.filter(resolution__in=resolutions_visible_to(viewer)).select_related("resolution__cooperative__organisation")


def may_write(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Board and member administration keep the register."""
    return constitution.may_administer(viewer, cooperative)


def _is_responsible(viewer: Viewer, resolution: Resolution) -> bool:
    is_mine = is_person(viewer) and viewer.is_active and resolution.person_id == viewer.pk
    return is_mine and resolutions_visible_to(viewer).filter(pk=resolution.pk).exists()


def may_report(viewer: Viewer, resolution: Resolution) -> bool:
    """Who keeps the register, who is responsible for it, and who has one of its measures."""
    if resolution.state == State.DRAFT:
        return False
    if may_write(viewer, resolution.cooperative) or _is_responsible(viewer, resolution):
        return True
    return is_person(viewer) and measures_of(viewer).filter(resolution=resolution).exists()


def may_add_measure(viewer: Viewer, resolution: Resolution) -> bool:
    """Who keeps the register, and who is responsible for the whole."""
    return may_write(viewer, resolution.cooperative) or _is_responsible(viewer, resolution)


def may_settle(viewer: Viewer, measure: Measure) -> bool:
    """Who keeps the register, and who is responsible for the resolution or this measure."""
    if may_add_measure(viewer, measure.resolution):
        return True
    return is_person(viewer) and measures_of(viewer).filter(pk=measure.pk).exists()


def people_to_choose(cooperative: Cooperative) -> QuerySet[Person]:
    """Who can be made responsible from a list: the holders of offices."""
    return constitution.holders(cooperative, constitution.READING).order_by("name", "pk")


def member_to_choose(cooperative: Cooperative, number: int) -> Person | None:
    """The account of the member of today with this number; None where there is none."""
    there = Membership.objects.filter(active_on(localdate()), cooperative=cooperative, number=number, person__is_active=True)
    found = there.select_related("person").first()
    return found.person if found else None
