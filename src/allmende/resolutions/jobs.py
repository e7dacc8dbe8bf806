"""What is due by itself: reminders of measures, resolutions and reviews."""

from django.utils.timezone import localdate

from allmende.ground.jobs import daily
from allmende.resolutions import actions


@daily("resolutions.remind", at_hour=6, at_minute=50)
def remind() -> str:
    """A week before something is due, and on the day of a review; once for each date."""
    return f"{actions.remind(localdate())} reminded"
