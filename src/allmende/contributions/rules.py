"""What is right for contributions: amounts as people write them, days, who may be the second person, what of a group may be shown.

Amounts are whole numbers: cents for turnover, thousandths of the unit for everything else. Plain values in, plain values out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allmende.constitution.rules import fiscal_year_end, fiscal_year_start
from allmende.ground.money import euros, plain, read_euros
from allmende.ground.text import reads_english

LEAST_MEMBERS = 5  # of a group before others see its sum: with fewer, neighbours could guess whose it is
MOST_HOURS = 24_000  # thousandths: what one line of a day holds unless the board allows more
MOST_AMOUNT = 10**12  # of one line, in whole numbers: more is a slip of the hand
MOST_ROWS = 5_000  # in one file
MOST_AT_ONCE = 100  # contributions in one call of a program
TURNOVER, HOURS = "turnover", "hours"

_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)", re.ASCII)
_DECIMAL = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,3})?|\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d{1,3})?", re.ASCII)
_EXACT = re.compile(r"-?\d{1,9}(?:\.\d{1,3})?", re.ASCII)
_EXACT_MONEY = re.compile(r"-?\d{1,10}(?:\.\d{1,2})?", re.ASCII)

# ---------------------------------------------------------------------------------------------------------------- amounts


def read_amount(text: str, unit: str) -> int:
    """The amount people mean: `1,5`, `1:30` (hours), `2.500,00 €` (turnover). ValueError where it cannot be read.

    Minutes become thousandths of an hour, rounded to the nearest: 1:20 is 1.333.
    """
    said = text.strip().replace("−", "-")
    if unit == TURNOVER:
        return read_euros(said)
    said = re.sub(r"(?i)\s*(?:h|std\.?|stunden?|hours?)$", "", said)
    sign, said = (-1, said[1:].strip()) if said.startswith("-") else (1, said)
    if unit == HOURS and (clock := _CLOCK.fullmatch(said)):
        return sign * (int(clock[1]) * 1000 + (int(clock[2]) * 1000 + 30) // 60)
    if _GROUPED.fullmatch(said) and not re.fullmatch(r"0\.\d{3}", said):
        whole, _comma, part = re.sub(r"[ \u00a0\u202f']", "", said).rpartition(",") if "," in said else (said, "", "")
        return sign * _thousandths(re.sub(r"\D", "", whole), part)
    if not _DECIMAL.fullmatch(said):
        raise ValueError(text)
    whole, _point, part = said.replace(",", ".").partition(".")
    return sign * _thousandths(whole, part)


def read_exact(text: str, unit: str) -> int:
    """The amount a program writes: a decimal point and no more than three decimals (two for turnover). ValueError otherwise."""
    if not (_EXACT_MONEY if unit == TURNOVER else _EXACT).fullmatch(text):
        raise ValueError(text)
    whole, _point, part = text.lstrip("-").partition(".")
    sign = -1 if text.startswith("-") else 1
    return sign * (int(whole) * 100 + int(part.ljust(2, "0")) if unit == TURNOVER else _thousandths(whole, part))


def _thousandths(whole: str, part: str) -> int:
    return int(whole) * 1000 + int(part.ljust(3, "0") or "0")


def write_exact(amount: int, unit: str) -> str:
    """As programs read it: `1.5`, `12.30` for turnover."""
    if unit == TURNOVER:
        return plain(amount)
    whole, part = divmod(abs(amount), 1000)
    decimals = f".{part:03d}".rstrip("0") if part else ""
    return f"{'-' if amount < 0 else ''}{whole}{decimals}"


def write_amount(amount: int, unit: str, unit_name: str = "") -> str:
    """As people read it: `1,5 h`, `2.500 €`, `12 Kisten`."""
    if unit == TURNOVER:
        return euros(amount, exact=False)
    whole, part = divmod(abs(amount), 1000)
    decimals = f".{part:03d}".rstrip("0") if part else ""
    number = f"{whole:,}{decimals}"
    said = number if reads_english() else number.translate(str.maketrans(",.", ".,"))
    name = "h" if unit == HOURS else unit_name
    return f"{'−' if amount < 0 else ''}{said}{chr(160) + name if name else ''}"


# ------------------------------------------------------------------------------------------------------------------- days


@dataclass(frozen=True)
class Year:
    """A fiscal year of a cooperative: both days belong to it."""

    starts_on: date
    ends_on: date

    @property
    def name(self) -> str:
        """`2026`, or `2025/26` where it does not follow the calendar."""
        if self.starts_on.year == self.ends_on.year:
            return str(self.ends_on.year)
        return f"{self.starts_on.year}/{self.ends_on.year % 100:02d}"


def year_of(day: date, fiscal_month: int) -> Year:
    """The fiscal year in which a day lies."""
    return Year(fiscal_year_start(day, fiscal_month), fiscal_year_end(day, fiscal_month))


def years_between(first: date, last: date, fiscal_month: int) -> list[Year]:
    """All fiscal years from the one of `first` to the one of `last`, the latest first."""
    found: list[Year] = []
    day = last
    while not found or found[-1].starts_on > first:
        found.append(year_of(day, fiscal_month))
        day = found[-1].starts_on - timedelta(days=1)
    return found


def is_too_old(done_on: date, today: date, days_back: int) -> bool:
    """Whether members may not enter this day by themselves any more."""
    return done_on < today - timedelta(days=days_back)


def is_closed(done_on: date, closed_until: date | None) -> bool:
    """Whether the day lies in a year the board has closed."""
    return closed_until is not None and done_on <= closed_until


# ---------------------------------------------------------------------------------------------------------- second person


def may_be_second(by: int, entered_by: int | None, member: int | None) -> bool:
    """Confirmed is by somebody who neither entered the line nor is the member; all as numbers of accounts."""
    return by not in {entered_by, member}


# ------------------------------------------------------------------------------------------------------- what is shown


@dataclass(frozen=True)
class Cell:
    """Groups that are shown as one: their keys and how many members they have together. Empty keys belong to no group."""

    keys: tuple[str, ...]
    members: int


def cells(members: Mapping[str, int], least: int) -> list[Cell]:
    """Which groups are shown by themselves and which together, so that no sum stands for fewer than `least` members.

    Groups that are too small become one cell. Where all of them together are still too few, the smallest of the others joins them:
    otherwise total less shown sums would tell what was hidden. Nothing is shown where even all are too few.
    `members` is in the order of the groups; the joined cell stands last.
    """
    alone = [Cell((key,), count) for key, count in members.items() if count >= least]
    small = [key for key, count in members.items() if count < least]
    together = sum(members[key] for key in small)
    if not small:
        return alone
    while together < least and alone:
        next_one = min(alone, key=lambda cell: cell.members)
        alone.remove(next_one)
        small.extend(next_one.keys)
        together += next_one.members
    return [*alone, Cell(tuple(small), together)] if together >= least else []


def sums_of(shown: Sequence[Cell], sums: Mapping[str, int]) -> list[int]:
    """The sum of each cell."""
    return [sum(sums.get(key, 0) for key in cell.keys) for cell in shown]


GAP = 35  # hundredths of a percent between two parts of a bar
WHOLE = 10_000


def bar(amounts: Sequence[int]) -> list[tuple[str, str]]:
    """Where each part of a bar begins and how wide it is, in percent of the whole with two decimals; nothing for parts that are not.

    >>> bar([1, 1])
    [('0.00', '49.65'), ('50.00', '49.65')]
    """
    positive = [max(0, amount) for amount in amounts]
    whole, at, found = sum(positive), 0, []
    for amount in positive:
        start = at * WHOLE // whole if whole else 0
        at += amount
        end = at * WHOLE // whole if whole else 0
        width = max(end - start - GAP, 0 if not amount else 20)
        found.append((f"{start // 100}.{start % 100:02d}", f"{width // 100}.{width % 100:02d}"))
    return found
