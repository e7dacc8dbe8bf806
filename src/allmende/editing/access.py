"""Who may enter, invite and look at new entries. Who may edit is the directory's question (`directory.access.may_edit`)."""

from django.db.models import QuerySet

from allmende.directory.access import caretaken_by, may_caretake_entry, may_caretake_somewhere, stewarded_by
from allmende.directory.models import Organisation, State
from allmende.people.queries import Viewer, is_person


def may_enter(viewer: Viewer) -> bool:
    """Everybody who is signed in; the house's own hands are not."""
    return is_person(viewer)


def may_invite(viewer: Viewer) -> bool:
    """Caretakers, and those who look after a published entry."""
    return may_caretake_somewhere(viewer) or stewarded_by(viewer).filter(state=State.PUBLISHED).exists()


def may_look(viewer: Viewer, organisation: Organisation) -> bool:
    """Its caretakers look at an entry before it is published, for the first time or again."""
    return organisation.state in {State.DRAFT, State.ARCHIVED} and may_caretake_entry(viewer, organisation)


def waiting_for(viewer: Viewer) -> QuerySet[Organisation]:
    """The entries sent in that this caretaker may look at."""
    return caretaken_by(viewer).filter(state=State.DRAFT, entering__isnull=False)
