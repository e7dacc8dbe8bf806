"""Every change of entries: imports and their undoing, confirming, archiving, publishing."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory import access
from allmende.directory.importers import undoing
from allmende.directory.importers.report import Report
from allmende.directory.importers.running import CHANGED, Task, run
from allmende.directory.models import Confirmation, Organisation, Revision, RevisionSet, State
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, require
from allmende.people.models import Person


def import_drafts(task: Task, *, by: Person) -> Report:
    """Bring a file into the directory: what is new is added, what changed follows its source, what vanished is marked.

    Batches are transactions of their own: after a crash the same call goes on where it stopped. A dry run writes nothing.
    """
    require(access.may_import(by), _("Only caretakers may import."), NotAllowed)
    require(task.path.is_file(), _("There is no file %(path)s.") % {"path": task.path.name}, BadInput)
    report = run(task, by=by)
    if report.revision_set:
        about = RevisionSet.objects.get(pk=report.revision_set)
        trail.record("directory.file_imported", by=by, about=about, **report.counts())
    return report


def undo_import(revision_set: RevisionSet, *, by: Person) -> RevisionSet:
    """Take an import back: new entries are archived, changed ones get their old values unless edited since; gives the set that did it."""
    require(access.may_import(by), _("Only caretakers may undo an import."), NotAllowed)
    return undoing.undo(revision_set, by=by)


@transaction.atomic
def confirm_organisation(organisation: Organisation, *, by: Person) -> Confirmation:
    """Say that all of an entry is still true; its freshness counts from now."""
    organisation = _take(organisation, by)
    require(organisation.state == State.PUBLISHED, _("Only published entries can be confirmed."))
    confirmation = Confirmation.objects.create(organisation=organisation, by=by, at=timezone.now())
    _tell(organisation, by, "confirmed")
    return confirmation


@transaction.atomic
def archive_organisation(organisation: Organisation, *, by: Person, reason: str = "") -> Organisation:
    """Take an entry off the map. Its address stays, its history too."""
    organisation = _take(organisation, by)
    require(organisation.state in {State.PUBLISHED, State.DRAFT}, _("This entry is not published."))
    return _set_state(organisation, State.ARCHIVED, by, reason)


@transaction.atomic
def publish_organisation(organisation: Organisation, *, by: Person, reason: str = "") -> Organisation:
    """Put an entry on the map, for the first time or again."""
    organisation = _take(organisation, by)
    require(organisation.state in {State.ARCHIVED, State.DRAFT}, _("This entry is published already."))
    return _set_state(organisation, State.PUBLISHED, by, reason)


@transaction.atomic
def note_edit(organisation: Organisation, before: dict[str, Any] | None, *, by: Person, reason: str = "") -> Revision | None:
    """Keep what a caretaker has just changed in an entry by hand, so that imports leave it alone and it can be restored.

    `before` is `undoing.said()` of the entry before the change, None for a new one. None comes back where nothing differs.
    """
    _take(organisation, by)
    after = undoing.said(organisation.pk)
    old, new = undoing.difference(before, after)
    if not new:
        return None
    revision_set = RevisionSet.objects.create(by=by, reason=reason[:300])
    revision = Revision.objects.create(organisation=organisation, set=revision_set, before=old, after=new)
    _tell(organisation, by, "edited")
    return revision


def _take(organisation: Organisation, by: Person) -> Organisation:
    require(access.may_caretake(by), _("Only caretakers may change entries."), NotAllowed)
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _set_state(organisation: Organisation, state: State, by: Person, reason: str) -> Organisation:
    before, organisation.state = organisation.state, state
    organisation.save(update_fields=["state", "changed_at"])
    revision_set = RevisionSet.objects.create(by=by, reason=reason[:300])
    Revision.objects.create(organisation=organisation, set=revision_set, before={"state": before}, after={"state": str(state)})
    _tell(organisation, by, str(state))
    return organisation


def _tell(organisation: Organisation, by: Person, what: str) -> None:
    trail.record(CHANGED, by=by, about=organisation, organisations=[organisation.pk], what=what)
