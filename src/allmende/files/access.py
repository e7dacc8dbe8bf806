"""Who may see, attach and remove files: whoever sees the thing sees its files; the thing's room says who may attach.

A file taken off after a report is still open to those who judge the report, so that an appeal can be judged by what it says.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from allmende.directory.access import KEEPERS, stewarded_by
from allmende.directory.models import Organisation, Role
from allmende.files.models import Attachment
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.queries import Viewer, is_person
from allmende.suggestions.access import reports_visible_to

BELONGS = (*KEEPERS, Role.MEMBER)


def attachments_of(thing: Any) -> QuerySet[Attachment]:
    """All files of a thing, removed and hidden ones too: for those who change them."""
    return Attachment.objects.filter(kind=subjects.of(thing).kind, number=thing.pk)


def attachments_visible_to(viewer: Viewer) -> QuerySet[Attachment]:
    """The files of all things this viewer may see, apart from removed and hidden ones."""
    seen = Q(pk__in=())
    for subject in subjects.kinds():
        if subject.may_attach is not subjects.Subject.may_attach:
            seen |= Q(kind=subject.kind, number__in=subject.visible_to(viewer).values("pk"))
    return Attachment.objects.filter(seen, removed_at=None, hidden_at=None)


def may_open(viewer: Viewer, attachment: Attachment) -> bool:
    """Whether this viewer may have what is in it."""
    if _judges(viewer, attachment):
        return True
    is_there = attachment.removed_at is None and attachment.hidden_at is None
    return is_there and subjects.find(attachment.kind, attachment.number, viewer) is not None


def may_attach(viewer: Viewer, thing: Any) -> bool:
    """Whether this viewer may put files to a thing."""
    return is_person(viewer) and bool(subjects.of(thing).may_attach(viewer, thing))


def may_remove(viewer: Viewer, attachment: Attachment, thing: Any) -> bool:
    """Whether this viewer may remove a file, and bring it back."""
    return removable_by(viewer, thing)(attachment)


def removable_by(viewer: Viewer, thing: Any) -> Callable[[Attachment], bool]:
    """Which files of a thing this viewer may remove: their own, those of their organisation, as moderator all. Asked once for a list."""
    if not is_person(viewer):
        return lambda attachment: False
    subject = subjects.of(thing)
    if subject.may_moderate(viewer, thing):
        return lambda attachment: True
    own = {None, *stewarded_by(viewer, BELONGS).values_list("pk", flat=True)} if subject.may_attach(viewer, thing) else set()
    return lambda attachment: attachment.uploaded_by_id == viewer.pk or attachment.organisation_id in own


def speaks_for(person: Person, thing: Any) -> Organisation | None:
    """For which organisation this person attaches: that of the thing if they belong to it, otherwise the only one they belong to."""
    own: Organisation | None = subjects.of(thing).organisation(thing)
    mine = stewarded_by(person, BELONGS).order_by("pk")
    if own is not None and mine.filter(pk=own.pk).exists():
        return own
    found = list(mine[:2])
    return found[0] if len(found) == 1 else None


def _judges(viewer: Viewer, attachment: Attachment) -> bool:
    if not is_person(viewer):
        return False
    return reports_visible_to(viewer).filter(kind=Attachment._meta.label_lower, number=attachment.pk).exists()
