"""Single cells of a member list as values: days, numbers, names. Plain functions; what cannot be read raises Unread with the sentence."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from allmende.ground.money import read_euros
from allmende.ground.text import fold
from allmende.members.models import EndReason, Kind

EXCEL_BEGINS = date(1899, 12, 30)
EXCEL_DAYS = range(3_654, 73_051)  # 1910 to 2100
MOST_NUMBER = 99_999_999
MOST_SHARES = 10_000_000
MOST_CENTS = 10**13
EMPTY_DAYS = {"0", "-", "00.00.0000", "0000-00-00", "00.00.00", "k.a.", "?"}
KINDS: dict[str, str] = {
    Kind.ORDINARY: "ordinary ordentlich ordentliches mitglied normal aktiv aktives voll vollmitglied full",
    Kind.INVESTING: "investing investierend investierendes investor investorin",
    Kind.SUPPORTING: "supporting fordernd forderndes fordermitglied fordermitgliedschaft passiv supporter",
}
REASONS: dict[str, str] = {
    EndReason.NOTICE: "notice kundigung gekundigt austritt eigenkundigung",
    EndReason.TRANSFER: "transfer ubertragung ubertragen",
    EndReason.EXCLUSION: "exclusion ausschluss ausgeschlossen",
    EndReason.DEATH: "death tod verstorben todesfall",
    EndReason.DISSOLUTION: "dissolution auflosung aufgelost insolvenz liquidation",
}
LANGUAGES = {"de": "de deutsch german", "en": "en englisch english"}


class Unread(ValueError):
    """A cell that cannot be read; its text is the sentence for people."""


def read_day(text: str) -> date | None:
    """`31.12.2020`, `1.2.20`, `2020-12-31`, `31/12/2020` or Excel's number of a day; None for an empty one.

    Raises Unread for days there are not (30 February) and for anything else.
    """
    said = re.sub(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", "", text.strip())
    if not said or said in EMPTY_DAYS:
        return None
    if said.isdecimal() and int(said) in EXCEL_DAYS:
        return EXCEL_BEGINS + timedelta(days=int(said))
    if found := re.fullmatch(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})", said):
        return _day(text, int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{2}|\d{4})", said):
        return _day(text, _year(found[3]), int(found[2]), int(found[1]))
    raise Unread(_("“%(text)s” is no date. Write it like 31.12.2020.") % {"text": text[:40]})


def _year(said: str) -> int:
    """Two digits are of this century up to ten years ahead, otherwise of the last one."""
    if len(said) == 4:
        return int(said)
    return (2000 if int(said) <= (localdate().year + 10) % 100 else 1900) + int(said)


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError as fault:
        raise Unread(_("The day “%(text)s” does not exist.") % {"text": text[:40]}) from fault
    if not 1850 <= year <= 2100:
        raise Unread(_("The year in “%(text)s” cannot be right.") % {"text": text[:40]})
    return found


def is_ambiguous(text: str) -> bool:
    """`03/04/2020` is 3 April in Germany and 4 March in America."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/\d{2,4}", text.strip())
    return found is not None and int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]


def read_number(text: str) -> int | None:
    """The digits of a member number: `M-0148` is 148. None for an empty one; Unread where there is more than one number in it."""
    said = text.strip()
    if not said:
        return None
    found = re.fullmatch(r"(?![-−])[A-Za-z./#\s-]*0*(\d{1,8})(?:\.0+)?", said)
    if not found or not 1 <= int(found[1]) <= MOST_NUMBER:
        raise Unread(_("“%(text)s” is no member number. It needs to be a whole number from 1.") % {"text": text[:40]})
    return int(found[1])


def read_shares(text: str) -> int:
    """A whole number of shares; Unread for parts of shares, negative numbers and words. Empty is none."""
    said = re.sub(r"(?<=\d)[.\u00a0\u202f ](?=\d{3}(\D|$))", "", text.strip())
    said = re.sub(r"[.,]0+$", "", said)
    if not said:
        return 0
    if re.fullmatch(r"[-−]\s*\d.*", said):
        raise Unread(_("“%(text)s” is negative. Nobody holds fewer shares than none.") % {"text": text[:40]})
    if re.fullmatch(r"\d+[.,]\d+", said):
        raise Unread(_("“%(text)s” is a part of a share. There are only whole shares.") % {"text": text[:40]})
    if not said.isascii() or not said.isdigit() or int(said[:12]) > MOST_SHARES:
        raise Unread(_("“%(text)s” is no number of shares.") % {"text": text[:40]})
    return int(said)


def read_cents(text: str) -> int:
    """An amount in euros as cents; empty is nothing. Unread for anything that is no amount, and for negative ones."""
    if not text.strip():
        return 0
    try:
        cents = read_euros(text[:40])
    except ValueError as fault:
        raise Unread(_("“%(text)s” is no amount in euros. Write it like 1.250,00.") % {"text": text[:40]}) from fault
    if not 0 <= cents <= MOST_CENTS:
        raise Unread(_("The amount “%(text)s” is negative or far too large.") % {"text": text[:40]})
    return cents


def is_email(text: str) -> bool:
    """Whether this is one e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def read_word(text: str, known: Mapping[str, str]) -> str | None:
    """The key whose words contain this one (or one of its words); None where nobody knows it."""
    said = re.findall(r"[a-z]+", fold(text))
    return next((str(key) for key, words in known.items() for word in said if word in words.split()), None)


def read_language(text: str) -> str:
    """`de` or `en`; German where nothing is said."""
    return read_word(text, LANGUAGES) or "de"


def divided_name(text: str) -> tuple[str, str]:
    """Family and given names: `Muster, Anna` as it says; otherwise the last word, with `von` and the like, is the family name."""
    if "," in text:
        family, given = text.split(",", 1)
        return family.strip(), given.strip()
    parts = text.split()
    at = max(len(parts) - 1, 0)
    while at > 1 and parts[at - 1].lower() in {"von", "van", "de", "der", "den", "del", "di", "zu", "zur", "vom", "la", "le"}:
        at -= 1
    return " ".join(parts[at:]), " ".join(parts[:at])


def divided_town(text: str) -> tuple[str, str]:
    """Postcode and town: `07743 Jena`, `D-07743 Jena`, `Jena`."""
    found = re.match(r"\s*(?:[A-Z]{1,2}\s*-\s*)?(\d[\dA-Z -]*\d)\s+(.*)", text)
    return (found[1], found[2].strip()) if found else ("", text.strip())
