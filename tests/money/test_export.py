"""The files for the bookkeeping outside, byte by byte."""

import csv
import io
from datetime import date, datetime

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from allmende.ground.money import read_euros
from allmende.ground.text import defused
from allmende.money import actions, export, queries
from allmende.money.actions import Line
from allmende.money.export import Period
from allmende.money.models import Account, Booking, BookingKind, Bookkeeping
from tests import coops

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 1))
AT = datetime(2026, 11, 22, 17, 5, 6, 123456, tzinfo=timezone.get_default_timezone())


def ledger() -> Bookkeeping:
    of = coops.cooperative()
    coops.statute(of)
    board = coops.office(of)
    one, two = coops.member(of, board), coops.member(of, board)

    def line(kind: str, debit: str, credit: str, cents: int, on: date, text: str = "", reference: str = "") -> Line:
        return Line(kind, debit, credit, cents, on, one, text=text, reference=reference)

    actions.book(
        of,
        [
            line(BookingKind.PAYMENT, Account.BANK, Account.CAPITAL, 1234_50, date(2026, 3, 9), 'Anteil "eins"; Müller', "Auszug 7/März"),
            line(BookingKind.FEE, Account.RECEIVABLE, Account.FEES, 5, date(2026, 12, 31), "=1+1 → ✓ Ł"),
            line(BookingKind.PAYMENT, Account.BANK, Account.CAPITAL, 7_00, date(2025, 12, 31)),
            Line(BookingKind.TRANSFER, Account.CAPITAL, Account.CAPITAL, 100_00, date(2026, 4, 1), one, to_member=two),
        ],
        by=board,
    )
    books = queries.bookkeeping(of)
    books.consultant, books.client = 12345, 42
    return books


def test_the_file_for_datev_has_the_documented_header_and_windows_lines() -> None:
    content = b"".join(export.datev(ledger(), YEAR, AT))
    lines = content.decode("cp1252").split("\r\n")
    assert lines[0] == (
        '"EXTF";700;21;"Buchungsstapel";13;20261122170506123;;"RE";"";"";12345;42;20260101;4;20260101;20261231;'
        '"Mitglieder 01.01.26-31.12.26";"WD";1;0;0;"EUR";;"";;;"03";;;"";""'
    )
    assert lines[0].count(";") == 30
    assert len(lines) == 6 and lines[-1] == ""
    assert len(next(csv.reader([lines[1]], delimiter=";"))) == 14
    assert lines[2].startswith('1234,50;"S";"EUR";;;"";1200;0810;"";0903;"Auszug-7/M-rz";"";;"Mitglied 0001 ')
    assert lines[2].endswith('Anteil ""eins""; Müller"')
    assert lines[3].startswith('100,00;"S";"EUR";;;"";0810;0810;"";0104;"A') and "Mitglied 0001 an 0002" in lines[3]
    assert lines[4].startswith('0,05;"S";"EUR";;;"";1400;8200;"";3112;') and lines[4].endswith('=1+1 ? ? ?"')
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert export.datev_name(YEAR) == "EXTF_Buchungsstapel_20260101_20261231.csv"


def test_both_files_add_up_to_the_ledger() -> None:
    books = ledger()
    sums = export.checked(books, YEAR)
    assert sums == export.Sums(3, 1334_55)
    datev = b"".join(export.datev(books, YEAR, AT)).decode("cp1252")
    rows = list(csv.reader(io.StringIO(datev), delimiter=";"))[2:]
    assert (len(rows), sum(read_euros(row[0]) for row in rows)) == (sums.lines, sums.cents)
    plain = b"".join(export.plain_csv(books, YEAR)).decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(plain), delimiter=";"))
    assert sum(round(float(row["amount"]) * 100) for row in found) == sums.cents
    assert list(found[0]) == ["date", "account", "contra", "amount", "text"]
    assert (found[0]["date"], found[0]["account"], found[0]["contra"], found[0]["amount"]) == ("2026-03-09", "1200", "0810", "1234.50")


def test_cells_are_no_formulas() -> None:
    assert [defused(cell) for cell in ("=1", "+1", "-1", "@x", "\tx", "gut")] == ["'=1", "'+1", "'-1", "'@x", "'\tx", "gut"]


def test_the_texts_of_bookings_are_short_enough_for_datev() -> None:
    books = ledger()
    Booking.objects.bulk_create(
        Booking(cooperative=books.cooperative, kind=BookingKind.OTHER, debit="bank", credit="other", cents=1, booked_on=date(2026, 5, 1),
                text="ä" * 200, reference="Ü" * 80)
        for _number in range(3)
    )  # fmt: skip
    rows = list(csv.reader(io.StringIO(b"".join(export.datev(books, YEAR, AT)).decode("cp1252")), delimiter=";"))[2:]
    assert max(len(row[13]) for row in rows) <= 60
    assert max(len(row[10]) for row in rows) <= 36


def test_longer_account_numbers_are_filled_up() -> None:
    books = ledger()
    books.length = 6
    assert export.number_of(books, Account.CAPITAL) == "000810"
    assert len({export.number_of(books, account) for account in Account.values}) == len(Account.values)
    assert localdate()
