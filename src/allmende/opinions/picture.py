"""The picture as pages draw it: outlines of groups, the own place, bars of agreement, and the same as tables."""

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any

from allmende.opinions.models import Result, Statement

WIDTH, HEIGHT, MARGIN = 640, 400, 36
LETTERS = "ABCDE"
LEAST_HALF = 22  # pixels: an outline so small still holds its letter
GAP = 0.35


@dataclass(frozen=True)
class Group:
    """A group as drawn and as a row: `key` names its colour, x and y and the half axes are pixels."""

    letter: str
    key: int
    people: int
    share: int
    x: float
    y: float
    long: float
    short: float
    turn: float
    stands: list["Stands"]


@dataclass(frozen=True)
class Stands:
    """A statement that stands for a group."""

    number: int
    text: str
    agrees: bool
    percent: int


@dataclass(frozen=True)
class Bar:
    """How one set of people answered one statement, in whole percent, with the parts of its bar. `seen` answered."""

    name: str
    agree: int
    disagree: int
    passed: int
    seen: int
    parts: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Line:
    """One statement: the bar of all and one per group; None where too few of a group answered."""

    number: int
    text: str
    whole: Bar
    groups: list[Bar | None]
    agrees: bool = True


@dataclass(frozen=True)
class Picture:
    """Everything a page shows of a landscape."""

    people: int
    answers: int
    grouped: int
    is_enough: bool
    groups: list[Group]
    unites: list[Line]
    divides: list[Line]
    lines: list[Line]
    me: tuple[float, float] | None
    my_letter: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_partial(self) -> bool:
        """Whether a number is left out somewhere because too few answered."""
        return any(None in line.groups for line in self.lines)


def picture(result: Result, statements: list[Statement], place: tuple[float, float, int] | None = None) -> Picture:
    """From what is stored to what is drawn; `statements` are those that are not hidden, `place` where the viewer stands."""
    shown, texts = result.shown, {one.number: one.text for one in statements}
    lines = {row["number"]: _line(row, texts[row["number"]]) for row in shown["statements"] if row["number"] in texts}
    at = _scale(shown["groups"], place)
    unites = [_turned(lines[one["number"]], one["agrees"]) for one in shown["unites"] if one["number"] in lines]
    return Picture(
        people=shown["people"],
        answers=shown["answers"],
        grouped=shown["grouped"],
        is_enough=shown["is_enough"],
        groups=[_group(one, key, shown["grouped"], at, texts) for key, one in enumerate(shown["groups"])],
        unites=unites,
        divides=[lines[number] for number in shown["divides"] if number in lines],
        lines=list(lines.values()),
        me=at.point(place[0], place[1]) if place else None,
        my_letter=LETTERS[place[2]] if place else "",
    )


def _line(row: dict[str, Any], text: str) -> Line:
    groups = [_bar(LETTERS[key], one) if one else None for key, one in enumerate(row["groups"])]
    return Line(row["number"], text, _bar("", row), groups)


def _turned(line: Line, agrees: bool) -> Line:
    return Line(line.number, line.text, line.whole, line.groups, agrees)


def _bar(name: str, counted: dict[str, int]) -> Bar:
    seen = counted["seen"]
    agree, disagree = (round(100 * counted[word] / seen) for word in ("agree", "disagree"))
    return Bar(name, agree, disagree, 100 - agree - disagree, seen, parts([counted["agree"], counted["passed"], counted["disagree"]]))


def parts(counted: list[int]) -> list[tuple[str, str, str]]:
    """Start and width in percent and the class of each part of a bar; nothing for parts that are not."""
    whole, at, found = sum(counted) or 1, 0, []
    for count, css in zip(counted, ("c-ja", "c-enth", "c-nein"), strict=True):
        start, width = 100 * at / whole, max(100 * count / whole - GAP, 0)
        at += count
        if count:
            found.append((f"{start:.2f}", f"{width:.2f}", css))
    return found


@dataclass(frozen=True)
class _Scale:
    """From the plane to pixels: the same scale in both directions, up is up."""

    left: float
    top: float
    factor: float
    shift_x: float
    shift_y: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return round(self.shift_x + (x - self.left) * self.factor, 1), round(self.shift_y + (self.top - y) * self.factor, 1)


def _scale(groups: list[dict[str, Any]], place: tuple[float, float, int] | None) -> _Scale:
    """A scale on which all outlines, and the own place, fit."""
    spans = [(one["x"], one["y"], *_reach(one)) for one in groups]
    if place:
        spans.append((place[0], place[1], 0.2, 0.2))
    if not spans:
        return _Scale(0.0, 0.0, 1.0, 0.0, 0.0)
    left, right = min(x - a for x, _y, a, _b in spans), max(x + a for x, _y, a, _b in spans)
    low, top = min(y - b for _x, y, _a, b in spans), max(y + b for _x, y, _a, b in spans)
    wide, high = max(right - left, 0.1), max(top - low, 0.1)
    factor = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    return _Scale(left, top, factor, (WIDTH - wide * factor) / 2, (HEIGHT - high * factor) / 2)


def _reach(one: dict[str, Any]) -> tuple[float, float]:
    """How far a turned ellipse goes to the sides and up."""
    turn, long, short = radians(one["turn"]), one["long"], one["short"]
    wide = ((long * cos(turn)) ** 2 + (short * sin(turn)) ** 2) ** 0.5
    high = ((long * sin(turn)) ** 2 + (short * cos(turn)) ** 2) ** 0.5
    return wide, high


def _group(one: dict[str, Any], key: int, grouped: int, at: _Scale, texts: dict[int, str]) -> Group:
    x, y = at.point(one["x"], one["y"])
    return Group(
        letter=LETTERS[key],
        key=key,
        people=one["people"],
        share=round(100 * one["people"] / grouped) if grouped else 0,
        x=x,
        y=y,
        long=round(max(one["long"] * at.factor, LEAST_HALF), 1),
        short=round(max(one["short"] * at.factor, LEAST_HALF), 1),
        turn=-one["turn"],
        stands=[
            Stands(it["number"], texts[it["number"]], it["agrees"], round(100 * it["successes"] / it["seen"]))
            for it in one["stands"]
            if it["number"] in texts
        ],
    )
