"""Comparing many entries, piece by piece: every piece is a task of its own, and doing one twice changes nothing."""

from django_tasks import task

from allmende.directory.models import RevisionSet
from allmende.duplicates import actions
from allmende.duplicates.models import Round


@task()
def scan_import(revision_set: int, after: int = 0) -> None:
    """Compare what an import has brought with everybody; `after` is the number of the last revision done."""
    found = RevisionSet.objects.filter(pk=revision_set).first()
    on = actions.scan_import(found, after=after) if found else None
    if on is not None:
        scan_import.enqueue(revision_set, on)


@task()
def scan_changed(turn: int, after: int = 0) -> None:
    """Go on with a nightly comparison; `after` is the number of the last entry done."""
    found = Round.objects.filter(pk=turn, ended_at=None).first()
    on = actions.scan_changed(found, after=after) if found else None
    if on is not None:
        scan_changed.enqueue(turn, on)
