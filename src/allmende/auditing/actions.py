"""Taking the folder: it is written down who took it, what for, and as of when."""

from django.utils.translation import gettext as _

from allmende.auditing import folder
from allmende.constitution import access as constitution
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.members.actions import note_look
from allmende.members.models import Look
from allmende.people.models import Person


def take_folder(wanted: folder.Wanted, *, purpose: str, by: Person) -> folder.Made:
    """Make the folder for somebody with an office, logged as every look at names is (§ 31 GenG)."""
    require(constitution.may_read(by, wanted.cooperative), _("Only those who hold an office may do this."), NotAllowed)
    made = folder.make(wanted)
    note_look(wanted.cooperative, Look.AUDIT, purpose=purpose, as_of=wanted.on, rows=made.members, by=by)
    trail.record("auditing.folder_taken", by=by, about=wanted.cooperative, members=made.members)
    return made
