"""Versions of a statute: begun, changed, adopted, withdrawn before they hold. What was adopted is never changed: the database minds it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.constitution import choices, keeping, queries, rules, wording
from allmende.constitution.actions.founding import locked_for_board
from allmende.constitution.models import Cooperative, Statute, StatuteState
from allmende.ground import trail
from allmende.ground.refusals import BadInput, Refused, require
from allmende.people.models import Person


@transaction.atomic
def begin_statute(cooperative: Cooperative, *, like: Statute | None = None, by: Person) -> Statute:
    """Begin a draft: as the law has it where the statute says nothing, or like a version there is. There is one draft at a time."""
    found = locked_for_board(cooperative, by)
    if draft := queries.draft_of(found):
        return draft
    if like is not None:
        like = Statute.objects.filter(cooperative=found, pk=like.pk).first()
        require(like is not None, _("There is no such version. Choose one of your own."), BadInput)
    highest = Statute.objects.filter(cooperative=found).aggregate(highest=Max("version"))["highest"] or 0
    said: dict[str, Any] = {name: getattr(like, name) for name in choices.COLUMNS} if like else dict(choices.BEGINNING)
    made = Statute.objects.create(
        cooperative=found,
        version=highest + 1,
        valid_from=localdate(),
        places=dict(like.places) if like else {},
        created_by=by,
        **said,
    )
    trail.record("constitution.statute_begun", by=by, about=made, cooperative=found.pk, version=made.version)
    return made


def _locked_draft(statute: Statute, by: Person) -> Statute:
    """The draft as it is now, for the board."""
    locked_for_board(statute.cooperative, by)
    found = Statute.objects.select_for_update(of=("self",)).select_related("cooperative__organisation").get(pk=statute.pk)
    require(found.state == StatuteState.DRAFT, _("This version was adopted and is not changed any more. Begin a new one."))
    return found


@transaction.atomic
def change_statute(statute: Statute, values: Mapping[str, Any], places: Mapping[str, str], *, by: Person) -> Statute:
    """Write what was chosen into the draft. Numbers the law never allows are refused; what only fits together later may wait."""
    draft = _locked_draft(statute, by)
    unknown = (set(values) | set(places)) - set(choices.COLUMNS)
    require(not unknown, _("A statute has no such number."), BadInput)
    for name, value in values.items():
        setattr(draft, name, value)
    for fault in rules.check_statute(queries.says(draft), localdate()):
        require(fault.field not in values, wording.sentence(fault), BadInput)
    draft.places = {name: place for name, place in {**draft.places, **places}.items() if place}
    draft.save(update_fields=[*values, "places"])
    trail.record("constitution.statute_changed", by=by, about=draft, cooperative=draft.cooperative_id, fields=sorted(values))
    return draft


@transaction.atomic
def discard_statute(statute: Statute, *, by: Person) -> None:
    """Throw a draft away; nobody but the board has seen it."""
    draft = _locked_draft(statute, by)
    trail.record("constitution.statute_discarded", by=by, about=draft, cooperative=draft.cooperative_id, version=draft.version)
    draft.delete()


@transaction.atomic
def adopt_statute(statute: Statute, *, valid_from: date, adopted_on: date | None, registered_on: date | None = None, by: Person) -> Statute:
    """Put a draft in force from a day on. From then on it is never changed; Refused with every sentence that stands against it."""
    draft = _locked_draft(statute, by)
    said = queries.says(draft)
    is_first = queries.is_first_from(draft, valid_from)
    faults = [
        *rules.check_statute(said, localdate()),
        *rules.check_dates(valid_from, adopted_on, registered_on, is_first=is_first, today=localdate()),
    ]
    if faults:
        raise Refused(" ".join(wording.sentence(fault) for fault in faults))
    adopted = queries.adopted_versions(draft.cooperative)
    require(not adopted.filter(valid_from=valid_from).exists(), _("Another version holds from this day already. Choose another day."))
    draft.state, draft.valid_from = StatuteState.ADOPTED, valid_from
    draft.adopted_on, draft.registered_on = adopted_on, registered_on
    draft.save(update_fields=["state", "valid_from", "adopted_on", "registered_on"])
    facts = {"cooperative": draft.cooperative_id, "statute": draft.pk, "version": draft.version, "valid_from": valid_from.isoformat()}
    trail.record("constitution.statute_adopted", by=by, about=draft, **facts)
    return draft


@transaction.atomic
def withdraw_statute(statute: Statute, *, by: Person) -> Statute:
    """Take back what was adopted by mistake, as long as it does not hold yet. It stays readable for the board."""
    locked_for_board(statute.cooperative, by)
    found = Statute.objects.select_for_update(of=("self",)).get(pk=statute.pk)
    require(found.state == StatuteState.ADOPTED, _("Only an adopted version can be withdrawn."))
    sentence = _("This version holds already: what was decided by it stays. Begin a new version and adopt it.")
    require(found.valid_from > localdate(), sentence)
    found.state = StatuteState.WITHDRAWN
    found.save(update_fields=["state"])
    trail.record("constitution.statute_withdrawn", by=by, about=found, cooperative=found.cooperative_id, version=found.version)
    return found


def add_document(statute: Statute, *, data: bytes = b"", name: str = "", text: str = "", by: Person) -> Statute:
    """Put the statute as people read it to a version: a PDF, a text, or both. The bytes lie there before the row says so.

    A version that was adopted without gets its document later; what it has is never exchanged.
    """
    digest = ""
    if data:
        data, name = keeping.checked(data, name)
        digest = keeping.write(data)
    with transaction.atomic():
        locked_for_board(statute.cooperative, by)
        found = Statute.objects.select_for_update(of=("self",)).get(pk=statute.pk)
        is_open = found.state == StatuteState.DRAFT or (found.state == StatuteState.ADOPTED and not found.sha256 and not found.text)
        require(is_open, _("An adopted version keeps the document it has."))
        require(digest or text.strip() or found.state == StatuteState.DRAFT, _("Please choose a PDF or paste the text."), BadInput)
        if digest:
            found.document, found.document_size, found.sha256 = name, len(data), digest
        found.text = text
        found.save(update_fields=["document", "document_size", "sha256", "text"])
        trail.record("constitution.document_added", by=by, about=found, cooperative=found.cooperative_id, sha256=digest)
    return found


@transaction.atomic
def remove_document(statute: Statute, *, by: Person) -> Statute:
    """Take the PDF from a draft again."""
    draft = _locked_draft(statute, by)
    draft.document, draft.document_size, draft.sha256 = "", 0, ""
    draft.save(update_fields=["document", "document_size", "sha256"])
    trail.record("constitution.document_removed", by=by, about=draft, cooperative=draft.cooperative_id)
    return draft


def sweep(now: datetime | None = None) -> int:
    """Delete bytes that no version names any more and that lie for a day: of drafts that were thrown away or got another document."""
    now = now or timezone.now()
    gone = 0
    for path in keeping.lying_longer_than(now.timestamp() - keeping.STRAY_AFTER_SECONDS):
        if not Statute.objects.filter(sha256=path.name).exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
