"""What this room does in the background, in pieces that are done in a moment and may be done twice."""

from django.utils import timezone
from django_tasks import task

from allmende.freshness import actions, links


@task()
def ask_about(organisations: list[int]) -> None:
    """Write the letters that are due about these entries."""
    actions.ask_about(organisations, timezone.now())


@task()
def check_links(organisations: list[int]) -> None:
    """Look at the websites of these entries, a few at a time."""
    links.check(organisations, timezone.now())
