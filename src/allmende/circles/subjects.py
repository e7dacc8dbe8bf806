"""What of this room can be discussed, have files and be reported.

Comments and files are for members alone. What outsiders see of a circle, its face, can be reported by them.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from allmende.circles import access, actions
from allmende.circles.models import Circle, CircleFace, Note, NoteVersion
from allmende.people.models import Person
from allmende.people.queries import Viewer
from allmende.people.subjects import Subject, register


def _may_write_about(viewer: Viewer, note: Note) -> bool:
    return note.deleted_at is None and access.may_write(viewer, note.circle)


def _may_moderate(viewer: Viewer, note: Note) -> bool:
    return access.may_moderate(viewer, note.circle)


def _writers(note: Note) -> QuerySet[Person]:
    """Who has written in it and is still inside."""
    return access.members_of(note.circle).filter(pk__in=NoteVersion.objects.filter(note=note).values("by"))


register(
    Subject(
        Circle,
        label=_("Circle"),
        visible_to=access.circles_inside,
        url=Circle.get_absolute_url,
        may_discuss=access.may_write,
        may_attach=access.may_write,
        may_moderate=access.may_moderate,
        people=access.coordinators_of,
        hide=actions.hide,
        unhide=actions.unhide,
    )
)
register(
    Subject(
        CircleFace,
        label=_("Circle"),
        visible_to=access.faces_visible_to,
        url=Circle.get_absolute_url,
        may_moderate=access.may_moderate,
        people=access.coordinators_of,
        hide=actions.hide,
        unhide=actions.unhide,
    )
)
register(
    Subject(
        Note,
        label=_("Note of a circle"),
        visible_to=access.notes_inside,
        url=Note.get_absolute_url,
        organisation=lambda note: note.circle.organisation,
        may_discuss=_may_write_about,
        may_moderate=_may_moderate,
        people=_writers,
        hide=actions.hide_note,
        unhide=actions.unhide_note,
    )
)
