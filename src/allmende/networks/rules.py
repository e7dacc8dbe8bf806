"""What is right for networks: fees by size, who acts for a member, no circles. Plain values in, plain values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

MOST_BANDS = 12
KEEP_NAMES_YEARS = 3  # after the end of the year in which somebody stopped acting for a member (as § 30 III GenG for members)


@dataclass(frozen=True)
class Step:
    """One band: up to and with `upto` (nothing: without an upper end) a year costs `cents`."""

    upto: int | None
    cents: int


def are_bands(steps: Sequence[Step]) -> bool:
    """Whether the bands go up, the last one alone without an end, so that every size has exactly one."""
    ends = [step.upto for step in steps]
    closed = [end for end in ends[:-1] if end is not None]
    return 0 < len(steps) <= MOST_BANDS and ends[-1] is None and len(closed) == len(ends) - 1 and closed == sorted(set(closed))


def band_of(ends: Sequence[int | None], figure: int) -> int:
    """Which band a size falls into, by its place; a limit belongs to the lower band."""
    return next(at for at, end in enumerate(ends) if end is None or figure <= end)


def months_due(joined_on: date, year: int, *, pro_rata: bool) -> int:
    """For how many months of the year a fee is due: all twelve, or from the month of joining on where the scheme counts by months."""
    return 13 - joined_on.month if pro_rata and joined_on.year == year else 12


def fee_for(cents: int, months: int) -> int:
    """The part of a year's fee for so many months, rounded to the cent, half a cent upwards."""
    return (cents * months * 2 + 12) // 24


def is_due(joined_on: date, ends_on: date | None, year: int) -> bool:
    """Whether somebody was a member on any day of the year."""
    return joined_on.year <= year and (ends_on is None or ends_on.year >= year)


def figure_for(declared: Iterable[tuple[date, int]], year: int) -> int | None:
    """The size that counts for a year: the last one declared until its end, otherwise the first one after it.

    Of two of the same day the later one in the row counts: it corrects the other.
    """
    known = sorted(declared, key=itemgetter(0))
    until = [figure for day, figure in known if day.year <= year]
    return until[-1] if until else known[0][1] if known else None


def closes_circle(members: Mapping[int, Iterable[int]], network: int, member: int) -> bool:
    """Whether a network would be, directly or through others, a member of itself. `members`: network -> its members."""
    waiting, seen = [member], set()
    while waiting:
        one = waiting.pop()
        if one == network:
            return True
        if one not in seen:
            seen.add(one)
            waiting += members.get(one, ())
    return False


def acts_on(since: date, until: date | None, day: date) -> bool:
    """Whether somebody acts for a member on this day; both ends count."""
    return since <= day and (until is None or day <= until)


def overlap(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Whether two times have a day in common."""
    return (other_until is None or since <= other_until) and (until is None or other_since <= until)


def names_go_after(until: date) -> date:
    """Until when the name of somebody who stopped acting for a member is kept."""
    return date(until.year + KEEP_NAMES_YEARS, 12, 31)
