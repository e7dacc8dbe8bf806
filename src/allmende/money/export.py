"""The ledger for the bookkeeping outside: DATEV's EXTF format and plain CSV, streamed, one file for one period.

Every line of the ledger is one line of the file, so the sums of file and ledger are the same to the cent; `checked` says what they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet, Sum
from django.utils import translation

from allmende.ground import sheets
from allmende.ground.money import plain
from allmende.ground.text import clean
from allmende.money import access
from allmende.money.models import Account, Booking, BookingKind, Bookkeeping

CHUNK = 2_000
Kinds = dict[str, str]
# DATEV's usual charts of accounts. A cooperative has numbers of its own in them for the capital of its members.
SKR03 = {
    Account.BANK: "1200", Account.CAPITAL: "0810", Account.SETTLEMENT: "0811", Account.PAYABLE: "1700", Account.RECEIVABLE: "1400",
    Account.FEES: "8200", Account.SURPLUS: "0868", Account.RESERVE: "0846", Account.REFUND: "4984", Account.INTEREST: "2100",
    Account.OPENING: "9000", Account.OTHER: "1590",
}  # fmt: skip
SKR04 = {
    Account.BANK: "1800", Account.CAPITAL: "2901", Account.SETTLEMENT: "2902", Account.PAYABLE: "3500", Account.RECEIVABLE: "1200",
    Account.FEES: "4200", Account.SURPLUS: "2978", Account.RESERVE: "2930", Account.REFUND: "6850", Account.INTEREST: "7300",
    Account.OPENING: "9000", Account.OTHER: "1370",
}  # fmt: skip
CHARTS = {"skr03": SKR03, "skr04": SKR04}
HEADINGS = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz", "Konto",
    "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext",
)  # fmt: skip
LONGEST = 36  # of Belegfeld 1
_VOUCHER = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789$&%*+-/")  # what DATEV allows there


@dataclass(frozen=True)
class Period:
    """From one day to another, both included, within one fiscal year."""

    first: date
    last: date
    year_start: date


@dataclass(frozen=True)
class Sums:
    """What a period of the ledger amounts to."""

    lines: int
    cents: int


def number_of(books: Bookkeeping, account: str) -> str:
    """The account number outside, with as many digits as were agreed."""
    return str(books.accounts.get(account) or SKR03[Account(account)]).zfill(books.length)


def bookings(books: Bookkeeping, period: Period) -> QuerySet[Booking]:
    """The lines of the period in the order of the ledger."""
    found = access.bookings_of(books.cooperative).filter(booked_on__gte=period.first, booked_on__lte=period.last)
    return found.order_by("booked_on", "pk").select_related("request", "member_debit", "member_credit")


def checked(books: Bookkeeping, period: Period) -> Sums:
    """How many lines the file has and what they add up to."""
    found = bookings(books, period).order_by().aggregate(lines=Count("pk"), cents=Sum("cents"))
    return Sums(found["lines"], found["cents"] or 0)


# ------------------------------------------------------------------------------------------------------------------ DATEV


def datev(books: Bookkeeping, period: Period, at: datetime) -> Iterator[bytes]:
    """The file in pieces: EXTF 700, category 21 (Buchungsstapel), Windows-1252, lines end with CR LF."""
    kinds = _kinds()
    yield _encoded(_head(books, period, at) + _joined([_quoted(one) for one in HEADINGS]))
    lines: list[str] = []
    for booking in bookings(books, period).iterator(chunk_size=CHUNK):
        lines.append(_datev_line(books, booking, kinds))
        if len(lines) == CHUNK:
            yield _encoded("".join(lines))
            lines = []
    yield _encoded("".join(lines))


def datev_name(period: Period) -> str:
    """`EXTF_Buchungsstapel_20260101_20261231.csv`: DATEV wants the name to begin so."""
    return f"EXTF_Buchungsstapel_{period.first:%Y%m%d}_{period.last:%Y%m%d}.csv"


def _head(books: Bookkeeping, period: Period, at: datetime) -> str:
    made = f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"
    name = _quoted(f"Mitglieder {period.first:%d.%m.%y}-{period.last:%d.%m.%y}")  # 30 signs at most
    cells = ['"EXTF"', "700", "21", '"Buchungsstapel"', "13", made, "", '"RE"', '""', '""', str(books.consultant), str(books.client)]
    cells += [f"{period.year_start:%Y%m%d}", str(books.length), f"{period.first:%Y%m%d}", f"{period.last:%Y%m%d}", name, '"WD"']
    cells += ["1", "0", "0", '"EUR"', "", '""', "", "", '"03"', "", "", '""', '""']
    return _joined(cells)


def _datev_line(books: Bookkeeping, booking: Booking, kinds: Kinds) -> str:
    """The amount is positive, S says that the first account is debited: „Bank an Geschäftsguthaben“, as our ledger has it."""
    amount = f"{booking.cents // 100},{booking.cents % 100:02d}"
    cells = [amount, '"S"', '"EUR"', "", "", '""', number_of(books, booking.debit), number_of(books, booking.credit), '""']
    cells += [f"{booking.booked_on:%d%m}", _quoted(voucher(booking)), '""', "", _quoted(text_of(booking, kinds)[:60])]
    return _joined(cells)


def voucher(booking: Booking) -> str:
    """By what the line is found again: the code of the request, the reference of the bank, or the number of the line."""
    said = booking.request.code if booking.request else booking.reference or f"A{booking.pk}"
    return "".join(sign if sign in _VOUCHER else "-" for sign in said)[:LONGEST]


def text_of(booking: Booking, kinds: Kinds) -> str:
    """`Mitglied 0148 Zahlungseingang`: numbers only; names of members do not leave the register by this way."""
    member = booking.member_credit or booking.member_debit
    taker = booking.member_credit if booking.member_debit and booking.member_credit != booking.member_debit else None
    who = f"Mitglied {member.number:04d}" if member else ""
    if taker and booking.member_debit:
        who = f"Mitglied {booking.member_debit.number:04d} an {taker.number:04d}"
    return " ".join(part for part in (who, kinds[booking.kind], booking.text) if part)


def _quoted(text: str) -> str:
    return '"' + " ".join(clean(text).split()).replace('"', '""') + '"'


def _kinds() -> Kinds:
    """What happened, in German: the files are read by tax advisers."""
    with translation.override("de"):
        return {kind: str(label) for kind, label in BookingKind.choices}


def _joined(cells: Sequence[str]) -> str:
    return ";".join(cells) + "\r\n"


def _encoded(text: str) -> bytes:
    return text.encode("cp1252", errors="replace")


# -------------------------------------------------------------------------------------------------------------- plain CSV


def plain_csv(books: Bookkeeping, period: Period) -> Iterator[bytes]:
    """`date;account;contra;amount;text` in UTF-8 with a mark, so that spreadsheets read umlauts; amounts with a decimal point."""
    return sheets.csv_parts(_plain_lines(books, period))


def _plain_lines(books: Bookkeeping, period: Period) -> Iterator[Sequence[str]]:
    kinds = _kinds()
    yield "date", "account", "contra", "amount", "text"
    for booking in bookings(books, period).iterator(chunk_size=CHUNK):
        accounts = number_of(books, booking.debit), number_of(books, booking.credit)
        yield booking.booked_on.isoformat(), *accounts, plain(booking.cents), text_of(booking, kinds)
