"""What is due every day: roles follow memberships, names go after the years of the law."""

from django.utils.timezone import localdate

from allmende.ground.jobs import daily
from allmende.members import actions


@daily("members.roles", at_hour=0, at_minute=20)
def roles() -> str:
    """Memberships that began or ended by the calendar."""
    given, ended = actions.follow_days()
    return f"{given} given, {ended} ended"


@daily("members.keeping", at_hour=3, at_minute=40)
def keeping() -> str:
    """Blank what need not be known any more."""
    today = localdate()
    return f"{actions.erase_expired(today)} memberships, {actions.forget_looks(today)} looks"
