"""Who reads and writes arguments. Guests are viewers too.

An argument is seen where its thing is seen, and nowhere else: the room of the thing says who sees it and who may join in, and when.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from allmende.arguments import rules
from allmende.arguments.models import Argument
from allmende.directory import access as directory
from allmende.people import subjects
from allmende.people.queries import Viewer, is_person

OWN_KIND = Argument._meta.label_lower


def is_argued(kind: str) -> bool:
    """Whether there can be arguments about things of this kind at all."""
    subject = subjects.by_kind(kind)
    return subject is not None and kind != OWN_KIND and subject.may_discuss is not subjects.Subject.may_discuss


def find(viewer: Viewer, kind: str, number: int) -> Any | None:
    """The thing that is argued about, if this viewer may see it."""
    return subjects.find(kind, number, viewer) if is_argued(kind) else None


def thing_of(viewer: Viewer, argument: Argument) -> Any | None:
    """The thing of an argument, if this viewer may see it."""
    return find(viewer, argument.about_kind, argument.about_id)


def arguments_visible_to(viewer: Viewer) -> QuerySet[Argument]:
    """What this viewer may read: about things they may see, not withdrawn; hidden ones only their author and caretakers."""
    found = Argument.objects.filter(withdrawn_at=None)
    if not directory.may_caretake(viewer):
        found = found.filter(Q(hidden_at=None) | own(viewer))
    somewhere = Q(pk__in=())
    for subject in subjects.kinds():
        if is_argued(subject.kind):
            somewhere |= Q(about_kind=subject.kind, about_id__in=subject.visible_to(viewer).values("pk"))
    return found.filter(somewhere)


def about(viewer: Viewer, thing: Any, *, is_moderator: bool) -> QuerySet[Argument]:
    """The arguments about a thing this viewer sees: not withdrawn; hidden ones for their author and who moderates."""
    found = Argument.objects.filter(about_kind=subjects.of(thing).kind, about_id=thing.pk, withdrawn_at=None)
    return found if is_moderator else found.filter(Q(hidden_at=None) | own(viewer))


def place_of(viewer: Viewer, uuid: UUID) -> Argument | None:
    """The argument with this number on a page the viewer may see; withdrawn ones for their author, hidden ones also for moderators."""
    found = Argument.objects.select_related("author").filter(uuid=uuid).first()
    if found is None or thing_of(viewer, found) is None:
        return None
    is_own = is_person(viewer) and found.author_id == viewer.pk
    if found.withdrawn_at is not None:
        return found if is_own else None
    return found if found.hidden_at is None or is_own or may_moderate(viewer, found) else None


def own(viewer: Viewer) -> Q:
    """As a filter: what this person wrote."""
    return Q(author=viewer) if is_person(viewer) else Q(pk__in=())


def may_write(viewer: Viewer, thing: Any) -> bool:
    """As the room of the thing says; guests never."""
    return is_person(viewer) and viewer.is_active and subjects.of(thing).may_discuss(viewer, thing)


def may_change(viewer: Viewer, argument: Argument, now: datetime) -> bool:
    """Its author, for half an hour, as long as nobody shares it: what others agreed to is not put in other words."""
    is_author = is_person(viewer) and argument.author_id == viewer.pk
    is_there = argument.withdrawn_at is None and argument.hidden_at is None
    return is_author and is_there and rules.may_change(argument.created_at, now) and not argument.shares.exists()


def may_withdraw(viewer: Viewer, argument: Argument) -> bool:
    """Its author, at any time."""
    return is_person(viewer) and argument.author_id == viewer.pk


def may_answer(viewer: Viewer, thing: Any) -> bool:
    """The authors of the thing and who moderates it."""
    subject = subjects.of(thing)
    return is_person(viewer) and viewer.is_active and (subject.may_answer(viewer, thing) or subject.may_moderate(viewer, thing))


def may_moderate(viewer: Viewer, argument: Argument) -> bool:
    """Whom the room of the thing lets; and the caretakers of its entry, who judge reports."""
    thing = subjects.as_it_is(argument.about_kind, argument.about_id)
    return thing is not None and may_moderate_thing(viewer, thing)


def may_moderate_thing(viewer: Viewer, thing: Any) -> bool:
    """Whether this viewer may hide what is said about a thing."""
    if not is_person(viewer):
        return False
    subject = subjects.of(thing)
    organisation = subject.organisation(thing)
    is_caretaker = directory.may_caretake_entry(viewer, organisation) if organisation else directory.may_caretake(viewer)
    return is_caretaker or subject.may_moderate(viewer, thing)
