"""Telling many people takes longer than a page may; the task can run twice and tells everybody once."""

from django_tasks import task

from allmende.ground.models import Entry
from allmende.proposals import letters


@task()
def tell_of(entry: int) -> int:
    """Authors and supporters hear what happened to a proposal; returns how many were told now."""
    found = Entry.objects.filter(pk=entry).first()
    return letters.tell_of(found) if found else 0
