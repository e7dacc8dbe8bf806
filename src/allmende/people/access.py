"""Who may: people see and change only what is their own."""

from django.db.models import QuerySet

from allmende.people import queries
from allmende.people.models import Notice, Person
from allmende.people.queries import Viewer


def may_change(viewer: Viewer, person: Person) -> bool:
    """One's own account only; caretakers use the caretakers' door."""
    return viewer.is_authenticated and viewer.pk == person.pk


def notices_visible_to(viewer: Viewer) -> QuerySet[Notice]:
    """One's own notices."""
    return queries.notices_of(viewer)
