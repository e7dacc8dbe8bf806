"""Questions about rolls of voters."""

from django.db.models import QuerySet

from allmende.electorates.models import ElectorateState, Voter
from allmende.people.queries import Viewer, is_person


def voters_for(viewer: Viewer) -> QuerySet[Voter]:
    """The voices this account casts, of frozen rolls: the own one, and those of organisations somebody represents."""
    if not is_person(viewer):
        return Voter.objects.none()
    return Voter.objects.filter(person=viewer, electorate__state=ElectorateState.FROZEN).select_related("electorate__cooperative")
