"""A file somebody uploaded as rows of text: CSV in the encodings offices write, or one sheet of an Excel file.

Nothing is carried out: formulas count with the value Excel has kept for them, macros and bombs are refused (`files.documents`). What
cannot be read is refused with a sentence that says what to do; nothing is guessed silently, `notes` say what was.
"""

import codecs
import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from allmende.files.documents import check_office, old_office
from allmende.ground.refusals import BadInput, require
from allmende.ground.text import clean
from allmende.intake.columns import guess

LARGEST = 5_000_000  # bytes
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_IN_CELL = 1_000
HEADING_WITHIN = 20  # rows: above the heading stand titles and dates
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_TABLES = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")
BROKEN_LETTERS = re.compile("\u00c3[\u00a4\u00b6\u00bc\u009f\u0178\u201e\u2013\u0153\u0153]|\ufffd|[A-Za-z][\u201e\u201d\u0081][a-z]")
NO_VALUE = "#FORMULA"


@dataclass(frozen=True)
class Table:
    """The rows of a file: what stands in the heading, and each row with its number in the file."""

    heading: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)


def read(data: bytes) -> Table:
    """The table in a file. Raises BadInput with a sentence for files that are too large, of another kind, or without rows."""
    require(data, _("The file is empty. Please choose it once more."), BadInput)
    require(len(data) <= LARGEST, _("The file is larger than 5 MB. Please divide the list."), BadInput)
    require(not data.startswith(OLD_OFFICE), old_office(), BadInput)
    if data.startswith(b"PK"):
        rows, notes = _sheet(data)
    else:
        rows, notes = _csv(data)
    return _with_heading(rows, notes)


def _with_heading(rows: list[tuple[int, list[str]]], notes: list[str]) -> Table:
    filled = [(number, cells) for number, cells in rows if any(cells)]
    require(filled, _("There is nothing in this file."), BadInput)
    at = _heading_at([cells for _number, cells in filled[:HEADING_WITHIN]])
    heading = filled[at][1]
    width = max(position + 1 for position, name in enumerate(heading) if name)
    require(width <= MOST_COLUMNS, _("The table has more than 100 columns."), BadInput)
    body = [(number, (cells + [""] * width)[:width]) for number, cells in filled[at + 1 :]]
    require(body, _("There is only a heading in this file, no rows."), BadInput)
    require(len(body) <= MOST_ROWS, _("The list has more than 20,000 rows. Please divide it."), BadInput)
    if any(any(cells[width:]) for _number, cells in filled[at + 1 :]):
        notes = [*notes, _("Some rows have more cells than the heading; what stands beyond it is left out.")]
    return Table(heading[:width], body, notes)


def _heading_at(rows: list[list[str]]) -> int:
    """The first row with at least two words that headings of member lists have; otherwise the first one."""
    for at, cells in enumerate(rows):
        if sum(1 for cell in cells if guess(cell)) >= 2:
            return at
    return 0


# -------------------------------------------------------------------------------------------------------------------- CSV


def decoded(data: bytes) -> tuple[str, list[str]]:
    """The text of a CSV file and what had to be guessed. Raises BadInput for pictures, programs and unknown encodings."""
    unreadable = _("This is not a table. Please save the list as CSV (UTF-8) or as Excel file (.xlsx).")
    require(not data.startswith(NOT_TABLES), unreadable, BadInput)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _or_refuse(data, "utf-16"), []
    if b"\0" in data:
        unmarked = _unmarked_utf16(data)
        require(unmarked, unreadable, BadInput)
        return _or_refuse(data, unmarked), [_("The encoding was guessed (UTF-16). Please look at the umlauts.")]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = _or_refuse(data, "cp1252")
    return text, [_("The file is not UTF-8; it was read as Windows-1252 (cp1252). Please look at the umlauts.")]


def _or_refuse(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        sentence = _("The letters of this file cannot be read. In your spreadsheet please choose “CSV UTF-8” when saving, or .xlsx.")
        raise BadInput(sentence) from fault


def _unmarked_utf16(data: bytes) -> str:
    """Tables in UTF-16 have a zero in nearly every second place; anything else with zeros is no text."""
    sample = data[:2_000]
    for encoding, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        if sample[at::2].count(0) > 0.6 * len(sample[at::2]) and not sample[1 - at :: 2].count(0):
            return encoding
    return ""


def _csv(data: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    text, notes = decoded(data)
    if BROKEN_LETTERS.search(text):
        notes.append(_("Umlauts seem to be broken in this file (as in “MÃ¼ller”). Please look at the names, and save it as “CSV UTF-8”."))
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for cells in reader:
            require(len(rows) <= MOST_ROWS + HEADING_WITHIN, _("The list has more than 20,000 rows. Please divide it."), BadInput)
            rows.append((reader.line_num, [_cut(cell) for cell in cells]))
    except csv.Error as fault:
        sentence = _("The file cannot be read as CSV at line %(line)d. Is a quotation mark missing there?")
        raise BadInput(sentence % {"line": reader.line_num}) from fault
    return rows, notes


def _delimiter(text: str) -> str:
    """The sign that divides the first lines most often and most evenly."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    if lines and (told := re.fullmatch(r"(?i)sep=(.)", lines[0].strip())):
        return told[1]

    def weight(sign: str) -> tuple[int, int]:
        counts = [_width(line, sign) for line in lines]
        widest = max(counts, default=1)
        return (sum(1 for count in counts if count == widest) if widest > 1 else 0, widest)

    return max(";,\t|", key=weight)


def _width(line: str, sign: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=sign), []))
    except csv.Error:  # a cell too large for a table: said where the rows are read
        return 1


def _cut(cell: str) -> str:
    return clean(cell[:MOST_IN_CELL]).replace("\n", " ")


# ------------------------------------------------------------------------------------------------------------------ Excel


def _sheet(data: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    ending = check_office(data)
    require(ending == "xlsx", _("Please save the list as Excel file (.xlsx) or CSV; other office files are not read."), BadInput)
    try:
        return _sheet_rows(data)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile) as fault:
        raise BadInput(_("This Excel file cannot be opened. Please save it once more, or as CSV.")) from fault


def _sheet_rows(data: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    from openpyxl import load_workbook  # takes a while to load: only where a file comes in

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    require(shown, _("There is nothing in this file."), BadInput)
    rows = _cells(shown[0])
    notes = []
    if len(shown) > 1:
        notes.append(_("The file has several sheets; “%(name)s” was read.") % {"name": shown[0].title})
    if _has_formulas(data):
        plain = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        rows = _mark_formulas(rows, _cells(plain[shown[0].title]))
        notes.append(_("The file contains formulas; the values Excel has kept for them were read."))
    return rows, notes


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(b"<f" in archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))


def _cells(sheet: Any) -> list[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    rows = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), start=1):
        require(number <= MOST_ROWS + 10_000, _("The list has more than 20,000 rows. Please divide it."), BadInput)
        if any(cell is not None for cell in cells):
            rows.append((number, [as_text(cell) for cell in cells]))
    return rows


def _mark_formulas(rows: list[tuple[int, list[str]]], formulas: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """A formula without a kept value must not pass for an empty cell."""
    kept = dict(rows)
    marked = []
    for number, cells in formulas:
        values = kept.get(number, [])
        values = values + [""] * (len(cells) - len(values))
        marked.append((number, [NO_VALUE if said.startswith("=") and not value else value for said, value in zip(cells, values)]))  # noqa: B905 - as long
    return marked


def as_text(value: Any) -> str:
    """A cell as somebody would type it: days as 2020-02-29, numbers without an exponent, no third decimal that reads as a thousand."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return _number(value)
    return _cut(str(value))


def _number(value: float) -> str:
    rounded = round(Decimal(repr(value)), 6) if abs(value) < 10**15 else Decimal(0)
    said = format(rounded, "f").rstrip("0").rstrip(".") or "0"
    return said + "0" if re.search(r"\.\d{3}$", said) else said
