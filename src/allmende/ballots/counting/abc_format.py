"""Committee elections as the library abcvoting and its "ABC book" write them: .abc.yaml, the same as JSON, and the printed form.

profile: [[3, 4], [1, 2], []]          profile with 3 voters and 5 candidates:
num_cand: 5                             2 x {a, b},
committeesize: 3                        1 x {}
                                       desired committee size k = 3

Only what these files use of YAML is read: one level of keys, lists in brackets, and under `compute` the results that others have found.
"""

import json
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm
from string import ascii_lowercase
from typing import Any

from .documents import Document, complain, whole
from .profiles import Approvals

KEY = re.compile(r"([A-Za-z_]\w*)\s*:(?:\s(.*))?$")
KNOWN = ("profile", "num_cand", "committeesize", "voter_weights", "cand_names", "compute", "description")
PRINTED = re.compile(r"^\s*(?:weighted )?profile with (\d+) voters? and (\d+) candidates?:", re.MULTILINE)
GROUP = re.compile(r"^\s*(\d+)\s*x\s*\{([^{}]*)\}\s*,?\s*$")
SIZE = re.compile(r"committee size k = (\d+)")
JSON_PROFILE = re.compile(r"\A\s*\{.*\"profile\"\s*:\s*\[\s*[\[\]]", re.DOTALL)
FACT = re.compile(r"(\w+):((?:(?!\n\s*\w+:).)*)", re.DOTALL)
WEIGHT = re.compile(r"\d+(?:\.\d+)?(?:/[1-9]\d*)?")
MOST_OPTIONS = 10_000

Part = tuple[int, str]


def is_abc(text: str) -> bool:
    """Whether this looks like one of the forms: a key or a heading "profile"."""
    return any(form.search(text) for form in (re.compile(r"^profile\s*:", re.MULTILINE), JSON_PROFILE, PRINTED))


def read_abc(text: str) -> Document:
    """Read an election. What others found is in `published`, as {"compute": [{"rule", "committees", "resolute"}]}.

    Raises FormatError with the line.
    """
    if PRINTED.search(text):
        return _printed(text)
    parts = _json(text) if text.lstrip().startswith("{") else _keys(text)
    if "profile" not in parts:
        complain("There is no profile.")
    line, source = parts["profile"]
    rows = list(_sets(source, line))
    options = _options(parts, rows)
    for at, approved in rows:
        if approved and max(approved) >= len(options):
            complain(f"A ballot approves candidate {max(approved)}, but there are only {len(options)}, from 0.", at)
    times, remarks = _times(parts, len(rows))
    ballots: dict[frozenset[int], int] = {}
    for (_, approved), number in zip(rows, times, strict=True):
        if number:
            ballots[approved] = ballots.get(approved, 0) + number
    remarks += tuple(f"“{key}” is not known and was passed over." for key in parts if key not in KNOWN)
    rule = _seats(parts, len(options))
    title = parts.get("description", (0, ""))[1].strip("\"' \n")
    return Document("abc", Approvals.of(options, ballots), " ".join(title.split()), rule, remarks, _published(parts))


# ----------------------------------------------------------------------------------------------------------- YAML, JSON


def _keys(text: str) -> dict[str, Part]:
    """The text behind each key, with the line on which it begins."""
    parts: dict[str, Part] = {}
    key = ""
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.rstrip()
        if bare.lstrip().startswith("#") or bare in ("", "---", "..."):
            bare = ""
        head = KEY.match(bare)
        if head:
            key = head[1].lower()
            if key in parts:
                complain(f"“{key}” stands here a second time.", number)
            parts[key] = number, head[2] or ""
        elif not key and bare:
            complain("a key such as “profile:” is expected.", number)
        elif key:
            parts[key] = parts[key][0], f"{parts[key][1]}\n{bare}"
    return parts


def _loaded(text: str, line: int) -> Any:
    """JSON that begins on this line."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        complain(f"This is not JSON: {error.msg}.", line + error.lineno - 1)
    except (RecursionError, ValueError):  # nested too deeply, or a number with thousands of digits
        complain("This is not JSON that anybody could have written.", line)


def _json(text: str) -> dict[str, Part]:
    data = _loaded(text, 1)
    return {key.lower(): (1, value if isinstance(value, str) else json.dumps(value)) for key, value in data.items()}


def _sets(source: str, line: int) -> Iterator[tuple[int, frozenset[int]]]:
    """The ballots: lists of candidate numbers, each with its line."""
    source = re.sub(r"(?:^|\s)#[^\n]*", "", source)
    blocks = re.match(r"\s*\n(\s*-\s*\[[^\n]*\n?)+\s*$", source)  # one list in each line, after a dash
    inner = re.sub(r"(\n\s*)-(\s*\[)", r"\1 \2", source) if blocks else source
    frame = re.sub(r"\[[^\[\]]*\]", "#", inner if blocks else inner.strip()[1:-1])
    if not blocks and not (inner.strip().startswith("[") and inner.strip().endswith("]")):
        complain("The profile is a list of lists of candidates, such as [[0, 2], [1]].", line)
    if not re.fullmatch(r"[#\s]*" if blocks else r"\s*(#\s*(,\s*#\s*)*)?,?\s*", frame):
        complain("The profile is a list of lists of candidates, such as [[0, 2], [1]].", line)
    offset = 0 if blocks else inner.index("[") + 1
    for row in re.finditer(r"\[([^\[\]]*)\]", inner[offset:]):
        at = line + inner[: offset + row.start()].count("\n")
        words = [word for word in row[1].split(",") if word.strip()]
        yield at, frozenset(whole(word, "A candidate", at, 0, MOST_OPTIONS) for word in words)


def _options(parts: dict[str, Part], rows: Sequence[tuple[int, frozenset[int]]]) -> list[str]:
    highest = max((max(approved) for _, approved in rows if approved), default=-1)
    number = highest + 1
    if "num_cand" in parts:
        line, word = parts["num_cand"]
        number = whole(word, "num_cand", line, 1, MOST_OPTIONS)
    if not number:
        complain("There are no candidates.")
    names = [word.strip().strip("\"'") for word in parts.get("cand_names", (0, ""))[1].strip("[] \n").split(",")]
    return names if len(names) == number and all(names) else [str(one) for one in range(number)]


def _times(parts: dict[str, Part], voters: int) -> tuple[list[int], tuple[str, ...]]:
    """How often each ballot counts; weights with decimals are brought to whole numbers, which changes no result."""
    if "voter_weights" not in parts:
        return [1] * voters, ()
    line, text = parts["voter_weights"]
    words = [word.strip() for word in text.strip().strip("[]").split(",") if word.strip()]
    if len(words) != voters:
        complain(f"There are {voters} ballots and {len(words)} weights.", line)
    for word in words:
        if not WEIGHT.fullmatch(word):
            complain(f"A weight should be a number, 0 or more, not “{word[:40]}”.", line)
    weights = [Fraction(word) if "/" not in word else Fraction(word.split("/")[0]) / int(word.split("/")[1]) for word in words]
    scale = lcm(*(weight.denominator for weight in weights))
    remarks = (f"All weights were multiplied by {scale}, so that they are whole numbers.",) if scale > 1 else ()
    return [int(weight * scale) for weight in weights], remarks


def _seats(parts: dict[str, Part], options: int) -> dict[str, Any]:
    if "committeesize" not in parts:
        return {}
    line, word = parts["committeesize"]
    return {"seats": whole(word, "committeesize", line, 1, options)}


def _published(parts: dict[str, Part]) -> dict[str, Any] | None:
    """What others found: for each rule its committees, None where none is given."""
    if "compute" not in parts:
        return None
    line, text = parts["compute"]
    if text.startswith("["):
        return {"compute": [_finding(facts, line) for facts in _loaded(text, line)]}
    found = []
    for entry in re.split(r"(?:^|\n)\s*-\s+", text)[1:]:
        facts: dict[str, Any] = {key: " ".join(value.split()) for key, value in FACT.findall(entry)}
        groups = [group.split(",") for group in re.findall(r"\[([^\[\]]+)\]", facts.get("result", ""))]
        found.append(_finding(facts | {"result": groups, "resolute": facts.get("resolute") == "true"}, line))
    return {"compute": found}


def _finding(facts: Any, line: int) -> dict[str, Any]:
    given = facts.get("result") or [] if isinstance(facts, dict) else None
    if not isinstance(given, list) or not all(isinstance(members, list) for members in given):
        complain("Under “compute” stand rules with their results, each a list of committees.", line)
    committees = sorted(sorted(whole(str(one), "A member of a committee", line, 0, MOST_OPTIONS) for one in members) for members in given)
    return {"rule": str(facts.get("rule_id", "")), "committees": committees or None, "resolute": bool(facts.get("resolute"))}


# -------------------------------------------------------------------------------------------------------------- printed


def _printed(text: str) -> Document:
    """The form of the book: groups of equal ballots, candidates by letters."""
    heads = list(PRINTED.finditer(text))
    if len(heads) > 1:
        complain("There is more than one profile in the file.", text[: heads[1].end()].count("\n") + 1)
    first = text[: heads[0].end()].count("\n") + 1
    number = whole(heads[0][2], "The number of candidates", first, 1, MOST_OPTIONS)
    groups = list(_groups(text.split("\n")[first:], first + 1))
    names = list(ascii_lowercase[:number]) if number <= len(ascii_lowercase) else []
    used = sorted({name for _, _, approved in groups for name in approved})
    if not set(used) <= set(names):
        names = used
    if len(names) != number:
        complain(f"{number} candidates are stated, and {len(used)} are named.", first)
    places = {name: place for place, name in enumerate(names)}
    ballots: dict[frozenset[int], int] = {}
    for _, times, approved in groups:
        key = frozenset(places[name] for name in approved)
        ballots[key] = ballots.get(key, 0) + times
    size = SIZE.search(text)
    return Document("abc", Approvals.of(names, ballots), rule={"seats": int(size[1])} if size else {})


def _groups(lines: Sequence[str], first: int) -> Iterator[tuple[int, int, list[str]]]:
    for number, line in enumerate(lines, first):
        group = GROUP.match(line)
        if group:
            times = whole(group[1], "The number of ballots", number, 1)
            yield number, times, [name.strip() for name in group[2].split(",") if name.strip()]
        elif line.strip():
            return
