"""Who sees amendments, who proposes them, who decides about them. Phases are asked in `queries.is_open`."""

from django.db.models import QuerySet

from allmende.amendments.models import Amendment, State
from allmende.electorates.access import takes_part
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.proposals import access as proposals
from allmende.proposals.models import Proposal

OPEN = (State.OPEN, State.OVERTAKEN)


def amendments_visible_to(viewer: Viewer) -> QuerySet[Amendment]:
    """Whoever sees the proposal sees its amendments."""
    seen = proposals.proposals_visible_to(viewer).values("pk")
    return Amendment.objects.filter(proposal__in=seen, hidden_at=None).select_related("proposal__cooperative__organisation")


def talk_visible_to(viewer: Viewer) -> QuerySet[Amendment]:
    """About which one reads by name who argues, as with their proposals."""
    return amendments_visible_to(viewer).filter(proposal__in=proposals.talk_visible_to(viewer).values("pk"))


def may_amend(viewer: Viewer, proposal: Proposal) -> bool:
    """Whoever takes part."""
    return takes_part(viewer, proposal.cooperative)


def may_change(viewer: Viewer, amendment: Amendment) -> bool:
    """Who wrote it, while they take part."""
    return is_person(viewer) and amendment.author_id == viewer.pk and takes_part(viewer, amendment.proposal.cooperative)


def may_decide(viewer: Viewer, amendment: Amendment) -> bool:
    """The authors of the proposal; where none is left, board and administration."""
    return proposals.may_write(viewer, amendment.proposal)


def may_have_voted(viewer: Viewer, amendment: Amendment) -> bool:
    """Board and administration run ballots."""
    return proposals.may_administer(viewer, amendment.proposal)


def may_moderate(viewer: Viewer, amendment: Amendment) -> bool:
    """Board and administration."""
    return proposals.may_administer(viewer, amendment.proposal)


def may_discuss(viewer: Viewer, amendment: Amendment) -> bool:
    """Whoever takes part, until it is decided."""
    return amendment.state in (*OPEN, State.VOTING) and takes_part(viewer, amendment.proposal.cooperative)


def author_of(amendment: Amendment) -> QuerySet[Person]:
    """The account of who wrote it, if they still take part."""
    return proposals.circle_of(amendment.proposal.cooperative).filter(pk=amendment.author_id or 0)
