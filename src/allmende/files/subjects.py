"""A file can be reported like everything else people put up, and taken off."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.files import access, actions
from allmende.files.models import Attachment
from allmende.people import subjects
from allmende.people.models import Person


def _people(attachment: Attachment) -> Any:
    """Who put it up; where nobody knows any more, those of its thing."""
    if attachment.uploaded_by_id:
        return Person.objects.filter(pk=attachment.uploaded_by_id, is_active=True)
    thing = subjects.as_it_is(attachment.kind, attachment.number)
    return subjects.of(thing).people(thing) if thing is not None else Person.objects.none()


subjects.register(
    subjects.Subject(
        Attachment,
        label=_("File"),
        visible_to=access.attachments_visible_to,
        url=lambda attachment: reverse("files:one", args=[attachment.uuid, attachment.name]),
        people=_people,
        hide=actions.hide_file,
        unhide=actions.unhide_file,
    )
)
