"""What this room does every day. The work itself is done by tasks, so that no letter waits for a slow website."""

from django.conf import settings
from django.utils import timezone

from allmende.freshness import actions, figures, queries, tasks
from allmende.ground.jobs import daily

ENTRIES_AT_ONCE = 100
WEBSITES_AT_ONCE = 20


@daily("freshness.questions", at_hour=5)
def ask() -> str:
    """Ask whether all is still true: first and second letters, and where the house wants it, organisations nobody speaks for."""
    now = timezone.now()
    due = queries.due(now)
    for start in range(0, len(due), ENTRIES_AT_ONCE):
        tasks.ask_about.enqueue(due[start : start + ENTRIES_AT_ONCE])
    unclaimed = actions.ask_unclaimed(now)
    return f"{len(due)} entries silent for a year, {unclaimed} organisations asked at their own address"


@daily("freshness.websites", at_hour=4)
def look_at_websites() -> str:
    """A part of all websites every day, each at most once a week; none at all unless ALLMENDE_LINK_CHECKS says how many."""
    if not settings.LINK_CHECKS:
        return "off"
    chosen = [one.pk for one in queries.links_to_check(timezone.now(), settings.LINK_CHECKS)]
    for start in range(0, len(chosen), WEBSITES_AT_ONCE):
        tasks.check_links.enqueue(chosen[start : start + WEBSITES_AT_ONCE])
    return f"{len(chosen)} websites"


@daily("freshness.figures", at_hour=23, at_minute=50)
def keep_figures() -> str:
    """How fresh the map is today, for its history."""
    day = figures.keep(timezone.now())
    return f"{day.day}: {day.total} entries"
