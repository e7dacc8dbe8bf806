"""Questions about files: those of a thing as a page shows them, one by its number, how much came in today, what is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from allmende.directory.models import Organisation
from allmende.files import access, rules
from allmende.files.models import Attachment
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.queries import GUEST, Viewer, is_person
from allmende.suggestions.models import Report


@dataclass(frozen=True)
class Listed:
    """A file as a list shows it: what it is in a word, and whether this viewer may remove it (or bring it back)."""

    file: Attachment
    word: str
    may_remove: bool


@dataclass(frozen=True)
class Files:
    """The files of a thing for one viewer: those that are there, those just removed, and whether one more may be attached."""

    there: list[Listed]
    removed: list[Listed]
    may_attach: bool
    has_room: bool


WORDS = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", "application/pdf": "PDF", "text/plain; charset=utf-8": "TXT",
    "text/csv; charset=utf-8": "CSV", "text/markdown; charset=utf-8": "Markdown", "text/calendar; charset=utf-8": "iCalendar",
}  # fmt: skip


def files_of(viewer: Viewer, thing: Any, now: datetime | None = None) -> Files:
    """What a page shows below a thing that this viewer sees."""
    since = (now or timezone.now()) - rules.UNDONE_WITHIN
    lately = Q(removed_at=None) | Q(removed_at__gt=since) if is_person(viewer) else Q(removed_at=None)
    rows = list(access.attachments_of(thing).filter(lately, hidden_at=None).select_related("organisation"))
    removable = access.removable_by(viewer, thing) if rows else bool
    listed = [Listed(row, word_of(row), removable(row)) for row in rows]
    there = [one for one in listed if one.file.removed_at is None]
    removed = [one for one in listed if one.file.removed_at is not None and one.may_remove]
    return Files(there, removed, access.may_attach(viewer, thing), rules.has_room(len(there)))


def word_of(attachment: Attachment) -> str:
    """What kind of file it is, in a word."""
    return WORDS.get(attachment.content_type) or attachment.name.rpartition(".")[2].upper()


def attachment(viewer: Viewer, uuid: UUID) -> Attachment | None:
    """The file of that number, if this viewer may have what is in it."""
    found = Attachment.objects.filter(uuid=uuid).first()
    return found if found is not None and access.may_open(viewer, found) else None


def with_its_thing(viewer: Viewer, uuid: UUID) -> tuple[Attachment, Any] | None:
    """The file, removed ones too, and its thing, if this viewer sees the thing; hidden ones are nobody's to change."""
    found = Attachment.objects.filter(uuid=uuid, hidden_at=None).first()
    thing = subjects.find(found.kind, found.number, viewer) if found else None
    return (found, thing) if found is not None and thing is not None else None


def is_public(attachment: Attachment) -> bool:
    """Whether guests may have it, so that a cache on the way may keep it."""
    return access.may_open(GUEST, attachment)


def size_today(now: datetime, *, person: Person | None = None, organisation: Organisation | None = None) -> int:
    """How many bytes came in within a day from this person or this organisation, removed ones too."""
    wanted = Q(uploaded_by=person) if person else Q(organisation=organisation)
    total = Attachment.objects.filter(wanted, uploaded_at__gt=now - timedelta(days=1)).aggregate(total=Sum("size"))["total"]
    return int(total or 0)


def over(now: datetime) -> QuerySet[Attachment]:
    """What is to be deleted: removed a month ago; hidden a year ago with nothing left to be appealed."""
    removed = Q(removed_at__lte=now - rules.UNDONE_WITHIN, hidden_at=None)
    judged = Report.objects.filter(kind=Attachment._meta.label_lower, emptied_at=None).exclude(number=None).values("number")
    hidden = Q(hidden_at__lte=now - rules.KEPT_HIDDEN) & ~Q(pk__in=judged)
    return Attachment.objects.filter(removed | hidden)


def orphans() -> list[Attachment]:
    """Files of things that are no more. Kinds that no room knows at the moment are left alone."""
    found: list[Attachment] = []
    for subject in subjects.kinds():
        left = subject.model._base_manager.values("pk")
        found += Attachment.objects.filter(kind=subject.kind).exclude(number__in=left)
    return found
