"""Files with contributions as rows: CSV in any of the usual encodings, or the first sheet of an Excel file."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from allmende.contributions.rules import MOST_ROWS
from allmende.ground.refusals import BadInput, require
from allmende.ground.text import clean, fold

MOST_BYTES = 900_000  # what the house takes in with a form
MOST_UNPACKED = 60_000_000  # of an Excel file: more is a bomb, not a list
CELL = 250
COLUMNS = {
    "member": ("mitgliedsnummer", "mitglied", "nummer", "nr", "nr.", "member", "member number", "number"),
    "type": ("art", "beitragsart", "type", "kind"),
    "amount": ("menge", "betrag", "stunden", "umsatz", "amount", "hours", "turnover"),
    "done_on": ("datum", "tag", "date", "day", "done_on"),
    "text": ("text", "notiz", "bemerkung", "note", "words"),
}


@dataclass(frozen=True)
class Row:
    """One row as it stands in the file: its line and five words."""

    line: int
    member: str
    type: str
    amount: str
    done_on: str
    text: str = ""


def read(name: str, content: bytes) -> list[Row]:
    """The rows of a file; BadInput with a sentence where it cannot be read. Reads one row more than is allowed, so that it is noticed."""
    require(content, _("The file is empty."), BadInput)
    require(len(content) <= MOST_BYTES, _("The file is too large; please divide it."), BadInput)
    table = _excel(content) if content.startswith(b"PK") else _csv(content)
    rows = ((line, [_cell(one) for one in cells]) for line, cells in table)
    filled = ((line, cells) for line, cells in rows if any(cells))
    _first, heading = next(filled, (0, []))
    places = _places(heading)
    found = []
    for line, cells in filled:
        found.append(Row(line, **{column: cells[at] if at < len(cells) else "" for column, at in places.items()}))
        if len(found) > MOST_ROWS:
            break
    return found


def _places(heading: list[str]) -> dict[str, int]:
    names = [fold(one) for one in heading]
    places = {column: next((names.index(word) for word in words if word in names), -1) for column, words in COLUMNS.items()}
    missing = [COLUMNS[column][0].capitalize() for column, at in places.items() if at < 0 and column != "text"]
    said = _("The heading lacks: %(columns)s. The first row names the columns Mitgliedsnummer, Art, Menge, Datum and, if you like, Text.")
    require(not missing, said % {"columns": ", ".join(missing)}, BadInput)
    return {column: at for column, at in places.items() if at >= 0}


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):  # Excel keeps numbers as floats; 15 digits are what it shows
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return clean(str(value if value is not None else "")[: 4 * CELL]).replace("\n", " ")[:CELL]


def _csv(content: bytes) -> Iterator[tuple[int, Iterable[object]]]:
    text = _decoded(content)
    require("\x00" not in text, _("This is neither CSV nor Excel."), BadInput)
    heading = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=heading.count))
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise BadInput(_("Line %(line)d cannot be read as CSV.") % {"line": reader.line_num}) from error


def _decoded(content: bytes) -> str:
    """UTF-16 with its mark, UTF-8 where it is, otherwise what spreadsheets on Windows write."""
    try:
        return content.decode("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _excel(content: bytes) -> Iterator[tuple[int, Iterable[object]]]:
    from openpyxl import load_workbook  # takes a while to load: only where a file comes in

    said = _("This Excel file cannot be read. Save it as .xlsx or as CSV and try again.")
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            require(sum(one.file_size for one in packed.infolist()) <= MOST_UNPACKED, said, BadInput)
        with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
            yield from enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)
    except (BadZipFile, KeyError, ValueError, IndexError, OSError, EOFError, SyntaxError, TypeError, AttributeError) as error:
        raise BadInput(said) from error


def read_day(text: str) -> date | None:
    """`2026-03-31` or `31.03.2026`, `31.3.26`; None for anything else."""
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})", text):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        text = f"{year:04d}-{int(found[2]):02d}-{int(found[1]):02d}"
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
