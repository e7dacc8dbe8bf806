"""Telling many people takes longer than a page may; the task can run twice and tells everybody once."""

from django_tasks import task

from allmende.amendments import letters
from allmende.ground.models import Entry


@task()
def tell_of(entry: int) -> int:
    """Those whom a change of an amendment concerns hear of it; returns how many were told now."""
    found = Entry.objects.filter(pk=entry).first()
    return letters.tell_of(found) if found else 0
