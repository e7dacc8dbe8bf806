"""How long what is kept."""

from datetime import datetime, timedelta

KEEP_UPLOADED = timedelta(days=7)
MAY_UNDO = timedelta(days=14)


def is_forgotten(uploaded_at: datetime, now: datetime) -> bool:
    """Whether a list nobody entered goes."""
    return now - uploaded_at > KEEP_UPLOADED


def may_undo(done_at: datetime | None, now: datetime) -> bool:
    """Two weeks long; later the register is what was worked with."""
    return done_at is not None and now - done_at <= MAY_UNDO
