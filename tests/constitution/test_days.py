"""The example numbers of the law that concern days, each by its paragraph."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.constitution import rules

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("received", "months", "fiscal_month", "leaves", "paid"),
    [
        (date(2026, 9, 30), 3, 12, date(2026, 12, 31), date(2027, 6, 30)),
        (date(2026, 10, 1), 3, 12, date(2027, 12, 31), date(2028, 6, 30)),
        (date(2026, 5, 10), 24, 12, date(2028, 12, 31), date(2029, 6, 30)),
        (date(2026, 3, 31), 3, 6, date(2026, 6, 30), date(2026, 12, 31)),
        (date(2026, 4, 1), 3, 6, date(2027, 6, 30), date(2027, 12, 31)),
    ],
)
def test_par_65_and_73_a_notice_takes_effect_at_the_end_of_a_fiscal_year_and_is_paid_out_within_six_months(
    received: date, months: int, fiscal_month: int, leaves: date, paid: date
) -> None:
    assert rules.notice_takes_effect_on(received, months, fiscal_month) == leaves
    assert rules.payout_due_on(leaves) == paid


def test_par_46_i_fourteen_full_days_lie_between_invitation_and_assembly() -> None:
    assert rules.last_day_to_convene(date(2026, 6, 17)) == date(2026, 6, 2)


def test_par_46_ii_further_items_are_announced_seven_full_days_before() -> None:
    assert rules.last_day_to_convene(date(2026, 6, 17), rules.LEAST_AGENDA_DAYS) == date(2026, 6, 9)


def test_par_30_iii_proofs_are_kept_three_years_after_the_year_of_the_exit() -> None:
    assert rules.keep_until(date(2026, 12, 31)) == date(2029, 12, 31)
    assert rules.keep_until(date(2026, 6, 30)) == date(2029, 12, 31)


@pytest.mark.parametrize(
    ("received", "months", "fiscal_month", "leaves"),
    [
        (date(2027, 11, 29), 3, 2, date(2028, 2, 29)),  # the fiscal year ends on a leap day, notice until the month's end before
        (date(2027, 11, 30), 3, 2, date(2028, 2, 29)),
        (date(2027, 12, 1), 3, 2, date(2029, 2, 28)),
        (date(2028, 2, 29), 12, 2, date(2029, 2, 28)),
        (date(2028, 3, 1), 12, 2, date(2030, 2, 28)),
        (date(2028, 2, 29), 60, 12, date(2033, 12, 31)),
        (date(2026, 12, 31), 120, 12, date(2036, 12, 31)),
    ],
)
def test_par_65_leap_days_and_fiscal_years_that_end_in_february(received: date, months: int, fiscal_month: int, leaves: date) -> None:
    assert rules.notice_takes_effect_on(received, months, fiscal_month) == leaves


def test_par_65_nobody_leaves_before_having_joined() -> None:
    assert rules.notice_takes_effect_on(date(2026, 6, 1), 3, 12, joined_on=date(2027, 1, 1)) == date(2027, 12, 31)


def test_par_73_a_settlement_after_an_exit_on_a_leap_day_is_due_at_the_month_end() -> None:
    assert rules.payout_due_on(date(2028, 2, 29)) == date(2028, 8, 31)
    assert rules.payout_due_on(date(2026, 8, 31)) == date(2027, 2, 28)


@given(received=DAYS, months=st.integers(3, 120), fiscal_month=st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_par_65_the_first_end_of_a_fiscal_year_that_leaves_the_whole_period(received: date, months: int, fiscal_month: int) -> None:
    leaves = rules.notice_takes_effect_on(received, months, fiscal_month)
    assert leaves == rules.fiscal_year_end(leaves, fiscal_month)
    assert received <= rules.months_before(leaves, months)
    before = rules.fiscal_year_start(leaves, fiscal_month) - timedelta(days=1)
    assert before < received or received > rules.months_before(before, months)


@given(day=DAYS, month=st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_a_fiscal_year_has_twelve_months_and_holds_its_day(day: date, month: int) -> None:
    start, end = rules.fiscal_year_start(day, month), rules.fiscal_year_end(day, month)
    assert start <= day <= end
    assert start.day == 1
    assert rules.is_month_end(end)
    assert rules.add_months(start, 12) == end + timedelta(days=1)


@pytest.mark.parametrize(
    ("form", "since", "day", "enough"),
    [
        ("text", None, date(2026, 1, 1), True),
        ("written", None, date(2026, 1, 1), False),
        ("written", date(2026, 1, 1), date(2025, 12, 31), False),
        ("written", date(2026, 1, 1), date(2026, 1, 1), True),
        ("written", date(2026, 1, 1), date(2029, 12, 31), True),
        ("written", date(2026, 1, 1), date(2030, 1, 1), False),
    ],
)
def test_par_177_the_board_may_allow_text_form_until_the_end_of_2029(form: str, since: date | None, day: date, enough: bool) -> None:
    assert rules.is_text_form_enough(form, since, day) is enough
