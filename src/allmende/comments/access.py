"""Who may read and write comments. Guests are viewers too.

A comment is seen where its thing is seen, and nowhere else: the room of the thing says who sees it and who may join in.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from allmende.comments import rules
from allmende.comments.models import Comment
from allmende.directory import access as directory
from allmende.directory.models import Organisation, State
from allmende.people import subjects
from allmende.people.queries import Viewer, is_person

OWN_KIND = Comment._meta.label_lower


def is_discussed(kind: str) -> bool:
    """Whether things of this kind can have comments at all; comments themselves have answers instead."""
    subject = subjects.by_kind(kind)
    return subject is not None and kind != OWN_KIND and subject.may_discuss is not subjects.Subject.may_discuss


def find(viewer: Viewer, kind: str, number: int) -> Any | None:
    """The thing that is talked about, if this viewer may see it and read the conversation."""
    thing = subjects.find(kind, number, viewer) if is_discussed(kind) else None
    return thing if thing is not None and subjects.reads_talk(thing, viewer) else None


def thing_of(viewer: Viewer, comment: Comment) -> Any | None:
    """The thing of a comment, if this viewer may see it."""
    return find(viewer, comment.kind, comment.number)


def comments_visible_to(viewer: Viewer, thing: Any | None = None) -> QuerySet[Comment]:
    """What this viewer may read: about things they may see, not deleted; hidden ones only their author and caretakers.

    Whoever moderates the thing sees them in its thread, too (`queries.Reader`)."""
    found = Comment.objects.filter(deleted_at=None)
    if not directory.may_caretake(viewer):
        found = found.filter(Q(hidden_at=None) | _own(viewer))
    if thing is not None:
        seen = find(viewer, subjects.of(thing).kind, thing.pk)
        return found.filter(kind=subjects.of(thing).kind, number=thing.pk) if seen else found.none()
    somewhere = Q(pk__in=())
    for subject in subjects.kinds():
        if is_discussed(subject.kind):
            things = (subject.talk_visible_to or subject.visible_to)(viewer)
            somewhere |= Q(kind=subject.kind, number__in=things.values("pk"))
    return found.filter(somewhere)


def place_of(viewer: Viewer, uuid: UUID) -> Comment | None:
    """The comment of this number, hidden or lately deleted ones too: its place on a page that this viewer may see."""
    comment = Comment.objects.select_related("person", "organisation").filter(uuid=uuid).first()
    return comment if comment is not None and thing_of(viewer, comment) is not None else None


def may_write(viewer: Viewer, thing: Any) -> bool:
    """As the room of the thing says; guests never."""
    return is_person(viewer) and subjects.of(thing).may_discuss(viewer, thing)


def voices_of(viewer: Viewer) -> QuerySet[Organisation]:
    """In whose name this viewer may speak besides their own: the published organisations they look after."""
    return directory.stewarded_by(viewer).filter(state=State.PUBLISHED).order_by("name")


def may_change(viewer: Viewer, comment: Comment, now: datetime | None = None) -> bool:
    """Its author, for half an hour, while it is neither deleted nor hidden."""
    is_author = is_person(viewer) and comment.person_id == viewer.pk
    is_there = comment.deleted_at is None and comment.hidden_at is None
    return is_author and is_there and rules.may_change(comment.created_at, now or timezone.now())


def is_own(viewer: Viewer, comment: Comment, looked_after: Collection[int] | None = None) -> bool:
    """Its author's; what was said for an organisation is also of those who look after it today (`looked_after`: asked once for many)."""
    if not is_person(viewer):
        return False
    entries = entries_of(viewer) if looked_after is None else looked_after
    return comment.person_id == viewer.pk or comment.organisation_id in entries


def may_delete(viewer: Viewer, comment: Comment, looked_after: Collection[int] | None = None) -> bool:
    """Those whose it is, at any time."""
    return comment.deleted_at is None and is_own(viewer, comment, looked_after)


def entries_of(viewer: Viewer) -> set[int]:
    """The entries this viewer looks after, by number."""
    return set(directory.stewarded_by(viewer).values_list("pk", flat=True))


def may_restore(viewer: Viewer, comment: Comment, now: datetime, looked_after: Collection[int] | None = None) -> bool:
    """Whoever may delete it, for some minutes after it was deleted."""
    return rules.may_restore(comment.deleted_at, now) and is_own(viewer, comment, looked_after)


def may_moderate(viewer: Viewer, comment: Comment) -> bool:
    """Whom the room of the thing lets, and the caretakers of the organisation it belongs to."""
    thing = subjects.as_it_is(comment.kind, comment.number)
    return thing is not None and may_moderate_thing(viewer, thing)


def may_moderate_thing(viewer: Viewer, thing: Any) -> bool:
    """Whether this viewer may hide what is said about a thing."""
    if not is_person(viewer):
        return False
    subject = subjects.of(thing)
    organisation = subject.organisation(thing)
    is_caretaker = directory.may_caretake_entry(viewer, organisation) if organisation else directory.may_caretake(viewer)
    return is_caretaker or subject.may_moderate(viewer, thing)


def _own(viewer: Viewer) -> Q:
    return Q(person=viewer) if is_person(viewer) else Q(pk__in=())
