"""What is right about attached files: how large, how many, how long kept. Plain Python; sizes in bytes."""

from datetime import datetime, timedelta

MB = 1_000_000
LARGEST = 10 * MB
"""One file. A board's report with pictures fits; a film belongs where films are kept, and a link leads there."""
MOST_OF_A_THING = 10
A_DAY = 200 * MB
"""So much a day from one person, and from one organisation."""
UNDONE_WITHIN = timedelta(days=30)
"""So long a removed file can be brought back; then it is deleted."""
KEPT_HIDDEN = timedelta(days=365)
"""So long a file taken off after a report is kept: longer than an appeal against the decision may follow."""
STRAY_AFTER = timedelta(days=1)
"""What lies in the folder so long without a row was left by an upload that died."""
LONGEST_NAME = 100


def has_room(count: int) -> bool:
    """Whether a thing that has so many files may have one more."""
    return count < MOST_OF_A_THING


def is_within_a_day(so_far: int, size: int) -> bool:
    """Whether one more file of this size is within what may come in a day."""
    return so_far + size <= A_DAY


def is_over(removed_at: datetime, now: datetime) -> bool:
    """Whether a removed file cannot be brought back any more."""
    return now - removed_at > UNDONE_WITHIN
