"""An exported entry as one row of a table and back without loss: the columns of our CSV, for dump and import alike.

Lists of words stand in one cell, joined by `;` (a `;` or `\\` inside a word is written `\\;` and `\\\\`); places and sources as JSON.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

# The keys of export.organisation() in their order.
COLUMNS = (
    "id slug url name legal_name kind legal_form sector sectors activities cooperation sdgs summary summary_en description description_en "
    "keywords languages founded ended website email phone register same_as places networks licence sources confirmed_on changed_at is_demo"
).split()
LISTS = frozenset({"sectors", "activities", "cooperation", "keywords", "languages", "same_as", "networks"})
NUMBERS = frozenset({"founded", "ended"})
OBJECTS = frozenset({"places", "sources"})

_SPLIT = re.compile(r"((?:[^;\\]|\\.)*)(;|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def to_row(entry: Mapping[str, Any]) -> list[str]:
    """The cells of an exported entry in the order of COLUMNS."""
    return [_cell(key, entry.get(key)) for key in COLUMNS]


def from_row(row: Mapping[str, str]) -> dict[str, Any]:
    """The entry of a row (column name to cell). Columns that are missing are left out; ValueError names the cell that cannot be read."""
    return {key: _value(key, row[key]) for key in COLUMNS if row.get(key) is not None}


def join(words: list[str]) -> str:
    """A list of words as one cell; empty words are left out, for nobody could tell them from an empty list."""
    return ";".join(re.sub(r"([;\\])", r"\\\1", word) for word in words if word)


def split(cell: str) -> list[str]:
    """The words of a cell written by `join`.

    >>> split("Bio;Obst\\\\; Gemüse")
    ['Bio', 'Obst; Gemüse']
    """
    if "\\" not in cell:
        return [word for word in cell.split(";") if word]
    parts = (_ESCAPED.sub(r"\1", found.group(1)) for found in _SPLIT.finditer(cell))
    return [part for part in parts if part]


def _cell(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key in LISTS:
        return join(value)
    if key == "sdgs":
        return ";".join(str(number) for number in value)
    if key in OBJECTS:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _value(key: str, cell: str) -> Any:
    if key in LISTS:
        return split(cell)
    try:
        if key == "sdgs":
            return [int(number) for number in cell.split(";") if number.strip()]
        if key in NUMBERS:
            return int(cell) if cell.strip() else None
        if key in OBJECTS:
            return _objects(cell)
    except (ValueError, RecursionError) as error:
        raise ValueError(key) from error
    if key == "is_demo":
        return cell.strip().lower() in {"true", "1", "yes", "ja"}
    return (cell or None) if key == "confirmed_on" else cell


def _objects(cell: str) -> list[dict[str, Any]]:
    value = json.loads(cell) if cell.strip() else []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError("not a list of objects")
    return value
