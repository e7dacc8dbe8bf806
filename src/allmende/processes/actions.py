"""Every change of processes: plan, change with a reason, move the end of a phase, end early, call off, tell when a phase opens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.constitution.models import Cooperative
from allmende.ground import trail
from allmende.ground.refusals import BadInput, NotAllowed, Refused, require
from allmende.ground.text import clean
from allmende.people import subjects
from allmende.people.models import Person
from allmende.processes import access, queries, rules, tasks, wording
from allmende.processes.models import Change, Door, Kind, Phase, Process, State, Template


@transaction.atomic
def plan_process(thing: Any, template: str, title: str, phases: Sequence[rules.Span], *, by: Person) -> Process:
    """Give a thing its phases. Refused where one runs for it already; one whose phases are all over is closed by this.

    BadInput: an unknown template, no name. Refused: what is wrong with the phases.
    """
    cooperative = access.cooperative_of(thing)
    if cooperative is None or not access.may_run(by, cooperative) or not subjects.find(subjects.of(thing).kind, thing.pk, by):
        raise NotAllowed(_("Board and administration plan processes."))
    Cooperative.objects.select_for_update().get(pk=cooperative.pk)  # two at once: the second one sees the first
    require(template in Template.values, _("Please choose a template."), BadInput)
    _close_what_is_over(thing, timezone.now())
    ordered = _in_order(phases)
    _require_right(ordered)
    _require_ahead(ordered, timezone.now())
    process = Process.objects.create(
        cooperative=cooperative,
        title=_title(title),
        template=template,
        about_kind=subjects.of(thing).kind,
        about_id=thing.pk,
        created_by=by,
    )
    _write(process, ordered)
    trail.record("processes.process_planned", by=by, about=process, subject=process.about_kind, number=thing.pk, template=template)
    return process


def _close_what_is_over(thing: Any, now: datetime) -> None:
    process = queries.process_of(thing)
    if process is None or process.state == State.ENDED:
        return
    is_over = all(one.ends_at <= now for one in process.phases.all())
    require(is_over, _("This has a process already. Change that one, or end it first."))
    Process.objects.filter(pk=process.pk).update(state=State.ENDED, ended_at=now)


@transaction.atomic
def change_process(process: Process, phases: Sequence[rules.Span], *, by: Person, title: str | None = None, reason: str = "") -> Process:
    """Other phases. Before the first one begins freely; afterwards with a reason that all participants read and are told.

    Phases that are over stay as they were, those that run keep their beginning. Refused with the first fault found.
    """
    process = _own(process, by)
    now, before = timezone.now(), queries.spans(process)
    ordered = _in_order(phases)
    is_started = rules.has_started(before, now)
    _require_right(ordered)
    _refuse(ordered, rules.change_faults(before, ordered, now))
    if not is_started:
        _require_ahead(ordered, now)
    name = process.title if title is None else _title(title)
    if ordered == before and name == process.title:
        return process
    why = _reason(reason) if is_started else ""
    process.title = name
    process.save(update_fields=["title"])
    _write(process, ordered)
    trail.record("processes.process_changed", by=by, about=process, is_started=is_started)
    if is_started:
        _note(process, before, why, by)
    return process


@transaction.atomic
def move_end(process: Process, ends_at: datetime, *, by: Person, reason: str) -> Process:
    """Prolong or shorten the phase that runs; the later ones move along by as much."""
    process = _own(process, by)
    running = queries.running(process, timezone.now())
    if running is None:
        raise Refused(_("No phase runs at the moment. Change the dates of the phases instead."))
    by_so_much = ends_at - running.ends_at
    moved = [
        one._replace(ends_at=ends_at)
        if one.number == running.pk
        else one._replace(starts_at=one.starts_at + by_so_much, ends_at=one.ends_at + by_so_much)
        if one.starts_at >= running.ends_at
        else one
        for one in queries.spans(process)
    ]
    return change_process(process, moved, by=by, reason=reason)


@transaction.atomic
def end_process(process: Process, *, by: Person, reason: str) -> Process:
    """Close a started process before its last phase ends: nothing is open by it any more. All participants read why."""
    process = _own(process, by)
    now, before = timezone.now(), queries.spans(process)
    require(rules.has_started(before, now), _("It has not begun yet: call it off instead."))
    why = _reason(reason)
    process.state, process.ended_at = State.ENDED, now
    process.save(update_fields=["state", "ended_at"])
    trail.record("processes.process_ended", by=by, about=process)
    _note(process, before, why, by)
    return process


@transaction.atomic
def call_off(process: Process, *, by: Person) -> None:
    """Remove a process that has not begun; the thing goes on as if there had been none."""
    process = _own(process, by)
    has_begun = rules.has_started(queries.spans(process), timezone.now())
    require(not has_begun, _("It has begun already. You can end it, with a reason."))
    trail.record("processes.process_called_off", by=by, about=process, subject=process.about_kind, number=process.about_id)
    process.delete()


def tell_of_phases(now: datetime) -> int:
    """Let participants hear of phases that opened and of those that end within a day, each once; how many phases."""
    opened = queries.opened_untold(now)
    ending = queries.ending_untold(now)
    for phase in opened:
        _tell(phase, "opens", now)
    for phase in ending:
        _tell(phase, "ends", now)
    return len(opened) + len(ending)


@transaction.atomic
def _tell(phase: Phase, what: str, now: datetime) -> None:
    """Note that it is told before it is told: the task tells everybody once however often it runs."""
    field = "told_of_start_at" if what == "opens" else "told_of_end_at"
    if Phase.objects.filter(pk=phase.pk, **{field: None}).update(**{field: now}):
        if what == "opens":
            trail.record("processes.phase_opened", about=phase.process, phase=phase.pk, kind=phase.kind, doors=phase.doors)
        tasks.tell_of_phase.enqueue(phase.pk, what)


def _own(process: Process, by: Person) -> Process:
    """The locked row, for those who may run it, while it is not closed."""
    process = Process.objects.select_for_update().select_related("cooperative__organisation").get(pk=process.pk)
    require(access.may_run(by, process.cooperative), _("Board and administration run this process."), NotAllowed)
    require(process.state == State.ACTIVE, _("This process is closed. A new one can be planned."))
    return process


def _title(title: str) -> str:
    name = " ".join(clean(title).split())
    require(
        0 < len(name) <= rules.LONGEST_TITLE, _("Please give it a name of at most %(n)d characters.") % {"n": rules.LONGEST_TITLE}, BadInput
    )
    return name


def _reason(reason: str) -> str:
    why = clean(reason)
    require(why, _("It has begun: please give the reason for the change. All participants read it."))
    require(len(why) <= rules.LONGEST_REASON, _("At most %(most)d characters, please.") % {"most": rules.LONGEST_REASON}, BadInput)
    return why


def _in_order(phases: Sequence[rules.Span]) -> list[rules.Span]:
    return sorted(phases, key=lambda one: one.starts_at)


def _require_right(phases: Sequence[rules.Span]) -> None:
    _refuse(phases, rules.faults(phases))
    known = all(one.kind in Kind.values and set(one.doors) <= set(Door.values) for one in phases)
    require(known and all(len(one.title) <= rules.LONGEST_PHASE for one in phases), _("Please look at the phases again."), BadInput)


def _require_ahead(phases: Sequence[rules.Span], now: datetime) -> None:
    _refuse(phases, [(place, "past") for place, one in enumerate(phases) if one.ends_at <= now])


def _refuse(phases: Sequence[rules.Span], faults: Sequence[tuple[int, str]]) -> None:
    if faults:
        raise Refused(wording.fault(phases, *faults[0]))


def _write(process: Process, phases: Sequence[rules.Span]) -> None:
    """The rows as they shall be; who was told of an end that moves is told again."""
    there = {one.pk: one for one in process.phases.all()}
    for gone in set(there) - {one.number for one in phases}:
        there[gone].delete()
    for position, one in enumerate(phases):
        row = there.get(one.number or 0) or Phase(process=process)
        if row.pk and row.ends_at != one.ends_at:
            row.told_of_end_at = None
        row.position, row.kind, row.title, row.doors = position, one.kind, one.title, list(one.doors)
        row.starts_at, row.ends_at = one.starts_at, one.ends_at
        row.save()
    getattr(process, "_prefetched_objects_cache", {}).clear()


def _note(process: Process, before: Sequence[rules.Span], reason: str, by: Person) -> None:
    after = queries.spans(process)
    change = Change.objects.create(process=process, by=by, reason=reason, before=_kept(before), after=_kept(after))
    tasks.tell_of_change.enqueue(change.pk)


def _kept(phases: Sequence[rules.Span]) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "kind": one.kind,
            "title": one.title,
            "doors": list(one.doors),
            "starts_at": one.starts_at.isoformat(),
            "ends_at": one.ends_at.isoformat(),
        }
        for one in phases
    ]
