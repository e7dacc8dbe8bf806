"""Everybody sees and changes only what they follow themselves."""

from django.db.models import QuerySet

from allmende.directory.access import organisations_visible_to
from allmende.directory.models import Organisation
from allmende.notices.models import Follow
from allmende.people.models import Person
from allmende.people.queries import GUEST, Viewer


def follows_visible_to(viewer: Viewer) -> QuerySet[Follow]:
    """One's own."""
    return Follow.objects.filter(person=viewer) if isinstance(viewer, Person) else Follow.objects.none()


def may_follow(viewer: Viewer) -> bool:
    """Whoever is signed in."""
    return isinstance(viewer, Person) and viewer.is_active and not viewer.is_service


def tellable() -> QuerySet[Organisation]:
    """What a letter or a feed may speak of: only what everybody can see."""
    return organisations_visible_to(GUEST)
