"""What is due every day: documents that belong to no version any more."""

from allmende.constitution import actions
from allmende.ground.jobs import daily


@daily("constitution.sweep", at_hour=4, at_minute=50)
def sweep() -> str:
    """Bytes of drafts that were thrown away or got another document."""
    return f"{actions.sweep()} deleted"
