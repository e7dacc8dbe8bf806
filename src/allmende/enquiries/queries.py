"""Questions about conversations. Each begins at what the viewer may see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from allmende.directory import access as directory
from allmende.directory.models import Organisation
from allmende.directory.models import State as EntryState
from allmende.enquiries import access, rules
from allmende.enquiries.models import Block, Contact, Enquiry, Message, Seen, Word
from allmende.exchange import access as exchange
from allmende.exchange import rules as exchange_rules
from allmende.exchange.models import Listing
from allmende.ground.models import Letter, LetterState
from allmende.people.models import Person
from allmende.people.queries import Viewer

OPEN, WAITING, DONE = BOXES = "open", "waiting", "done"


def thread(viewer: Viewer, uuid: UUID) -> Enquiry | None:
    """The conversation of that number, with its listing and both sides; None if there is none for this viewer."""
    found: Enquiry | None = _whole(access.enquiries_visible_to(viewer)).filter(uuid=uuid).first()
    return found


def _whole(enquiries: QuerySet[Any]) -> QuerySet[Any]:
    return enquiries.select_related("listing__person", "organisation", "asker", "asker_person", "own_listing__organisation")


def inbox(viewer: Viewer, box: str = OPEN, organisation: Organisation | None = None) -> QuerySet[Any]:
    """One box of a person's conversations, what moved last first; each with `last_at`, `last_side`, `is_unread`, `is_waiting`."""
    if not isinstance(viewer, Person):
        return Enquiry.objects.none()
    found: QuerySet[Any] = _annotated(access.enquiries_visible_to(viewer), viewer)
    if organisation is not None:
        found = found.filter(Q(asker=organisation) | Q(organisation=organisation))
    running = Q(state__in=rules.RUNNING)
    chosen = {OPEN: running, WAITING: running & Q(is_waiting=True), DONE: ~running}[box]
    return _whole(found.filter(chosen)).order_by("-last_at", "-pk")


def _annotated(enquiries: QuerySet[Any], viewer: Person) -> Any:
    last = Message.objects.filter(enquiry=OuterRef("pk")).order_by("-pk")
    found: QuerySet[Any] = enquiries.annotate(
        last_at=Coalesce(Subquery(last.values("at")[:1]), F("opened_at")), last_side=Subquery(last.values("side")[:1])
    )
    found = found.annotate(last_text=Subquery(last.filter(hidden_at=None).values("text")[:1]))
    found = found.annotate(is_unread=Case(When(_unread(viewer), then=True), default=False))
    return found.annotate(is_waiting=Case(When(_waiting(viewer), then=True), default=False))


def _unread(viewer: Person) -> Q:
    """There is a message of the other side after the newest one this person has seen, in what concerns them."""
    seen = Seen.objects.filter(enquiry=OuterRef("enquiry"), person=viewer).values("message")[:1]
    newer = Message.objects.filter(enquiry=OuterRef("pk"), pk__gt=Coalesce(Subquery(seen), 0, output_field=BigIntegerField()))
    of_asker, of_owner = (Exists(newer.filter(side=side)) for side in (rules.ASKER, rules.OWNER))
    return (access.concerning(viewer, rules.ASKER) & Q(of_owner)) | (access.concerning(viewer, rules.OWNER) & Q(of_asker))


def _waiting(viewer: Person) -> Q:
    """The other side wrote last, or says what became of it and one's own has not said so yet. Nobody waits across a block."""
    said = Word.objects.filter(enquiry=OuterRef("pk")).exclude(outcome=rules.STILL_OPEN)
    mine = Word.objects.filter(enquiry=OuterRef("pk"))

    def turn(side: str) -> Q:
        there = rules.other(side)
        word = Q(Exists(said.filter(side=there))) & ~Q(Exists(mine.filter(side=side)))
        return access.concerning(viewer, side) & (Q(last_side=there) | word)

    return (turn(rules.ASKER) | turn(rules.OWNER)) & ~access.standing_still()


def unread(viewer: Viewer, states: Collection[str] = rules.WRITABLE) -> int:
    """In how many conversations something new waits to be read; in those that have ended nothing waits any more."""
    if not isinstance(viewer, Person):
        return 0
    return access.enquiries_visible_to(viewer).filter(_unread(viewer), state__in=states).count()


def waiting(viewer: Viewer) -> int:
    """In how many running conversations it is this person's turn."""
    return inbox(viewer, WAITING).count()


def organisations_in(viewer: Viewer) -> QuerySet[Organisation]:
    """The viewer's own organisations that have conversations, by name: what the inbox can be narrowed to."""
    if not isinstance(viewer, Person):
        return Organisation.objects.none()
    mine = directory.stewarded_by(viewer, exchange.ALL_ROLES)
    seen = access.enquiries_visible_to(viewer)
    received, made = seen.filter(organisation=OuterRef("pk")), seen.filter(asker=OuterRef("pk"))
    return mine.filter(Exists(received) | Exists(made)).order_by("name")


def about_listing(viewer: Viewer, listing: Listing) -> list[Enquiry]:
    """The viewer's conversations about a listing, what moved last first."""
    if not isinstance(viewer, Person):
        return []
    return list(_whole(_annotated(access.enquiries_visible_to(viewer).filter(listing=listing), viewer)).order_by("-last_at", "-pk")[:20])


def running(listing: Listing, organisation: Organisation, person: Person | None) -> Enquiry | None:
    """The running conversation about a listing with this organisation, or with this member of it in their own name."""
    own = {"asker_person": person, "is_own_name": True} if person else {"is_own_name": False}
    return Enquiry.objects.filter(listing=listing, asker=organisation, state__in=rules.RUNNING, **own).order_by("pk").first()


def asked_since(organisation: Organisation, person: Person | None, moment: datetime) -> int:
    """How many conversations an organisation, or this member of it, has begun since."""
    own = {"asker_person": person} if person else {"is_own_name": False}
    return Enquiry.objects.filter(asker=organisation, opened_at__gt=moment, **own).count()


@dataclass(frozen=True)
class Line:
    """A conversation as a list shows it: who speaks here, with whom."""

    enquiry: Enquiry
    here: str
    there: str


def lines(viewer: Viewer, enquiries: Iterable[Enquiry]) -> list[Line]:
    """How lists show these conversations of the viewer, from `inbox` or `about_listing`."""
    kept = set(directory.stewarded_by(viewer).values_list("pk", flat=True))
    found = []
    for one in enquiries:
        mine = rules.ASKER if one.asker_id in kept or (one.asker_person_id and one.asker_person_id == viewer.pk) else rules.OWNER
        found.append(Line(one, name_of(one, mine), name_of(one, rules.other(mine))))
    return found


def name_of(enquiry: Enquiry, side: str) -> str:
    """How a side is called: the organisation, with the member who speaks in their own name.

    Whose offer or need it is has chosen the name that is shown, or none; what stands in their account is not told by being asked.
    """
    organisation = enquiry.organisation_of(side).name
    member = access.member_of(enquiry, side)
    listing = enquiry.listing if side == rules.OWNER else None
    name = listing.person_name if listing else member.name if member else ""
    if member is not None and name:
        return _("%(person)s (%(organisation)s)") % {"person": name, "organisation": organisation}
    if member is not None or (side == rules.ASKER and enquiry.is_own_name):
        return _("a member of %(organisation)s") % {"organisation": organisation}
    return organisation


# -------------------------------------------------------------------------------------------------------- who may ask


@dataclass(frozen=True)
class Asking:
    """As whom somebody can ask: an organisation they look after, or themselves as a member of it."""

    organisation: Organisation
    alone: bool

    @property
    def key(self) -> str:
        """How a form says it."""
        return f"{'ich' if self.alone else 'wir'}-{self.organisation.pk}"


def askings(viewer: Viewer, listing: Listing) -> list[Asking]:
    """As whom this viewer can ask about a listing; never as the organisation whose listing it is."""
    mine = list(exchange.organisations_to_write_for(viewer).exclude(pk=listing.organisation_id).order_by("name"))
    kept = set(directory.stewarded_by(viewer).filter(pk__in=[one.pk for one in mine]).values_list("pk", flat=True))
    return [Asking(one, alone=False) for one in mine if one.pk in kept] + [Asking(one, alone=True) for one in mine]


def own_listings(viewer: Viewer, listing: Listing) -> QuerySet[Listing]:
    """What the viewer can attach to an enquiry: their own open listings that go the other way."""
    other = exchange_rules.opposite(listing.direction)
    own = exchange.listings_of(viewer).filter(state=exchange_rules.OPEN, direction=other, organisation__state=EntryState.PUBLISHED)
    return own.exclude(organisation=listing.organisation_id).select_related("organisation").order_by("organisation__name", "title", "pk")


def asked_people(listing: Listing) -> dict[str, Any]:
    """Who will read an enquiry: how many look after the organisation, and the member whose listing it is."""
    return {"keepers": directory.keepers_of(listing.organisation).count(), "member": listing.person}


def is_own(viewer: Viewer, listing: Listing) -> bool:
    """Whether the viewer belongs to the organisation whose listing it is."""
    return directory.stewarded_by(viewer, exchange.ALL_ROLES).filter(pk=listing.organisation_id).exists()


# --------------------------------------------------------------------------------------------------------- one thread


def messages_of(enquiry: Enquiry) -> list[Message]:
    """All of it, oldest first."""
    found = list(enquiry.messages.select_related("by"))
    for one in found:
        one.enquiry = enquiry  # both sides are known already
    return found


def words_of(enquiry: Enquiry) -> dict[str, Word]:
    """What each side says became of it."""
    return {word.side: word for word in enquiry.words.select_related("by")}


def contacts_of(enquiry: Enquiry) -> dict[str, Contact]:
    """Which side shows how to reach it."""
    return {contact.side: contact for contact in enquiry.contacts.all()}


def cannot_be_reached(enquiry: Enquiry, side: str) -> bool:
    """Whether nobody of a side can be reached by mail: the newest mail about conversations to each of them came back."""
    people = set(access.people_of(enquiry, side).values_list("pk", flat=True))
    if not people:
        return True
    states: dict[int, str] = {}
    letters = Letter.objects.filter(person__in=people, kind__startswith="enquiries.").order_by("pk")
    for person, state in letters.values_list("person", "state"):
        states[person] = state
    return people == {person for person, state in states.items() if state == LetterState.BOUNCED}


def contact_of_entry(enquiry: Enquiry, side: str) -> str:
    """What the form of contact data begins with: what the entry says, for an organisation; nothing for a member in their own name."""
    organisation = enquiry.organisation_of(side)
    if access.member_of(enquiry, side) is not None:
        return ""
    return "\n".join(line for line in (organisation.email, organisation.phone) if line)


def speaks_alone(viewer: Viewer, enquiry: Enquiry, side: str) -> bool:
    """Whether the viewer is on this side as a member in their own name only, and so decides for themselves alone."""
    return not directory.stewarded_by(viewer).filter(pk=enquiry.organisation_of(side).pk).exists()


def shown_thread(viewer: Viewer, enquiry: Enquiry, side: str) -> dict[str, Any]:
    """All that the page of a conversation shows to somebody on this side."""
    there = rules.other(side)
    seen = exchange.listings_visible_to(viewer)
    visible = set(seen.filter(pk__in=[pk for pk in (enquiry.listing_id, enquiry.own_listing_id) if pk]).values_list("pk", flat=True))
    words, contacts = words_of(enquiry), contacts_of(enquiry)
    shown: dict[str, Any] = {
        "enquiry": enquiry,
        "side": side,
        "sides": access.sides_of(viewer, enquiry),
        "here": {"side": side, "name": name_of(enquiry, side), "organisation": enquiry.organisation_of(side)},
        "there": {"side": there, "name": name_of(enquiry, there), "organisation": enquiry.organisation_of(there)},
        "messages_shown": messages_of(enquiry),
        "words": words,
        "own_word": words.get(side),
        "their_word": words.get(there),
        "own_contact": contacts.get(side),
        "their_contact": contacts.get(there),
        "listing": enquiry.listing if enquiry.listing_id in visible else None,
        "own_listing": enquiry.own_listing if enquiry.own_listing_id in visible else None,
        "is_running": enquiry.state in rules.RUNNING,
        "may_say": enquiry.state in rules.MOVABLE,
        "own_blocks": list(access.blocks_in(enquiry, side).select_related("blocked", "person")),
        "cannot_reach": enquiry.state in rules.WRITABLE and cannot_be_reached(enquiry, there),
        "readers": [(name_of(enquiry, one), access.readers_of(enquiry, one).count()) for one in (rules.ASKER, rules.OWNER)],
    }
    shown["is_shut"] = any(one.blocked_id for one in shown["own_blocks"])
    settled_on = [word.at + rules.OBJECT_WITHIN for word in words.values() if word.outcome != rules.STILL_OPEN]
    shown["counts_on"] = max(settled_on) if len(settled_on) == 1 and shown["is_running"] else None
    is_open = enquiry.listing is not None and enquiry.listing.state == exchange_rules.OPEN
    shown["may_settle"] = is_open and side == rules.OWNER and enquiry.state == rules.AGREED
    return shown


def writers_across(enquiry: Enquiry, side: str) -> list[Person]:
    """The people of the other side who wrote in this conversation, by name."""
    wrote = enquiry.messages.filter(side=rules.other(side), by__isnull=False).values("by")
    return list(Person.objects.filter(pk__in=wrote).order_by("name", "pk"))


def blocked(enquiry: Enquiry, side: str, person: Person | None = None) -> Block | None:
    """The block that keeps this side (this person of it) from writing to the other one."""
    member = access.member_of(enquiry, side)
    persons = [one.pk for one in (person, member) if one is not None]
    there = rules.other(side)
    found = access.blocks_between(enquiry.organisation_of(there), access.member_of(enquiry, there), enquiry.organisation_of(side), persons)
    return found.first()


def blocks_of(viewer: Viewer) -> QuerySet[Block]:
    """What this viewer can lift."""
    return access.blocks_changed_by(viewer).select_related("organisation", "blocked", "person", "enquiry", "member")
