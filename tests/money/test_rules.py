"""Rates, parts that go along, the minimum, reminders: plain numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.money import rules
from allmende.money.rules import Rate

FIRST = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("shares", "worth", "at_once", "instalment", "months", "plan"),
    [
        (2, 250_00, 250_00, 0, 1, [(500_00, FIRST)]),
        (1, 250_00, 25_00, 0, 1, [(25_00, FIRST)]),
        (1, 100_00, 40_00, 30_00, 1, [(40_00, FIRST), (30_00, date(2026, 2, 28)), (30_00, date(2026, 3, 31))]),
        (2, 100_00, 50_00, 40_00, 3, [(100_00, FIRST), (80_00, date(2026, 4, 30)), (20_00, date(2026, 7, 31))]),
        (1, 1, 1, 0, 1, [(1, FIRST)]),
    ],
)
def test_shares_are_paid_by_the_plan_of_the_statute(
    shares: int, worth: int, at_once: int, instalment: int, months: int, plan: list[tuple[int, date]]
) -> None:
    """§ 7 Nr. 1 GenG: so much at once, then instalments, in sum never more than the shares."""
    assert rules.rates(shares, worth, at_once, instalment, months, FIRST) == [Rate(*one) for one in plan]


@given(shares=st.integers(1, 50), worth=st.integers(10, 10**6), part=st.integers(1, 10), instalment=st.integers(1, 10**6))
def test_with_instalments_every_cent_of_the_shares_is_asked_for(shares: int, worth: int, part: int, instalment: int) -> None:
    plan = rules.rates(shares, worth, -(-worth // part), max(instalment, worth // 20 + 1), 2, FIRST)
    assert sum(rate.cents for rate in plan) == shares * worth
    assert all(rate.cents > 0 for rate in plan)
    assert [rate.due_on for rate in plan] == sorted({rate.due_on for rate in plan})


@given(st.lists(st.integers(0, 10**9), max_size=6), st.integers(0, 40), st.integers(1, 40))
def test_what_goes_along_is_exact_in_sum_and_never_more_than_there_is(amounts: list[int], given_away: int, more: int) -> None:
    held = given_away + more
    parts = rules.goes_along(amounts, given_away, held)
    assert all(0 <= part <= amount for part, amount in zip(parts, amounts, strict=True))
    assert abs(sum(parts) * held - sum(amounts) * given_away) <= held / 2
    assert rules.goes_along(amounts, held, held) == amounts
    assert rules.goes_along(amounts, 0, held) == [0] * len(amounts)


@pytest.mark.parametrize(
    ("amount", "permille", "total", "least"),
    [(0, 0, 100_00, 0), (50_00, 0, 100_00, 50_00), (0, 800, 100_00, 80_00), (50_00, 800, 100_00, 80_00), (90_00, 800, 100_00, 90_00),
     (0, 333, 100, 34)],
)  # fmt: skip
def test_the_minimum_capital(amount: int, permille: int, total: int, least: int) -> None:
    """§ 8a GenG: a sum or a part of the capital."""
    assert rules.minimum_capital(amount, permille, total) == least


DUE = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("reminded", "days", "level"),
    [
        ([], 0, 0), ([], 1, 1), ([1], 14, 0), ([1], 15, 2), ([1, 15], 28, 0), ([1, 15], 29, 3), ([1, 15, 29], 400, 0),
    ],
)  # fmt: skip
def test_nobody_is_reminded_twice_within_a_fortnight_nor_a_fourth_time(reminded: list[int], days: int, level: int) -> None:
    assert rules.next_level(DUE, [DUE + timedelta(days=one) for one in reminded], DUE + timedelta(days=days)) == level


def test_nobody_is_late_on_the_day_they_are_asked() -> None:
    today = date(2026, 6, 1)
    assert rules.first_due_on(today, date(2025, 1, 1)) == date(2026, 6, 15)
    assert rules.first_due_on(today, date(2026, 12, 31)) == date(2027, 1, 14)


def test_the_smallest_balance_of_a_day_and_all_later_ones() -> None:
    lines = [(date(2026, 1, 1), 100), (date(2026, 3, 1), -40), (date(2026, 5, 1), 20)]
    assert [rules.lowest_from(lines, day) for day in (date(2025, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2027, 1, 1))] == [
        0,
        60,
        60,
        80,
    ]
