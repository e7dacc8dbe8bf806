"""What this room knows of a person, and how it lets go of them."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.enquiries.models import Block, Contact, Enquiry, Message, Seen, Word
from allmende.people.models import Person
from allmende.people.personal import Kept, announces, forgets, keeps, knows

announces("enquiries", label=gettext_lazy("Conversations about offers and needs"))


@knows("enquiries", label=gettext_lazy("Your conversations about offers and needs"))
def conversations(person: Person) -> list[dict[str, Any]]:
    """What they wrote and said in conversations, and how they showed they can be reached."""
    messages = Message.objects.filter(by=person).select_related("enquiry__asker", "enquiry__organisation")
    rows: list[dict[str, Any]] = [
        {"what": "message", "about": str(one.enquiry), "for": one.organisation.name, "text": one.text, "at": one.at} for one in messages
    ]
    words = Word.objects.filter(by=person).select_related("enquiry__asker", "enquiry__organisation").order_by("pk")
    rows += [_row("outcome", word, f"{word.outcome}: {word.note}") for word in words]
    contacts = Contact.objects.filter(by=person).select_related("enquiry__asker", "enquiry__organisation").order_by("pk")
    return rows + [_row("contact", contact, contact.text) for contact in contacts]


def _row(what: str, one: Word | Contact, text: str) -> dict[str, Any]:
    side = one.enquiry.organisation_of(one.side)
    return {"what": what, "about": str(one.enquiry), "for": side.name, "text": text, "at": one.at}


@knows("enquiry-reading", label=gettext_lazy("Which conversations you looked at"))
def reading(person: Person) -> list[dict[str, Any]]:
    """For the marks of what is new: how far they read, and when they were last told."""
    rows = Seen.objects.filter(person=person).select_related("enquiry").order_by("pk")
    return [{"about": str(one.enquiry), "read_up_to": one.message, "told_at": one.told_at} for one in rows]


@knows("enquiry-blocks", label=gettext_lazy("Whom you blocked"))
def blocks(person: Person) -> list[dict[str, Any]]:
    """Blocks they set, for an organisation or for themselves."""
    rows = Block.objects.filter(Q(by=person) | Q(member=person)).select_related("organisation", "blocked", "person").order_by("pk")
    return [
        {"for": one.organisation.name, "blocked": str(one.blocked or one.person), "reason": one.reason, "since": one.since} for one in rows
    ]


@keeps("enquiries")
def kept(person: Person) -> list[Kept]:
    """The messages, without the name."""
    if not Message.objects.filter(by=person).exists():
        return []
    why = _("They are letters between two organisations, and the other side has read them. Above them stands only the organisation.")
    return [Kept(_("Your messages in conversations, without your name"), why)]


@forgets("enquiries", order=30)
def forget(person: Person) -> list[Kept] | None:
    """Messages and what became of it stay the organisation's, without the name; how to reach the person and their own titles go."""
    stays = kept(person)
    Contact.objects.filter(by=person).delete()
    Enquiry.objects.filter(listing__person=person).update(title="")
    Enquiry.objects.filter(asker_person=person).update(asker_person=None)
    for model in (Message, Word, Block):
        model._default_manager.filter(by=person).update(by=None)
    Block.objects.filter(Q(member=person) | Q(person=person)).delete()
    Seen.objects.filter(person=person).delete()
    return stays
