"""Who sees and books results: the board decides, the bookkeeping prepares; members see what was resolved and their own part."""

from django.db.models import QuerySet

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.members import access as members
from allmende.people.queries import Viewer
from allmende.surplus.models import Year, YearState


def years_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Year]:
    """All for offices, what is booked for members, nothing for others."""
    found = Year.objects.filter(cooperative=cooperative)
    if constitution.may_read(viewer, cooperative):
        return found
    return found.filter(state=YearState.BOOKED) if members.is_member(viewer, cooperative) else found.none()


def may_prepare(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The board and the bookkeeping."""
    return constitution.may_book(viewer, cooperative)


def may_resolve(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The board books what the assembly resolved."""
    return constitution.may_decide(viewer, cooperative)
