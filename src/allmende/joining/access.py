"""Who sees declarations: whoever has the link to the own one, the offices of the cooperative; the board decides."""

from django.db.models import QuerySet

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative, OfficeKind
from allmende.directory import access as directory
from allmende.directory.models import Organisation, State
from allmende.joining.models import Application
from allmende.members import access as members
from allmende.members.models import Membership
from allmende.people.queries import Viewer, is_person

DESK = (OfficeKind.BOARD, OfficeKind.ADMINISTRATION, OfficeKind.SUPERVISORY)
"""Who reads declarations: the board decides, the administration prepares, the supervisory board may have to admit investing members."""


def may_see_desk(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The desk of declarations: bookkeeping and audit see members, not those who wait."""
    return constitution.held_by(viewer, DESK).filter(cooperative=cooperative).exists()


def may_prepare(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Enter declarations that came on paper, ask back."""
    return constitution.may_administer(viewer, cooperative)


def may_admit(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Admit and refuse: the board (§ 15 I GenG)."""
    return constitution.may_decide(viewer, cooperative)


def applications_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Application]:
    """Those of the desk, for the offices of the desk."""
    found = Application.objects.filter(cooperative=cooperative, erased_at=None)
    return found if may_see_desk(viewer, cooperative) else found.none()


def own(viewer: Viewer) -> QuerySet[Application]:
    """What somebody declared while signed in."""
    return Application.objects.filter(person=viewer, erased_at=None) if is_person(viewer) else Application.objects.none()


def may_join_for(viewer: Viewer) -> QuerySet[Organisation]:
    """The organisations of the map that somebody can join for: those the viewer answers for."""
    return directory.stewarded_by(viewer).filter(state=State.PUBLISHED)


def may_take_further(viewer: Viewer, membership: Membership) -> bool:
    """The member, for the own membership."""
    return members.own(viewer).filter(pk=membership.pk).exists()
