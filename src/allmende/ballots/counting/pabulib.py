"""Pabulib: participatory budgets as .pb files (pabulib.org/format), with all kinds of votes.

Three tables one after the other, META, PROJECTS and VOTES, each with a line of its own name and a line of columns:

PROJECTS
project_id;cost;name
4;1400;Garden
VOTES
voter_id;vote
17;4,2

Cities write them in dialects: commas instead of semicolons, decimals with a comma, names with quotation marks that were never closed, empty
cells at the ends, sections in small letters. What can be understood is read; what contradicts itself without harm becomes a remark.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .budget import ADD_ONE, SKIP, STOP, equal_shares, greedy
from .budget_result import BudgetResult, Project
from .budget_rounds import Money
from .documents import FormatError, complain

SECTIONS = ("META", "PROJECTS", "VOTES")
APPROVAL, ORDINAL, CUMULATIVE, SCORING = "approval", "ordinal", "cumulative", "scoring"
KINDS = {"approval": APPROVAL, "choose-1": APPROVAL, "ordinal": ORDINAL, "cumulative": CUMULATIVE, "scoring": SCORING}
NEVER = 999_999_999  # with this cost some cities mark projects that were withdrawn
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
# The rule a file names, as options for counting. Other rules (greedy-custom, greedy-exclusive, ...) are a city's own.
RULES: dict[str, dict[str, str]] = {
    "greedy": {"method": "greedy", "unaffordable": SKIP},
    "greedy-threshold": {"method": "greedy", "unaffordable": SKIP},
    "greedy-no-skip": {"method": "greedy", "unaffordable": STOP},
    "equalshares": {"method": "equal-shares"},
    "equalshares/add1": {"method": "equal-shares", "completion": ADD_ONE},
}

Row = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class BudgetFile:
    """A budget as it was read. `ballots` are as budget.py takes them, one for each line of VOTES; `official` are the projects that the
    file says were selected, None when it does not say; `remarks` are sentences about what does not fit together."""

    meta: Mapping[str, str]
    projects: tuple[Project, ...]
    ballots: tuple[tuple[Mapping[int, Money], int], ...]
    budget: Money
    vote_type: str
    official: frozenset[int] | None = None
    remarks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the file says it is."""
        return self.meta.get("description", "")

    @property
    def threshold(self) -> Money:
        """How many points a project needs at least."""
        return _number(self.meta.get("min_project_score_threshold") or "0", "The threshold", None)

    @property
    def rule(self) -> dict[str, Any]:
        """The rule the file names, as options for counting; empty when it names none that is known."""
        options: dict[str, Any] = dict(RULES.get(self.meta.get("rule", "").lower(), {}))
        return options | {"threshold": self.threshold} if options.get("method") == "greedy" else options

    def count(self, rule: Mapping[str, Any] | None = None, lot: Sequence[int] | None = None) -> BudgetResult:
        """Count by the rule of the file, or by another (`method` equal-shares or greedy, with the options of budget.py).

        Raises CountError when neither is known.
        """
        options = dict(self.rule if rule is None else rule)
        method = options.pop("method", None)
        if method not in ("greedy", "equal-shares"):
            complain(f"The file names the rule “{self.meta.get('rule', '')}”, which is not known; name one (equal-shares or greedy).")
        if method == "greedy":
            return greedy(self.projects, self.ballots, self.budget, lot=lot, **options)
        return equal_shares(self.projects, self.ballots, self.budget, lot=lot, **({"completion": None} | options))


def is_pabulib(text: str) -> bool:
    """Whether this looks like a .pb file: its first word is META."""
    return re.match(r"\s*\"?META\"?\s*[;,\t]*\s*\n", text, re.IGNORECASE) is not None


def read_pabulib(text: str) -> BudgetFile:
    """Read a .pb file. Raises FormatError with the line."""
    try:
        return _read(text, csv.QUOTE_MINIMAL)
    except FormatError as first:
        if '"' not in text:
            raise
        try:  # a quotation mark that is never closed swallows all that follows
            return _read(text, csv.QUOTE_NONE)
        except FormatError:
            raise first from None


def _read(text: str, quoting: int) -> BudgetFile:
    tables = _tables(text, quoting)
    for name in SECTIONS:
        if name not in tables:
            complain(f"The section {name} is missing.")
    reading = _Reading({row["key"].lower(): row["value"] for _, row in tables["META"] if row["key"]})
    reading.read_projects(tables["PROJECTS"])
    reading.read_votes(tables["VOTES"])
    return reading.finished()


def _tables(text: str, quoting: int) -> dict[str, list[Row]]:
    """The rows of each section, as columns and cells."""
    tables: dict[str, list[Row]] = {}
    name, columns = "", list[str]()
    for line, cells in _cells(text, quoting):
        word = cells[0].upper()
        if word in SECTIONS and not any(cells[1:]):
            if word in tables:
                complain(f"The section {word} stands here a second time.", line)
            name, columns, tables[word] = word, [], []
        elif not name:
            complain("A .pb file begins with a line META.", line)
        elif not columns:
            columns = _columns(name, cells, line)
        else:
            tables[name].append((line, _row(name, columns, cells, line)))
    return tables


def _cells(text: str, quoting: int) -> Iterator[tuple[int, list[str]]]:
    head = re.search(r"^\s*\"?key\"?\s*([;,\t|])", text, re.IGNORECASE | re.MULTILINE)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=head.group(1) if head else ";", quoting=quoting)  # type: ignore[arg-type]
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error:
        complain("A cell is longer than anybody could write it; perhaps a quotation mark is not closed.", reader.line_num)


def _columns(section: str, cells: list[str], line: int) -> list[str]:
    columns = [cell.lower() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    needed = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("vote",)}[section]
    for column in needed:
        if column not in columns:
            complain(f"The section {section} has no column {column}.", line)
    if len(set(columns)) < len(columns):
        complain(f"A column of the section {section} stands there twice.", line)
    return columns


def _row(section: str, columns: list[str], cells: list[str], line: int) -> dict[str, str]:
    if section == "META" and len(cells) > 2:  # a description with semicolons that nobody quoted
        cells = [cells[0], ";".join(cells[1:]).rstrip(";")]
    if any(cells[len(columns) :]):
        complain(f"There are {len(cells)} values, but only {len(columns)} columns.", line)
    return dict(zip(columns, cells, strict=False)) | dict.fromkeys(columns[len(cells) :], "")


def _number(text: str, what: str, line: int | None) -> Money:
    """A number with or without decimals, exactly."""
    word = re.sub(r"[\s\u00a0\u202f']", "", text)
    if not (word.isascii() and NUMBER.fullmatch(word)) or len(word) > 40:
        complain(f"{what} should be a number, not “{text[:40]}”.", line)
    value = Fraction(word.replace(",", "."))
    return int(value) if value.denominator == 1 else value


def _list(text: str) -> list[str]:
    return [word for word in (part.strip().strip('"') for part in re.split(r"[,;]", text.strip("[]{}()"))) if word]


@dataclass(slots=True)
class _Reading:
    """A file half read."""

    meta: dict[str, str]
    projects: list[Project] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    stated: list[tuple[str, str]] = field(default_factory=list)
    official: set[int] | None = None
    ballots: list[tuple[Mapping[int, Money], int]] = field(default_factory=list)
    voters: dict[str, int] = field(default_factory=dict)
    slips: dict[str, list[int]] = field(default_factory=dict)

    @property
    def vote_type(self) -> str:
        word = (self.meta.get("vote_type") or APPROVAL).lower()
        if word not in KINDS:
            complain(f"The votes are of the kind “{word[:40]}”; there are {', '.join(KINDS)}.")
        return KINDS[word]

    def slip(self, what: str, line: int) -> None:
        """Note something that does not stop the count."""
        self.slips.setdefault(what, []).append(line)

    # ------------------------------------------------------------------------------------------------------- projects

    def read_projects(self, rows: list[Row]) -> None:
        """Ids, costs and names; what the file says about votes and selection."""
        if not rows:
            complain("There are no projects.")
        if "selected" in rows[0][1]:
            self.official = set()
        for line, row in rows:
            one = row["project_id"]
            if not one:
                complain("A project has no id.", line)
            if one in self.places:
                complain(f"The project {one} stands here a second time.", line)
            cost = _number(row["cost"], f"The cost of project {one}", line)
            if cost < 0:
                complain(f"The cost of project {one} is below 0.", line)
            self._note_selected(row.get("selected", ""), line)
            self.places[one] = len(self.projects)
            self.projects.append(Project(one, cost, row.get("name", ""), withdrawn=cost == NEVER))
            self.stated.append((row.get("votes", ""), row.get("score", "")))

    def _note_selected(self, word: str, line: int) -> None:
        if word in ("1", "1.0", "true", "True") and self.official is not None:
            self.official.add(len(self.projects))
        elif word not in ("", "0", "0.0", "false", "False"):
            self.slip(f"“selected” is {word[:20]}, so the project was taken or left for a reason of its own", line)

    # ---------------------------------------------------------------------------------------------------------- votes

    def read_votes(self, rows: list[Row]) -> None:
        """One ballot for each line; an empty vote is a ballot too."""
        kind = self.vote_type
        if kind in (CUMULATIVE, SCORING) and rows and "points" not in rows[0][1]:
            complain(f"Votes of the kind {kind} need a column points.", rows[0][0])
        for line, row in rows:
            voter = row.get("voter_id", "")
            if voter and self.voters.setdefault(voter, line) != line:
                self.slip("a voter stands there a second time; both ballots are counted", line)
            named = [self._place(word, line) for word in _list(row["vote"])]
            self._check_length(len(named), line)
            self.ballots.append((self._ballot(kind, named, row, line), 1))

    def _place(self, word: str, line: int) -> int:
        if word not in self.places:
            complain(f"A vote names the project “{word[:40]}”, which is not on the list.", line)
        return self.places[word]

    def _check_length(self, length: int, line: int) -> None:
        least, most = self.meta.get("min_length", ""), self.meta.get("max_length", "")
        if least.isdigit() and length < int(least):
            self.slip(f"a vote names fewer projects than {least}", line)
        if most.isdigit() and length > int(most):
            self.slip(f"a vote names more projects than {most}", line)

    def _ballot(self, kind: str, named: list[int], row: dict[str, str], line: int) -> dict[int, Money]:
        if kind == APPROVAL:
            if len(set(named)) < len(named):
                self.slip("a vote names a project twice; it counts once", line)
            return dict.fromkeys(named, 1)
        if len(set(named)) < len(named):
            complain("A vote names a project twice.", line)
        if kind == ORDINAL:
            return self._ranked(named)
        return self._points(kind, named, row.get("points", ""), line)

    def _ranked(self, named: list[int]) -> dict[int, Money]:
        """Borda: the first of a list of three gets three points."""
        longest = self.meta.get("max_length", "")
        places = max(int(longest) if longest.isdigit() else len(self.projects), len(named))
        return {one: places - place for place, one in enumerate(named)}

    def _points(self, kind: str, named: list[int], text: str, line: int) -> dict[int, Money]:
        points = [_number(word, "A number of points", line) for word in _list(text)]
        if len(points) != len(named):
            complain(f"A vote names {len(named)} projects, but {len(points)} numbers of points.", line)
        if any(worth < 0 for worth in points):
            complain("Points below 0 cannot be counted for a budget.", line)
        most = self.meta.get("max_sum_points", "")
        if kind == CUMULATIVE and most and sum(points) > _number(most, "max_sum_points", None):
            self.slip(f"a vote gives more points than {most}", line)
        default = _number(self.meta.get("default_score") or "0", "default_score", None) if kind == SCORING else 0
        given = dict.fromkeys(range(len(self.projects)), default) | dict(zip(named, points, strict=True))
        return {one: worth for one, worth in given.items() if worth > 0}

    # --------------------------------------------------------------------------------------------------------- the end

    def finished(self) -> BudgetFile:
        """Everything, with remarks."""
        if not self.meta.get("budget"):
            complain("The section META has no budget.")
        budget = _number(self.meta["budget"], "The budget", None)
        if budget < 0:
            complain("The budget is below 0.")
        official = None if self.official is None else frozenset(self.official)
        remarks = (*self._slips(), *self._differences())
        return BudgetFile(self.meta, tuple(self.projects), tuple(self.ballots), budget, self.vote_type, official, remarks)

    def _slips(self) -> Iterator[str]:
        for what, lines in self.slips.items():
            where = ", ".join(map(str, lines[:5])) + (f" and {len(lines) - 5} more" if len(lines) > 5 else "")
            yield f"Line {where}: {what}." if len(lines) == 1 else f"Lines {where}: {what}."
        for project in self.projects:
            if project.withdrawn:
                yield f"Project {project.id} costs {NEVER}: it counts as withdrawn."

    def _differences(self) -> Iterator[str]:
        """Where the file states other numbers than stand in it."""
        for key, number, what in (("num_projects", len(self.projects), "projects"), ("num_votes", len(self.ballots), "votes")):
            stated = self.meta.get(key, "")
            if stated.isdigit() and int(stated) != number:
                yield f"The file states {stated} {what}, and there are {number}."
        votes, points = [0] * len(self.projects), [Fraction(0)] * len(self.projects)
        for given, _ in self.ballots:
            for one, worth in given.items():
                votes[one] += 1
                points[one] += worth
        for one, (stated_votes, stated_points) in enumerate(self.stated):
            for stated, counted, what in ((stated_votes, Fraction(votes[one]), "votes"), (stated_points, points[one], "points")):
                if NUMBER.fullmatch(stated) and Fraction(stated.replace(",", ".")) != counted:
                    yield f"Project {self.projects[one].id}: {stated} {what} are stated, {counted} were counted."
