"""BLT: the usual file of ranked ballots (ERS, OpenSTV, OpaVote, Droop).

    4 2              four candidates, two seats
    -2               candidate 2 withdrew
    3 1 3 4 0        three ballots: 1, then 3, then 4
    1 4 1=3 - 2 0    "=" for equals, "-" for a place left empty
    0                no more ballots
    "Anna" ... "Title"

Comments ("#" to the end of the line, "/* */"), options in brackets ([withdrawn 2], [tie 3 1 2 4], [nick a b c d], [droop ...]), names of
ballots in parentheses, several ballots on a line, other ends of line and names without quotes are all in use and all read.
"""

import re
from collections.abc import Iterator

from .documents import Document, complain, whole
from .profiles import Ranking, Rankings

TOKEN = re.compile(r"/\*.*?\*/|#[^\n]*|\n|\"|\[|\]|\([^)\n]*\)|[^\s\"\[\]]+", re.DOTALL)
NAMES = re.compile(r'"(.*?)"\s*(?=$|"|#|/\*)')
MOST_BALLOTS = 10**9


class _Tokens:
    """Words of the numeric part with their lines; names are read line by line afterwards."""

    def __init__(self, text: str) -> None:
        self.text, self.line, self.end = text, 1, 0
        self.found = TOKEN.finditer(text)
        self.back: str | None = None

    def take(self, expected: str) -> str:
        """The next word. Raises FormatError at the end of the file."""
        if self.back is not None:
            word, self.back = self.back, None
            return word
        for match in self.found:
            word = match.group()
            if word == "\n":
                self.line += 1
            elif word.startswith(("#", "/*")):
                self.line += word.count("\n")
            else:
                self.end = match.end()
                return word
        return complain(f"The file ends where {expected} should stand.", self.line)

    def give_back(self, word: str) -> None:
        """Let the next one take this word again."""
        self.back = word


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = _Tokens(text)
        self.options = whole(self.tokens.take("the number of candidates"), "The number of candidates", self.tokens.line, 1)
        self.seats = whole(self.tokens.take("the number of seats"), "The number of seats", self.tokens.line, 1)
        self.withdrawn: set[int] = set()
        self.lot: list[int] = []
        self.nicks: dict[str, int] = {}
        self.ballots: dict[Ranking, int] = {}

    def option(self, word: str) -> int:
        if word in self.nicks:
            return self.nicks[word]
        if not (word.isascii() and word.isdigit()):
            complain(f"“{word[:40]}” is not a candidate's number.", self.tokens.line)
        if not 1 <= int(word[:20]) <= self.options:
            complain(f"there is no candidate {word[:20]}; there are {self.options}.", self.tokens.line)
        return int(word) - 1

    def head(self) -> None:
        """Withdrawn candidates and options in brackets, until the first ballot."""
        while True:
            word = self.tokens.take("a ballot")
            if word == "[":
                self.bracket()
            elif re.fullmatch(r"-[0-9]+", word):
                self.withdrawn.add(self.option(word[1:]))
            else:
                self.tokens.give_back(word)
                return

    def bracket(self) -> None:
        name, values = self.tokens.take("the name of an option in brackets"), []
        while (word := self.tokens.take("a closing bracket")) != "]":
            values.append(word)
        if name == "nick":
            self.nicks = {nick: place for place, nick in enumerate(values)}
            if len(self.nicks) != self.options or len(values) != self.options:
                complain("[nick] names each candidate exactly once.", self.tokens.line)
        elif name == "tie":
            self.lot = [self.option(value) for value in values]
            if sorted(self.lot) != list(range(self.options)):
                complain("[tie] names each candidate exactly once.", self.tokens.line)
        elif name == "withdrawn":
            self.withdrawn |= {self.option(value.lstrip("-")) for value in values}
        elif name != "droop":
            complain(f"the option [{name[:40]}] is not known.", self.tokens.line)

    def all_ballots(self) -> None:
        while True:
            word = self.tokens.take("a ballot, or the 0 after the last ballot")
            times = 1
            if not word.startswith("("):
                if word == '"':
                    complain("a name stands here, but the 0 after the last ballot is missing.", self.tokens.line)
                times = whole(word, "The number of equal ballots", self.tokens.line, 0, MOST_BALLOTS)
            if not times:
                return
            ranking = self.ranking()
            self.ballots[ranking] = self.ballots.get(ranking, 0) + times

    def ranking(self) -> Ranking:
        places: list[tuple[int, ...]] = []
        named: set[int] = set()
        start = self.tokens.line
        while (word := self.tokens.take("the 0 at the end of a ballot")) != "0":
            if self.tokens.line != start and word == '"':
                complain("the ballot does not end with 0.", start)
            if word == "-":
                continue
            place = [self.option(one) for one in word.split("=")]
            for option in place:
                if option in named:
                    complain(f"candidate {option + 1} is named twice on a ballot.", self.tokens.line)
                named.add(option)
            places.append(tuple(sorted(place)))
        return tuple(places)

    def names(self) -> tuple[list[str], list[str]]:
        """The names, and what follows them: title, source, comment."""
        first = self.tokens.line
        found: list[str] = []
        last = first
        for line, text in enumerate(self.tokens.text[self.tokens.end :].split("\n"), first):
            for name in _names(text):
                found.append(name)
                last = line
        if len(found) < self.options:
            complain(f"the file ends before the name of candidate {len(found) + 1} of {self.options}.", last)
        return found[: self.options], found[self.options :]


def _names(text: str) -> Iterator[str]:
    line = text.strip()
    if not line or line.startswith(("#", "/*")):
        return
    quoted = NAMES.findall(line)
    if quoted:
        yield from (name.replace('\\"', '"').strip() for name in quoted)
    else:
        yield line.strip("\"'").strip()


def read_blt(text: str) -> Document:
    """Ballots, seats, withdrawn candidates and, where the file has one, the order of a lot. Raises FormatError with the line."""
    reader = _Reader(text)
    reader.head()
    reader.all_ballots()
    names, rest = reader.names()
    rule: dict[str, object] = {"method": "stv", "seats": reader.seats}
    if reader.lot:
        rule["ties"] = {"lot": reader.lot}
    profile = Rankings.of(names, reader.ballots, reader.withdrawn)
    return Document("blt", profile, rest[0] if rest else "", rule, tuple(rest[1:]))
