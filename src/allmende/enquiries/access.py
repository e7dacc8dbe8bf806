"""Who reads and writes conversations: on each side all who look after the organisation, and the member in whose name it is.

Nobody else, caretakers neither: what is reported to them they see where they judge reports.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from allmende.directory import access as directory
from allmende.directory.models import Organisation, Stewardship
from allmende.directory.models import State as EntryState
from allmende.enquiries import rules
from allmende.enquiries.models import Block, Enquiry, Message
from allmende.exchange import rules as exchange_rules
from allmende.exchange.access import ALL_ROLES
from allmende.exchange.models import Listing
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person


def enquiries_visible_to(viewer: Viewer) -> QuerySet[Enquiry]:
    """Those of the organisations one looks after, and those in one's own name while one belongs to the organisation."""
    if not is_person(viewer):
        return Enquiry.objects.none()
    return Enquiry.objects.filter(on_side(viewer, rules.ASKER) | on_side(viewer, rules.OWNER))


def on_side(viewer: Person, side: str) -> Q:
    """Conversations in which this person speaks for this side."""
    column, member = _columns(side)
    kept = directory.stewarded_by(viewer).values("pk")
    belongs = directory.stewarded_by(viewer, ALL_ROLES).values("pk")
    return Q(**{f"{column}__in": kept}) | Q(**{member: viewer, f"{column}__in": belongs})


def concerning(viewer: Person, side: str) -> Q:
    """Those of a side that concern this person first: what is in a member's own name concerns that member while they belong to the

    organisation, all else who looks after it.
    """
    column, member = _columns(side)
    kept = directory.stewarded_by(viewer).values("pk")
    belongs = directory.stewarded_by(viewer, ALL_ROLES).values("pk")
    held = Stewardship.objects.filter(person=OuterRef(member), organisation=OuterRef(column), until=None)
    return Q(~Exists(held), **{f"{column}__in": kept}) | Q(**{member: viewer, f"{column}__in": belongs})


def _columns(side: str) -> tuple[str, str]:
    return ("asker", "asker_person") if side == rules.ASKER else ("organisation", "listing__person")


def messages_visible_to(viewer: Viewer) -> QuerySet[Message]:
    """The messages of the conversations one reads."""
    return Message.objects.filter(enquiry__in=enquiries_visible_to(viewer).values("pk"))


def sides_of(viewer: Viewer, enquiry: Enquiry) -> list[str]:
    """For which sides this person speaks: mostly one, both who looks after both organisations, none for all others."""
    if not is_person(viewer):
        return []
    mine = Enquiry.objects.filter(pk=enquiry.pk)
    return [side for side in (rules.ASKER, rules.OWNER) if mine.filter(on_side(viewer, side)).exists()]


def member_of(enquiry: Enquiry, side: str) -> Person | None:
    """The member in whose own name this side speaks; None where the organisation does, or they are gone."""
    if side == rules.ASKER:
        return enquiry.asker_person
    return enquiry.listing.person if enquiry.listing else None


def people_of(enquiry: Enquiry, side: str) -> QuerySet[Person]:
    """Whom news concern: the member whose own matter it is while they belong to the organisation, else all who look after it."""
    organisation, member = enquiry.organisation_of(side), member_of(enquiry, side)
    if member is not None and member.is_active and directory.role_of(member, organisation) in ALL_ROLES:
        return Person.objects.filter(pk=member.pk)
    return directory.keepers_of(organisation)


def readers_of(enquiry: Enquiry, side: str) -> QuerySet[Person]:
    """All who read along on a side."""
    return (directory.keepers_of(enquiry.organisation_of(side)) | people_of(enquiry, side)).distinct()


def is_there(organisation: Organisation) -> bool:
    """Whether an organisation can still be written to."""
    return organisation.state == EntryState.PUBLISHED


def takes_enquiries(listing: Listing) -> bool:
    """Whether a listing is open today: what ended yesterday may still wait for the night's work that says so."""
    return listing.state == exchange_rules.OPEN and not exchange_rules.has_ended(listing.until, localdate())


def blocks_between(organisation: Organisation, member: Person | None, other: Organisation, persons: list[int]) -> QuerySet[Block]:
    """The blocks of a side (its member's own ones too) against an organisation or one of these persons."""
    whose = Q(member=None) | Q(member=member) if member else Q(member=None)
    whom = Q(blocked=other) | Q(person__in=persons)
    return Block.objects.filter(whose, whom, organisation=organisation).exclude(blocked=organisation)


def blocks_in(enquiry: Enquiry, side: str) -> QuerySet[Block]:
    """The blocks of this side that concern a conversation: against the other one, its member, or whoever wrote there."""
    there = rules.other(side)
    member = member_of(enquiry, there)
    persons = list(enquiry.messages.filter(side=there, by__isnull=False).values_list("by", flat=True)) + ([member.pk] if member else [])
    return blocks_between(enquiry.organisation_of(side), member_of(enquiry, side), enquiry.organisation_of(there), persons)


def standing_still() -> Q:
    """Conversations in which one side takes nothing any more from the other one, its member, or whoever wrote there last."""
    return _shut_by(rules.ASKER) | _shut_by(rules.OWNER)


def _shut_by(side: str) -> Q:
    there = rules.other(side)
    (here, own), (other, member) = _columns(side), _columns(there)
    wrote = Message.objects.filter(enquiry=OuterRef(OuterRef("pk")), side=there).order_by("-pk").values("by")[:1]
    whose = Q(member=None) | Q(member=OuterRef(own))
    whom = Q(blocked=OuterRef(other)) | Q(person=OuterRef(member)) | Q(person=Subquery(wrote))
    return Q(Exists(Block.objects.filter(whose, whom, organisation=OuterRef(here))))


def blocks_changed_by(viewer: Viewer) -> QuerySet[Block]:
    """The blocks this person may lift: those of organisations they look after, and their own."""
    if not is_person(viewer):
        return Block.objects.none()
    kept = directory.stewarded_by(viewer).values("pk")
    return Block.objects.filter(Q(member=None, organisation__in=kept) | Q(member=viewer))


def may_moderate(viewer: Viewer, message: Message) -> bool:
    """Caretakers of the entry for which it was written."""
    return directory.may_caretake_entry(viewer, message.organisation)
