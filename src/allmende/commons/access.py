"""Who may decide on rules and requests. Guests read all of it: rules, requests, results and the log are public."""

from django.db.models import Q, QuerySet

from allmende.commons.models import DataRequest, RequestState
from allmende.directory import access as directory
from allmende.directory.models import DataRules, Organisation, Role, RulesState, State
from allmende.people.queries import Viewer


def rules_visible_to(viewer: Viewer) -> QuerySet[DataRules]:
    """Every version that was put to a vote; drafts only to those who may propose."""
    if may_propose(viewer):
        return DataRules.objects.all()
    return DataRules.objects.exclude(state=RulesState.DRAFT)


def votes_for(viewer: Viewer) -> QuerySet[Organisation]:
    """The organisations this person may vote and answer for: published ones of a network that they answer for as owner."""
    mine = directory.stewarded_by(viewer, (Role.OWNER,)).filter(state=State.PUBLISHED)
    return mine.filter(Q(belongs_to__isnull=False) | Q(belongings__isnull=False)).distinct()


def answers_for(viewer: Viewer) -> QuerySet[Organisation]:
    """The organisations this person may agree or object for: each published one they answer for, in a network or not."""
    return directory.stewarded_by(viewer, (Role.OWNER,)).filter(state=State.PUBLISHED)


def may_propose(viewer: Viewer) -> bool:
    """Whoever may vote may also propose a new version; so may the caretakers of the house."""
    return directory.may_caretake(viewer) or votes_for(viewer).exists()


def requests_visible_to(viewer: Viewer) -> QuerySet[DataRequest]:
    """Every request whose sender proved to exist."""
    return DataRequest.objects.exclude(state=RequestState.UNCONFIRMED)


def may_decide_requests(viewer: Viewer) -> bool:
    """Network management decides after the participants have answered."""
    return directory.may_caretake(viewer)
