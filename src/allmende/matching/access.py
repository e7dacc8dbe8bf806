"""Who may see and judge matches. A match is shown where both listings are: to whom may see both, and only where both sides may, too."""

from django.db.models import QuerySet

from allmende.directory import access as directory
from allmende.directory.audience import Audience
from allmende.directory.models import Belonging, Organisation, State
from allmende.exchange import access as exchange
from allmende.exchange.models import Listing
from allmende.matching.models import Misfit, Recommendation
from allmende.people.queries import Viewer


def may_judge(viewer: Viewer, listing: Listing) -> bool:
    """What does not fit is said by those whose listing it is."""
    return exchange.may_change(viewer, listing)


def misfits_visible_to(viewer: Viewer) -> QuerySet[Misfit]:
    """What was said for the listings one may change: nobody else reads the reasons."""
    return Misfit.objects.filter(said_by__in=exchange.listings_of(viewer).values("pk"))


def may_recommend(viewer: Viewer, organisation: Organisation) -> bool:
    """In the name of an organisation of the network that one looks after."""
    return recommending(viewer).filter(pk=organisation.pk).exists()


def may_recommend_for(viewer: Viewer, *organisations: int) -> bool:
    """Whether this viewer speaks for a third organisation, none of these."""
    return recommending(viewer).exclude(pk__in=organisations).exists()


def recommending(viewer: Viewer) -> QuerySet[Organisation]:
    """For which organisations this viewer may recommend."""
    members = Belonging.objects.filter(network__state=State.PUBLISHED)
    mine = directory.stewarded_by(viewer).filter(state=State.PUBLISHED)
    return mine.filter(pk__in=members.values("member")) | mine.filter(pk__in=members.values("network"))


def recommendations_of(viewer: Viewer) -> QuerySet[Recommendation]:
    """What was recommended in the name of the organisations one looks after."""
    return Recommendation.objects.filter(organisation__in=recommending(viewer).values("pk"))


def may_meet(one: Listing, other: Listing) -> bool:
    """Whether the organisation of each may see the other's listing: both are to learn of a match, or none."""
    return _is_meant_for(one, other) and _is_meant_for(other, one)


def _is_meant_for(listing: Listing, other: Listing) -> bool:
    """By what is at hand: `chosen` is prefetched, the networks stand in the portrait."""
    if listing.audience == Audience.PUBLIC:
        return True
    if listing.audience == Audience.NETWORK:
        return bool(other.portrait.facts["networks"])
    return other.organisation_id in {organisation.pk for organisation in listing.chosen.all()}
