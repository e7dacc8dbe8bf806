"""Every change of entries: entering, editing, restoring, confirming, archiving, publishing, imports, their undoing, sources withdrawn."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.directory import access, history, queries, withdrawing
from allmende.directory.importers import entries, undoing
from allmende.directory.importers.base import BLANK, PLACE_BLANK, Draft
from allmende.directory.importers.report import Report
from allmende.directory.importers.running import CHANGED, Task, run
from allmende.directory.importers.slugs import give_slugs
from allmende.directory.models import Confirmation, Organisation, Place, Revision, RevisionSet, Source, State
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


def withdraw_source(source: Source, *, by: Person, say: withdrawing.Say = lambda done, total: None) -> RevisionSet:
    """Take a source back: its records go, entries that only it vouched for are archived; gives the set that did it.

    Chunks are transactions of their own: others read and write in between, and after a crash the same call goes on.
    """
    require(access.may_import(by), _("Only caretakers may withdraw a source."), NotAllowed)
    return withdrawing.withdraw(source, by=by, say=say)


@transaction.atomic
def create_organisation(said: dict[str, Any], *, by: Person | None, state: State, reason: str = "") -> Organisation:
    """A new entry from fields and places in the shape of a draft. Whether it is published at once is the caller's rule.

    The caller's room decides who may enter something; whoever did so and stays is its steward there.
    """
    said = {**BLANK, **said, "state": str(state)}
    places = said.pop("places", [])
    draft = Draft(0, "new", dict(said), places, {})
    organisation = Organisation.objects.create(slug=give_slugs([draft])["new"], licence=_licence(), **entries.columns(said))
    organisation.terms.set(entries.terms(said))
    for position, place in enumerate(places):
        Place.objects.create(organisation=organisation, position=position, **{**PLACE_BLANK, **place})
    revision_set = RevisionSet.objects.create(by=by, reason=reason[:300])
    Revision.objects.create(organisation=organisation, set=revision_set, after=undoing.said(organisation.pk))
    _tell(organisation, by, "created")
    return organisation


@transaction.atomic
def edit_organisation(organisation: Organisation, said: dict[str, Any], *, by: Person, base: int, reason: str = "") -> Revision | None:
    """Write what somebody changed in an entry: `said` are fields (and `places`) as their form had them at revision `base`.

    What others changed since then stays; where both changed the same field differently, nothing is written and `EditConflict` says
    what the two say. None comes back where nothing differs.
    """
    organisation = _take(organisation, by)
    merged = history.merged(organisation.pk, said, base)
    if merged.conflicts:
        raise history.EditConflict(merged)
    return _write(organisation, merged.fields, by, reason, "edited")


@transaction.atomic
def restore_organisation(organisation: Organisation, revision: Revision, *, by: Person, reason: str = "") -> Revision | None:
    """Bring an entry back to what it said after this revision, as a new revision; its state and address stay as they are."""
    organisation = _take(organisation, by)
    require(revision.organisation_id == organisation.pk, _("This revision belongs to another entry."))
    then = history.state_at(organisation.pk, revision.pk)
    fields = {name: value for name, value in then.items() if name not in history.NOT_RESTORED}
    return _write(organisation, fields, by, reason or _("Back to an earlier version"), "restored")


@transaction.atomic
def confirm_organisation(organisation: Organisation, *, by: Person | None, how: str = "desk", by_letter: bool = False) -> Confirmation:
    """Say that all of an entry is still true; its freshness counts from now.

    `by_letter`: the caller has checked the signed link of a letter to those who look after the entry; it stands for a sign-in.
    """
    organisation = _take(organisation, by, by_letter=by_letter)
    require(organisation.state == State.PUBLISHED, _("Only published entries can be confirmed."))
    confirmation = Confirmation.objects.create(organisation=organisation, by=by, at=timezone.now(), how=how)
    _tell(organisation, by, "confirmed")
    return confirmation


@transaction.atomic
def archive_organisation(organisation: Organisation, *, by: Person, reason: str = "") -> Organisation:
    """Take an entry off the map. Its address stays, its history too. Who answers for it may, and its caretakers."""
    require(access.may_own(by, organisation), _("Only who answers for the entry, or a caretaker, may do this."), NotAllowed)
    organisation = _take(organisation, by)
    require(organisation.state in {State.PUBLISHED, State.DRAFT}, _("This entry is not published."))
    return _set_state(organisation, State.ARCHIVED, by, reason)


@transaction.atomic
def publish_organisation(organisation: Organisation, *, by: Person, reason: str = "") -> Organisation:
    """Put an entry on the map, for the first time or again. A caretaker looks at it first."""
    require(access.may_caretake_entry(by, organisation), _("Only caretakers may publish entries."), NotAllowed)
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


def _take(organisation: Organisation, by: Person | None, *, by_letter: bool = False) -> Organisation:
    may = by_letter or (by is not None and access.may_edit(by, organisation))
    require(may, _("Only those who look after an entry may change it. You can suggest the change instead."), NotAllowed)
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    into = held.merged_into.name if held.merged_into else ""
    require(not into, _("This entry was merged into “%(name)s”. Please change it there.") % {"name": into})
    return held


def _licence() -> str:
    """New entries come under the licence of the data rules in force."""
    rules = queries.rules_in_force()
    return rules.licence if rules else "CC0-1.0"


def _write(organisation: Organisation, fields: dict[str, Any], by: Person, reason: str, what: str) -> Revision | None:
    """Bring the entry to these fields and places, and keep what differs."""
    before = undoing.said(organisation.pk)
    entry = entries.load([organisation.pk])[organisation.pk]
    changed = {name: value for name, value in fields.items() if name != "places" and before[name] != value}
    moved = "places" in fields and fields["places"] != before["places"]
    if not changed and not moved:
        return None
    entries.change_organisations([(entry, changed)])
    if moved:
        entries.put_places(entry, fields["places"])
    old, new = undoing.difference(before, undoing.said(organisation.pk))
    revision = None
    if new:  # another order of the same places is nothing to remember
        revision_set = RevisionSet.objects.create(by=by, reason=reason[:300])
        revision = Revision.objects.create(organisation=organisation, set=revision_set, before=old, after=new)
    _tell(organisation, by, what)
    return revision


def _set_state(organisation: Organisation, state: State, by: Person, reason: str) -> Organisation:
    before, organisation.state = organisation.state, state
    organisation.save(update_fields=["state", "changed_at"])
    revision_set = RevisionSet.objects.create(by=by, reason=reason[:300])
    Revision.objects.create(organisation=organisation, set=revision_set, before={"state": before}, after={"state": str(state)})
    _tell(organisation, by, str(state))
    return organisation


def _tell(organisation: Organisation, by: Person | None, what: str) -> None:
    trail.record(CHANGED, by=by, about=organisation, organisations=[organisation.pk], what=what)
