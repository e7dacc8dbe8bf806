"""Telling all members takes longer than a page may; both tasks can run twice and tell everybody once."""

from django_tasks import task

from allmende.processes import letters
from allmende.processes.models import Change, Phase


@task()
def tell_of_change(pk: int) -> int:
    """All participants hear of a change and its reason; how many were told now."""
    change = Change.objects.select_related("process__cooperative__organisation").filter(pk=pk).first()
    return letters.changed(change) if change else 0


@task()
def tell_of_phase(pk: int, what: str) -> int:
    """All participants hear that a phase opens (`opens`) or ends tomorrow (`ends`); how many were told now."""
    phase = Phase.objects.select_related("process__cooperative__organisation").filter(pk=pk).first()
    return letters.phase(phase, what) if phase else 0
