"""What the calendar does with offers and needs: remind before the end, end, tidy up."""

from django.utils import timezone

from allmende.exchange import actions, search
from allmende.ground.jobs import daily, weekly


@daily("exchange.end", at_hour=5)
def end() -> str:
    """Remind of what ends within a week, end what has ended."""
    today = timezone.localdate()
    return f"{actions.remind_ending(today)} reminded, {actions.expire_ended(today)} ended"


@weekly("exchange.stems", weekday=6, at_hour=4, at_minute=40)
def forget_stems() -> str:
    """Words that no listing uses any more are forgotten."""
    return f"{search.forget_unused()} words forgotten"
