"""Every change of files. What takes time (reading, checking, writing) is done before the transaction begins: nobody waits for it."""

import logging
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.files import access, checking, queries, rules, storing
from allmende.files.models import Attachment
from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people import subjects
from allmende.people.models import Person

log = logging.getLogger(__name__)


def attach_file(thing: Any, data: bytes, name: str, *, by: Person) -> tuple[Attachment, tuple[str, ...]]:
    """Check a file, keep it and put it to a thing; also says what was changed about it.

    The file is on the disk before the transaction begins and goes again where the transaction comes to nothing; if the machine stops
    in between, it lies there without a row until `sweep` takes it.
    """
    require(access.may_attach(by, thing), _("You may not attach files here."), NotAllowed)
    checked = checking.check(data, name)
    uuid = uuid4()
    storing.write(uuid, checked.data)
    try:
        made = _put(thing, checked, uuid, by)
    except BaseException:
        storing.delete(uuid)
        raise
    if made.uuid != uuid:
        storing.delete(uuid)  # the same file was there already
    return made, checked.remarks


@transaction.atomic
def _put(thing: Any, checked: checking.Checked, uuid: UUID, by: Person) -> Attachment:
    subject = subjects.of(thing)
    # whoever attaches to the same thing at once, one after the other: its files are counted
    thing = subject.model._base_manager.select_for_update(of=("self",)).filter(pk=thing.pk).first()
    require(
        thing is not None and subjects.find(subject.kind, thing.pk, by) is not None,
        _("This is no longer here. Nothing can be attached to it."),
    )
    require(access.may_attach(by, thing), _("You may not attach files here."), NotAllowed)
    digest = sha256(checked.data).hexdigest()
    there = access.attachments_of(thing).filter(removed_at=None, hidden_at=None)
    if same := there.filter(digest=digest).first():
        return same
    told = {"most": rules.MOST_OF_A_THING}
    require(rules.has_room(there.count()), _("There are %(most)d files already. Please remove one first.") % told)
    organisation = access.speaks_for(by, thing)
    _check_the_day(len(checked.data), by, organisation)
    made = Attachment.objects.create(
        uuid=uuid,
        kind=subject.kind,
        number=thing.pk,
        organisation=organisation,
        name=checked.name,
        content_type=checked.content_type,
        size=len(checked.data),
        digest=digest,
        uploaded_by=by,
    )
    trail.record("files.file_attached", by=by, about=made, thing=subject.kind, number=thing.pk, type=made.content_type, size=made.size)
    return made


def _check_the_day(size: int, by: Person, organisation: Any) -> None:
    now = timezone.now()
    sentence = _("Very much came in today. Please attach the rest tomorrow.")
    require(rules.is_within_a_day(queries.size_today(now, person=by), size), sentence)
    if organisation is not None:
        require(rules.is_within_a_day(queries.size_today(now, organisation=organisation), size), sentence)


@transaction.atomic
def remove_file(attachment: Attachment, *, by: Person) -> Attachment:
    """Take a file away from its thing; for a month it can be brought back."""
    attachment, thing = _locked(attachment, by)
    require(attachment.removed_at is None, _("This file was removed already."))
    attachment.removed_at = timezone.now()
    attachment.save(update_fields=["removed_at"])
    trail.record("files.file_removed", by=by, about=attachment, thing=attachment.kind, number=thing.pk)
    return attachment


@transaction.atomic
def restore_file(attachment: Attachment, *, by: Person) -> Attachment:
    """Bring a removed file back."""
    attachment, thing = _locked(attachment, by)
    require(attachment.removed_at is not None, _("This file is there already."))
    is_late = attachment.removed_at is None or rules.is_over(attachment.removed_at, timezone.now())
    require(not is_late, _("This file was removed more than 30 days ago and is deleted. Please attach it again."))
    there = access.attachments_of(thing).filter(removed_at=None, hidden_at=None).count()
    told = {"most": rules.MOST_OF_A_THING}
    require(rules.has_room(there), _("There are %(most)d files already. Please remove one first.") % told)
    attachment.removed_at = None
    attachment.save(update_fields=["removed_at"])
    trail.record("files.file_restored", by=by, about=attachment, thing=attachment.kind, number=thing.pk)
    return attachment


def _locked(attachment: Attachment, by: Person) -> tuple[Attachment, Any]:
    """The file as it is now, with its thing; only for those who may change it."""
    found = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    thing = subjects.find(found.kind, found.number, by)
    may = thing is not None and found.hidden_at is None and access.may_remove(by, found, thing)
    require(may, _("Those who attached this file, and their organisation, may remove it."), NotAllowed)
    return found, thing


@transaction.atomic
def hide_file(attachment: Attachment, *, by: Person, reason: str) -> Attachment:
    """Take a file off after a report: nobody can fetch it any more but those who judge. The caller has checked that."""
    found = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    if found.hidden_at is None:
        found.hidden_at, found.hidden_reason = timezone.now(), reason[:300]
        found.save(update_fields=["hidden_at", "hidden_reason"])
        trail.record("files.file_hidden", by=by, about=found, thing=found.kind, number=found.number)
    return found


@transaction.atomic
def unhide_file(attachment: Attachment, *, by: Person) -> Attachment:
    """Put it back after an appeal."""
    found = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    if found.hidden_at is not None:
        found.hidden_at, found.hidden_reason = None, ""
        found.save(update_fields=["hidden_at", "hidden_reason"])
        trail.record("files.file_shown_again", by=by, about=found, thing=found.kind, number=found.number)
    return found


def sweep(now: datetime | None = None) -> dict[str, int]:
    """Delete what is over: files removed a month ago, of things that are no more, and what interrupted uploads left behind."""
    now = now or timezone.now()
    gone = {one.pk: one for one in (*queries.over(now), *queries.orphans())}
    for one in gone.values():
        one.delete()
        storing.delete(one.uuid)
    return {"deleted": len(gone), "strays": _sweep_strays(now)}


def _sweep_strays(now: datetime) -> int:
    """What lies in the folder for a day without a row."""
    old = list(storing.lying_longer_than(now.timestamp() - rules.STRAY_AFTER.total_seconds()))
    known = {uuid.hex for uuid in Attachment.objects.values_list("uuid", flat=True)} if old else set()
    strays = [path for path in old if path.name not in known]
    for path in strays:
        _unlink(path)
    return len(strays)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        log.warning("A stray file cannot be deleted: %s", path.name)
