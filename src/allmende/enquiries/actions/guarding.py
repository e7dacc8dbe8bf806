"""What protects people: contact data shown only by those whose it is, blocks, messages taken off after a report."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory import access as directory
from allmende.enquiries import access, letters, queries, rules
from allmende.enquiries.actions.writing import lock, require_side, require_writable
from allmende.enquiries.models import Block, Contact, Enquiry, Message
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.ground.text import clean
from allmende.people.models import Person


@transaction.atomic
def show_contact(enquiry: Enquiry, text: str, *, by: Person, side: str) -> Contact:
    """Show the other side how to reach one's own. What is not written here is not shown."""
    enquiry = lock(enquiry)
    require_side(enquiry, by, side)
    require_writable(enquiry, side, by)
    text = clean(text)
    require(text and len(text) <= 500, _("Please write how you can be reached, in at most 500 characters."), BadInput)
    contact, _is_new = Contact.objects.update_or_create(enquiry=enquiry, side=side, defaults={"text": text, "by": by, "at": timezone.now()})
    trail.record("enquiries.contact_shown", by=by, about=enquiry, side=side)
    letters.contact_shown(enquiry, side, by)
    return contact


@transaction.atomic
def hide_contact(enquiry: Enquiry, *, by: Person, side: str) -> None:
    """Stop showing it; who has read it may remember it."""
    enquiry = lock(enquiry)
    require_side(enquiry, by, side)
    Contact.objects.filter(enquiry=enquiry, side=side).delete()
    trail.record("enquiries.contact_hidden", by=by, about=enquiry, side=side)


@transaction.atomic
def block(enquiry: Enquiry, *, by: Person, side: str, person: Person | None = None, reason: str = "") -> Block:
    """Take nothing any more from the organisation on the other side, or from one person who wrote there.

    Who looks after the organisation blocks for all of it; a member in their own name for themselves alone.
    """
    enquiry = lock(enquiry)
    require_side(enquiry, by, side)
    organisation, there = enquiry.organisation_of(side), enquiry.organisation_of(rules.other(side))
    require(organisation.pk != there.pk, _("Both sides are one organisation now, so this conversation has ended."))
    across = queries.writers_across(enquiry, side)
    require(person is None or person in across, _("This person has not written here."), BadInput)
    is_keeper = directory.stewarded_by(by).filter(pk=organisation.pk).exists()
    whose = {"organisation": organisation, "member": None if is_keeper else by}
    whom = {"blocked": None, "person": person} if person else {"blocked": there, "person": None}
    made, is_new = Block.objects.get_or_create(**whose, **whom, defaults={"by": by, "enquiry": enquiry, "reason": clean(reason)[:300]})
    if is_new:
        facts = {"organisation": organisation.pk, "blocked": made.blocked_id, "of_a_person": person is not None}
        trail.record("enquiries.block_made", by=by, about=made, **facts)
    return made


@transaction.atomic
def lift_block(made: Block, *, by: Person) -> None:
    """Take a block back."""
    held = Block.objects.select_for_update().filter(pk=made.pk).first()
    if held is None:
        return
    allowed = access.blocks_changed_by(by).filter(pk=held.pk).exists()
    require(allowed, _("Only who looks after the organisation may lift its blocks."), NotAllowed)
    trail.record("enquiries.block_lifted", by=by, about=held, organisation=held.organisation_id)
    held.delete()


@transaction.atomic
def hide_message(message: Message, *, by: Person, reason: str) -> Message:
    """Take a message off after a report. Both sides see that there was one, and why it is gone."""
    message = _held(message, by)
    message.hidden_at, message.hidden_because = timezone.now(), clean(reason)[:500]
    message.save(update_fields=["hidden_at", "hidden_because"])
    trail.record("enquiries.message_hidden", by=by, about=message, enquiry=message.enquiry_id)
    letters.hidden(message)
    return message


@transaction.atomic
def unhide_message(message: Message, *, by: Person) -> Message:
    """Put it back after an appeal."""
    message = _held(message, by)
    message.hidden_at, message.hidden_because = None, ""
    message.save(update_fields=["hidden_at", "hidden_because"])
    trail.record("enquiries.message_unhidden", by=by, about=message, enquiry=message.enquiry_id)
    return message


def _held(message: Message, by: Person) -> Message:
    held = (
        Message.objects.select_for_update(of=("self",)).select_related("enquiry__asker", "enquiry__organisation", "by").get(pk=message.pk)
    )
    require(access.may_moderate(by, held), _("Only caretakers take messages off."), NotAllowed)
    return held
