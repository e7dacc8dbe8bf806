"""What followers are told and when, in plain Python."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

NOW, DAILY, WEEKLY, PAUSED = "now", "daily", "weekly", "paused"
HOUR = time(7)  # digests are there when the day begins
MONDAY = 0
KEPT = timedelta(days=40)  # happenings are remembered longer than the rarest digest

# What the directory calls a change, and what followers read. The rest (new rules, a new count) is nobody's news.
NEWS = {
    "created": "new",
    "published": "new",
    "imported": "changed",
    "edited": "changed",
    "restored": "changed",
    "undone": "changed",
    "merged": "changed",
    "unmerged": "changed",
    "confirmed": "confirmed",
    "archived": "gone",
}
# A search is followed for what comes to it and changes in it; that somebody confirmed again is news of one entry only.
TOLD_OF_SEARCHES = frozenset({"new", "changed"})


def news_of(what: str, is_new: bool) -> str:
    """The word for followers: `new`, `changed`, `confirmed`, `gone`, or empty where there is nothing to tell."""
    word = NEWS.get(what, "")
    return "new" if word == "changed" and is_new else word


def is_due(frequency: str, sent_at: datetime | None, since: datetime, local_now: datetime) -> bool:
    """Whether a digest of this frequency may go out at this moment of the house's clock.

    Daily: once after 7 o'clock of each day; weekly: once after 7 o'clock of each Monday; a house that was closed sends it later.
    """
    if frequency == NOW:
        return True
    if frequency not in {DAILY, WEEKLY}:
        return False
    return (sent_at or since) < _last_date(frequency, local_now)


def _last_date(frequency: str, local_now: datetime) -> datetime:
    """The newest moment at which digests of this frequency begin."""
    day = local_now.replace(hour=HOUR.hour, minute=0, second=0, microsecond=0)
    back = 0 if frequency == DAILY else (day.weekday() - MONDAY) % 7
    begin = day - timedelta(days=back)
    return begin if begin <= local_now else begin - timedelta(days=1 if frequency == DAILY else 7)


def strongest(words: Iterable[str]) -> str:
    """Several news of one entry in one digest become one line: what is gone is gone, what is new is new."""
    order = ("gone", "new", "changed", "confirmed")
    return next(word for word in order if word in set(words))
