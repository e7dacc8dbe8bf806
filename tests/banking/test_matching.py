"""What a payment may be for: by tables, and by properties under random typing errors and sums."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.banking import matching
from allmende.banking.matching import Open, Paid, suggest

DAY = date(2026, 11, 1)
ONE = Open(1, "M0148-K7QF3", 148, 10, 250_00, DAY, "Anna Müller")
TWO = Open(2, "M0148-ABCDE", 148, 10, 50_00, date(2026, 10, 1), "Anna Müller")
BEN = Open(3, "M0007-XYZ99", 7, 11, 250_00, DAY, "Ben Baum")
ALL = [ONE, TWO, BEN]
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def test_the_exact_code_and_sum_is_certain() -> None:
    (found,) = suggest(Paid(250_00, "Anteile M0148-K7QF3 danke"), ALL)
    assert (found.parts, found.is_certain, found.rest) == (((ONE, 250_00),), True, 0)
    assert found.reasons == ("code", "amount")


def test_a_smaller_sum_with_the_exact_code_is_certain_a_larger_is_not_and_stays_open() -> None:
    (less,) = suggest(Paid(100_00, "M0148-K7QF3"), ALL)
    assert (less.parts, less.is_certain) == (((ONE, 100_00),), True)
    (more,) = suggest(Paid(251_00, "M0148-K7QF3"), ALL)
    assert (more.parts, more.is_certain, more.rest) == (((ONE, 250_00),), False, 1_00)


def test_a_code_is_found_through_blanks_dashes_case_and_broken_lines() -> None:
    for text in ("m0148 k7qf3", "M0148K7QF3", "SVWZ+Beitrag M01 48-K7 QF3", "M0148–K7QF3."):
        assert suggest(Paid(250_00, text), ALL)[0].is_certain, text


def test_two_codes_in_one_payment_are_split_in_their_order() -> None:
    (found,) = suggest(Paid(300_00, "M0148-ABCDE und M0148-K7QF3"), ALL)
    assert (found.parts, found.is_certain) == (((TWO, 50_00), (ONE, 250_00)), True)
    (less,) = suggest(Paid(200_00, "M0148-ABCDE und M0148-K7QF3"), ALL)
    assert (less.parts, less.is_certain) == (((TWO, 50_00), (ONE, 150_00)), False)


@pytest.mark.parametrize("text", ["M0148-K7QG3", "M0148-K7Q3", "M0148-K7QFF3", "M0149-K7QF3", "N0148-K7QF3", "M0148-K7FQ3"])
def test_one_typing_error_is_proposed_and_never_certain(text: str) -> None:
    best = suggest(Paid(250_00, text), ALL)[0]
    assert (best.parts, best.is_certain) == (((ONE, 250_00),), False)
    assert best.reasons[0] == "code_typo"


def test_number_account_and_name_with_the_sum_propose_with_their_reasons() -> None:
    (number,) = suggest(Paid(250_00, "Mitgliedsnr. 0148 Anteil"), ALL)
    assert (number.parts, number.reasons) == (((ONE, 250_00),), ("number", "amount"))
    (account,) = suggest(Paid(70_00, "Danke", accounts=frozenset({10})), ALL)
    assert (account.parts, account.reasons) == (((TWO, 50_00), (ONE, 20_00)), ("account",))
    (name,) = suggest(Paid(250_00, "Anteil", "MUELLER, ANNA"), ALL)
    assert (name.parts, name.reasons, name.is_certain) == (((ONE, 250_00),), ("name", "amount"), False)


def test_a_name_alone_or_a_sum_alone_is_nothing() -> None:
    assert suggest(Paid(99_00, "Anteil", "Anna Müller"), ALL) == []
    assert suggest(Paid(250_00, "Anteil", "Carla Nirgends"), ALL) == []
    assert suggest(Paid(-250_00, "M0148-K7QF3"), ALL) == []


@settings(max_examples=60, deadline=None)
@given(
    cents=st.integers(1, 2_000_00),
    lefts=st.lists(st.integers(0, 500_00), min_size=1, max_size=5),
    named=st.sets(st.integers(0, 4)),
    accounts=st.sets(st.integers(0, 2)),
)
def test_parts_and_rest_always_make_the_sum_and_no_request_gets_more_than_is_open(
    cents: int, lefts: list[int], named: set[int], accounts: set[int]
) -> None:
    requests = [Open(at, f"M{at:04d}-{LETTERS[at] * 5}", at, at % 3, left, DAY) for at, left in enumerate(lefts)]
    text = " ".join(one.code for one in requests if one.pk in named)
    for found in suggest(Paid(cents, text, accounts=frozenset(accounts)), requests):
        assert sum(part for _one, part in found.parts) + found.rest == cents
        assert all(0 < part <= one.left for one, part in found.parts)
        assert not found.is_certain or found.rest == 0


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 9), letter=st.sampled_from(LETTERS), kind=st.sampled_from(["change", "drop", "add", "swap"]))
def test_any_single_typing_error_in_a_code_is_forgiven(at: int, letter: str, kind: str) -> None:
    plain = matching.plain_code(ONE.code)
    typed = {
        "change": plain[:at] + letter + plain[at + 1 :],
        "drop": plain[:at] + plain[at + 1 :],
        "add": plain[:at] + letter + plain[at:],
        "swap": plain[:at] + plain[at + 1 : at + 2] + plain[at] + plain[at + 2 :],
    }[kind]
    assert matching.code_distance(ONE.code, f"ANTEIL {typed} DANKE") in {0, 1}


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    matching.code_tokens(text)
    matching.member_numbers(text)
    assert all(one.rest >= 0 for one in suggest(Paid(1, text, text), ALL))
