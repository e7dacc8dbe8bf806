"""Files as streams of rows: CSV, GeoJSON and JSON of any size, in memory one row at a time."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import ijson
from django.utils.translation import gettext as _

from allmende.directory.importers.base import Row
from allmende.ground.refusals import BadInput

CELL_LIMIT = 1_000_000  # characters; a longer cell is a quotation mark that was never closed
CHUNK = 1 << 16
DEEPEST = 100  # levels of a JSON file; ijson's memory grows with the square of the depth, and no profile looks below the tenth


def encoding(path: Path) -> str:
    """utf-16 with its mark, utf-8 if the whole file is, otherwise cp1252: what spreadsheets on Windows write."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def encoding_notes(path: Path) -> list[str]:
    """A sentence where the encoding had to be guessed."""
    if encoding(path) == "cp1252":
        return [_("The file is not UTF-8; it was read as Windows-1252 (cp1252). Please look at the umlauts.")]
    return []


def csv_rows(path: Path, required: Iterable[str]) -> Iterator[Row]:
    """Rows of a CSV file with the line each begins on; comma, semicolon or tab, whichever the heading uses."""
    with path.open(encoding=encoding(path), errors="replace", newline="") as file:
        heading = file.readline(CELL_LIMIT)
        file.seek(0)
        csv.field_size_limit(CELL_LIMIT)
        reader = csv.reader(file, delimiter=max(",;\t", key=heading.count))
        names = _heading(reader)
        if missing := [name for name in required if name not in names]:
            raise BadInput(_("This file lacks the columns %(columns)s. Is it another profile?") % {"columns": ", ".join(missing)})
        yield from _cells(reader, names)


def _heading(reader: Any) -> list[str]:
    """The names of the columns; none where the first line is no heading at all."""
    try:
        return [name.strip() for name in next(reader, [])]
    except csv.Error:
        return []


def _cells(reader: Any, names: list[str]) -> Iterator[Row]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, {}, _("cannot be read as CSV: %(error)s") % {"error": error})
            continue
        if not cells:
            continue
        raw = dict(zip(names, cells, strict=False))
        wrong = len(cells) != len(names)
        yield Row(
            line, raw, _("has %(cells)d cells, the heading has %(names)d") % {"cells": len(cells), "names": len(names)} if wrong else ""
        )


def json_rows(path: Path, *prefixes: str) -> Iterator[Row]:
    """The objects found at these places of a JSON file (ijson's words, e.g. `features.item`), numbered from 1.

    A file that breaks off gives its whole objects first, then a row that says so.
    """
    number = 0
    for prefix in prefixes:
        with path.open("rb") as file:
            _skip_mark(file)
            try:
                for item in ijson.items(ijson.parse(_shallow(ijson.basic_parse(file, use_float=True))), prefix):
                    number += 1
                    yield Row(number, item, "") if isinstance(item, dict) else Row(number, {"value": str(item)}, _("is not an object"))
            except (ijson.JSONError, UnicodeDecodeError) as error:
                yield Row(number + 1, {}, _("the file breaks off: %(error)s") % {"error": str(error).splitlines()[0]}, is_end=True)
                return
    if not number:
        raise BadInput(_("There are no entries in this file where this profile looks for them. Is it another profile?"))


def _shallow(events: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """The same events; a file that goes too deep ends here."""
    depth = 0
    for event in events:
        if event[0] in {"start_array", "start_map"}:
            depth += 1
            if depth > DEEPEST:
                raise ijson.JSONError(f"more than {DEEPEST} levels deep")
        elif event[0] in {"end_array", "end_map"}:
            depth -= 1
        yield event


def _skip_mark(file: IO[bytes]) -> None:
    if file.read(3) != codecs.BOM_UTF8:
        file.seek(0)
