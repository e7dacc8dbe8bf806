"""What is right for entries, in plain Python: freshness, licences, which languages a text speaks. No database, no clock."""

from datetime import datetime, timedelta
from enum import IntEnum

SHARE_ALIKE = frozenset({"ODbL-1.0", "CC-BY-SA-4.0", "CC-BY-SA-3.0"})


class Freshness(IntEnum):
    """Age of the last confirmation by the organisation itself (DESIGN-LANGUAGE section 6, `.fresh`)."""

    NEVER = 0
    OLDER = 1
    TWELVE_MONTHS = 2
    SIX_MONTHS = 3
    THREE_MONTHS = 4


MONTH = timedelta(days=365.25 / 12)


def freshness(confirmed_at: datetime | None, now: datetime) -> Freshness:
    """Up to 3 months, up to 6, up to 12, older, never. A confirmation in the future counts as fresh."""
    if confirmed_at is None:
        return Freshness.NEVER
    age = now - confirmed_at
    for months, level in ((3, Freshness.THREE_MONTHS), (6, Freshness.SIX_MONTHS), (12, Freshness.TWELVE_MONTHS)):
        if age <= months * MONTH:
            return level
    return Freshness.OLDER


def freshness_window(level: Freshness, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when to when a confirmation must lie for this level: (after, until]; None is open. Not for NEVER."""
    months = {Freshness.THREE_MONTHS: (0, 3), Freshness.SIX_MONTHS: (3, 6), Freshness.TWELVE_MONTHS: (6, 12)}
    if level == Freshness.OLDER:
        return None, now - 12 * MONTH
    newer, older = months[level]
    return now - older * MONTH, (now - newer * MONTH if newer else None)


def is_share_alike(licence: str) -> bool:
    """Whether data under this licence must be passed on under the same one (and can be left out of an export)."""
    return licence in SHARE_ALIKE


def strictest(licences: list[str], own: str) -> str:
    """The licence an entry is passed on under: share-alike wins over attribution, attribution over none."""
    order = ["ODbL-1.0", "CC-BY-SA-4.0", "CC-BY-SA-3.0", "ODC-By-1.0", "CC-BY-4.0", "CC-BY-3.0", "MIT"]
    held = {*licences, own}
    return next((licence for licence in order if licence in held), own)
