"""Who sees and does what between a network and its member organisations.

Whoever looks after the entry of a member organisation acts for it here, once the organisation has confirmed the membership. Until
then they see only that a network says so, and are asked.
"""

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.directory.access import stewarded_by
from allmende.directory.models import State
from allmende.members.access import active_on
from allmende.members.models import Membership
from allmende.networks.models import Answer, Representative
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person


def memberships_of(viewer: Viewer) -> QuerySet[Membership]:
    """The memberships this person acts for: the own ones, and the confirmed ones of organisations they look after."""
    if not is_person(viewer):
        return Membership.objects.none()
    theirs = Q(bond__answer=Answer.YES, organisation__in=stewarded_by(viewer))
    return Membership.objects.filter(Q(person=viewer) | theirs)


def memberships_visible_to(viewer: Viewer, cooperative: Cooperative) -> QuerySet[Membership]:
    """All of a network for its offices, the own ones for everybody else."""
    found = Membership.objects.filter(cooperative=cooperative)
    return found if constitution.may_read(viewer, cooperative) else found.filter(pk__in=memberships_of(viewer).values("pk"))


def may_act_for(viewer: Viewer, membership: Membership) -> bool:
    """Whether this person speaks for the member side."""
    return memberships_of(viewer).filter(pk=membership.pk).exists()


def sees_network(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Bands and fees are for members and offices."""
    mine = memberships_of(viewer).filter(active_on(localdate()), cooperative=cooperative)
    return constitution.may_read(viewer, cooperative) or mine.exists()


def asked_of(viewer: Viewer) -> QuerySet[Membership]:
    """Memberships that a register says an organisation of this person has, and that nobody has answered for it yet."""
    if not is_person(viewer):
        return Membership.objects.none()
    shown = Q(cooperative__organisation__state=State.PUBLISHED)
    today = active_on(localdate()) | Q(joined_on__gt=localdate())
    found = Membership.objects.filter(shown & today, bond=None, organisation__in=stewarded_by(viewer))
    return found.select_related("cooperative__organisation", "organisation").order_by("pk")


def may_answer(viewer: Viewer, membership: Membership) -> bool:
    """Who looks after the organisation's entry confirms or contradicts, and may change the answer."""
    return membership.organisation_id is not None and stewarded_by(viewer).filter(pk=membership.organisation_id).exists()


def representations_of(viewer: Viewer) -> QuerySet[Representative]:
    """What this person is named for, as long as it lasts."""
    if not isinstance(viewer, Person):
        return Representative.objects.none()
    today = localdate()
    lasting = Q(until=None) | Q(until__gte=today)
    found = Representative.objects.filter(lasting, person=viewer).select_related("membership__cooperative__organisation")
    return found.select_related("membership__organisation")
