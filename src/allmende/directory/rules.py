"""What is right for entries, in plain Python: freshness, licences, who sees which field. No database, no clock."""

from collections.abc import Iterable, Mapping
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


# From the widest circle to the narrowest; whoever is in one sees what is for the wider ones too.
CIRCLES = ("public", "network", "members", "stewards")
# The fields whose visibility can be chosen, with what holds where neither the entry nor the network's data rules say otherwise.
HIDEABLE: Mapping[str, str] = {
    "description": "public",
    "website": "public",
    "email": "stewards",
    "phone": "stewards",
    "address": "public",
    "founded": "public",
    "register": "public",
}


def level(field: str, own: Mapping[str, str], ruled: Mapping[str, str] | None) -> str:
    """Who sees a field: what the entry chose, else what the data rules say, else the cautious default.

    A word that is none of CIRCLES counts as the narrowest: a typing error must not publish anything.
    """
    found = own.get(field) or (ruled or {}).get(field) or HIDEABLE[field]
    return found if found in CIRCLES else CIRCLES[-1]


def covers(circle: str, needed: str) -> bool:
    """Whether somebody in this circle sees what is for `needed`."""
    return CIRCLES.index(circle) >= CIRCLES.index(needed)


def hidden(circle: str, own: Mapping[str, str], ruled: Mapping[str, str] | None) -> frozenset[str]:
    """The fields that somebody in this circle does not see."""
    return frozenset(field for field in HIDEABLE if not covers(circle, level(field, own, ruled)))


def narrowest(circles: Iterable[str]) -> str:
    """The innermost of these circles; `public` if there is none."""
    return max(circles, key=CIRCLES.index, default=CIRCLES[0])
