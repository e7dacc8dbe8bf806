"""Notes: writing, saving on top of the newest version, restoring, removing and bringing back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.circles import rules
from allmende.circles.actions.founding import worked_on
from allmende.circles.models import Circle, Note, NoteVersion
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.people.models import Person


class Overtaken(Refused):
    """Somebody else saved meanwhile. `newest` is what stands there now; nothing was written."""

    def __init__(self, newest: NoteVersion) -> None:
        super().__init__(_("Somebody else has saved this note in the meantime. Your text is still here; please look at both."))
        self.newest = newest


@transaction.atomic
def write_note(circle: Circle, *, title: str, text: str, by: Person) -> Note:
    """A new note with its first version."""
    circle = worked_on(circle, by)
    require(circle.notes.filter(deleted_at=None).count() < rules.NOTES, _("This circle has very many notes. Please remove some first."))
    title, text = _checked(title, text)
    note = Note.objects.create(circle=circle, title=title, changed_at=timezone.now())
    _add(note, title, text, by=by, base=None)
    trail.record("circles.note_written", by=by, about=note, circle=circle.pk)
    return note


@transaction.atomic
def save_note(note: Note, *, title: str, text: str, base: int, by: Person) -> NoteVersion:
    """Another version on top of `base`, the number of the one that was read. Raises Overtaken if that is not the newest any more."""
    note = _written(note, by)
    newest = newest_of(note)
    if base != newest.number:
        raise Overtaken(newest)
    title, text = _checked(title, text)
    if (title, text) == (newest.title, newest.text):
        return newest
    version = _add(note, title, text, by=by, base=newest)
    trail.record("circles.note_saved", by=by, about=note, circle=note.circle_id, number=version.number)
    return version


@transaction.atomic
def restore_version(version: NoteVersion, *, by: Person) -> NoteVersion:
    """What it said then holds again, as a new version; those between stay."""
    note = _written(version.note, by)
    newest = newest_of(note)
    require((version.title, version.text) != (newest.title, newest.text), _("The note says exactly this already."))
    restored = _add(note, version.title, version.text, by=by, base=newest)
    trail.record("circles.note_restored", by=by, about=note, circle=note.circle_id, number=restored.number, restored=version.number)
    return restored


@transaction.atomic
def remove_note(note: Note, *, by: Person) -> Note:
    """Off the page; it can be brought back for a month."""
    note = _written(note, by)
    note.deleted_at = timezone.now()
    note.save(update_fields=["deleted_at"])
    trail.record("circles.note_removed", by=by, about=note, circle=note.circle_id)
    return note


@transaction.atomic
def bring_back_note(note: Note, *, by: Person) -> Note:
    """Undo the removing."""
    note = _locked(note, by)
    require(note.deleted_at, _("This note is there."))
    note.deleted_at = None
    note.save(update_fields=["deleted_at"])
    trail.record("circles.note_brought_back", by=by, about=note, circle=note.circle_id)
    return note


def purge_notes() -> int:
    """Forget for good what was removed a month ago; how many."""
    due = Note.objects.filter(deleted_at__lt=timezone.now() - timedelta(days=rules.BIN_DAYS))
    count = due.count()
    due.delete()
    return count


@transaction.atomic
def hide_note(note: Note, *, by: Person | None = None, reason: str = "") -> Note:
    """Take a note off after a report."""
    Note.objects.filter(pk=note.pk, hidden_at=None).update(hidden_at=timezone.now())
    trail.record("circles.note_hidden", by=by, about=note, circle=note.circle_id)
    note.refresh_from_db()
    return note


@transaction.atomic
def unhide_note(note: Note, *, by: Person | None = None, reason: str = "") -> Note:
    """Put it back, after an appeal."""
    Note.objects.filter(pk=note.pk).update(hidden_at=None)
    trail.record("circles.note_shown_again", by=by, about=note, circle=note.circle_id)
    note.refresh_from_db()
    return note


def newest_of(note: Note) -> NoteVersion:
    """What the note says now."""
    return note.versions.order_by("-number")[0]


def _locked(note: Note, by: Person) -> Note:
    circle = worked_on(note.circle, by)
    note = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    require(note.hidden_at is None, _("This note was taken off after a report."), NotAllowed)
    note.circle = circle
    return note


def _written(note: Note, by: Person) -> Note:
    note = _locked(note, by)
    require(note.deleted_at is None, _("This note was removed. Bring it back first, below the notes of the circle."))
    return note


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = " ".join(clean(title).split())[:140], rules.as_written(text)
    require(title, _("Please give the note a title."), BadInput)
    require(len(text) <= rules.TEXT_LIMIT, _("This text is too long: at most %d characters.") % rules.TEXT_LIMIT, BadInput)
    return title, text


def _add(note: Note, title: str, text: str, *, by: Person, base: NoteVersion | None) -> NoteVersion:
    now = timezone.now()
    number = base.number + 1 if base else 1
    version = NoteVersion.objects.create(note=note, number=number, title=title, text=text, by=by, at=now, base=base)
    note.title, note.changed_at = title, now
    note.save(update_fields=["title", "changed_at"])
    return version
