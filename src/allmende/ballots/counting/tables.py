"""Ranked ballots as a table with one line for each choice: ballot_id, rank, choice.

Marks of the scanner are no choices: $UNDERVOTE (nothing marked) and $OVERVOTE (several marked) are left out, later choices move up.
The same name again on a ballot adds nothing. Options come in the order of the alphabet, since a table has no list of them.
"""

import csv
import io
from collections import Counter, defaultdict

from .documents import Document, complain, whole
from .profiles import Ranking, Rankings

COLUMNS = ("ballot_id", "rank", "choice")
NO_CHOICE = {"$UNDERVOTE", "$OVERVOTE", ""}


def _columns(head: str) -> tuple[str, list[int]]:
    for delimiter in (",", ";", "\t"):
        names = [name.strip().strip('"').lower() for name in head.split(delimiter)]
        if set(COLUMNS) <= set(names):
            return delimiter, [names.index(column) for column in COLUMNS]
    return complain(f"the first line names the columns {', '.join(COLUMNS)}.", 1)


def is_table(text: str) -> bool:
    """Whether the first line looks like such a table."""
    head = text.lstrip().split("\n", 1)[0].lower()
    return all(column in head for column in COLUMNS)


def read_table(text: str) -> Document:
    """Ballots from a table. Raises FormatError with the line."""
    head = text.split("\n", 1)[0]
    delimiter, (voter, rank, choice) = _columns(head)
    papers: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    next(rows)
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) <= max(voter, rank, choice):
                complain("the line has too few columns.", rows.line_num)
            papers[row[voter].strip()].append((whole(row[rank], "A rank", rows.line_num), row[choice].strip()))
    except csv.Error as error:
        complain(f"the table cannot be read ({error}).", rows.line_num)
    names = sorted({name for paper in papers.values() for _, name in paper} - NO_CHOICE)
    if not names:
        complain("there is no choice on any ballot.", 1)
    numbers = {name: number for number, name in enumerate(names)}
    ballots: Counter[Ranking] = Counter(_ranking(paper, numbers) for paper in papers.values())
    return Document("table", Rankings.of(names, ballots), "", {"method": "irv"})


def _ranking(paper: list[tuple[int, str]], numbers: dict[str, int]) -> Ranking:
    places: defaultdict[int, set[int]] = defaultdict(set)
    named: set[int] = set()
    for rank, name in sorted(paper):
        option = numbers.get(name)
        if option is not None and option not in named:
            named.add(option)
            places[rank].add(option)
    return tuple(tuple(sorted(places[rank])) for rank in sorted(places))
