"""Who may see and change offers and needs. Guests are viewers too.

A listing is its organisation's: all who look after the entry may change it. One of a single member is also theirs. What has been taken
off is seen by its own people and by caretakers only.
"""

from django.db.models import Q, QuerySet

from allmende.directory import access as directory
from allmende.directory.access import KEEPERS
from allmende.directory.audience import seen_by
from allmende.directory.models import Organisation, Role
from allmende.directory.models import State as EntryState
from allmende.exchange import rules
from allmende.exchange.models import Listing
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person

ALL_ROLES = (*KEEPERS, Role.MEMBER)


def listings_visible_to(viewer: Viewer) -> QuerySet[Listing]:
    """What this viewer may read: open and past ones meant for them; drafts and those taken off only to those who may change them."""
    meant = seen_by(viewer, Listing.chosen.through, "listing_id") & ~Q(state__in=(rules.DRAFT, rules.HIDDEN))
    if not is_person(viewer):
        return Listing.objects.filter(meant)
    seen = meant | _own(viewer)
    if directory.may_caretake_somewhere(viewer):
        seen |= ~Q(state=rules.DRAFT) & Q(organisation__in=directory.caretaken_by(viewer).values("pk"))
    return Listing.objects.filter(seen)


def open_listings_visible_to(viewer: Viewer) -> QuerySet[Listing]:
    """What can be answered today, as far as this viewer may read it."""
    return listings_visible_to(viewer).filter(state=rules.OPEN)


def listings_of(viewer: Viewer) -> QuerySet[Listing]:
    """What this viewer may change: their own, and those of the organisations they look after."""
    if not is_person(viewer):
        return Listing.objects.none()
    return Listing.objects.filter(_own(viewer))


def may_change(viewer: Viewer, listing: Listing) -> bool:
    """Those who look after the organisation, and the member whose listing it is."""
    return listings_of(viewer).filter(pk=listing.pk).exists()


def may_moderate(viewer: Viewer, listing: Listing) -> bool:
    """The caretakers of its organisation's entry."""
    return directory.may_caretake_entry(viewer, listing.organisation)


def organisations_to_write_for(viewer: Viewer) -> QuerySet[Organisation]:
    """For which organisations this viewer may put something up: all they belong to. Those they only are a member of: in their own name."""
    return directory.stewarded_by(viewer, ALL_ROLES).filter(state=EntryState.PUBLISHED)


def looked_after(viewer: Viewer) -> QuerySet[Organisation]:
    """In whose name this viewer may write."""
    return directory.stewarded_by(viewer).filter(state=EntryState.PUBLISHED)


def may_write(viewer: Viewer) -> bool:
    """Whether this viewer may put up anything at all."""
    return organisations_to_write_for(viewer).exists()


def may_write_for(viewer: Viewer, organisation: Organisation, *, as_member: bool) -> bool:
    """In the name of the organisation only who looks after its entry; in one's own name every member."""
    roles = ALL_ROLES if as_member else KEEPERS
    return directory.stewarded_by(viewer, roles).filter(pk=organisation.pk, state=EntryState.PUBLISHED).exists()


def is_of_one_who_left(listing: Listing) -> bool:
    """Whether it stands in the name of a member who no longer belongs to the organisation."""
    return listing.person is not None and directory.role_of(listing.person, listing.organisation) not in ALL_ROLES


def keepers_of(listing: Listing) -> QuerySet[Person]:
    """Whom news about a listing concern: the member whose it is while they belong there, else all who look after the organisation."""
    if listing.person_id and not is_of_one_who_left(listing):
        return Person.objects.filter(pk=listing.person_id, is_active=True)
    return directory.keepers_of(listing.organisation)


def _own(viewer: Person) -> Q:
    """A member's own listing stays theirs only while they belong to the organisation."""
    looked_after = Q(organisation__in=directory.stewarded_by(viewer).values("pk"))
    belongs = Q(organisation__in=directory.stewarded_by(viewer, ALL_ROLES).values("pk"))
    return looked_after | (Q(person=viewer) & belongs)
