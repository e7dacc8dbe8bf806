"""Asking, answering, reading."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory.models import Organisation
from allmende.enquiries import access, letters, queries, rules
from allmende.enquiries.models import Enquiry, Message, Seen, State
from allmende.exchange import access as exchange
from allmende.exchange.models import Listing
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.people.models import Person


def require_open_to(listing: Listing, *, by: Person) -> None:
    """Whether a listing can be answered at all by somebody who sees it. Raises Refused with the sentence why not."""
    require(exchange.listings_visible_to(by).filter(pk=listing.pk).exists(), _("You cannot see this offer or need."), NotAllowed)
    sentence = _("“%(title)s” is no longer open, so it cannot be answered any more. Please look for others under Offers and needs.")
    require(access.takes_enquiries(listing), sentence % {"title": listing.title})
    sentence = _("%(name)s is not on the map at the moment. Please look for other offers and needs.")
    require(access.is_there(listing.organisation), sentence % {"name": listing.organisation.name})


@transaction.atomic
def open_enquiry(
    listing: Listing, text: str, *, by: Person, organisation: Organisation, alone: bool = False, own_listing: Listing | None = None
) -> Enquiry:
    """Answer a listing for an organisation, or `alone` in one's own name as its member: the first message of a conversation."""
    # First who asks, then what: so two forms sent at once are counted one after the other.
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    listing = Listing.objects.select_for_update(of=("self",)).select_related("organisation", "person").get(pk=listing.pk)
    _require_may_ask(listing, by, organisation, alone)
    _require_fits(listing, own_listing, by, organisation, alone)
    person = by if alone else None
    enquiry = Enquiry.objects.create(
        listing=listing,
        title=listing.title,
        direction=listing.direction,
        organisation=listing.organisation,
        asker=organisation,
        asker_person=person,
        is_own_name=alone,
        own_listing=own_listing,
    )
    facts = {"listing": listing.pk, "direction": listing.direction, "asker": organisation.pk, "organisation": listing.organisation_id}
    trail.record("enquiries.enquiry_opened", by=by, about=enquiry, **facts, alone=alone)
    letters.asked(enquiry, _write(enquiry, text, by, rules.ASKER))
    return enquiry


def _require_may_ask(listing: Listing, by: Person, organisation: Organisation, alone: bool) -> None:
    require_open_to(listing, by=by)
    allowed = exchange.may_write_for(by, organisation, as_member=alone)
    require(allowed, _("You cannot write for this organisation. Ask those who look after its entry to add you."), NotAllowed)
    own = _("This is your own. Whoever belongs to %(name)s can be spoken to directly.")
    require(organisation.pk != listing.organisation_id, own % {"name": listing.organisation.name})
    _require_no_block(listing, by, organisation, alone)
    person = by if alone else None
    sentence = _("There is a conversation about this already. Please go on there.")
    require(queries.running(listing, organisation, person) is None, sentence)
    today = queries.asked_since(organisation, person, timezone.now() - timedelta(days=1))
    sentence = _("That is enough new enquiries for one day. Please go on tomorrow; running conversations are not limited.")
    require(rules.may_ask_today(today, alone=alone), sentence)


def _require_no_block(listing: Listing, by: Person, organisation: Organisation, alone: bool) -> None:
    there = access.blocks_between(listing.organisation, listing.person, organisation, [by.pk])
    sentence = _("%(name)s does not take enquiries from you at the moment.")
    require(not there.exists(), sentence % {"name": listing.organisation.name})
    theirs = [listing.person.pk] if listing.person else []
    here = access.blocks_between(organisation, by if alone else None, listing.organisation, theirs)
    sentence = _("You have blocked %(name)s. Lift the block under Conversations first.")
    require(not here.exists(), sentence % {"name": listing.organisation.name})


def _require_fits(listing: Listing, own: Listing | None, by: Person, organisation: Organisation, alone: bool) -> None:
    if own is None:
        return
    is_mine = queries.own_listings(by, listing).filter(pk=own.pk, organisation=organisation).exists()
    fits = own.person_id == (by.pk if alone else None)
    require(is_mine and fits, _("What you attach must be an open offer or need of those in whose name you ask."), BadInput)


@transaction.atomic
def write_message(enquiry: Enquiry, text: str, *, by: Person, side: str) -> Message:
    """Write for one side. The first message of the side that is asked is the answer the figures count."""
    enquiry = lock(enquiry)
    require_side(enquiry, by, side)
    require_writable(enquiry, side, by)
    message = _write(enquiry, text, by, side)
    if side == rules.OWNER:
        note_answer(enquiry)
    letters.written(enquiry, message)
    return message


def _write(enquiry: Enquiry, text: str, by: Person, side: str) -> Message:
    text = clean(text)
    require(text, _("Please write something first."), BadInput)
    require(len(text) <= rules.LONGEST, _("Please keep to 5,000 characters a message."), BadInput)
    message = Message.objects.create(enquiry=enquiry, side=side, by=by, text=text)
    Seen.objects.update_or_create(enquiry=enquiry, person=by, defaults={"message": message.pk, "told_at": None, "told_word_at": None})
    trail.record("enquiries.message_written", by=by, about=message, enquiry=enquiry.pk, side=side)
    return message


def note_answer(enquiry: Enquiry) -> None:
    """Remember when the side that is asked answered first."""
    if enquiry.first_answer_at is None:
        enquiry.first_answer_at = timezone.now()
        enquiry.state = State.ANSWERED if enquiry.state == State.OPEN else enquiry.state
        enquiry.save(update_fields=["first_answer_at", "state"])


def look_at(enquiry: Enquiry, *, by: Person) -> int:
    """Note how far a person has read; from now on they are told of news again. Returns how far they had read before."""
    newest = enquiry.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    known = Seen.objects.filter(enquiry=enquiry, person=by).first()
    if known is None or (known.message, known.told_at, known.told_word_at) != (newest, None, None):
        Seen.objects.update_or_create(enquiry=enquiry, person=by, defaults={"message": newest, "told_at": None, "told_word_at": None})
    return known.message if known else 0


def lock(enquiry: Enquiry) -> Enquiry:
    """The conversation as it is now, held until the end of the transaction."""
    held = Enquiry.objects.select_for_update(of=("self",))
    return held.select_related("listing__person", "organisation", "asker", "asker_person").get(pk=enquiry.pk)


def require_side(enquiry: Enquiry, by: Person, side: str) -> None:
    """Only who reads a conversation may write in it, and only for their own side."""
    require(side in access.sides_of(by, enquiry), _("You cannot write for this side of the conversation."), NotAllowed)


def require_writable(enquiry: Enquiry, side: str, by: Person) -> None:
    """Whether this side can write to the other one today. Raises Refused with the sentence why not."""
    require(enquiry.state in rules.WRITABLE, why_ended(enquiry))
    there = enquiry.organisation_of(rules.other(side))
    require(access.is_there(there), _("%(name)s is not on the map any more and cannot be written to.") % {"name": there.name})
    here = enquiry.organisation_of(side)
    sentence = _("%(name)s is not on the map at the moment. Publish the entry again first.")
    require(access.is_there(here), sentence % {"name": here.name})
    sentence = _("%(name)s does not take messages from you any more.")
    require(queries.blocked(enquiry, side, by) is None, sentence % {"name": there.name})
    sentence = _("You have blocked the other side. Lift the block under Conversations before you write.")
    require(queries.blocked(enquiry, rules.other(side)) is None, sentence)


def why_not_writable(enquiry: Enquiry, side: str, *, by: Person) -> str:
    """The sentence why this side cannot write today; empty where it can."""
    try:
        require_writable(enquiry, side, by)
    except Refused as refusal:
        return str(refusal.sentence)
    return ""


def why_ended(enquiry: Enquiry) -> str:
    """The sentence for a conversation in which nobody writes any more."""
    sentences = {
        State.NOT_AGREED: _("This conversation has ended without an agreement. Say “still open” to go on."),
        State.WITHDRAWN: _("This enquiry was withdrawn. A new one can be made on the page of the offer or need."),
        State.ENDED: _("Both sides are one organisation now, so this conversation has ended."),
    }
    return sentences.get(State(enquiry.state), "")
