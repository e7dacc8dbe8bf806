"""Questions about processes: of which thing, which phase runs, what is open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from allmende.ground.once import once
from allmende.people.queries import Viewer
from allmende.processes import access, rules, wording
from allmende.processes.models import Change, Door, Phase, Process, State


def process_of(about: Any) -> Process | None:
    """The process of a thing: the active one, otherwise the last one that was closed."""
    return _process(about._meta.label_lower, about.pk)


@once
def _process(kind: str, number: int) -> Process | None:
    found = Process.objects.filter(about_kind=kind, about_id=number)
    # "active" comes before "ended"
    return found.select_related("cooperative__organisation").prefetch_related("phases").order_by("state", "-created_at", "-pk").first()


def phase_now(about: Any, now: datetime) -> Phase | None:
    """The phase that runs for a thing at this moment; None without a process, before, between and after phases."""
    process = process_of(about)
    return running(process, now) if process is not None else None


def running(process: Process, now: datetime) -> Phase | None:
    """The phase of a process that runs at this moment."""
    if process.state == State.ENDED:
        return None
    phases = list(process.phases.all())
    place = rules.present([span(one) for one in phases], now)
    return phases[place] if place is not None else None


def is_open(about: Any, door: str, now: datetime) -> bool:
    """Whether something is open for a thing at this moment.

    Without a process, and until its first phase begins, the state of the thing alone decides: True. Afterwards the phase that runs.
    """
    process = process_of(about)
    if process is None or not rules.has_started([span(one) for one in process.phases.all()], now):
        return True
    phase = running(process, now)
    return phase is not None and door in phase.doors


def holds_back(about: Any, doors: Collection[str], now: datetime) -> Process | None:
    """The process by which something waits: it has begun, is not over, and the phase at this moment opens none of these doors."""
    process = process_of(about)
    if process is None or process.state == State.ENDED:
        return None
    phases = [span(one) for one in process.phases.all()]
    if not rules.has_started(phases, now) or all(one.ends_at <= now for one in phases):
        return None
    place = rules.present(phases, now)
    return None if place is not None and set(phases[place].doors) & set(doors) else process


def span(phase: Phase) -> rules.Span:
    """A phase as the rules see it."""
    return rules.Span(phase.pk, phase.starts_at, phase.ends_at, phase.kind, phase.title, tuple(phase.doors))


def spans(process: Process) -> list[rules.Span]:
    """All phases of a process as the rules see them, read anew."""
    return [span(one) for one in Phase.objects.filter(process=process)]


def opened_untold(now: datetime) -> list[Phase]:
    """Phases that run and of whose beginning nobody was told; what began more than two days ago is no news."""
    found = Phase.objects.filter(process__state=State.ACTIVE, told_of_start_at=None, starts_at__lte=now, ends_at__gt=now)
    return list(found.filter(starts_at__gt=now - 2 * rules.REMIND_BEFORE).select_related("process__cooperative__organisation"))


def ending_untold(now: datetime) -> list[Phase]:
    """Phases that end within a day; not those so short that all were told of their beginning just now."""
    soon = Phase.objects.filter(process__state=State.ACTIVE, told_of_end_at=None, ends_at__gt=now, ends_at__lte=now + rules.REMIND_BEFORE)
    return list(soon.filter(starts_at__lte=now - rules.REMIND_BEFORE).select_related("process__cooperative__organisation"))


@dataclass(frozen=True)
class Step:
    """A phase as the bar shows it."""

    phase: Phase
    is_over: bool
    is_now: bool

    @property
    def doors(self) -> list[str]:
        """What it opens, in words."""
        return [str(Door(one).label) for one in self.phase.doors if one in Door.values]


@dataclass(frozen=True)
class View:
    """A process as its pages show it: `when` is `planned`, `running`, `between`, `over` or `ended`."""

    process: Process
    steps: list[Step]
    now: Phase | None
    following: Phase | None
    when: str
    left: str
    change: Change | None


def view_of(process: Process, moment: datetime) -> View:
    """Everything the bar shows: four questions to the database at most."""
    phases = list(process.phases.all())
    now = running(process, moment)
    following = next((one for one in phases if one.starts_at > moment), None) if process.state == State.ACTIVE else None
    over = process.ended_at or moment
    steps = [Step(one, is_over=one.ends_at <= over, is_now=one == now) for one in phases]
    return View(
        process,
        steps,
        now,
        following,
        _when(process, phases, now, following, moment),
        wording.left(now.ends_at, moment) if now else "",
        process.changes.select_related("by").first(),
    )


def _when(process: Process, phases: list[Phase], now: Phase | None, following: Phase | None, moment: datetime) -> str:
    if process.state == State.ENDED:
        is_early = any(one.ends_at > (process.ended_at or moment) for one in phases)
        return "ended" if is_early else "over"
    if now is not None:
        return "running"
    if following is None:
        return "over"
    return "between" if any(one.ends_at <= moment for one in phases) else "planned"


def coming(viewer: Viewer, since: datetime) -> QuerySet[Phase]:
    """Phases this viewer may see that end after a moment, in order: what a calendar shows, with beginning and end."""
    seen = access.processes_visible_to(viewer).filter(state=State.ACTIVE)
    return Phase.objects.filter(process__in=seen, ends_at__gt=since).select_related("process__cooperative__organisation")
