"""What is due without anybody asking: closing what is over, making pictures anew."""

from django.utils import timezone

from allmende.ground import queue
from allmende.ground.jobs import every
from allmende.opinions import actions, queries, tasks


@every("opinions.pictures", minutes=5)
def pictures() -> str:
    """Close landscapes whose time is over, and have those computed to which enough people have answered since."""
    closed = actions.close_due(timezone.now())
    due = queries.due()
    for one in due:
        queue.enqueue_once(tasks.compute, str(one.uuid))
    return f"{closed} closed, {len(due)} to compute"
