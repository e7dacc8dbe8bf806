"""Everybody sees and changes only what they follow themselves."""

from django.db.models import Exists, OuterRef, QuerySet

from allmende.directory.access import organisations_visible_to
from allmende.directory.models import Organisation
from allmende.notices.models import Follow
from allmende.people.models import Person
from allmende.people.queries import GUEST, Viewer, is_person


def follows_visible_to(viewer: Viewer) -> QuerySet[Follow]:
    """One's own; `is_seen`: whether the followed entry is visible to this person today."""
    if not isinstance(viewer, Person):
        return Follow.objects.none()
    seen = organisations_visible_to(viewer).filter(pk=OuterRef("organisation"))
    return Follow.objects.filter(person=viewer).annotate(is_seen=Exists(seen))


def may_follow(viewer: Viewer) -> bool:
    """Whoever is signed in."""
    return is_person(viewer)


def tellable() -> QuerySet[Organisation]:
    """What a letter or a feed may speak of: only what everybody can see."""
    return organisations_visible_to(GUEST)
