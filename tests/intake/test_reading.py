"""Files as tables, headings as fields, cells as values."""

import io
import zipfile
from datetime import date

import pytest
from django.utils import translation
from openpyxl import Workbook

from allmende.ground.refusals import BadInput
from allmende.intake import columns, samples, tables, values

HEAD = "Mitgliedsnummer;Nachname;Vorname;Eintritt;Anteile;Eingezahlt"
ROW = "7;Müller;Änne;01.02.2020;2;500,00"
TEXT = f"{HEAD}\n{ROW}\n"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_of_offices_are_read(encoding: str) -> None:
    table = tables.read(TEXT.encode(encoding))
    assert table.heading == HEAD.split(";")
    assert table.rows == [(2, ROW.split(";"))]


def test_a_guessed_encoding_is_said() -> None:
    assert "cp1252" in tables.read(TEXT.encode("cp1252")).notes[0]
    assert tables.read(TEXT.encode("utf-8")).notes == []


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_delimiter_is_guessed(sign: str) -> None:
    cells = ["7", "Müller", "Änne", "01.02.2020", "2", '"500,00"']
    made = sign.join(HEAD.split(";")) + "\n" + sign.join(cells) + "\n"
    assert tables.read(made.encode()).rows[0][1][5] == "500,00"


def test_titles_above_the_heading_are_passed_over() -> None:
    table = tables.read(f"Mitgliederliste der Genossenschaft;;;;;\n;;;;;\n{TEXT}".encode())
    assert table.heading[0] == "Mitgliedsnummer"
    assert table.rows[0][0] == 4


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table"),
        (b"%PDF-1.7 ...", "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Old office"),
        (bytes(range(256)) * 4, "not a table"),
        ("Nachname;Vorname\nM\x81ller;A\n".encode("latin-1"), "letters of this file cannot be read"),
        (b"Nachname;Vorname;Anteile\n", "only a heading"),
        (b"\n\n;;;\n", "nothing in this file"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (b"PK\x03\x04 no archive", "cannot be opened"),
        (HEAD.encode() + b"\n" + b"1;a;b;1.1.2020;1;0\n" * 20_001, "20,000"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        tables.read(data)


def test_broken_umlauts_are_said() -> None:
    broken = TEXT.encode("utf-8").decode("latin-1").encode("utf-8")
    assert any("broken" in note for note in tables.read(broken).notes)


def _book(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_excel_file_is_read_as_text() -> None:
    data = _book(["Nachname", "PLZ", "Eintritt", "Anteile", "Guthaben"], ["Muster", "07743", date(2020, 2, 29), 2.0, 500.5])
    assert tables.read(data).rows == [(2, ["Muster", "07743", "2020-02-29", "2", "500.5"])]


def test_a_formula_without_a_value_is_no_empty_cell() -> None:
    table = tables.read(_book(["Nachname", "Eintritt", "Anteile"], ["Muster", "01.01.2020", "=1+1"]))
    assert table.rows[0][1][2] == tables.NO_VALUE
    assert any("formulas" in note for note in table.notes)


def test_macros_are_refused() -> None:
    out = io.BytesIO(_book(["Nachname", "Eintritt"], ["Muster", "x"]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(BadInput, match="macros"):
        tables.read(out.getvalue())


def test_three_decimals_of_excel_are_no_thousand() -> None:
    with pytest.raises(values.Unread):
        values.read_cents(tables.as_text(1.255))
    assert values.read_cents(tables.as_text(1250.5)) == 1250_50


def test_headings_are_understood() -> None:
    found = columns.guess_all(
        ["Mitglieds-Nr.", "Name", "Vorname", "Straße", "PLZ", "Ort", "Beitrittsdatum", "Anzahl Anteile", "Eingezahlt (€)", "Notiz"], {}
    )
    assert found == ["number", "family_name", "given_name", "street", "postcode", "town", "joined_on", "shares", "paid", ""]


def test_what_was_chosen_before_is_remembered() -> None:
    assert columns.guess_all(["Notiz", "Anteile"], {"notiz": "phone", "anteile": ""}) == ["phone", ""]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("made", [samples.as_csv, samples.as_xlsx])
def test_our_own_template_is_understood_whole(made, language: str) -> None:
    with translation.override(language):
        table = tables.read(made())
        assert len(table.rows) == 2
        assert columns.guess_all(table.heading, {}) == list(samples.COLUMNS)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("31.12.2020", date(2020, 12, 31)), ("1.2.20", date(2020, 2, 1)), ("1.2.85", date(1985, 2, 1)), ("2020-02-29", date(2020, 2, 29)),
        ("2020-02-29 00:00:00", date(2020, 2, 29)), ("31/12/2020", date(2020, 12, 31)), ("43890", date(2020, 2, 29)),
        ("", None), ("00.00.0000", None),
    ],
)  # fmt: skip
def test_days_are_read(said: str, day: date | None) -> None:
    assert values.read_day(said) == day


@pytest.mark.parametrize("said", ["30.02.2020", "29.02.2021", "gestern", "2020", "1.1.1066", "32.1.2020"])
def test_days_there_are_not_are_refused(said: str) -> None:
    with pytest.raises(values.Unread):
        values.read_day(said)


@pytest.mark.parametrize(("said", "number"), [("148", 148), ("0148", 148), ("M-0148", 148), ("148.0", 148), ("", None)])
def test_member_numbers_are_read(said: str, number: int | None) -> None:
    assert values.read_number(said) == number


@pytest.mark.parametrize("said", ["0", "-3", "12a", "1,5", "999999999"])
def test_what_is_no_member_number_is_refused(said: str) -> None:
    with pytest.raises(values.Unread):
        values.read_number(said)


@pytest.mark.parametrize(("said", "shares"), [("2", 2), ("2,00", 2), ("1.200", 1200), ("", 0), ("2.0", 2)])
def test_shares_are_read(said: str, shares: int) -> None:
    assert values.read_shares(said) == shares


@pytest.mark.parametrize("said", ["-1", "1,5", "0.5", "zwei", "99999999999"])
def test_negative_and_fractional_shares_are_refused(said: str) -> None:
    with pytest.raises(values.Unread):
        values.read_shares(said)


def test_names_and_towns_are_divided() -> None:
    assert values.divided_name("Muster, Anna") == ("Muster", "Anna")
    assert values.divided_name("Anna von der Muster") == ("von der Muster", "Anna")
    assert values.divided_name("Muster") == ("Muster", "")
    assert values.divided_town("D-07743 Jena") == ("07743", "Jena")
    assert values.divided_town("Jena") == ("", "Jena")
