"""Tables that spreadsheets and programs read: CSV (RFC 4180) with semicolons in UTF-8, part by part."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from allmende.ground.text import defused

MARK = "\ufeff"
"""By this sign spreadsheets know UTF-8."""
PART = 64 * 1024  # letters gathered before a part goes out
Cell = str | int | None


def csv_parts(lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The lines as one file, the headings first; words that a spreadsheet would take for a formula are defused, numbers stay."""
    text = io.StringIO()
    text.write(MARK)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for line in lines:
        writer.writerow([_cell(cell) for cell in line])
        if text.tell() > PART:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _cell(cell: Cell) -> Cell:
    return defused(cell) if isinstance(cell, str) and not is_number(cell) else cell


def is_number(cell: str) -> bool:
    """Whether this is a plain number with a decimal point, such as `-12.50`."""
    return cell.removeprefix("-").replace(".", "", 1).isdigit()
