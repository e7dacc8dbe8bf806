"""Messages and conversations as things that can be reported and found again."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.enquiries import access, actions
from allmende.enquiries.models import Enquiry, Message
from allmende.enquiries.queries import name_of
from allmende.people.models import Person
from allmende.people.subjects import Subject, register


def _title(message: Message) -> str:
    told = {"name": name_of(message.enquiry, message.side), "title": message.enquiry}
    return _("Message of %(name)s about “%(title)s”") % told


def _people(message: Message) -> Any:
    return access.people_of(message.enquiry, message.side)


def _hide(message: Message, *, by: Person, reason: str = "", **_more: Any) -> Message:
    return actions.hide_message(message, by=by, reason=reason)


def _unhide(message: Message, *, by: Person, **_more: Any) -> Message:
    return actions.unhide_message(message, by=by)


register(
    Subject(
        Message,
        label=gettext_lazy("Message in a conversation"),
        visible_to=access.messages_visible_to,
        url=lambda message: f"{message.enquiry.get_absolute_url()}#n{message.pk}",
        title=_title,
        may_moderate=access.may_moderate,
        people=_people,
        hide=_hide,
        unhide=_unhide,
    )
)
register(
    Subject(
        Enquiry,
        label=gettext_lazy("Conversation"),
        visible_to=access.enquiries_visible_to,
        url=lambda enquiry: enquiry.get_absolute_url(),
        organisation=lambda enquiry: enquiry.asker,
    )
)
