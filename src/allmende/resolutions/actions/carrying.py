"""What becomes of an entered resolution: measures, reports, a new plan, carried out, revoked."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.ground import trail
from allmende.ground.refusals import NotAllowed, require
from allmende.people.models import Person
from allmende.resolutions import access, letters, rules
from allmende.resolutions.actions.base import locked, locked_measure, note, require_administration, save
from allmende.resolutions.models import Measure, MeasureState, Report, Resolution, State, Visibility


@dataclass(frozen=True)
class Planned:
    """Who carries a resolution out by when, when it is looked at again, who reads it."""

    responsible: str = ""
    person: Person | None = None
    due_on: date | None = None
    review_on: date | None = None
    effective_on: date | None = None
    visibility: str = Visibility.MEMBERS


def _require_entered(found: Resolution) -> None:
    require(found.state != State.DRAFT, _("Enter the resolution first."))


def _require_in_work(found: Resolution) -> None:
    _require_entered(found)
    require(found.state == State.IN_WORK, _("This resolution is not in progress any more."))


@transaction.atomic
def plan(resolution: Resolution, said: Planned, reason: str, *, by: Person) -> Resolution:
    """Change responsibility, dates or visibility; what changed and why stands in the history for everybody who reads it."""
    found = locked(resolution)
    require_administration(by, found.cooperative)
    _require_entered(found)
    changed = _changes(found, said)
    require(changed, _("Nothing has changed."))
    require(reason.strip(), _("Say why it changes: everybody who reads the resolution sees the reason."))
    before = found.person_id
    save(
        found,
        responsible=said.responsible,
        person=said.person,
        due_on=said.due_on,
        review_on=said.review_on,
        effective_on=said.effective_on,
        visibility=said.visibility,
    )
    note(found, "\n".join([*changed, "", reason.strip()]), by)
    trail.record("resolutions.resolution_planned", by=by, about=found, cooperative=found.cooperative_id, visibility=found.visibility)
    if found.person_id != before:
        letters.tell_responsible(found, by)
    return found


def _changes(found: Resolution, said: Planned) -> list[str]:
    """What is different, as lines for people."""
    names = {"due_on": _("Carried out by"), "review_on": _("Look at it again on"), "effective_on": _("Holds from")}
    lines = []
    if (found.responsible, found.person_id) != (said.responsible, said.person.pk if said.person else None):
        lines.append(_("Responsible: %(who)s") % {"who": said.responsible or _("nobody")})
    for name, label in names.items():
        if getattr(found, name) != getattr(said, name):
            lines.append(f"{label}: {_day(getattr(found, name))} → {_day(getattr(said, name))}")
    if found.visibility != said.visibility:
        lines.append(_("Who can read it: %(who)s") % {"who": Visibility(said.visibility).label})
    return lines


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else _("no date")


@transaction.atomic
def report(resolution: Resolution, text: str, *, measure: Measure | None = None, by: Person) -> Report:
    """Say what became of it. A report is never changed; a further one corrects it."""
    found = locked(resolution)
    _require_entered(found)
    require(access.may_report(by, found), _("Board, administration and those responsible report here."), NotAllowed)
    require(text.strip(), _("A report needs some words."))
    require(measure is None or measure.resolution_id == found.pk, _("This measure belongs to another resolution."))
    made = note(found, text.strip(), by, measure)
    trail.record("resolutions.report_written", by=by, about=found, cooperative=found.cooperative_id, report=made.pk)
    return made


@transaction.atomic
def add_measure(
    resolution: Resolution, text: str, *, responsible: str = "", person: Person | None = None, due_on: date | None = None, by: Person
) -> Measure:
    """Something that has to be done, by whom, until when."""
    found = locked(resolution)
    require(access.may_add_measure(by, found), _("Board, administration and whoever is responsible add measures."), NotAllowed)
    require(found.state in {State.DRAFT, State.IN_WORK}, _("This resolution is not in progress any more."))
    require(text.strip(), _("Say what is to be done."))
    require(found.measures.count() < rules.MOST_MEASURES, _("A hundred measures are enough for one resolution."))
    made = Measure.objects.create(resolution=found, text=text.strip(), responsible=responsible, person=person, due_on=due_on)
    trail.record("resolutions.measure_added", by=by, about=found, cooperative=found.cooperative_id, measure=made.pk)
    if found.state == State.IN_WORK:
        letters.tell_measure(made, by)
    return made


def _settle(measure: Measure, state: MeasureState, word: str, by: Person) -> Measure:
    found = locked_measure(measure)
    require(access.may_settle(by, found), _("Board, administration and whoever is responsible settle measures."), NotAllowed)
    _require_in_work(found.resolution)
    require(found.state == MeasureState.OPEN, _("This measure is settled already."))
    save(found, state=state, done_on=localdate(), note=word.strip()[:1_000])
    trail.record(
        f"resolutions.measure_{state}", by=by, about=found.resolution, cooperative=found.resolution.cooperative_id, measure=found.pk
    )
    return found


@transaction.atomic
def finish_measure(measure: Measure, word: str = "", *, by: Person) -> Measure:
    """It is done; `word` says how."""
    return _settle(measure, MeasureState.DONE, word, by)


@transaction.atomic
def drop_measure(measure: Measure, why: str, *, by: Person) -> Measure:
    """It will not be done; `why` is read by everybody."""
    dropped = _settle(measure, MeasureState.DROPPED, why, by)
    require(why.strip(), _("Say why it is not done."))  # who may not is told that first
    return dropped


@transaction.atomic
def move_measure(measure: Measure, due_on: date | None, reason: str, *, by: Person) -> Measure:
    """Another date for what is open; the old one, the new one and the reason stand among the reports for everybody who reads it."""
    found = locked_measure(measure)
    require(access.may_add_measure(by, found.resolution), _("Board, administration and whoever is responsible add measures."), NotAllowed)
    _require_in_work(found.resolution)
    require(found.state == MeasureState.OPEN, _("This measure is settled already."))
    require(due_on != found.due_on, _("Nothing has changed."))
    require(reason.strip(), _("Say why it changes: everybody who reads the resolution sees the reason."))
    lines = f"{_('Until')}: {_day(found.due_on)} → {_day(due_on)}"
    note(found.resolution, f"{lines}\n\n{reason.strip()}", by, found)
    save(found, due_on=due_on)
    trail.record("resolutions.measure_moved", by=by, about=found.resolution, cooperative=found.resolution.cooperative_id, measure=found.pk)
    letters.tell_measure(found, by)
    return found


@transaction.atomic
def reopen_measure(measure: Measure, *, by: Person) -> Measure:
    """It was settled by mistake, or has to be done again."""
    found = locked_measure(measure)
    require(access.may_settle(by, found), _("Board, administration and whoever is responsible settle measures."), NotAllowed)
    _require_in_work(found.resolution)
    require(found.state != MeasureState.OPEN, _("This measure is open."))
    save(found, state=MeasureState.OPEN, done_on=None, note="", reminded_on=None)
    trail.record(
        "resolutions.measure_reopened", by=by, about=found.resolution, cooperative=found.resolution.cooperative_id, measure=found.pk
    )
    return found


@transaction.atomic
def finish(resolution: Resolution, text: str, *, by: Person) -> Resolution:
    """It is carried out; the closing report says what became of it. No measure may be open."""
    found = locked(resolution)
    require(access.may_add_measure(by, found), _("Board, administration and whoever is responsible close a resolution."), NotAllowed)
    _require_in_work(found)
    open_ones = found.measures.filter(state=MeasureState.OPEN).exists()
    require(not open_ones, _("Measures are still open. Finish or drop them first."))
    require(text.strip(), _("Say in a few words what became of it."))
    save(found, state=State.DONE, done_on=localdate())
    note(found, text.strip(), by)
    trail.record("resolutions.resolution_carried_out", by=by, about=found, cooperative=found.cooperative_id)
    return found


@transaction.atomic
def reopen(resolution: Resolution, reason: str, *, by: Person) -> Resolution:
    """It was closed too early: back to being in progress, with the reason in the history."""
    found = locked(resolution)
    require_administration(by, found.cooperative)
    require(found.state == State.DONE, _("Only what is carried out can be taken up again."))
    require(reason.strip(), _("Say why it is taken up again."))
    save(found, state=State.IN_WORK, done_on=None)
    note(found, reason.strip(), by)
    trail.record("resolutions.resolution_reopened", by=by, about=found, cooperative=found.cooperative_id)
    return found


@transaction.atomic
def revoke(resolution: Resolution, reason: str, *, on: date, replaced_by: Resolution | None = None, by: Person) -> Resolution:
    """It holds no more from this day on, because another resolution says so; open measures are dropped with it."""
    found = locked(resolution)
    require_administration(by, found.cooperative)
    require(found.state in {State.IN_WORK, State.DONE}, _("Only a resolution that holds can be revoked."))
    require(reason.strip(), _("Say why it is revoked, and by whom."))
    require(found.decided_on <= on <= localdate(), _("Choose a day between the decision and today."))
    if replaced_by is not None:
        is_other = replaced_by.pk != found.pk and replaced_by.cooperative_id == found.cooperative_id
        require(is_other and replaced_by.state in {State.IN_WORK, State.DONE}, _("Choose another resolution that holds."))
    found.measures.filter(state=MeasureState.OPEN).update(state=MeasureState.DROPPED, done_on=localdate(), note=reason.strip()[:1_000])
    save(found, state=State.REVOKED, revoked_on=on, replaced_by=replaced_by)
    note(found, reason.strip(), by)
    trail.record("resolutions.resolution_revoked", by=by, about=found, cooperative=found.cooperative_id)
    return found
