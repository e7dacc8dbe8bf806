"""Who sees members. A member sees the own membership; offices see the register; every member may inspect it for a purpose (§ 31 GenG)."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.members.models import Membership
from allmende.people.queries import Viewer, is_person


def active_on(day: date) -> Q:
    """As a filter of memberships: those that exist on this day."""
    return Q(joined_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def members_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Membership]:
    """All of the cooperative for offices; for everybody else only what is their own."""
    found = Membership.objects.filter(cooperative=cooperative)
    return found if constitution.may_read(viewer, cooperative) else found.filter(pk__in=own(viewer).values("pk"))


def own(viewer: Viewer) -> QuerySet[Membership]:
    """The memberships of this person's account, past ones too."""
    return Membership.objects.filter(person=viewer) if is_person(viewer) else Membership.objects.none()


def own_in(viewer: Viewer, cooperative: Cooperative) -> Membership | None:
    """This person's membership here: the active one, otherwise the one that begins or ended last."""
    found = own(viewer).filter(cooperative=cooperative)
    return found.filter(active_on(localdate())).first() or found.order_by("-joined_on").first()


def is_member(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Whether this person is a member today."""
    return own(viewer).filter(active_on(localdate()), cooperative=cooperative).exists()


def may_inspect(viewer: Viewer, cooperative: Cooperative) -> bool:
    """§ 31 GenG: every member; offices as a matter of course. Third parties come by an office that lets them."""
    return is_member(viewer, cooperative) or constitution.may_read(viewer, cooperative)
