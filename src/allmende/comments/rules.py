"""What is right about comments, in plain Python: how long one may change them, how many are a conversation and how many a flood."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

LONGEST = 4_000
A_PAGE = 50  # threads of one page; their answers come with them
CHANGE_WITHIN = timedelta(minutes=30)
"""So long slips of the pen can be mended; afterwards others may have answered to what stood there."""
RESTORE_WITHIN = timedelta(minutes=10)
"""So long deleting can be taken back."""
FORGET_AFTER = timedelta(days=1)
"""After that the words of a deleted comment are gone for good."""
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 20  # comments of one person, wherever: more is no conversation
MOST_ANSWERS = 200  # in one thread; then a new one reads better
MOST_MENTIONS = 10  # in one comment

_SLUG = re.compile(r"(?<![\w@/.])@([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w@-])", re.IGNORECASE | re.ASCII)


def may_change(created_at: datetime, now: datetime) -> bool:
    """Whether a comment is young enough to be changed."""
    return now - created_at <= CHANGE_WITHIN


def may_restore(deleted_at: datetime | None, now: datetime) -> bool:
    """Whether a deleted comment can still be taken back."""
    return deleted_at is not None and now - deleted_at <= RESTORE_WITHIN


def is_flood(last_hour: int) -> bool:
    """Whether somebody has written so much in an hour that the next one has to wait."""
    return last_hour >= MOST_AN_HOUR


def page_of(place: int) -> int:
    """The page on which the thread at this place (counted from 0) stands."""
    return place // A_PAGE + 1


def named_slugs(text: str) -> list[str]:
    """The words after an @ that could be addresses of organisations, each once, in order.

    >>> named_slugs("Fragt @hostsharing-eg, nicht post@example.org oder https://x.example/@wer")
    ['hostsharing-eg']
    """
    return list(dict.fromkeys(word.lower() for word in _SLUG.findall(text)))


def named_people(text: str, names: Iterable[str]) -> list[str]:
    """Which of these names stand in the text after an @, each once. The longer name wins: @Anna Berg is not @Anna.

    >>> named_people("Danke, @Anna Berg. Und @ben?", ["Anna", "Anna Berg", "Ben", "Clara"])
    ['Anna Berg', 'Ben']
    """
    by_word = {name.lower(): name for name in names if name}
    if not by_word:
        return []
    found = pattern(by_word).findall(text)
    return list(dict.fromkeys(by_word[word.lower()] for word in found if word.lower() in by_word))


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Finds these words after an @, the longest first, not in the middle of addresses."""
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w@/.])@({'|'.join(map(re.escape, longest))})(?![\w-])", re.IGNORECASE)
