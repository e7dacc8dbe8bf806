"""What is due every day: deleting what is over."""

from allmende.files import actions
from allmende.ground.jobs import daily


@daily("files.sweep", at_hour=4, at_minute=40)
def sweep() -> str:
    """Removed files after a month, files of things that are gone, and what interrupted uploads left behind."""
    counts = actions.sweep()
    return ", ".join(f"{number} {what}" for what, number in counts.items())
