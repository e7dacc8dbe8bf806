"""`./allmende manage landscape FILE`: groups of opinion of answers in a file, as JSON, without a database.

FILE is what Polis exports: `participants-votes.csv` (a row per person, a column per statement), `votes.csv` (a row per answer), or its
`votes.json`. Of several answers of a person to one statement the latest counts. With `--comments comments.csv` moderated statements are
hidden. Anybody can so compute our groups for answers that are published, and compare.
"""

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from allmende.opinions.landscape import landscape
from allmende.opinions.landscape.weighing import consensus, counts, representative

Said = dict[tuple[int, int], float]


class Command(BaseCommand):
    """Reads answers, prints groups."""

    help = "Groups of opinion of answers in a file."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the one that says what was moderated."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--comments", type=Path, help="comments.csv of the same conversation: moderated statements are hidden")
        parser.add_argument("--least", type=int, default=1, help="people a group has at least (default 1; pages use 5)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, compute, print; CommandError with a sentence for a file that is none of these."""
        try:
            said = read(options["file"])
            hidden = moderated(options["comments"]) if options["comments"] else set()
        except (OSError, ValueError, KeyError, TypeError, UnicodeDecodeError) as fault:
            raise CommandError(f"This file cannot be read as answers: {fault}") from fault
        self.stdout.write(json.dumps(told(said, hidden, options["least"]), indent=1))


def read(file: Path) -> Said:
    """The latest answer of each person to each statement."""
    if file.suffix == ".json":
        rows = json.loads(file.read_text("utf-8"))
        rows = sorted(rows, key=lambda row: float(row.get("modified") or 0))
        names = ("participant_id", "statement_id") if rows and "participant_id" in rows[0] else ("pid", "tid")
        return {(int(row[names[0]]), int(row[names[1]])): float(row["vote"]) for row in rows}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if rows and "voter-id" in rows[0]:
        rows.sort(key=lambda row: int(row["timestamp"]))
        return {(int(row["voter-id"]), int(row["comment-id"])): float(row["vote"]) for row in rows}
    statements = [name for name in (rows[0] if rows else {}) if name.isascii() and name.isdigit()]
    return {(int(row["participant"]), int(one)): float(row[one]) for row in rows for one in statements if row[one]}


def moderated(file: Path) -> set[int]:
    """The statements that were taken out."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return {int(row["comment-id"]) for row in csv.DictReader(lines) if row["moderated"] == "-1"}


def told(said: Said, hidden: set[int], least: int) -> dict[str, Any]:
    """Groups with their people, counts of each statement, what stands for each group; numbers are those of the file."""
    people, statements = sorted({person for person, _one in said}), sorted({one for _person, one in said})
    row, column = ({name: at for at, name in enumerate(names)} for names in (people, statements))
    answers = np.full((len(people), len(statements)), np.nan)
    for (person, one), value in said.items():
        answers[row[person], column[one]] = value
    out = frozenset(column[one] for one in hidden if one in column)
    found = landscape(answers, hidden=out, least=least)
    groups = [found.rows[found.labels == one] for one in range(found.groups)]
    table = [counts(answers[rows]) for rows in groups]
    return {
        "people": len(people),
        "grouped": len(found.rows),
        "silhouettes": found.silhouettes,
        "groups": [
            {
                "size": len(rows),
                "people": [people[at] for at in rows],
                "stands": [{"statement": statements[it.statement], "agrees": it.agrees} for it in representative(at_group, table, out)],
            }
            for at_group, rows in enumerate(groups)
        ],
        "statements": [
            {
                "statement": one,
                "hidden": at in out,
                "agree": whole.agree,
                "disagree": whole.disagree,
                "seen": whole.seen,
                "consensus": consensus([counted[at] for counted in table]),
            }
            for at, (one, whole) in enumerate(zip(statements, counts(answers), strict=True))
        ],
        "centre": found.plane.centre.tolist(),
        "axes": found.plane.axes.tolist(),
    }
