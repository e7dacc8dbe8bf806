"""Whole cents: how amounts are written and read in both languages, and that sums are shared out to the last cent."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from allmende.ground.money import euros, plain, read_euros, share_out


@pytest.mark.parametrize(
    ("cents", "exact", "german", "english"),
    [
        (0, True, "0,00\u00a0€", "€0.00"),
        (5, True, "0,05\u00a0€", "€0.05"),
        (250_00, False, "250\u00a0€", "€250"),
        (250_50, False, "250,50\u00a0€", "€250.50"),
        (1_234_50, True, "1.234,50\u00a0€", "€1,234.50"),
        (-1_234_567_89, True, "−1.234.567,89\u00a0€", "−€1,234,567.89"),
        (999_999_999_999_999_99, True, "999.999.999.999.999,99\u00a0€", "€999,999,999,999,999.99"),
    ],
)
def test_amounts_are_written_as_the_language_has_it(cents: int, exact: bool, german: str, english: str) -> None:
    with translation.override("de"):
        assert euros(cents, exact=exact) == german
    with translation.override("en"):
        assert euros(cents, exact=exact) == english


@pytest.mark.parametrize(("cents", "written"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123450, "1234.50"), (-100, "-1.00")])
def test_amounts_for_programs(cents: int, written: str) -> None:
    assert plain(cents) == written


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("250", 250_00),
        ("1.234,50", 1_234_50),
        ("1,234.50 €", 1_234_50),
        ("1.250", 1_250_00),
        ("0,5", 50),
        (" 12,00 EUR ", 12_00),
        ("−3,10", -3_10),
        ("-3.10", -3_10),
        ("1 234 567,89", 1_234_567_89),
        ("+7", 7_00),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, cents: int) -> None:
    assert read_euros(text) == cents


@pytest.mark.parametrize("text", ["", "viel", "1,2,3", "1.23.4", "12,345,6", "1e5", "--5", "12.5.", "0,001", "=1+1", "٣"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_euros(text)


@given(st.integers(-(10**15), 10**15))
def test_what_is_written_can_be_read_again(cents: int) -> None:
    for language in ("de", "en"):
        with translation.override(language):
            assert read_euros(euros(cents)) == cents
    assert read_euros(plain(cents)) == cents or abs(cents) >= 100_000


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100_00, [500, 300, 200], [50_00, 30_00, 20_00]),  # § 19 GenG, the example of law.md
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [0, 1, 1], [0, 1, 0]),
        (0, [], []),
        (0, [0, 0], [0, 0]),
        (2, [1, 2, 3], [0, 1, 1]),
    ],
)
def test_sums_are_shared_out_to_the_cent(total: int, weights: list[int], parts: list[int]) -> None:
    assert share_out(total, weights) == parts


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_parts_add_up_and_none_is_off_by_a_cent_or_more(total: int, weights: list[int]) -> None:
    whole = sum(weights)
    if not whole:
        return
    parts = share_out(total, weights)
    assert sum(parts) == total
    assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


@pytest.mark.parametrize(("total", "weights"), [(1, []), (1, [0, 0]), (5, [2, -1])])
def test_nothing_is_shared_out_among_nobody(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError):
        share_out(total, weights)
