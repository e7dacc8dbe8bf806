"""Pointing something out: open to everybody, with or without an account. The number of the form makes sure that it happens once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.directory import queries as directory
from allmende.directory import taxonomy
from allmende.directory.models import Organisation
from allmende.directory.models import State as EntryState
from allmende.duplicates.actions import note_pair
from allmende.duplicates.models import FoundBy
from allmende.ground import trail
from allmende.ground.refusals import require
from allmende.ground.text import shorten
from allmende.people import subjects
from allmende.people.models import Person
from allmende.people.queries import GUEST
from allmende.suggestions import fields, letters, rules
from allmende.suggestions.models import Kind, Matter, Report, State, Suggestion


@dataclass(frozen=True)
class Writer:
    """Who points something out: a signed-in person, or somebody with or without an address for the answer."""

    uuid: UUID
    person: Person | None = None
    contact: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """The same as columns. Who is signed in is told there and needs no address."""
        return {"by": self.person, "contact": "" if self.person else self.contact.lower(), "language": (get_language() or "de")[:2]}


@transaction.atomic
def suggest_change(organisation: Organisation, proposed: dict[str, Any], *, by: Writer, remark: str = "", reason: str = "") -> Suggestion:
    """Suggest other values for fields of an entry. Nothing of it is seen by anybody but those who decide."""
    require(proposed or remark, _("Nothing is different yet."))
    said = {"kind": Kind.CHANGE, "fields": proposed, "remark": remark, "reason": reason}
    return _open(organisation, by, said)


@transaction.atomic
def report_problem(
    organisation: Organisation, problem: str, *, by: Writer, remark: str = "", reason: str = "", proposed: dict[str, Any] | None = None
) -> Suggestion:
    """Say what is the matter with an entry, without knowing it better in every field."""
    said = {"kind": Kind.PROBLEM, "problem": problem, "fields": proposed or {}, "remark": remark, "reason": reason}
    return _open(organisation, by, said)


@transaction.atomic
def propose_organisation(proposed: dict[str, Any], *, by: Writer, remark: str) -> Suggestion:
    """Propose an organisation that is missing. It becomes an entry when a caretaker says so."""
    sector = taxonomy.by_key("sector", proposed["sector"]) if proposed.get("sector") else None
    where = {"country": proposed.get("country", ""), "region": fields.region_of(proposed), "sector": sector}
    said = {"kind": Kind.MISSING, "fields": proposed, "remark": remark, **where}
    return _open(None, by, said)


@transaction.atomic
def report_illegal(organisation: Organisation, said: dict[str, Any], *, by: Writer) -> Report:
    """Give notice of illegal content (Art. 16 DSA). `said`: place, reason, name, email, is_nameless."""
    organisation = _live(organisation)
    columns = {**said, "organisation": organisation, "by": by.person, "language": by.columns["language"]}
    report, is_new = Report.objects.get_or_create(uuid=by.uuid, defaults=columns)
    if is_new:
        trail.record("suggestions.report_made", about=report, organisation=organisation.pk)
        letters.received(report)
        letters.reported(report)
    return report


@transaction.atomic
def report_thing(thing: Any, said: dict[str, Any], *, by: Writer, matter: str = Matter.LAW) -> Report:
    """Report a thing of the house as illegal (Art. 16 DSA) or as rude. `said`: place, reason, name, email, is_nameless.

    Refused where it is gone or hidden meanwhile: then there is nothing left to be decided.
    """
    subject = subjects.of(thing)
    thing = subjects.find(subject.kind, thing.pk, by.person or GUEST)
    require(thing is not None, _("This is not here any more. There is nothing left to be reported."))
    known = Report.objects.filter(kind=subject.kind, number=thing.pk)
    if matter == Matter.CONDUCT and not known.filter(uuid=by.uuid).exists():
        today = known.filter(matter=matter, opened_at__gt=timezone.now() - timedelta(days=1)).count()
        require(today < rules.A_DAY_PER_THING, _("Many have reported this today; caretakers know of it. You need do nothing more."))
    columns = {**said, "by": by.person, "language": by.columns["language"], "organisation": subject.organisation(thing)}
    about = {"kind": subject.kind, "number": thing.pk, "title": shorten(subject.title(thing), 200), "matter": matter}
    report, is_new = Report.objects.get_or_create(uuid=by.uuid, defaults=columns | about)
    if is_new:
        report.responsible.set(subject.people(thing)[:MOST_RESPONSIBLE])
        trail.record("suggestions.report_made", about=report, organisation=report.organisation_id, thing=subject.kind, matter=str(matter))
        letters.received(report)
        letters.reported(report)
    return report


MOST_RESPONSIBLE = 50
"""A working group may have hundreds; those who are told of a decision are some of them."""


@transaction.atomic
def report_twin(organisation: Organisation, other: Organisation, *, by: Person | None) -> bool:
    """Say that two entries are one organisation: a pair for those who decide on duplicates, unless they have decided already."""
    pair = note_pair(_live(organisation), _live(other), source=FoundBy.REPORT)
    trail.record("suggestions.twin_reported", by=by, about=pair, organisations=[organisation.pk, other.pk])
    return pair is not None


@transaction.atomic
def withdraw_suggestion(suggestion: Suggestion, *, by: Person | None = None) -> Suggestion:
    """Take a suggestion back; the caller has checked the link of whoever wrote it."""
    suggestion = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    require(suggestion.state == State.OPEN, _("This suggestion was decided on already and cannot be withdrawn any more."))
    suggestion.state, suggestion.decided_at, suggestion.contact = State.WITHDRAWN, timezone.now(), ""
    suggestion.save(update_fields=["state", "decided_at", "contact"])
    trail.record("suggestions.suggestion_withdrawn", by=by, about=suggestion, organisation=suggestion.organisation_id)
    return suggestion


def _open(organisation: Organisation | None, by: Writer, said: dict[str, Any]) -> Suggestion:
    organisation = _live(organisation) if organisation else None
    known = Suggestion.objects.filter(uuid=by.uuid).first()
    if known is None and organisation is not None:
        require(
            _today(organisation) < rules.A_DAY_PER_ENTRY, _("Many suggestions came in for this entry today. Please try again tomorrow.")
        )
    base = directory.newest_revision(organisation.pk) if organisation else 0
    columns = {**said, **by.columns, "organisation": organisation, "base": base}
    suggestion, is_new = Suggestion.objects.get_or_create(uuid=by.uuid, defaults=columns)
    if is_new:
        facts = {"organisation": suggestion.organisation_id, "kind": str(suggestion.kind), "fields": sorted(suggestion.fields)}
        trail.record("suggestions.suggestion_made", by=by.person, about=suggestion, **facts)
        letters.suggested(suggestion)
    return suggestion


def _live(organisation: Organisation) -> Organisation:
    """The entry as it is now, followed through a merge: what a form was about may have changed while it was filled in."""
    found = Organisation.objects.select_related("merged_into", "sector").get(pk=organisation.pk)
    while found.merged_into:
        found = found.merged_into
    require(found.state != EntryState.ARCHIVED, _("This entry was taken off the map meanwhile. There is nothing left to be mended."))
    return found


def _today(organisation: Organisation) -> int:
    return Suggestion.objects.filter(organisation=organisation, opened_at__gt=timezone.now() - timedelta(days=1)).count()
