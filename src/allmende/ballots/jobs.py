"""What is due without anybody asking: closing and counting, mixing secret papers, telling those on the roll."""

from django.utils import timezone

from allmende.ballots import actions, letters
from allmende.ground.jobs import every, weekly


@every("ballots.close", minutes=1)
def close() -> str:
    """Close and count what has ended; the first look at its page does the same."""
    return f"{actions.close_due(timezone.now())} counted"


@every("ballots.shuffle", minutes=10)
def shuffle() -> str:
    """Write the papers of open secret ballots anew."""
    return f"{actions.shuffle_open()} shuffled"


@every("ballots.tell", minutes=5)
def tell() -> str:
    """Voting has begun, ends soon, was prolonged, was counted."""
    return f"{letters.tell_due(timezone.now())} told"


@weekly("ballots.digest", weekday=0, at_hour=7, at_minute=10)
def digest() -> str:
    """On Monday: what somebody can still decide, and until when."""
    return f"{letters.tell_weekly(timezone.now())} told"
