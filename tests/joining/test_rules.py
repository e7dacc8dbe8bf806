"""§§ 15, 15a, 15b GenG as tables."""

from datetime import date

import pytest

from allmende.joining import rules


@pytest.mark.parametrize(
    ("liability", "entry_fee", "fees", "notice", "found"),
    [
        ("none", 0, False, 3, ["payment"]),
        ("none", 0, False, 12, ["payment"]),  # a year is not more than a year
        ("none", 0, False, 13, ["payment", "notice"]),
        ("limited", 0, False, 3, ["payment", "liability"]),
        ("unlimited", 50_00, False, 24, ["payment", "liability", "further", "notice"]),
        ("none", 0, True, 3, ["payment", "further"]),
    ],
)
def test_section_15a_names_the_duties_to_acknowledge(liability: str, entry_fee: int, fees: bool, notice: int, found: list[str]) -> None:
    assert rules.duties(liability=liability, entry_fee_cents=entry_fee, has_fees=fees, notice_months=notice) == found


@pytest.mark.parametrize(
    ("paid", "shares", "mandatory", "most", "found"),
    [
        (0, 1, 1, None, 1),  # all but the last are paid: there are none before it
        (100_00, 1, 1, None, 2),
        (99_99, 2, 1, None, 0),
        (100_00, 2, 1, None, 1),
        (200_00, 2, 1, None, 2),
        (0, 1, 3, None, 2),  # mandatory ones are not waited for; then three are there and none of them is paid
        (900_00, 2, 1, 3, 1),  # the statute's maximum
        (900_00, 3, 1, 3, 0),
    ],
)
def test_section_15b_counts_shares_one_after_the_other(paid: int, shares: int, mandatory: int, most: int | None, found: int) -> None:
    assert rules.most_further(paid, shares, mandatory, 100_00, most) == found


def test_section_15b_says_what_is_missing() -> None:
    assert rules.missing_for_further(30_00, 2, 100_00) == 70_00
    assert rules.missing_for_further(500_00, 2, 100_00) == 0


@pytest.mark.parametrize(("share", "at_once", "rate", "found"), [(250, 250, 0, 0), (250, 50, 0, 0), (250, 50, 50, 4), (250, 50, 60, 4)])
def test_instalments_are_counted(share: int, at_once: int, rate: int, found: int) -> None:
    assert rules.instalments(share, at_once, rate) == found


@pytest.mark.parametrize(
    ("reminded", "today", "found"),
    [
        (None, date(2026, 3, 14), False),
        (None, date(2026, 3, 15), True),
        (date(2026, 3, 15), date(2026, 3, 28), False),
        (date(2026, 3, 15), date(2026, 3, 29), True),
    ],
)
def test_the_board_is_reminded_every_fortnight(reminded: date | None, today: date, found: bool) -> None:
    assert rules.is_to_remind(date(2026, 3, 1), reminded, today) is found
