"""Bands, months, circles: rules by tables."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.networks import rules
from allmende.networks.rules import Step

BANDS = [Step(9, 100_00), Step(49, 250_00), Step(None, 600_00)]


@pytest.mark.parametrize(("figure", "band"), [(0, 0), (9, 0), (10, 1), (49, 1), (50, 2), (10**12, 2)])
def test_a_limit_belongs_to_the_lower_band(figure: int, band: int) -> None:
    assert rules.band_of([step.upto for step in BANDS], figure) == band


@pytest.mark.parametrize(
    ("ends", "right"),
    [([None], True), ([9, 49, None], True), ([], False), ([9], False), ([49, 9, None], False), ([9, 9, None], False), ([None, 9], False),
     ([None, None], False), (list(range(12)), False), ([*range(12), None], False)],
)  # fmt: skip
def test_bands_go_up_and_only_the_last_has_no_end(ends: list[int | None], right: bool) -> None:
    assert rules.are_bands([Step(end, 1) for end in ends]) is right


@pytest.mark.parametrize(
    ("joined_on", "year", "pro_rata", "months"),
    [(date(2026, 1, 31), 2026, True, 12), (date(2026, 3, 1), 2026, True, 10), (date(2026, 12, 31), 2026, True, 1),
     (date(2026, 3, 1), 2026, False, 12), (date(2025, 3, 1), 2026, True, 12)],
)  # fmt: skip
def test_in_the_year_of_joining_only_the_months_from_joining_on_count(joined_on: date, year: int, pro_rata: bool, months: int) -> None:
    assert rules.months_due(joined_on, year, pro_rata=pro_rata) == months


@pytest.mark.parametrize(
    ("cents", "months", "fee"), [(250_00, 12, 250_00), (250_00, 10, 208_33), (100_00, 7, 58_33), (1, 6, 1), (1, 5, 0), (0, 3, 0)]
)
def test_a_part_of_a_year_is_rounded_to_the_cent(cents: int, months: int, fee: int) -> None:
    assert rules.fee_for(cents, months) == fee


def test_the_size_declared_until_the_end_of_the_year_counts() -> None:
    said = [(date(2026, 5, 1), 20), (date(2025, 2, 1), 8), (date(2025, 9, 1), 12)]
    assert [rules.figure_for(said, year) for year in (2024, 2025, 2026, 2030)] == [8, 12, 20, 20]
    assert rules.figure_for([], 2026) is None


def _has_circle(edges: dict[int, set[int]]) -> bool:
    """By taking away what leads nowhere: what is left runs in a circle."""
    left = {node: set(found) for node, found in edges.items()}
    while done := [node for node, found in left.items() if not found & left.keys()]:
        for node in done:
            del left[node]
    return bool(left)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=40))
def test_a_graph_that_only_takes_what_the_rule_allows_never_has_a_circle(pairs: list[tuple[int, int]]) -> None:
    edges: dict[int, set[int]] = {}
    for network, member in pairs:
        closes = rules.closes_circle(edges, network, member)
        trial = {node: set(found) for node, found in edges.items()}
        trial.setdefault(network, set()).add(member)
        assert closes is _has_circle(trial)
        if not closes:
            edges = trial
    assert not _has_circle(edges)
