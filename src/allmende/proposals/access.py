"""Who reads proposals, who writes them, who moves them on. Time windows (phases) are not asked here but in `queries.is_open`."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from allmende.constitution import access as constitution
from allmende.constitution.models import Cooperative
from allmende.directory.models import State as EntryState
from allmende.electorates.access import cooperatives_of, people_of, takes_part
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.proposals.models import Author, Proposal, State, Visibility

EDITABLE = (State.DRAFT, State.COLLECTING, State.DELIBERATION)
SUPPORTABLE = (State.COLLECTING, State.DELIBERATION)


def proposals_visible_to(viewer: Viewer) -> QuerySet[Proposal]:
    """What was brought in is seen by the members, public ones by everybody; a draft by its authors, those invited too."""
    brought_in = ~Q(brought_in_at=None)
    seen = Q(brought_in, visibility=Visibility.PUBLIC, cooperative__organisation__state=EntryState.PUBLISHED)
    if is_person(viewer):
        own = Q(pk__in=Author.objects.filter(person=viewer).values("proposal"))
        seen |= Q(brought_in | own, cooperative__in=cooperatives_of(viewer))
    return Proposal.objects.filter(seen, hidden_at=None).select_related("cooperative__organisation")


def talk_visible_to(viewer: Viewer) -> QuerySet[Proposal]:
    """About which one reads by name who argues: those of one's own cooperatives. A public proposal is read without names."""
    return proposals_visible_to(viewer).filter(cooperative__in=cooperatives_of(viewer))


def may_propose(viewer: Viewer, cooperative: Cooperative) -> bool:
    """Whoever takes part."""
    return takes_part(viewer, cooperative)


def is_author(viewer: Viewer, proposal: Proposal) -> bool:
    """Who has accepted to write it and still takes part."""
    if not is_person(viewer) or not proposal.authors.filter(person=viewer).exclude(accepted_at=None).exists():
        return False
    return takes_part(viewer, proposal.cooperative)


def is_orphaned(proposal: Proposal) -> bool:
    """Whether none of its authors can act any more: then the board and the administration stand in for them."""
    return not any(takes_part(one.person, proposal.cooperative) for one in _accepted(proposal))


def _accepted(proposal: Proposal) -> Iterable[Author]:
    return proposal.authors.exclude(accepted_at=None).filter(person__is_active=True).select_related("person")


def may_administer(viewer: Viewer, proposal: Proposal) -> bool:
    """Board and administration: they admit, send back, decide who reads it and what has to come off the page."""
    return constitution.may_administer(viewer, proposal.cooperative)


def may_write(viewer: Viewer, proposal: Proposal) -> bool:
    """Its authors; where none is left, board and administration."""
    return is_author(viewer, proposal) or (may_administer(viewer, proposal) and is_orphaned(proposal))


def may_support(viewer: Viewer, proposal: Proposal) -> bool:
    """Whoever takes part."""
    return takes_part(viewer, proposal.cooperative)


def may_set_admission(viewer: Viewer, cooperative: Cooperative) -> bool:
    """The board decides how proposals are admitted."""
    return constitution.may_decide(viewer, cooperative)


def may_discuss(viewer: Viewer, proposal: Proposal) -> bool:
    """Whoever takes part, once it is brought in."""
    return proposal.brought_in_at is not None and takes_part(viewer, proposal.cooperative)


def may_see_names(viewer: Viewer, proposal: Proposal) -> bool:
    """Members read who wrote it; a public proposal is read without names."""
    return takes_part(viewer, proposal.cooperative)


def circle_of(cooperative: Cooperative) -> QuerySet[Person]:
    """The accounts of all who take part: members, representatives, offices."""
    offices = constitution.holders(cooperative, constitution.READING)
    return Person.objects.filter(Q(pk__in=people_of(cooperative).values("pk")) | Q(pk__in=offices.values("pk")), is_active=True)


def audience(proposal: Proposal) -> QuerySet[Person]:
    """Whom news of a proposal concern: its authors and supporters who still take part."""
    authors = proposal.authors.exclude(accepted_at=None).values("person")
    concerned = Q(pk__in=authors) | Q(pk__in=proposal.supports.values("person"))
    return circle_of(proposal.cooperative).filter(concerned)


def authors_of(proposal: Proposal) -> QuerySet[Person]:
    """The accounts of its authors who still take part."""
    return circle_of(proposal.cooperative).filter(pk__in=proposal.authors.exclude(accepted_at=None).values("person"))
