"""On which day a membership ends, by paragraph; the numbers of law.md are the first table."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.constitution.rules import add_months, fiscal_year_end, months_before
from allmende.leaving import rules
from allmende.leaving.rules import Impossible, Terms

JOINED = date(2020, 3, 1)
LAW = Terms(notice_months=3, fiscal_month=12, payout_months=6)
JUNE = Terms(notice_months=3, fiscal_month=6, payout_months=6)
TWO_YEARS = Terms(notice_months=24, fiscal_month=12, payout_months=6)
LONG = Terms(notice_months=60, fiscal_month=12, payout_months=6)


@pytest.mark.parametrize(
    ("received_on", "terms", "ends_on", "paid_by"),
    [
        (date(2026, 9, 30), LAW, date(2026, 12, 31), date(2027, 6, 30)),
        (date(2026, 10, 1), LAW, date(2027, 12, 31), date(2028, 6, 30)),
        (date(2026, 5, 10), TWO_YEARS, date(2028, 12, 31), date(2029, 6, 30)),
        (date(2026, 3, 31), JUNE, date(2026, 6, 30), date(2026, 12, 31)),
        (date(2026, 4, 1), JUNE, date(2027, 6, 30), date(2027, 12, 31)),
        # a fiscal year that ends in February, in a leap year and in a common one
        (date(2027, 11, 30), Terms(3, 2, 6), date(2028, 2, 29), date(2028, 8, 31)),
        (date(2027, 12, 1), Terms(3, 2, 6), date(2029, 2, 28), date(2029, 8, 31)),
        (date(2026, 11, 30), Terms(3, 2, 6), date(2027, 2, 28), date(2027, 8, 31)),
        # received on a leap day
        (date(2028, 2, 29), LAW, date(2028, 12, 31), date(2029, 6, 30)),
        # ending with May: three months before are the last of February
        (date(2028, 2, 29), Terms(3, 5, 6), date(2028, 5, 31), date(2028, 11, 30)),
        (date(2027, 2, 28), Terms(3, 5, 6), date(2027, 5, 31), date(2027, 11, 30)),
        (date(2027, 3, 1), Terms(3, 5, 6), date(2028, 5, 31), date(2028, 11, 30)),
    ],
)
def test_a_notice_ends_with_the_fiscal_year_that_leaves_the_whole_period(
    received_on: date, terms: Terms, ends_on: date, paid_by: date
) -> None:
    """§ 65 II and § 73 II GenG, the test numbers of the law."""
    found = rules.outcome("notice", "all", received_on, terms, joined_on=JOINED)
    assert (found.effective_on, found.payout_due_on, found.paragraph) == (ends_on, paid_by, "§ 65 Abs. 2")


def test_single_shares_end_as_the_membership_does() -> None:
    """§ 67b GenG."""
    found = rules.outcome("notice", "single", date(2026, 9, 30), LAW, joined_on=JOINED)
    assert (found.effective_on, found.paragraph) == (date(2026, 12, 31), "§ 67b")


def test_the_explanation_names_the_day_that_was_missed() -> None:
    found = rules.outcome("notice", "all", date(2026, 10, 1), LAW, joined_on=JOINED)
    assert [step.key for step in found.steps] == ["received", "period", "too_late", "in_time", "payout"]
    assert found.steps[2].facts == {"day": date(2026, 12, 31), "last": date(2026, 9, 30)}
    assert found.steps[3].facts == {"day": date(2027, 12, 31), "last": date(2027, 9, 30)}


def test_nobody_leaves_before_having_joined() -> None:
    """Declared before the admission counts: § 15 II, § 65 GenG."""
    found = rules.outcome("notice", "all", date(2026, 9, 1), LAW, joined_on=date(2027, 1, 1))
    assert found.effective_on == date(2027, 12, 31)


def test_in_hardship_three_months_are_enough() -> None:
    """§ 65 III GenG: the statute asks for five years."""
    found = rules.outcome("hardship", "all", date(2026, 9, 30), LONG, joined_on=JOINED)
    assert (found.effective_on, found.paragraph) == (date(2026, 12, 31), "§ 65 Abs. 3")
    assert rules.outcome("notice", "all", date(2026, 9, 30), LONG, joined_on=JOINED).effective_on == date(2031, 12, 31)


@pytest.mark.parametrize(
    ("terms", "joined_on", "key"),
    [
        (TWO_YEARS, JOINED, "hardship_short_notice"),  # two years are not more than two years
        (LONG, date(2026, 1, 1), "hardship_too_new"),  # the first whole fiscal year is not over
        (LONG, date(2025, 1, 2), "hardship_too_new"),  # 2025 was not a whole one
    ],
)
def test_hardship_needs_a_long_period_and_a_whole_fiscal_year(terms: Terms, joined_on: date, key: str) -> None:
    """§ 65 III GenG."""
    with pytest.raises(Impossible) as no:
        rules.outcome("hardship", "all", date(2026, 9, 30), terms, joined_on=joined_on)
    assert no.value.key == key


def test_who_joined_on_the_first_of_january_was_a_member_the_whole_year() -> None:
    """§ 65 III GenG."""
    assert rules.may_plead_hardship(date(2026, 1, 1), LONG, date(2025, 1, 1))
    assert not rules.may_plead_hardship(date(2025, 12, 31), LONG, date(2025, 1, 1))
    assert rules.full_fiscal_year_since(date(2025, 1, 2), 12) == date(2026, 12, 31)
    assert rules.full_fiscal_year_since(date(2025, 7, 1), 6) == date(2026, 6, 30)


def test_moving_away_needs_no_period() -> None:
    """§ 67 GenG: also on the last day of the fiscal year."""
    tied = Terms(24, 12, 6, is_tied_to_district=True)
    moved = rules.outcome("moved", "all", date(2026, 12, 31), tied, joined_on=JOINED, event_on=date(2026, 11, 1))
    assert (moved.effective_on, moved.payout_due_on, moved.paragraph) == (date(2026, 12, 31), date(2027, 6, 30), "§ 67")
    with pytest.raises(Impossible, match="moved_not_tied"):
        rules.outcome("moved", "all", date(2026, 12, 31), LAW, joined_on=JOINED, event_on=date(2026, 11, 1))
    with pytest.raises(Impossible, match="moved_later"):
        rules.outcome("moved", "all", date(2026, 10, 31), tied, joined_on=JOINED, event_on=date(2026, 11, 1))


@pytest.mark.parametrize(
    ("known_on", "received_on", "fits"),
    [
        (date(2026, 6, 17), date(2026, 6, 17), True),
        (date(2026, 6, 17), date(2026, 7, 17), True),
        (date(2026, 6, 17), date(2026, 7, 18), False),
        (date(2026, 1, 31), date(2026, 2, 28), True),  # a month after 31 January is the last of February
        (date(2028, 1, 31), date(2028, 2, 29), True),
        (date(2028, 1, 31), date(2028, 3, 1), False),
        (date(2026, 6, 17), date(2026, 6, 16), False),
    ],
)
def test_after_a_change_of_the_statute_there_is_a_month(known_on: date, received_on: date, *, fits: bool) -> None:
    """§ 67a GenG."""
    if fits:
        found = rules.outcome("statute_change", "all", received_on, LONG, joined_on=JOINED, event_on=known_on)
        assert (found.effective_on, found.paragraph) == (date(received_on.year, 12, 31), "§ 67a")
    else:
        with pytest.raises(Impossible):
            rules.outcome("statute_change", "all", received_on, LONG, joined_on=JOINED, event_on=known_on)


@pytest.mark.parametrize(("reason", "paragraph"), [("exclusion", "§ 68 Abs. 1"), ("death", "§ 77 Abs. 1"), ("dissolution", "§ 77a")])
def test_exclusion_death_and_dissolution_end_with_the_fiscal_year(reason: str, paragraph: str) -> None:
    """§§ 68, 77, 77a GenG: without any period, counted from the event and not from when it became known."""
    found = rules.outcome(reason, "all", date(2027, 1, 20), LAW, joined_on=JOINED, event_on=date(2026, 12, 31))
    assert (found.effective_on, found.paragraph) == (date(2026, 12, 31), paragraph)
    assert rules.outcome(reason, "all", date(2026, 7, 2), JUNE, joined_on=JOINED, event_on=date(2026, 7, 1)).effective_on == date(
        2027, 6, 30
    )


def test_heirs_may_continue_where_the_statute_says_so() -> None:
    """§ 77 II GenG."""
    found = rules.outcome("death", "all", date(2026, 3, 1), Terms(3, 12, 6, heirs_continue_months=6), joined_on=JOINED)
    assert found.steps[1].key == "heirs_continue"
    assert found.steps[1].facts["day"] == date(2026, 9, 1)


DAYS = st.dates(date(2021, 1, 1), date(2060, 12, 31))


@given(DAYS, st.integers(1, 12), st.integers(3, 120), st.integers(1, 24))
def test_an_exit_is_always_the_first_fiscal_year_end_that_leaves_the_period(received: date, month: int, notice: int, payout: int) -> None:
    """§ 65 II GenG for every day, period and fiscal year."""
    found = rules.outcome("notice", "all", received, Terms(notice, month, payout), joined_on=JOINED)
    end = found.effective_on
    assert end == fiscal_year_end(end, month)
    assert received <= months_before(end, notice) <= end
    before = fiscal_year_end(add_months(end, -12), month)
    assert received > months_before(before, notice) or before < received
    assert end < found.payout_due_on <= add_months(end, payout) + timedelta(days=3)


@given(DAYS, st.integers(1, 12), st.sampled_from(["exclusion", "death", "dissolution"]))
def test_without_a_period_it_is_the_end_of_the_same_fiscal_year(day: date, month: int, reason: str) -> None:
    """§§ 68, 77, 77a GenG."""
    end = rules.outcome(reason, "all", day, Terms(60, month, 6), joined_on=JOINED).effective_on
    assert day <= end < add_months(day, 12) + timedelta(days=1)
    assert end == fiscal_year_end(day, month)


# ------------------------------------------------------------------------------------------------------------ settlement


@pytest.mark.parametrize(
    ("capital", "loss", "stays_shares", "owed"),
    [
        (500_00, 0, 0, 500_00),
        (500_00, 33_33, 0, 466_67),
        (1_000_00, 0, 2, 500_00),  # four of 250, two stay
        (1_000_00, 100_00, 2, 400_00),
        (400_00, 0, 2, 0),  # not even what stays is paid in
        (0, 0, 0, 0),
    ],
)
def test_a_settlement_is_the_capital_less_the_loss_above_what_stays(capital: int, loss: int, stays_shares: int, owed: int) -> None:
    """§ 73 II, § 67b II GenG."""
    found = rules.settlement(capital, loss, stays_shares, 250_00)
    assert found.owed == owed
    assert found.owed + found.loss + found.stays == capital


def test_a_loss_goes_by_capital_to_the_cent() -> None:
    """§ 19 I GenG: balances 500/300/200, loss 100 -> 50/30/20; what does not divide goes to the largest remainders."""
    assert rules.loss_shares(100_00, [500_00, 300_00, 200_00]) == [50_00, 30_00, 20_00]
    assert rules.loss_shares(100, [1, 1, 1]) == [1, 1, 1]  # nobody bears more than they have
    assert rules.loss_shares(10_00, [100_00, 100_00, 100_00]) == [3_34, 3_33, 3_33]
    assert rules.loss_shares(0, [100]) == [0]
    assert rules.loss_shares(5, []) == []


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), max_size=12))
def test_nobody_bears_more_of_a_loss_than_they_have(loss: int, capitals: list[int]) -> None:
    """§ 73 II GenG."""
    parts = rules.loss_shares(loss, capitals)
    assert sum(parts) == min(loss, sum(capitals))
    assert all(0 <= part <= capital for part, capital in zip(parts, capitals, strict=True))


def test_the_minimum_capital_holds_a_payout_back() -> None:
    """§ 8a II GenG: at the minimum it may go, a cent below not."""
    assert not rules.is_blocked(10_000_00, 10_000_00)
    assert rules.is_blocked(9_999_99, 10_000_00)


@pytest.mark.parametrize(
    ("dissolved_on", "undone"),
    [(date(2026, 12, 1), True), (date(2027, 6, 30), True), (date(2027, 7, 1), False)],
)
def test_a_dissolution_within_six_months_undoes_an_exit(dissolved_on: date, *, undone: bool) -> None:
    """§ 75 GenG."""
    assert rules.is_undone_by(date(2026, 12, 31), dissolved_on) is undone
    assert rules.is_undone_by(date(2026, 6, 30), date(2026, 12, 31))  # month's end to month's end (§ 188 BGB)


def test_settling_begins_the_day_after() -> None:
    """§ 73 GenG: the capital of 31 December is known on 1 January."""
    assert not rules.is_over(date(2026, 12, 31), date(2026, 12, 31))
    assert rules.is_over(date(2026, 12, 31), date(2027, 1, 1))


def test_the_board_is_reminded_after_the_exit_and_before_the_payout() -> None:
    end, due = date(2026, 12, 31), date(2027, 6, 30)
    told, days = None, []
    for step in range(400):
        today = date(2026, 12, 1) + timedelta(days=step)
        if rules.is_reminder_due(end, due, told, today):
            told = today
            days.append(today)
    assert days == [date(2027, 1, 1), date(2027, 5, 1), date(2027, 6, 16), date(2027, 6, 30)]
