"""Questions about persons."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from allmende.people.models import Notice, Person

Viewer = Person | AnonymousUser
GUEST = AnonymousUser()


def service(name: str) -> Person:
    """The house's own hand of that name, e.g. `import`: made on first use, can never sign in."""
    person, _ = Person.objects.get_or_create(
        email=f"{name}@service.invalid", defaults={"name": name, "is_service": True, "is_active": False, "password": "!"}
    )
    return person


def notices_of(person: Viewer) -> QuerySet[Notice]:
    """What a person was told, newest first; a guest was told nothing."""
    return Notice.objects.filter(person=person) if isinstance(person, Person) else Notice.objects.none()


def unread(person: Viewer) -> int:
    """How many notices wait to be read."""
    return notices_of(person).filter(read_at=None).count()
