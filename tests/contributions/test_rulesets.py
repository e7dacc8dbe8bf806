"""Rule sets give the same today as on the day they were chosen: each version by a table of examples."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.contributions import rulesets
from allmende.ground.refusals import BadInput

LEVELS = {"levels": [[10_000, "Danke."], [100_000, "Vielen Dank."]]}


@pytest.mark.parametrize(
    ("hours", "words"), [([], ""), ([9_999], ""), ([10_000], "Danke."), ([60_000, 40_000], "Vielen Dank."), ([100_000, -1], "Danke.")]
)
def test_levels_1(hours: list[int], words: str) -> None:
    assert rulesets.levels_1([(date(2026, 1, 1), amount) for amount in hours], LEVELS) == words


@pytest.mark.parametrize(("months", "words"), [([1, 1, 1], ""), ([1, 2], ""), ([1, 2, 3], "Stetig.")])
def test_steady_1(months: list[int], words: str) -> None:
    done = [(date(2026, month, 1), 1) for month in months]
    assert rulesets.steady_1(done, {"months": 3, "sentence": "Stetig."}) == words
    assert rulesets.steady_1([*done, *((day, -amount) for day, amount in done)], {"months": 1, "sentence": "Stetig."}) == ""


@pytest.mark.parametrize(("least", "base"), [(0, {1: 10_000_00, 2: 49_99}), (50_00, {1: 10_000_00}), (10_000_01, {})])
def test_turnover_1(least: int, base: dict[int, int]) -> None:
    assert rulesets.turnover_1({1: 10_000_00, 2: 49_99, 3: -5, 4: 0}, {"least": least}) == base


@settings(max_examples=50)
@given(st.dictionaries(st.integers(1, 50), st.integers(-(10**9), 10**9)), st.integers(0, 10**6))
def test_the_base_is_a_part_of_the_turnover_and_never_negative(turnover: dict[int, int], least: int) -> None:
    base = rulesets.turnover_1(turnover, {"least": least})
    assert all(turnover[pk] == cents > 0 for pk, cents in base.items())
    assert base == rulesets.turnover_1(dict(reversed(turnover.items())), {"least": least})


def test_parameters_are_read_from_a_form() -> None:
    levels = rulesets.found("levels", 1)
    assert rulesets.read(levels, {"levels": "100: Vielen Dank: euch.\n\n1,5: Danke."}) == {
        "levels": [[1500, "Danke."], [100_000, "Vielen Dank: euch."]]
    }
    assert rulesets.read(rulesets.found("turnover", 1), {"least": 500}) == {"least": 500}


@pytest.mark.parametrize("text", ["", "zehn: Danke", "10", "10:", "10: Danke\n10: Dank", "-1: Danke", "10: " + "x" * 201, "1: a\n" * 11])
def test_what_is_no_list_of_levels_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        rulesets.read(rulesets.found("levels", 1), {"levels": text})


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(BadInput):
        rulesets.found("levels", 99)
