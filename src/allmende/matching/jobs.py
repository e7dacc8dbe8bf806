"""What is due without anybody asking: telling both sides of new good matches, and drawing anew what was drawn in an older way."""

from django.utils import timezone

from allmende.ground.jobs import daily
from allmende.matching import actions, telling


@daily("matching.tell", at_hour=7, at_minute=10)
def tell() -> str:
    """One notice a day at most for each person, with all new matches of their offers and needs."""
    return f"{telling.tell_new(timezone.now())} told"


@daily("matching.draw", at_hour=3, at_minute=50)
def draw() -> str:
    """Listings whose portrait is missing or was drawn by older rules."""
    return f"{actions.draw_missing()} drawn"
