"""The ballots as this platform publishes them, so that anybody can count again. docs/ballots.md says the same for readers of files.

    {"format": "allmende-ballots/1",
     "title": "Board 2026",
     "rule": {"method": "stv", "seats": 3, "ties": "lot", "lot": [2, 0, 1]},
     "options": ["Anna", {"name": "Ben", "withdrawn": true}, {"name": "Cem", "key": "c"}],
     "eligible": 120,
     "ballots": [{"code": "4F2A", "choice": {"ranking": [[0], [2]]}}, ...],
     "result": {...}}

* `rule`: "method" and what `count` takes for it; fractions as "3/4".
* `options`: names, or objects with "name" and, where wanted, "key", "withdrawn", "cost_cents". Majority and consent need none.
* `eligible`, `present`: votes entitled and present; one number, or one for each class.
* `ballots`: "choice" is one of {"answer": "yes" | "no" | "abstain"}, {"answer": "objection", "reason": "..."},
  {"approved": [0, 2]}, {"grades": [3, null]}, {"ranking": [[2], [0, 1]]}. Short forms: the answer alone, a list of approved options or of
  places, an object from option to grade. Options are numbers from 0, or keys, or names. Beside the choice: "votes" (weight, 1), "times"
  (equal ballots, 1), "class", "investing" (true: the class "investing"), "code" (a code stands only once), "name".
* `rule.tenth`: true where nobody counts with more than a tenth of the votes cast (§ 43 III Nr. 2 GenG, tenth.py).
* `hidden`: true where votes and classes were left away, because fewer than five ballots share them; then there is no `result`.
* `result`: what the house counted; it is compared, not believed.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from . import committee
from .classes import INVESTING
from .documents import Document, complain
from .profiles import ANSWERS, CONSENT_ANSWERS, Approvals, Cast, Choices, CountError, Grades, Positions, Profile, Rankings
from .tenth import held_to, most_of

FORMAT = "allmende-ballots/1"
APPROVED = {"approval", "committee", "budget", "mes", "greedy", *committee.RULES}
RANKED = {"irv", "stv", "schulze"}
GRADED = {"score", "dots"}
MOST_TIMES = 10**12
HIDDEN = (
    "Votes and classes do not stand on these ballots, because fewer than five people share them. "
    "The result with votes and classes cannot be counted again from this file."
)


class _Options:
    """The options of a file, and how ballots may call them."""

    def __init__(self, rows: Any) -> None:
        if not isinstance(rows, list):
            complain("“options” is a list of names.")
        self.names: list[str] = []
        self.costs: list[int] = []
        self.withdrawn: set[int] = set()
        self.called: dict[Any, int] = {}
        for place, row in enumerate(rows):
            self._read(place, {"name": row} if isinstance(row, str) else row)

    def _read(self, place: int, row: Any) -> None:
        if not isinstance(row, Mapping) or not isinstance(row.get("name"), str):
            complain(f"Option {place} is a name, or an object with “name”.")
        self.names.append(row["name"])
        for word in {row["name"], row.get("key", row["name"])}:
            if not isinstance(word, str):
                complain(f"The key of option {place} is a text.")
            self.called[word] = -1 if word in self.called else place
        if row.get("withdrawn"):
            self.withdrawn.add(place)
        cost = row.get("cost_cents", row.get("cost"))
        if cost is not None:
            if type(cost) is not int or cost < 0:
                complain(f"The cost of option {place} is a whole number.")
            self.costs.append(cost)

    def place(self, word: Any) -> int:
        """Which option is meant. Raises FormatError."""
        found = word if type(word) is int else self.called.get(word, None) if isinstance(word, str) else None
        if found is None or not 0 <= found < len(self.names):
            complain(f"“{str(word)[:40]}” names no option, or more than one.")
        return int(found)


def _approved(options: _Options, choice: Any) -> frozenset[int]:
    said = choice.get("approved") if isinstance(choice, Mapping) else choice
    if not isinstance(said, list):
        complain("a choice is a list of approved options.")
    places = [options.place(word) for word in said]
    if len(set(places)) != len(places):
        complain("an option is approved twice.")
    return frozenset(places)


def _grades(options: _Options, choice: Any) -> tuple[int | None, ...]:
    said = choice["grades"] if isinstance(choice, Mapping) and "grades" in choice and "grades" not in options.called else choice
    if isinstance(said, Mapping):
        row: list[Any] = [None] * len(options.names)
        for word, grade in said.items():
            row[options.place(word)] = grade
        said = row
    if not isinstance(said, list) or len(said) != len(options.names):
        complain("a choice is a grade for each option.")
    if not all(grade is None or type(grade) is int for grade in said):
        complain("a grade is a whole number or null.")
    return tuple(said)


def _ranking(options: _Options, choice: Any) -> tuple[tuple[int, ...], ...]:
    said = choice.get("ranking") if isinstance(choice, Mapping) else choice
    if not isinstance(said, list):
        complain("a choice is a list of places, best first.")
    places = (place if isinstance(place, list) else [place] for place in said)
    ranking = tuple(tuple(sorted(options.place(word) for word in place)) for place in places if place)
    named = [option for place in ranking for option in place]
    if len(set(named)) != len(named):
        complain("an option is ranked twice.")
    return ranking


def _answer(choice: Any, known: Collection[str]) -> tuple[str, str]:
    said = choice if isinstance(choice, Mapping) else {"answer": choice}
    answer, reason = said.get("answer"), said.get("reason") or ""
    if not isinstance(answer, str) or answer not in known or not isinstance(reason, str):
        complain(f"a choice is one of {', '.join(known)}.")
    return answer, reason


def _rows(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = document.get("ballots")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) and "choice" in row for row in rows):
        complain("“ballots” is a list of objects with “choice”.")
    codes = Counter(row["code"] for row in rows if isinstance(row.get("code"), str))
    if codes and codes.most_common(1)[0][1] > 1:
        complain(f"The code “{codes.most_common(1)[0][0][:40]}” stands on more than one ballot.")
    return rows


def _whole(row: Mapping[str, Any], key: str) -> int:
    value = row.get(key, 1)
    if type(value) is not int or not (0 if key == "votes" else 1) <= value <= MOST_TIMES:
        complain(f"“{key}” is a whole number.")
    return int(value)


def _each(rows: Sequence[Mapping[str, Any]], read: Callable[[Any], Any]) -> Counter[Any]:
    """Equal choices together; a ballot with several votes counts as so many. Complaints name the ballot."""
    found: Counter[Any] = Counter()
    for number, row in enumerate(rows, 1):
        try:
            times = _whole(row, "times") * _whole(row, "votes")
            if times:
                found[read(row["choice"])] += times
        except CountError as error:
            complain(f"Ballot {number}: {error}")
    return found


def _casts(rows: Sequence[Mapping[str, Any]]) -> tuple[Cast, ...]:
    found: Counter[tuple[str, int, str]] = Counter()
    for number, row in enumerate(rows, 1):
        group = INVESTING if row.get("investing") is True else row.get("class") or ""
        try:
            if not isinstance(group, str):
                complain("a class is a text.")
            found[_answer(row["choice"], ANSWERS)[0], _whole(row, "votes"), group] += _whole(row, "times")
        except CountError as error:
            complain(f"Ballot {number}: {error}")
    return tuple(Cast(answer, times, votes, group) for (answer, votes, group), times in found.items())


def _profile(method: str, options: _Options, rows: list[Mapping[str, Any]]) -> Profile:
    if method == "majority":
        return Choices(_casts(rows), tuple(options.names))
    if method == "consent":
        positions = _each(rows, lambda choice: _answer(choice, CONSENT_ANSWERS))
        return Positions(tuple((answer, reason, times) for (answer, reason), times in positions.items()))
    if not options.names:
        complain("“options” is empty.")
    if method in RANKED:
        return Rankings.of(options.names, _each(rows, lambda choice: _ranking(options, choice)), options.withdrawn)
    if method in GRADED:
        return Grades.of(options.names, _each(rows, lambda choice: _grades(options, choice)))
    if method not in APPROVED:
        complain(f"“{method[:40]}” is not a method of counting.")
    costs = options.costs if len(options.costs) == len(options.names) else ()
    return Approvals.of(options.names, _each(rows, lambda choice: _approved(options, choice)), costs)


def read_published(document: Any, method: str | None = None) -> Document:
    """The profile and the rule of a published file; `method` where another one than its own shall be counted. Raises FormatError."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        complain(f"This is not a file of ballots: “format” is not “{FORMAT}”.")
    rule = document.get("rule")
    if not isinstance(rule, Mapping) or not isinstance(rule.get("method"), str):
        complain("“rule” is an object with “method”.")
    known = {key: document[key] for key in ("eligible", "present") if document.get(key) is not None}
    way, options, rows = method or rule["method"], _Options(document.get("options") or []), _rows(document)
    cap = _cap(rows) if rule.get("tenth") is True else None
    rows = rows if cap is None else held_to(cap, rows)
    others = [] if way == "majority" else [row for row in rows if row.get("investing") is not True]
    apart = way != "majority" and len(others) < len(rows)
    result = document.get("result")
    return Document(
        "allmende",
        _profile(way, options, rows),
        str(document.get("title") or ""),
        {**rule, **known},
        (HIDDEN,) if document.get("hidden") else (),
        dict(result) if isinstance(result, Mapping) else None,
        apart,
        _profile(way, options, others) if apart and others else None,
        cap,
    )


def _cap(rows: Sequence[Mapping[str, Any]]) -> int:
    votes: Counter[int] = Counter()
    for row in rows:
        votes[_whole(row, "votes")] += _whole(row, "times")
    return most_of(votes)


def read_json(text: str, method: str | None = None) -> Document:
    """The same from text. Raises FormatError with the line where it is no JSON."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        complain(f"this is no JSON ({error.msg}).", error.lineno)
    except RecursionError:
        complain("The file is nested too deeply.")
    except ValueError:
        complain("The file holds a number that is too long.")
    return read_published(document, method)
