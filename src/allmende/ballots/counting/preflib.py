"""PrefLib: files of orders (.soc, .soi, .toc, .toi), today's with "# KEY: value" heads and the older ones without.

# ALTERNATIVE NAME 1: Anna          3
# NUMBER VOTERS: 5                  1,Anna
3: 1,{2,3}                          5,5,1
                                    3,1,{2,3}
"""

import re
from collections.abc import Sequence

from .documents import Document, complain, whole
from .profiles import Ranking, Rankings

PLACE = re.compile(r"\{([^{}]*)\}|([^{},]+)")
HEAD = re.compile(r"#\s*([^:]*?)\s*:\s*(.*)")
NAME = re.compile(r"ALTERNATIVE NAME\s+(\d+)", re.IGNORECASE)
MOST_BALLOTS = 10**9

Line = tuple[int, str]


def _order(text: str, options: int, line: int) -> Ranking:
    """An order such as "1,{2,3},4"."""
    if re.sub(r"\{[^{}]*\}|[^{},]+", "", text).replace(",", "").strip():
        complain("a bracket is not closed.", line)
    places: list[tuple[int, ...]] = []
    for group, single in PLACE.findall(text):
        words = [word for word in (group.split(",") if group else [single]) if word.strip()]
        place = tuple(sorted(whole(word, "An alternative", line, 1, options) - 1 for word in words))
        if place:
            places.append(place)
    named = [option for place in places for option in place]
    if len(set(named)) != len(named):
        complain("an alternative is named twice.", line)
    return tuple(places)


def _collect(rows: Sequence[tuple[int, str, str]], options: int) -> dict[Ranking, int]:
    ballots: dict[Ranking, int] = {}
    for line, times, order in rows:
        ranking = _order(order, options, line)
        number = whole(times, "The number of equal ballots", line, 1, MOST_BALLOTS)
        ballots[ranking] = ballots.get(ranking, 0) + number
    return ballots


def _agree(ballots: dict[Ranking, int], voters: int | None, line: int | None) -> None:
    if voters is not None and sum(ballots.values()) != voters:
        complain(f"the file speaks of {voters} voters, but there are {sum(ballots.values())} ballots.", line)


def _modern(lines: Sequence[Line]) -> Document:
    heads: dict[str, str] = {}
    names: dict[int, str] = {}
    rows: list[tuple[int, str, str]] = []
    at: dict[str, int] = {}
    for number, line in lines:
        if line.startswith("#"):
            match = HEAD.match(line)
            if not match:
                continue
            key, value = match[1].upper(), match[2].strip()
            named = NAME.fullmatch(key)
            if named:
                names[int(named[1]) - 1] = value
            else:
                heads[key], at[key] = value, number
        else:
            times, colon, order = line.partition(":")
            if not colon:
                complain("a line of ballots has the form “number: order”.", number)
            rows.append((number, times, order))
    key = "NUMBER ALTERNATIVES"
    options = whole(heads[key], "The number of alternatives", at[key], 1) if key in heads else max(names, default=-1) + 1
    if not options:
        complain("the file says nowhere how many alternatives there are.")
    if max(names, default=0) >= options:
        complain(f"alternative {max(names) + 1} has a name, but there are only {options}.", at.get(key))
    ballots = _collect(rows, options)
    key = "NUMBER VOTERS"
    _agree(ballots, whole(heads[key], "The number of voters", at[key], 0, MOST_BALLOTS) if heads.get(key) else None, at.get(key))
    listed = [names.get(option) or f"Alternative {option + 1}" for option in range(options)]
    return Document("preflib", Rankings.of(listed, ballots), heads.get("TITLE", ""))


def _old(lines: Sequence[Line]) -> Document:
    rest = list(lines)

    def take(what: str) -> Line:
        if not rest:
            complain(f"The file ends where {what} should stand.", lines[-1][0] if lines else None)
        return rest.pop(0)

    number, line = take("the number of alternatives")
    options = whole(line, "The number of alternatives", number, 1)
    names = []
    for option in range(options):
        number, line = take(f"the name of alternative {option + 1}")
        place, comma, name = line.partition(",")
        if not comma or whole(place, "The number of an alternative", number, 1, options) != option + 1:
            complain(f"the line of alternative {option + 1} has the form “{option + 1},name”.", number)
        names.append(name.strip() or f"Alternative {option + 1}")
    number, line = take("the number of voters")
    voters = whole(line.split(",")[0], "The number of voters", number, 0, MOST_BALLOTS)
    rows = [(at, *_halves(text, at)) for at, text in rest]
    ballots = _collect(rows, options)
    _agree(ballots, voters, number)
    return Document("preflib", Rankings.of(names, ballots))


def _halves(text: str, line: int) -> tuple[str, str]:
    mark = ":" if ":" in text else ","
    times, found, order = text.partition(mark)
    if not found:
        complain("a line of ballots has the form “number,order”.", line)
    return times, order


def read_preflib(text: str) -> Document:
    """Orders with their numbers. Raises FormatError with the line."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        complain("The file is empty.")
    return _modern(lines) if any(line.startswith("#") for _, line in lines) else _old(lines)
