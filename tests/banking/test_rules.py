"""IBANs, creditor identifiers, bank days, mandates: by tables."""

from datetime import date

import pytest
from django.utils import translation

from allmende.banking import rules
from allmende.ground.refusals import BadInput


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("DE89370400440532013000", "DE89370400440532013000"),
        (" de89 3704 0044 0532 0130 00 ", "DE89370400440532013000"),
        ("IBAN: DE89-3704-0044-0532-0130-00", "DE89370400440532013000"),
        ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
    ],
)
def test_an_iban_is_taken_however_it_is_spaced(typed: str, normal: str) -> None:
    assert rules.check_iban(typed) == normal


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter the IBAN"),
        ("DE8937040044053201300", "22 characters, here it has 21"),
        ("DE893704004405320130000", "22 characters, here it has 23"),
        ("DE88370400440532013000", "check digits"),
        ("DE89370400440532031000", "check digits"),  # two digits swapped
        ("DE8937040044053201300O", "only digits follow DE, here there is also: O"),
        ("XX89370400440532013000", "“XX” is no country"),
        ("FR142004101005050001", "20 characters"),
        ("12345", "two letters"),
        ("ＤＥ89370400440532013000", "two letters"),
    ],
)
def test_a_wrong_iban_is_told_what_to_look_at(typed: str, says: str) -> None:
    with translation.override("en"), pytest.raises(BadInput) as no:
        rules.check_iban(typed)
    assert says in str(no.value)


def test_an_iban_is_shown_masked() -> None:
    assert rules.masked("DE89370400440532013000") == "DE89 … 3000"
    assert rules.masked("") == ""
    assert rules.spaced("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"


def test_the_creditor_identifier_has_check_digits() -> None:
    assert rules.check_creditor_id("DE98 ZZZ 0999 9999 999") == "DE98ZZZ09999999999"
    assert rules.check_creditor_id("DE98ABC09999999999") == "DE98ABC09999999999"  # the business code does not count
    for wrong in ("DE97ZZZ09999999999", "DE98ZZZ0999999999", "DE98ZZZ09999999998", "98ZZZ", ""):
        with pytest.raises(BadInput):
            rules.check_creditor_id(wrong)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 4, 7), True),
        (date(2026, 5, 1), False),
        (date(2026, 5, 14), True),  # Ascension: banks in Germany are closed, TARGET is not
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
    ],
)
def test_banks_are_closed_on_the_days_of_target(day: date, is_open: bool) -> None:
    assert rules.is_bank_day(day) is is_open


def test_easter_falls_on_the_known_sundays() -> None:
    known = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2038: (4, 25)}
    assert {year: (rules.easter(year).month, rules.easter(year).day) for year in known} == known


def test_a_collection_leaves_time_to_tell_and_for_the_bank() -> None:
    assert rules.first_collection(date(2026, 11, 2), 14) == date(2026, 11, 16)
    assert rules.first_collection(date(2026, 12, 11), 14) == date(2026, 12, 28)  # 25 to 27 December are closed
    assert rules.first_collection(date(2026, 11, 20), 1) == date(2026, 11, 24)  # a Friday: two bank days


def test_a_mandate_expires_36_months_after_its_last_use() -> None:
    given = date(2023, 2, 28)
    assert rules.is_valid_mandate(given, None, False, False, date(2026, 2, 28))
    assert not rules.is_valid_mandate(given, None, False, False, date(2026, 3, 1))
    assert rules.is_valid_mandate(given, date(2024, 1, 1), False, False, date(2026, 12, 31))
    assert not rules.is_valid_mandate(given, None, True, False, given)
    assert not rules.is_valid_mandate(given, None, False, True, given)


def test_a_mandate_is_kept_fourteen_months_after_its_end_or_last_use() -> None:
    """§ 676b II BGB: refunds of what was never authorised can be asked for within 13 months."""
    assert rules.kept_until(date(2026, 1, 31), None) == date(2027, 3, 31)
    assert rules.kept_until(date(2026, 1, 31), date(2026, 6, 1)) == date(2027, 8, 1)
