"""Amounts as people and programs write them, fiscal years, second persons, and what of a group may be shown."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.contributions import rules
from allmende.contributions.rules import Cell, Year


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("1,5", "hours", 1500),
        ("1.5", "hours", 1500),
        ("1:30", "hours", 1500),
        ("1:20", "hours", 1333),
        ("1:40", "hours", 1667),
        ("0:01", "hours", 17),
        ("2 h", "hours", 2000),
        ("2 Std.", "hours", 2000),
        ("2,25 Stunden", "hours", 2250),
        ("1.250", "hours", 1_250_000),
        ("0.250", "hours", 250),
        ("1.250,5", "own", 1_250_500),
        ("12", "deliveries", 12_000),
        ("-2", "own", -2000),
        ("1.234,50 €", "turnover", 123_450),
        ("12", "turnover", 1200),
        ("−3,50", "turnover", -350),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, unit: str, amount: int) -> None:
    assert rules.read_amount(text, unit) == amount


@pytest.mark.parametrize("text", ["", "eins", "1:60", "1,2,3", "1,2345", "1e3", "NaN", "١", "1 2", "9" * 40])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=".*"):
        rules.read_amount(text, "hours")


@pytest.mark.parametrize("text", ["1,5", "1.2345", " 1", "1e3", "+1", ".5", "1.", ""])
def test_programs_write_a_decimal_point_and_nothing_else(text: str) -> None:
    with pytest.raises(ValueError, match=".*"):
        rules.read_exact(text, "hours")


@settings(max_examples=60)
@given(st.integers(-(10**11), 10**11), st.sampled_from(["hours", "own", "turnover"]))
def test_what_is_written_is_read_again_exactly(amount: int, unit: str) -> None:
    assert rules.read_exact(rules.write_exact(amount, unit), unit) == amount
    with translation.override("de"):
        assert rules.read_amount(rules.write_amount(amount, unit), unit) == amount or amount % 100 == 0


def test_amounts_are_said_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        assert rules.write_amount(1_234_500, "hours") == "1.234,5\u00a0h"
        assert rules.write_amount(-2000, "own", "Kisten") == "−2\u00a0Kisten"
        assert rules.write_amount(250_000, "turnover") == "2.500\u00a0€"
    with translation.override("en"):
        assert rules.write_amount(1_234_500, "hours") == "1,234.5\u00a0h"


def test_fiscal_years_need_not_follow_the_calendar() -> None:
    assert rules.year_of(date(2026, 6, 30), 6) == Year(date(2025, 7, 1), date(2026, 6, 30))
    assert rules.year_of(date(2026, 7, 1), 6).name == "2026/27"
    assert rules.year_of(date(2024, 2, 29), 12).name == "2024"
    assert [one.name for one in rules.years_between(date(2024, 3, 1), date(2026, 1, 1), 12)] == ["2026", "2025", "2024"]


@pytest.mark.parametrize(
    ("by", "entered_by", "member", "may"), [(1, 2, 3, True), (1, 1, 3, False), (1, 2, 1, False), (1, None, None, True)]
)
def test_the_second_person_is_neither_who_entered_nor_the_member(by: int, entered_by: int | None, member: int | None, may: bool) -> None:
    assert rules.may_be_second(by, entered_by, member) is may


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ({"a": 5, "b": 9}, [Cell(("a",), 5), Cell(("b",), 9)]),
        ({"a": 9, "b": 2, "c": 3}, [Cell(("a",), 9), Cell(("b", "c"), 5)]),
        # one group alone would be hidden, and total less the rest would tell it: the smallest other one joins it
        ({"a": 9, "b": 6, "c": 4}, [Cell(("a",), 9), Cell(("c", "b"), 10)]),
        ({"a": 9, "c": 1}, [Cell(("c", "a"), 10)]),
        ({"a": 2, "b": 2}, []),
        ({}, []),
    ],
)
def test_no_sum_stands_for_fewer_than_five(members: dict[str, int], shown: list[Cell]) -> None:
    assert rules.cells(members, 5) == shown


@settings(max_examples=100)
@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 12), max_size=7), st.integers(5, 8))
def test_cells_hide_nothing_that_the_total_would_tell(members: dict[str, int], least: int) -> None:
    shown = rules.cells(members, least)
    assert all(cell.members >= least for cell in shown)
    keys = [key for cell in shown for key in cell.keys]
    assert not shown or sorted(keys) == sorted(members)  # everybody is in exactly one cell, so no difference is left over
    assert all(cell.members == sum(members[key] for key in cell.keys) for cell in shown)


@settings(max_examples=60)
@given(st.lists(st.integers(-5, 10**9), max_size=6))
def test_bars_stay_inside_and_do_not_overlap(amounts: list[int]) -> None:
    at = 0.0
    for start, width in rules.bar(amounts):
        assert float(start) >= at - 0.21
        assert float(start) + float(width) <= 100.2
        at = float(start)
