"""Who sees which money. A member sees what is their own; offices see the books; the board and the bookkeeping write them."""

from django.db.models import QuerySet
from django.http import Http404

from allmende.constitution.models import Cooperative
from allmende.members.access import members_visible_to
from allmende.members.models import Membership
from allmende.money.models import Booking, Payable, Request
from allmende.people.queries import Viewer


def requests_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Request]:
    """All of the cooperative for offices, the own ones for members."""
    return Request.objects.filter(membership__in=members_visible_to(viewer, cooperative)).select_related("membership")


def payables_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Payable]:
    """All of the cooperative for offices, the own ones for members."""
    return Payable.objects.filter(membership__in=members_visible_to(viewer, cooperative)).select_related("membership")


def bookings_of(cooperative: Cooperative) -> QuerySet[Booking]:
    """The whole ledger, for pages that only offices open (`constitution.queries.read_by`)."""
    return Booking.objects.filter(cooperative=cooperative)


def membership_at(viewer: Viewer, cooperative: Cooperative, number: int) -> Membership:
    """The member with this number, where the viewer sees one; Http404 otherwise."""
    found = members_visible_to(viewer, cooperative).filter(number=number).first()
    if found is None:
        raise Http404
    found.cooperative = cooperative
    return found
