"""Who may see and change entries. Guests are viewers too."""

from django.db.models import QuerySet

from allmende.directory.models import Organisation, State, Visibility
from allmende.people.models import Person
from allmende.people.queries import Viewer


def organisations_visible_to(viewer: Viewer) -> QuerySet[Organisation]:
    """Published entries for everybody; drafts and archived ones for caretakers."""
    if may_caretake(viewer):
        return Organisation.objects.exclude(state=State.MERGED)
    return Organisation.objects.filter(state=State.PUBLISHED)


def may_caretake(viewer: Viewer) -> bool:
    """Caretakers of the house import, correct and archive."""
    return isinstance(viewer, Person) and viewer.is_active and viewer.is_caretaker


def may_import(viewer: Viewer) -> bool:
    """Imports are the caretakers' and the house's own import hand's."""
    return may_caretake(viewer) or (isinstance(viewer, Person) and viewer.is_service)


def may_see_field(viewer: Viewer, visibility: str) -> bool:
    """Whether a contact field of this visibility is shown. Stewards come with their own capability; until then: caretakers."""
    if visibility == Visibility.PUBLIC:
        return True
    if visibility == Visibility.NETWORK:
        return isinstance(viewer, Person) and viewer.is_active
    return may_caretake(viewer)
