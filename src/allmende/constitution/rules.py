"""What the cooperative law (GenG) leaves to a statute, and what it does not; the days that follow from it.

Plain values in, plain values out; `today` is passed in. Numbers of the law stand here with their paragraph and nowhere else.
Shares of a whole are in thousandths (750 = three quarters), money in cents, periods in months or days.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

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
TEXT_FORM_FROM = date(2025, 1, 1)  # since when the law knows text form and the permission of § 177 GenG
MOST_PAYOUT_MONTHS = 60  # no limit of the law: the statute may not leave it to the board alone, so it names a time one can live to see
EARLIEST = date(1850, 1, 1)  # older than every cooperative; an earlier year is a slip of the keys
MOST_AHEAD_MONTHS = 60
TERM_ENDS_SOON_DAYS = 60  # the house reminds of a term that ends

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


# --------------------------------------------------------------------------------------------------------------- text form


def is_text_form_enough(form: str, allowed_since: date | None, day: date) -> bool:
    """Whether text form suffices on this day: by the statute, or because the board allows it until the end of 2029 (§ 177 GenG)."""
    return form == "text" or (allowed_since is not None and allowed_since <= day <= WRITTEN_BY_TEXT_UNTIL)


# -------------------------------------------------------------------------------------------------------- what a statute says


@dataclass(frozen=True)
class Fault:
    """One number of a statute that the law does not allow: the field, the word of what is wrong, the paragraph, the limit."""

    field: str
    what: str
    paragraph: str
    limit: int = 0


Values = Mapping[str, Any]
"""What a statute says, by the names of its columns; what is missing is not looked at."""


@dataclass(frozen=True)
class _Range:
    """From the least to the most this number may be; the word of what is wrong on either side."""

    paragraph: str
    least: int | None = None
    most: int | None = None


_RANGES = {
    "share_cents": _Range("§ 7a GenG", 1, MOST_SHARE_CENTS),
    "mandatory_shares": _Range("§ 7a GenG", 1, 1_000_000),
    "instalment_months": _Range("§ 50 GenG", 1, 120),
    "entry_fee_cents": _Range("§ 7 GenG", 0, MOST_SHARE_CENTS),
    "minimum_capital_permille": _Range("§ 8a GenG", 0, 1000),
    "fiscal_month": _Range("§ 65 GenG", 1, 12),
    "payout_months": _Range("§ 73 GenG", 1, MOST_PAYOUT_MONTHS),
    "convocation_days": _Range("§ 46 GenG", LEAST_CONVOCATION_DAYS, 365),
    "agenda_days": _Range("§ 46 GenG", LEAST_AGENDA_DAYS, 365),
    "board_size": _Range("§ 24 GenG", 1, 100),
    "heirs_continue_months": _Range("§ 77 GenG", 0, 120),
    "change_permille": _Range("§ 16 GenG", STATUTE_CHANGE, 1000),
    "duties_permille": _Range("§ 16 GenG", NEW_DUTIES, 1000),
    "petition_permille": _Range("§ 45 GenG", 1, PETITION),
    "reserve_permille": _Range("§ 7 GenG", 1, 1000),
    "interest_permille": _Range("§ 21a GenG", 0, 1000),
}
FORMS = ("joining_form", "exit_form", "proxy_form")


def check_statute(values: Values, today: date) -> list[Fault]:
    """Every number that the law does not allow, in the order of the statute; an empty list may be adopted."""
    return [
        *_ranges(values),
        *_shares(values),
        *_capital(values),
        *_notice(values),
        *_days(values),
        *_text_form(values, today),
        *_votes(values),
    ]


def _ranges(values: Values) -> Iterator[Fault]:
    for field, allowed in _RANGES.items():
        number = values.get(field)
        if number is None:
            continue
        if allowed.least is not None and number < allowed.least:
            yield Fault(field, "too_low", allowed.paragraph, allowed.least)
        if allowed.most is not None and number > allowed.most:
            yield Fault(field, "too_high", allowed.paragraph, allowed.most)


def _shares(values: Values) -> Iterator[Fault]:
    """Payments: at least a tenth, at most all of it; instalments no more than what is left (§ 7 Nr. 1 GenG)."""
    share, paid_in = values.get("share_cents"), values.get("paid_in_cents")
    instalment, most = values.get("instalment_cents") or 0, values.get("max_shares")
    if share is not None and paid_in is not None:
        if paid_in * 1000 < share * LEAST_PAID_IN:
            yield Fault("paid_in_cents", "below_a_tenth", "§ 7 Nr. 1 GenG", -(-share * LEAST_PAID_IN // 1000))
        if paid_in > share:
            yield Fault("paid_in_cents", "above_the_share", "§ 7 Nr. 1 GenG", share)
        elif instalment > share - paid_in:
            yield Fault("instalment_cents", "above_what_is_left", "§ 7 Nr. 1 GenG", share - paid_in)
    if most is not None and most < (values.get("mandatory_shares") or 1):
        yield Fault("max_shares", "below_mandatory", "§ 7a GenG", values.get("mandatory_shares") or 1)


def _capital(values: Values) -> Iterator[Fault]:
    """The minimum capital is an amount or a part (§ 8a GenG); a liable sum is never below the share (§ 119 GenG)."""
    if values.get("minimum_capital_cents") and values.get("minimum_capital_permille"):
        yield Fault("minimum_capital_permille", "both_capitals", "§ 8a GenG")
    liability, liable, share = values.get("liability"), values.get("liability_cents") or 0, values.get("share_cents") or 0
    if liability == "limited" and liable < share:
        yield Fault("liability_cents", "below_the_share", "§ 119 GenG", share)
    if liability in {"none", "unlimited"} and liable:
        yield Fault("liability_cents", "no_liable_sum", "§ 6 Nr. 3 GenG")


def _notice(values: Values) -> Iterator[Fault]:
    months, is_long = values.get("notice_months"), bool(values.get("is_mostly_entrepreneurs"))
    most = MOST_NOTICE_MONTHS_ENTREPRENEURS if is_long else MOST_NOTICE_MONTHS
    if months is not None and months < LEAST_NOTICE_MONTHS:
        yield Fault("notice_months", "too_low", "§ 65 Abs. 2 GenG", LEAST_NOTICE_MONTHS)
    if months is not None and months > most:
        yield Fault("notice_months", "too_high" if is_long else "too_high_without_entrepreneurs", "§ 65 Abs. 2 GenG", most)


def _days(values: Values) -> Iterator[Fault]:
    convocation, agenda = values.get("convocation_days"), values.get("agenda_days")
    if convocation is not None and agenda is not None and agenda > convocation:
        yield Fault("agenda_days", "above_convocation", "§ 46 GenG", convocation)


def _text_form(values: Values, today: date) -> Iterator[Fault]:
    """The permission of § 177 GenG: only where the statute says in writing, with the resolution as evidence, until the end of 2029."""
    since, evidence = values.get("text_form_since"), values.get("text_form_evidence")
    if since is None:
        if evidence:
            yield Fault("text_form_since", "evidence_without_day", "§ 177 GenG")
        return
    if all(values.get(form, "text") == "text" for form in FORMS):
        yield Fault("text_form_since", "text_form_anyway", "§ 177 GenG")
    if not TEXT_FORM_FROM <= since <= min(today, WRITTEN_BY_TEXT_UNTIL):
        yield Fault("text_form_since", "outside_transition", "§ 177 GenG", WRITTEN_BY_TEXT_UNTIL.year)
    if not evidence:
        yield Fault("text_form_evidence", "no_evidence", "§ 177 GenG")


def _votes(values: Values) -> Iterator[Fault]:
    """Investing members vote only where there are any (§ 8 II GenG); more than three votes only among entrepreneurs (§ 43 III GenG)."""
    if values.get("investing_vote", "none") != "none" and not values.get("has_investing"):
        yield Fault("investing_vote", "no_investing_members", "§ 8 Abs. 2 GenG")
    votes = values.get("most_votes")
    if votes is not None and votes < 1:
        yield Fault("most_votes", "too_low", "§ 43 Abs. 3 GenG", 1)
    if votes is not None and votes > MOST_VOTES and not values.get("is_mostly_entrepreneurs"):
        yield Fault("most_votes", "too_high_without_entrepreneurs", "§ 43 Abs. 3 GenG", MOST_VOTES)


def hints_for_statute(values: Values) -> list[Fault]:
    """What the law allows and what has consequences one should know of before adopting."""
    found = []
    if values.get("text_form_since"):
        found.append(Fault("text_form_since", "expires", "§ 177 GenG", WRITTEN_BY_TEXT_UNTIL.year))
    if (values.get("board_size") or 0) < LEAST_BOARD and "board_size" in values:
        found.append(Fault("board_size", "board_of_one", "§ 24 Abs. 2 GenG", SMALL))
    if values.get("has_supervisory") is False:
        found.append(Fault("has_supervisory", "no_supervisory", "§ 9 Abs. 1 GenG", SMALL))
    if (values.get("notice_months") or 0) > LONG_NOTICE_MONTHS:
        found.append(Fault("notice_months", "long_notice", "§ 15a GenG", LONG_NOTICE_MONTHS))
    if (values.get("notice_months") or 0) > HARDSHIP_FROM_MONTHS:
        found.append(Fault("notice_months", "hardship", "§ 65 Abs. 3 GenG", HARDSHIP_NOTICE_MONTHS))
    share, paid_in = values.get("share_cents") or 0, values.get("paid_in_cents") or 0
    if paid_in < share and not values.get("instalment_cents"):
        found.append(Fault("instalment_cents", "rest_when_called", "§ 50 GenG"))
    if (values.get("most_votes") or 1) > 1:
        found.append(Fault("most_votes", "never_for_three_quarters", "§ 43 Abs. 3 GenG"))
    if (values.get("payout_months") or 0) > PAYOUT_MONTHS:
        found.append(Fault("payout_months", "long_payout", "§ 73 GenG", PAYOUT_MONTHS))
    return found


def check_dates(valid_from: date, adopted_on: date | None, registered_on: date | None, *, is_first: bool, today: date) -> list[Fault]:
    """The days of a version: resolved, entered, holding, in this order. The first may hold from its resolution; a change only from its
    entry in the register (§ 16 VI GenG).
    """
    found = []
    if adopted_on is None:
        found.append(Fault("adopted_on", "not_resolved", "§ 16 GenG"))
    if adopted_on and adopted_on > today:
        found.append(Fault("adopted_on", "not_yet", "§ 16 GenG"))
    if registered_on and registered_on > today:
        found.append(Fault("registered_on", "not_yet", "§ 16 Abs. 6 GenG"))
    if adopted_on and registered_on and registered_on < adopted_on:
        found.append(Fault("registered_on", "registered_before_resolved", "§ 16 Abs. 6 GenG"))
    if not is_first and registered_on is None:
        found.append(Fault("registered_on", "not_registered", "§ 16 Abs. 6 GenG"))
    if not is_first and registered_on and valid_from < registered_on:
        found.append(Fault("valid_from", "before_registered", "§ 16 Abs. 6 GenG"))
    if adopted_on and valid_from < adopted_on:
        found.append(Fault("valid_from", "before_resolved", "§ 16 GenG"))
    if valid_from < EARLIEST:
        found.append(Fault("valid_from", "too_early", "§ 16 GenG", EARLIEST.year))
    if valid_from > add_months(today, MOST_AHEAD_MONTHS):
        found.append(Fault("valid_from", "too_far_ahead", "§ 16 GenG", MOST_AHEAD_MONTHS))
    return found


def faults_of_size(members: int, board_size: int, has_supervisory: bool) -> list[Fault]:
    """What the number of members asks of a cooperative: at least three (§§ 4, 80 GenG); above twenty a board of two (§ 24 II) and a
    supervisory board (§ 9 I). Nobody entered yet is no fault: the register is about to be filled.
    """
    found = []
    if 0 < members < LEAST_MEMBERS:
        found.append(Fault("members", "too_few_members", "§§ 4, 80 GenG", LEAST_MEMBERS))
    if members > SMALL and board_size < LEAST_BOARD:
        found.append(Fault("board_size", "board_too_small", "§ 24 Abs. 2 GenG", LEAST_BOARD))
    if members > SMALL and not has_supervisory:
        found.append(Fault("has_supervisory", "supervisory_needed", "§ 9 Abs. 1 GenG", LEAST_SUPERVISORY))
    return found


# ------------------------------------------------------------------------------------------------------------------ offices


@dataclass(frozen=True)
class Term:
    """An office somebody holds, held or will hold: from when, the last day (nothing: no end known), discharged when."""

    kind: str
    since: date
    until: date | None = None
    discharged_on: date | None = None


def overlap(one: Term, other: Term) -> bool:
    """Whether there is a day on which both are held."""
    return one.since <= (other.until or date.max) and other.since <= (one.until or date.max)


def check_term(new: Term, others: Sequence[Term]) -> list[Fault]:
    """What stands against giving this office to somebody who holds or held the others (§ 37 GenG); terms to come count, too."""
    return [fault for other in others for fault in _conflict(new, other)]


def _conflict(new: Term, other: Term) -> Iterator[Fault]:
    if new.kind == other.kind and new.kind != "other" and overlap(new, other):
        yield Fault("since", "held_already", "§ 24 GenG")
    if {new.kind, other.kind} != {"board", "supervisory"}:
        return
    if overlap(new, other):
        yield Fault("kind", "board_and_supervisory", "§ 37 Abs. 1 GenG")
        return
    board, supervisory = (new, other) if new.kind == "board" else (other, new)
    is_before = board.until is not None and board.until < supervisory.since
    if is_before and (board.discharged_on is None or board.discharged_on > supervisory.since):
        yield Fault("kind", "not_discharged", "§ 37 Abs. 2 GenG")
