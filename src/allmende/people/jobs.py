"""What is due every day about accounts: what nobody confirmed or uses any more is forgotten."""

from django.utils import timezone

from allmende.ground.jobs import daily
from allmende.people import actions


@daily("people.tidy", at_hour=4, at_minute=20)
def tidy() -> str:
    """Accounts whose address was not confirmed within a week, and sessions that have ended."""
    now = timezone.now()
    return f"{actions.forget_unconfirmed(now)} unconfirmed accounts, {actions.forget_ended_sessions(now)} ended sessions"
