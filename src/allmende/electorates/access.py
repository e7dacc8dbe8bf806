"""Who takes part in what a cooperative decides: its members, those who act for member organisations, and those who hold an office."""

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.electorates.models import Electorate, ElectorateState, Voter
from allmende.electorates.rules import BY_OTHERS
from allmende.ground.once import once
from allmende.members.access import active_on
from allmende.members.models import Membership
from allmende.networks.access import memberships_of, representations_of
from allmende.networks.models import VOTING, Representative
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person


def acts_for(viewer: Viewer) -> QuerySet[Membership]:
    """The memberships of today this person speaks for: the own ones, those of organisations they look after, those they represent."""
    if not is_person(viewer) or not viewer.is_active:
        return Membership.objects.none()
    named = representations_of(viewer).filter(since__lte=localdate()).exclude(confirmed_at=None)
    found = Q(pk__in=memberships_of(viewer).values("pk")) | Q(pk__in=named.values("membership"))
    return Membership.objects.filter(found, active_on(localdate()))


def cooperatives_of(viewer: Viewer) -> QuerySet[Cooperative]:
    """The cooperatives this person takes part in today; none for guests."""
    if not is_person(viewer):
        return Cooperative.objects.none()
    here = Q(pk__in=acts_for(viewer).values("cooperative")) | Q(pk__in=constitution.held_by(viewer).values("cooperative"))
    return Cooperative.objects.filter(here)


@once
def takes_part(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Whether this person sees and writes what members see and write here. Caretakers of the network and stewards alone do not."""
    return cooperatives_of(viewer).filter(pk=cooperative.pk).exists()


def people_of(cooperative: Cooperative) -> QuerySet[Person]:
    """The accounts of the members of today and of those who represent member organisations: whom news for members concern."""
    today = localdate()
    active = Membership.objects.filter(active_on(today), cooperative=cooperative)
    standing = Q(represents__until=None) | Q(represents__until__gte=today)
    named = Q(represents__membership__in=active, represents__since__lte=today, represents__confirmed_at__isnull=False) & standing
    return Person.objects.filter(Q(memberships__in=active) | named, is_active=True).distinct()


def electorates_visible_to(viewer: Viewer) -> QuerySet[Electorate]:
    """Members see the rolls of their cooperative: figures and the own line. Drafts are for board and administration."""
    here = Q(cooperative__in=cooperatives_of(viewer), state=ElectorateState.FROZEN) | Q(cooperative__in=_administered(viewer))
    return Electorate.objects.filter(here).select_related("cooperative__organisation")


def may_see_names(viewer: Viewer, electorate: Electorate) -> bool:
    """The list with names is for those who hold an office; everybody else sees figures and the own line."""
    return constitution.may_read(viewer, electorate.cooperative)


def may_cast(viewer: Viewer, voter: Voter) -> bool:
    """Only the account the frozen roll names for this voice; who casts for an organisation, only as long as the organisation wants it
    (an authority can be withdrawn until the vote, § 43 V GenG)."""
    is_mine = is_person(viewer) and viewer.is_active and voter.person_id == viewer.pk
    return is_mine and (voter.facts.get("casting") not in BY_OTHERS or _still_represents(viewer, voter))


def _still_represents(viewer: Viewer, voter: Voter) -> bool:
    named = Representative.objects.filter(membership=voter.membership_id, person=viewer.pk, acting__in=VOTING, confirmed_at__isnull=False)
    is_named = named.filter(Q(until=None) | Q(until__gte=localdate())).exists()
    return is_named or Membership.objects.filter(pk=voter.membership_id or 0, person=viewer.pk).exists()


def _administered(viewer: Viewer) -> QuerySet[Cooperative]:
    held = constitution.held_by(viewer, constitution.ADMINISTERING)
    return Cooperative.objects.filter(pk__in=held.values("cooperative"))
