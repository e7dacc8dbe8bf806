"""What is right for accounts, mandates and days of payment. Plain values in, plain values out."""

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from allmende.constitution.rules import add_months
from allmende.ground.refusals import BadInput, require

MANDATE_MONTHS = 36
"""A mandate that was not used for so long has expired (SEPA Direct Debit Core Scheme Rulebook, 4.1)."""
EVIDENCE_MONTHS = 14
"""So long after the last collection a member's bank may ask for the mandate: 13 months for refunds of what was never authorised
(§ 676b II BGB), and a month for the way through the banks."""
NOTICE_DAYS = 14
"""Pre-notification, unless a shorter time was agreed (Rulebook 4.3.4)."""
LEAD_DAYS = 2
"""So many bank days before the collection the file has to be with the bank; one is the scheme's, one is the bank's own evening."""

_BLANKS = re.compile(r"[\s\u00a0\u202f.-]+")
_GERMAN_DIGITS = 22


def compact(text: str) -> str:
    """An IBAN or creditor id without blanks, dots and dashes, in capitals; the word IBAN in front of it is dropped."""
    said = _BLANKS.sub("", text).upper()
    return said.removeprefix("IBAN").lstrip(":")


def check_iban(text: str) -> str:
    """The IBAN without blanks and in capitals (ISO 13616). Raises BadInput with a sentence that says what to look at."""
    from schwifty import IBAN, exceptions  # its registry of banks is read when it is first needed

    said = compact(text)
    require(said, _("Enter the IBAN."), BadInput)
    require(
        re.fullmatch(r"[A-Z]{2}[0-9A-Z]*", said) and said.isascii(),
        _("An IBAN begins with two letters for the country, for example DE, and has letters and digits only."),
        BadInput,
    )
    if said[:2] == "DE":
        _check_german(said)
    try:
        return str(IBAN(said))
    except exceptions.InvalidCountryCode:
        sentence = _("“%(country)s” is no country with IBANs. A German IBAN begins with DE.") % {"country": said[:2]}
    except exceptions.InvalidLength:
        sentence = _("This IBAN has %(number)d characters; in this country it has to have another number.") % {"number": len(said)}
    except exceptions.InvalidChecksumDigits:
        sentence = _("The check digits do not fit: one character is wrong or two are swapped. Please compare it with your bank card.")
    except exceptions.SchwiftyException:
        sentence = _("This is no IBAN of this country. Please compare it with your bank card.")
    raise BadInput(sentence)


def _check_german(said: str) -> None:
    number = len(said)
    sentence = _("A German IBAN has 22 characters, here it has %(number)d. Please compare it with your bank card.")
    require(number == _GERMAN_DIGITS, sentence % {"number": number}, BadInput)
    letters = sorted({letter for letter in said[2:] if not letter.isdigit()})
    sentence = _(
        "In a German IBAN only digits follow DE, here there is also: %(letters)s. The letter O and the digit 0 are easily mixed up."
    )
    require(not letters, sentence % {"letters": ", ".join(letters)}, BadInput)


def bic_of(iban: str) -> str:
    """The BIC of the bank, where the registry knows it; otherwise nothing. Within SEPA it is not needed."""
    from schwifty import IBAN, exceptions

    try:
        return str(IBAN(iban).bic or "")
    except exceptions.SchwiftyException:
        return ""


def masked(iban: str) -> str:
    """`DE89 … 3000`: enough to know one's own account again."""
    return f"{iban[:4]} … {iban[-4:]}" if iban else ""


def spaced(iban: str) -> str:
    """In groups of four, as on a bank card."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def check_creditor_id(text: str) -> str:
    """The creditor identifier without blanks. German ones have 18 characters: DE, two check digits, a business code, 01 and ten more.

    The check digits are those of ISO 7064 mod 97-10 over all but the business code (characters 5 to 7; EPC262-08). BadInput says why not.
    """
    said = compact(text)
    shape = re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{3}[0-9A-Z]{1,28}", said)
    require(shape, _("A creditor identifier looks like DE98ZZZ09999999999. It is given by the Bundesbank."), BadInput)
    if said.startswith("DE"):
        sentence = _("A German creditor identifier has 18 characters, here it has %(number)d.") % {"number": len(said)}
        require(len(said) == len("DE98ZZZ09999999999"), sentence, BadInput)
    digits = "".join(str(int(letter, 36)) for letter in said[7:] + said[:4])
    require(
        int(digits) % 97 == 1, _("The check digits of the creditor identifier do not fit. Please compare it with the letter."), BadInput
    )
    return said


def is_valid_mandate(signed_on: date, last_used_on: date | None, revoked: bool, suspended: bool, day: date) -> bool:
    """Whether money may be collected with it on this day: neither taken back nor halted nor unused for 36 months."""
    return not revoked and not suspended and day <= expires_on(signed_on, last_used_on)


def expires_on(signed_on: date, last_used_on: date | None) -> date:
    """The last day of a mandate that is not used again."""
    return add_months(last_used_on or signed_on, MANDATE_MONTHS)


def kept_until(revoked_on: date, last_used_on: date | None) -> date:
    """Until when the text of a mandate that was taken back is evidence."""
    return add_months(max(revoked_on, last_used_on or revoked_on), EVIDENCE_MONTHS)


def easter(year: int) -> date:
    """Easter Sunday (Gauss, in the form of Butcher and Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_bank_day(day: date) -> bool:
    """Whether TARGET is open: no weekend, New Year, Good Friday, Easter Monday, 1 May, 25 and 26 December."""
    if day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return False
    return day - easter(day.year) not in {timedelta(days=-2), timedelta(days=1)}


def bank_day_from(day: date) -> date:
    """This day, or the next one on which banks are open."""
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day


def after_bank_days(day: date, number: int) -> date:
    """The day that many bank days later."""
    for _step in range(number):
        day = bank_day_from(day + timedelta(days=1))
    return day


def first_collection(today: date, notice_days: int) -> date:
    """The earliest day on which a direct debit announced today may be collected."""
    return bank_day_from(max(today + timedelta(days=notice_days), after_bank_days(today, LEAD_DAYS)))


RETURN_CODES = ("AM04", "MD06", "AC04", "AC01", "AC06", "AG01", "MD01", "MD07", "MS02", "MS03", "SL01")
"""The reasons that occur, most frequent first."""


def return_reason(code: str) -> str:
    """What a reason code of the bank means (ISO 20022 external codes), in words."""
    return {
        "AC01": _("The IBAN is wrong."),
        "AC04": _("The account is closed."),
        "AC06": _("The account is blocked."),
        "AC13": _("This account cannot be debited by this kind of debit."),
        "AG01": _("This account allows no direct debits."),
        "AM04": _("There was not enough money in the account."),
        "BE04": _("The bank asked for another address."),
        "MD01": _("The account holder knows of no mandate."),
        "MD06": _("The account holder wanted the money back."),
        "MD07": _("The account holder has died."),
        "MS02": _("The account holder objected; the bank gives no reason."),
        "MS03": _("The bank gives no reason."),
        "RC01": _("The bank code is wrong."),
        "RR04": _("The bank had to send it back for legal reasons."),
        "SL01": _("The account holder's bank has agreed on limits."),
    }.get(code, _("The bank sent it back (%(code)s).") % {"code": code} if code else _("The bank sent it back."))
