"""What is due every night: entries that changed since the last night are compared with all others."""

from allmende.duplicates import tasks
from allmende.duplicates.actions.finding import begin_round
from allmende.ground.jobs import daily


@daily("duplicates.scan", at_hour=2, at_minute=20)
def compare_changed() -> str:
    """Begin the round; tasks do it."""
    turn = begin_round()
    tasks.scan_changed.enqueue(turn.pk)
    return f"round {turn.pk}"
