"""What is due every day: reminders, the digest, forgetting."""

from allmende.circles import actions
from allmende.ground.jobs import daily


@daily("circles.remind", at_hour=17)
def remind() -> str:
    """Tell of tasks that are due tomorrow."""
    return f"{actions.remind_of_tasks()} reminded"


@daily("circles.digest", at_hour=7, at_minute=30)
def digest() -> str:
    """Tell what is new in one's circles."""
    return f"{actions.tell_news()} told"


@daily("circles.forget", at_hour=4, at_minute=40)
def forget() -> str:
    """Close old invitations and forget removed notes."""
    return f"{actions.forget_invitations()} invitations, {actions.purge_notes()} notes"
