"""Who sees and runs ballots, and who may put a paper into the box."""

from django.db.models import Q, QuerySet

from allmende.ballots.models import Ballot, State, Visibility
from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.directory.models import State as EntryState
from allmende.electorates import access as electorates
from allmende.electorates.models import Voter
from allmende.people.queries import Viewer, is_person


def ballots_visible_to(viewer: Viewer) -> QuerySet[Ballot]:
    """Members see those of their cooperative; who is on the roll sees it even after leaving; drafts are for those who prepare them.

    Everybody sees what was made public, once it was opened and as long as the entry is published.
    """
    public = Q(visibility=Visibility.PUBLIC, cooperative__organisation__state=EntryState.PUBLISHED, opened_at__isnull=False)
    seen = public
    if is_person(viewer) and viewer.is_active:
        mine = Voter.objects.filter(person=viewer).values("electorate")
        here = Q(cooperative__in=electorates.cooperatives_of(viewer)) | Q(electorate__in=mine)
        administered = constitution.held_by(viewer, constitution.ADMINISTERING).values("cooperative")
        seen |= (here & Q(opened_at__isnull=False)) | Q(cooperative__in=administered)
    return Ballot.objects.filter(seen).select_related("cooperative__organisation", "electorate")


def may_prepare(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Board and member administration prepare and open."""
    return constitution.may_administer(viewer, cooperative)


def may_decide(viewer: Viewer, ballot: Ballot) -> bool:
    """The board prolongs, closes early and cancels."""
    return constitution.may_decide(viewer, ballot.cooperative)


def may_cast(viewer: Viewer, voter: Voter) -> bool:
    """Only the account the roll names for this voice."""
    return electorates.may_cast(viewer, voter)


def may_see_names(viewer: Viewer, ballot: Ballot) -> bool:
    """Open papers with their names: members of the cooperative and whoever is on the roll. Guests of a public ballot see figures."""
    if not is_person(viewer) or ballot.state == State.DRAFT:
        return False
    return (
        electorates.takes_part(viewer, ballot.cooperative) or Voter.objects.filter(electorate=ballot.electorate_id, person=viewer).exists()
    )
