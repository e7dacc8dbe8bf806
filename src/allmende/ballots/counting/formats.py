"""Files of ballots in, profiles out: which reader reads which file.

    own JSON (published.py)     *.json            PrefLib orders              *.soc *.soi *.toc *.toi
    BLT                         *.blt             tables of ranked ballots    *.csv (ballot_id, rank, choice)
    approval profiles           *.abc.yaml        participatory budgets       *.pb

The content decides, not the name; the name helps only where contents look alike. What cannot be read ends in a FormatError that names the
line, never in anything else.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .abc_format import is_abc, read_abc
from .blt import read_blt
from .documents import Document, complain, read_text
from .pabulib import is_pabulib, read_pabulib
from .preflib import read_preflib
from .published import read_json
from .tables import is_table, read_table
from .votes import Pool

ENDINGS = {
    ".blt": "blt",
    ".json": "allmende",
    ".soc": "preflib",
    ".soi": "preflib",
    ".toc": "preflib",
    ".toi": "preflib",
    ".pb": "pabulib",
    ".yaml": "abc",
    ".yml": "abc",
    ".abc": "abc",
    ".csv": "table",
}


def _read_budget(text: str) -> Document:
    """A Pabulib file with the rule it names itself, where that is a known one."""
    file = read_pabulib(text)
    rule: dict[str, Any] = {"budget": file.budget, **file.rule}
    if rule.get("method") == "equal-shares":
        rule = {"completion": None, **rule, "method": "mes"}
    pool = Pool(tuple(project.name or project.id for project in file.projects), file.projects, file.ballots)
    return Document("pabulib", pool, file.title, rule, file.remarks)


READERS: dict[str, Callable[[str], Document]] = {
    "allmende": read_json,
    "abc": read_abc,
    "blt": read_blt,
    "preflib": read_preflib,
    "pabulib": _read_budget,
    "table": read_table,
}
KINDS = tuple(READERS)


def kind_of(text: str, name: str = "") -> str | None:
    """Which format this is, by the content and then by the name; None when neither says it."""
    start = text.lstrip()
    if is_abc(text):
        return "abc"
    if start.startswith("{"):
        return "allmende"
    if is_pabulib(text):
        return "pabulib"
    if is_table(text):
        return "table"
    if re.search(r"^# *(NUMBER ALTERNATIVES|ALTERNATIVE NAME 1) *:", text, re.MULTILINE | re.IGNORECASE):
        return "preflib"
    by_name = ENDINGS.get(Path(name.lower()).suffix)
    if by_name:
        return by_name
    return "blt" if re.match(r"(?:#[^\n]*\n|/\*.*?\*/|\s)*\d+[ \t]+\d+\s", start, re.DOTALL) else None


def read(text: str, name: str = "", kind: str | None = None) -> Document:
    """The ballots of a file. Raises FormatError, and CountError for ballots that make no sense together."""
    if not text.strip():
        complain("The file is empty.")
    found = kind or kind_of(text, name)
    if found is None or found not in READERS:
        complain(f"The format is not known; there are {', '.join(READERS)}.")
    return READERS[found](text)


def read_file(path: Path, kind: str | None = None) -> Document:
    """The same from a file. Raises FormatError."""
    return read(read_text(path), path.name, kind)
