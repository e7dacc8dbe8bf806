"""Who sees and decides exits. A member sees the own; offices see those of their cooperative; the board decides."""

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.leaving.models import Termination, Transfer
from allmende.members import access as members
from allmende.members.models import Membership
from allmende.people.queries import Viewer, is_person


def terminations_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Termination]:
    """All of the cooperative for its offices, otherwise only one's own."""
    found = Termination.objects.filter(membership__cooperative=cooperative)
    if constitution.may_read(viewer, cooperative):
        return found
    return found.filter(membership__in=members.own(viewer).values("pk"))


def transfers_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Transfer]:
    """All of the cooperative for its offices, otherwise those one gives or takes oneself."""
    found = Transfer.objects.filter(giver__cooperative=cooperative)
    if constitution.may_read(viewer, cooperative):
        return found
    own = members.own(viewer).values("pk")
    return found.filter(Q(giver__in=own) | Q(taker__in=own))


def is_own(viewer: Viewer, membership: Membership) -> bool:
    """Whether this membership belongs to the person."""
    return is_person(viewer) and membership.person_id == viewer.pk


def may_give_notice(viewer: Viewer, membership: Membership) -> bool:
    """The member alone, as long as the membership lasts; whoever speaks for a member by paper is entered by the administration."""
    return is_own(viewer, membership) and (membership.ends_on is None or membership.ends_on >= localdate())


def may_enter(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The board and the member administration enter what came by paper."""
    return constitution.may_administer(viewer, cooperative)


def may_decide(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The board confirms, takes back, excludes, settles and agrees to transfers."""
    return constitution.may_decide(viewer, cooperative)
