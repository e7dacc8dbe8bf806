"""Sums that add up to the cent, and the numbers of the law."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.surplus import rules
from allmende.surplus.rules import Holding, Part

MEMBERS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**6)), min_size=1, max_size=40)


def test_a_profit_goes_by_the_capital_at_the_end_of_the_year_before() -> None:
    """§ 19 GenG: 500, 300 and 200 euros share 100 as 50, 30 and 20."""
    held = [Holding(1, 500_00), Holding(2, 300_00), Holding(3, 200_00)]
    assert [part.cents for part in rules.distribute(100_00, held)] == [50_00, 30_00, 20_00]


def test_it_is_credited_until_the_shares_are_full_and_then_paid_out() -> None:
    """§ 19 I 3 GenG."""
    (part,) = rules.distribute(100_00, [Holding(1, 500_00, room=30_00)])
    assert (part.credited, part.paid_out) == (30_00, 70_00)


def test_the_cents_that_are_left_go_to_the_largest_fractions_and_the_lower_numbers() -> None:
    held = [Holding(1, 1), Holding(2, 1), Holding(3, 1)]
    assert [part.cents for part in rules.distribute(100, held)] == [34, 33, 33]
    assert [part.cents for part in rules.distribute(5, [Holding(1, 1), Holding(2, 2)])] == [2, 3]


def test_the_patronage_refund_of_the_law_s_example() -> None:
    """§ 22 KStG: 20,000 surplus, 600,000 of 800,000 turnover with members: at most 15,000, that is 2.5 percent, 250 for 10,000."""
    cap = rules.refund_cap(20_000_00, 600_000_00, 800_000_00)
    assert (cap, rules.rate_of(cap, 600_000_00)) == (15_000_00, "2.5")
    assert rules.refunds(cap, {1: 10_000_00, 2: 590_000_00})[0] == Part(1, 10_000_00, 250_00)


@pytest.mark.parametrize(
    ("surplus", "members", "whole", "cap"),
    [(0, 5, 10, 0), (-5, 5, 10, 0), (100, 0, 10, 0), (100, 5, 0, 0), (100, 20, 10, 100), (100, 1, 3, 33)],
)
def test_without_surplus_or_turnover_nothing_is_refunded(surplus: int, members: int, whole: int, cap: int) -> None:
    assert rules.refund_cap(surplus, members, whole) == cap


def test_interest_is_rounded_down_for_each() -> None:
    """§ 21a GenG."""
    assert [part.cents for part in rules.interest(25, [Holding(1, 999), Holding(2, 100_00)])] == [24, 250]


def test_a_refund_is_due_within_twelve_months() -> None:
    assert rules.refund_due_on(date(2025, 12, 31)) == date(2026, 12, 31)
    assert rules.refund_due_on(date(2024, 2, 29)) == date(2025, 2, 28)


@pytest.mark.parametrize(("surplus", "permille", "least"), [(1000, 100, 100), (1001, 100, 101), (0, 100, 0), (-500, 100, 0)])
def test_the_legal_reserve_is_rounded_up(surplus: int, permille: int, least: int) -> None:
    """§ 7 Nr. 2 GenG: what the statute puts into the legal reserve at least."""
    assert rules.least_reserve(surplus, permille) == least


@given(members=MEMBERS, cents=st.integers(0, 10**9))
def test_parts_add_up_and_nobody_is_credited_more_than_is_missing(members: list[tuple[int, int]], cents: int) -> None:
    held = [Holding(number, weight, room) for number, (weight, room) in enumerate(members)]
    if not sum(one.weight for one in held):
        return
    parts = rules.distribute(cents, held)
    assert sum(part.cents for part in parts) == cents
    assert all(0 <= part.credited <= one.room and part.paid_out >= 0 for part, one in zip(parts, held, strict=True))
    exact = [cents * one.weight / sum(h.weight for h in held) for one in held]
    assert all(abs(part.cents - share) < 1.001 for part, share in zip(parts, exact, strict=True))


@given(members=MEMBERS, cents=st.integers(0, 10**8))
def test_nobody_bears_more_than_they_have(members: list[tuple[int, int]], cents: int) -> None:
    held = [Holding(number, weight) for number, (weight, _room) in enumerate(members)]
    if cents > sum(one.weight for one in held):
        with pytest.raises(ValueError):
            rules.bear(cents, held)
        return
    parts = rules.bear(cents, held)
    assert sum(part.cents for part in parts) == -cents
    assert all(0 <= -part.cents <= one.weight for part, one in zip(parts, held, strict=True))


@given(bases=st.dictionaries(st.integers(1, 50), st.integers(-10, 10**7), min_size=1, max_size=20), cents=st.integers(0, 10**8))
def test_refunds_add_up_and_only_business_counts(bases: dict[int, int], cents: int) -> None:
    if not any(base > 0 for base in bases.values()):
        return
    parts = rules.refunds(cents, bases)
    assert sum(part.cents for part in parts) == cents
    assert {part.member for part in parts} == {member for member, base in bases.items() if base > 0}
