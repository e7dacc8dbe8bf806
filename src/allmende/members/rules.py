"""What is right for memberships and shares. Plain values in, plain values out; paragraphs are those of the GenG."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext_lazy

Line = tuple[date, int]  # from which day, how many shares more (or fewer)


def is_active(joined_on: date, ends_on: date | None, day: date) -> bool:
    """Whether the membership exists on this day; somebody whose exit is 31 December is a member all that day."""
    return joined_on <= day and (ends_on is None or day <= ends_on)


def first_day_after(ends_on: date) -> date:
    """From when the shares of a membership that ends are gone."""
    return ends_on + timedelta(days=1)


def held_on(lines: Iterable[Line], day: date) -> int:
    """How many shares are held on this day."""
    return sum(quantity for since, quantity in lines if since <= day)


def lowest_from(lines: Iterable[Line], day: date) -> int:
    """The smallest number of shares held on this or any later day: what can be given away at most from this day on."""
    known = list(lines)
    days = {day, *(since for since, _quantity in known if since > day)}
    return min(held_on(known, one) for one in days)


def highest_from(lines: Iterable[Line], day: date) -> int:
    """The largest number of shares held on this or any later day."""
    known = list(lines)
    days = {day, *(since for since, _quantity in known if since > day)}
    return max(held_on(known, one) for one in days)


def may_take_further(paid_cents: int, shares: int, mandatory: int, share_cents: int) -> bool:
    """§ 15b II: a further share only when all earlier ones except the last are fully paid; mandatory shares are not waited for.

    `paid_cents` is the member's Geschäftsguthaben. Nobody has to have paid more than all shares but one.
    """
    return shares < mandatory or paid_cents >= (shares - 1) * share_cents


# ------------------------------------------------------------------------------------------------------------- the register

USUAL_GROUPS = {
    "employees": gettext_lazy("Employees"),
    "partners": gettext_lazy("Partners"),
    "customers": gettext_lazy("Customers"),
    "supporters": gettext_lazy("Investors and supporters"),
}
NAMES_MINUTES = 60  # so long names stay uncovered for whoever said what for
LEAST_PURPOSE = 5  # letters of a purpose: enough for "Wahl"-like words to be told from a full stop
ROWS_AN_HOUR = 2_000  # lines of the list that one person inspects within an hour
LINK_DAYS = 14
ROLE_DAYS = 400  # so far back the nightly job looks for memberships that began or ended
MOST_YEARS = 30  # how far the figures go back


def further_shares(shares: int) -> int:
    """What the list of members names: shares beyond the first (§ 30 II Nr. 2 GenG)."""
    return max(shares - 1, 0)


def years_shown(first: int, day: date) -> list[date]:
    """The days the figures are shown for: the ends of the years since the first, at most thirty, and the day itself."""
    ends = [date(year, 12, 31) for year in range(max(first, day.year - MOST_YEARS), day.year)]
    return [*ends, day]
