"""What the cooperative law (GenG) leaves to a statute, and what it does not; the days that follow from it.

Plain values in, plain values out; `today` is passed in. Numbers of the law stand here with their paragraph and nowhere else.
Shares of a whole are in thousandths (750 = three quarters), money in cents, periods in months or days.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

# --------------------------------------------------------------------------------------------------------- the law's limits

LEAST_MEMBERS = 3  # § 4 GenG
SMALL = 20  # members up to whom one board member suffices and a supervisory board may be waived (§§ 9, 24 GenG)
LEAST_BOARD = 2  # § 24 II GenG
LEAST_SUPERVISORY = 3  # § 36 I GenG
LEAST_NOTICE_MONTHS = 3  # § 65 II GenG
MOST_NOTICE_MONTHS = 60  # § 65 II GenG: five years
MOST_NOTICE_MONTHS_ENTREPRENEURS = 120  # § 65 II GenG: ten years, where more than three quarters of the members are entrepreneurs
HARDSHIP_NOTICE_MONTHS = 3  # § 65 III GenG
HARDSHIP_FROM_MONTHS = 24  # § 65 III GenG: only where the statute asks for more than two years
LONG_NOTICE_MONTHS = 12  # § 15a GenG: longer ones are to be acknowledged expressly
LEAST_PAID_IN = 100  # thousandths of a share, § 7 Nr. 1 GenG: at least a tenth
PAYOUT_MONTHS = 6  # § 73 II GenG
UNDONE_MONTHS = 6  # § 75 GenG: dissolution within six months undoes an exit
LEAST_CONVOCATION_DAYS = 14  # § 46 I GenG
LEAST_AGENDA_DAYS = 7  # § 46 II GenG
STATUTE_CHANGE = 750  # § 16 II GenG: three quarters of the votes cast
NEW_DUTIES = 900  # § 16 III GenG: nine tenths for new duties to use or deliver
PETITION = 100  # § 45 GenG: a tenth of the members, or fewer by statute
MOST_PROXIES = 2  # § 43 V GenG
MOST_VOTES = 3  # § 43 III GenG
MOST_INVESTING_OFFICES = 250  # § 8 II GenG: at most a quarter of the supervisory board
WRITTEN_BY_TEXT_UNTIL = date(2029, 12, 31)  # § 177 GenG
KEEP_LIST_YEARS = 3  # § 30 III GenG
KEEP_BOOKS_YEARS, KEEP_VOUCHERS_YEARS, KEEP_LETTERS_YEARS = 10, 8, 6  # § 257 HGB (vouchers eight years since 2025)
MOST_SHARE_CENTS = 100_000_000_00

# ------------------------------------------------------------------------------------------------------------------ days


def add_months(day: date, months: int) -> date:
    """The same day so many months later (earlier with a minus), the month's last where it has no such day (§ 188 III BGB)."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_month_end(day: date) -> bool:
    """Whether it is the last day of its month."""
    return (day + timedelta(days=1)).day == 1


def fiscal_year_end(day: date, month: int) -> date:
    """The last day of the fiscal year in which `day` lies; fiscal years end with the last day of `month`."""
    year = day.year if day.month <= month else day.year + 1
    return date(year, month, monthrange(year, month)[1])


def fiscal_year_start(day: date, month: int) -> date:
    """The first day of the fiscal year in which `day` lies."""
    end = fiscal_year_end(day, month)
    return add_months(date(end.year, end.month, 1), -11)


def months_before(end: date, months: int) -> date:
    """The last day on which notice of so many months before `end` can come in. Before a month's end it is a month's end (§ 188 II BGB)."""
    day = add_months(end, -months)
    return date(day.year, day.month, monthrange(day.year, day.month)[1]) if is_month_end(end) else day


def notice_takes_effect_on(received_on: date, notice_months: int, fiscal_month: int, joined_on: date | None = None) -> date:
    """The end of a fiscal year at which a notice takes effect: the first that leaves the whole period (§ 65 II GenG).

    `joined_on`: nobody leaves before having joined; then the first end of a fiscal year after it counts.
    """
    end = fiscal_year_end(max(received_on, joined_on or received_on), fiscal_month)
    while received_on > months_before(end, notice_months):
        end = fiscal_year_end(end + timedelta(days=1), fiscal_month)
    return end


def payout_due_on(exit_on: date, months: int = PAYOUT_MONTHS) -> date:
    """Until when a settlement is to be paid (§ 73 II GenG: within six months after the exit)."""
    due = add_months(exit_on, months)
    return date(due.year, due.month, monthrange(due.year, due.month)[1]) if is_month_end(exit_on) else due


def last_day_to_convene(assembly_on: date, days: int = LEAST_CONVOCATION_DAYS) -> date:
    """The last day on which the invitation must be out: `days` whole days lie between it and the assembly (§ 46 I GenG, § 187 I BGB)."""
    return assembly_on - timedelta(days=days + 1)


def keep_until(exit_on: date) -> date:
    """Until when proofs of a membership are kept: three years after the end of the calendar year of the exit (§ 30 III GenG)."""
    return date(exit_on.year + KEEP_LIST_YEARS, 12, 31)


# -------------------------------------------------------------------------------------------------------- what a statute says


@dataclass(frozen=True)
class Fault:
    """One number of a statute that the law does not allow: the field, the word of what is wrong, the paragraph, the limit."""

    field: str
    what: str
    paragraph: str
    limit: int = 0
