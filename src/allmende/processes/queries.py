"""Questions about processes: of which thing, which phase runs, what is open."""

from datetime import datetime
from typing import Any

from allmende.processes import rules
from allmende.processes.models import Phase, Process, State


def process_of(about: Any) -> Process | None:
    """The process of a thing: the active one, otherwise the last one that was closed."""
    found = Process.objects.filter(about_kind=about._meta.label_lower, about_id=about.pk)
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


def span(phase: Phase) -> rules.Span:
    """A phase as the rules see it."""
    return rules.Span(phase.pk, phase.starts_at, phase.ends_at, phase.kind, phase.title, tuple(phase.doors))
