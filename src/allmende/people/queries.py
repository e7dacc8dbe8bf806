"""Questions about persons."""

from django.contrib.auth.models import AnonymousUser

from allmende.people.models import Person

Viewer = Person | AnonymousUser
GUEST = AnonymousUser()


def service(name: str) -> Person:
    """The house's own hand of that name, e.g. `import`: made on first use, can never sign in."""
    person, _ = Person.objects.get_or_create(
        email=f"{name}@service.invalid", defaults={"name": name, "is_service": True, "is_active": False, "password": "!"}
    )
    return person
