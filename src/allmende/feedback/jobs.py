"""What is due by itself: closing rounds, reminding once, telling those who asked what came in."""

from django.utils import timezone

from allmende.feedback import actions
from allmende.ground.jobs import daily, every


@every("feedback.close", minutes=10)
def close() -> str:
    """A deadline with a time is kept to the time."""
    return f"{actions.close_overdue(timezone.now())} closed"


@every("feedback.news", minutes=60)
def news() -> str:
    """Those who asked hear of new answers, at most once a day."""
    return f"{actions.tell_news(timezone.now())} told"


@daily("feedback.remind", at_hour=8, at_minute=10)
def remind() -> str:
    """Whoever was asked and has not answered is reminded three days before the end."""
    return f"{actions.remind(timezone.now())} reminded"
