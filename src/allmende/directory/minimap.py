"""Small maps as SVG, drawn by the server: no script, no foreign tile. For the page of an entry and for the start page.

Colours are the map colours of the design language as variables. Alone, as a picture, the SVG brings their values for light and
dark; inside a page (`alone=False`) it takes those of the page.
"""

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from math import asinh, pi, radians, sqrt, tan
from pathlib import Path
from typing import NamedTuple

from django.utils.html import escape

from allmende.places.gazetteer import DATA, Town, towns
from allmende.places.rules import distance_km, reach_km

Point = tuple[float, float]

WORLD = 2**20  # units of the outline's web mercator square
DEGREE = WORLD / 360
LEAST = 5 * DEGREE  # a map shows at least so much from west to east, so that one recognises where it is
MARGIN = 1.35  # room around the points
FINE = 1.5  # pixels; what is smaller is not drawn
POLE = 85.0
CITY = 20_000  # people; smaller towns are not named
LABELS = 7
SIZE, LETTER = 16, 9.8  # pixels: height of a name, width of its letters on average
MIN_DISC, MAX_DISC = 9.0, 26.0
RING = 14
GAP = 5.0  # pixels between a mark and the name beside it

LIGHT = {"water": "#d5e3e6", "land": "#f3f3e9", "border": "#a5aa9c", "label": "#3f4a43", "halo": "#fbfbf7"}
DARK = {"water": "#0b1416", "land": "#1b251e", "border": "#536158", "label": "#bcc6bc", "halo": "#121914"}
PAINT = ({"surface": "#ffffff", "wiese-3": "#3d8a4a", "ink": "#16231c"}, {"surface": "#19221c", "wiese-3": "#62ad6c", "ink": "#e9eee6"})


class Box(NamedTuple):
    """A part of the outline's square, in its units; y grows to the south."""

    west: float
    north: float
    east: float
    south: float

    def holds(self, other: "Box") -> bool:
        """Whether the other box lies inside."""
        return self.west <= other.west and self.north <= other.north and self.east >= other.east and self.south >= other.south

    def meets(self, other: "Box") -> bool:
        """Whether the two have anything in common."""
        return self.west <= other.east and other.west <= self.east and self.north <= other.south and other.north <= self.south


class Line(NamedTuple):
    """A line or an area of the outline with the box around it."""

    box: Box
    points: list[Point]


class Outline(NamedTuple):
    """What is drawn under the points, layer by layer from below."""

    box: Box
    layers: dict[str, list[Line]]


class View(NamedTuple):
    """Which box is shown on how many pixels."""

    box: Box
    scale: float

    def at(self, x: float, y: float) -> Point:
        """Pixels of a spot of the square."""
        return (x - self.box.west) * self.scale, (y - self.box.north) * self.scale


def svg(
    points: Sequence[tuple[float, float, int]],
    width: int,
    height: int,
    title: str,
    box: tuple[float, float, float, float] | None = None,
    *,
    vague: Iterable[Point] = (),
    letters: Iterable[tuple[float, float, str]] = (),
    names: bool = False,
    alone: bool = True,
) -> str:
    """A map of `points` (lat, lon, count): a pin for one, a disc with its number for more.

    `vague` are places (lat, lon) known only roughly, such as by their town: dashed rings, for a pin would claim a house. `box` is
    (west, south, east, north) in degrees; without one the map is cut around the points. `names` writes down larger towns.
    `letters` (lat, lon, letter) tell a few things apart; on one spot they stand together.
    """
    points = [*points, *((lat, lon, 0) for lat, lon in vague)]
    lettered = [*letters]
    view = _view(_around([*points, *((lat, lon, 1) for lat, lon, _letter in lettered)]) if box is None else _box(box), width, height)
    spots = [(*view.at(*project(lat, lon)), count) for lat, lon, count in points]
    signs = _signs([(*view.at(*project(lat, lon)), letter) for lat, lon, letter in lettered])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
        f"<title>{_text(title)}</title>",
        _style() if alone else "",
        f'<rect width="{width}" height="{height}" fill="var(--map-water)"/>',
        *_ground(view),
        *(_names(view, width, height, [*spots, *((x, y, 25) for x, y, _letters in signs)]) if names else ()),
        *(_mark(*spot) for spot in sorted(spots, key=lambda spot: spot[2])),
        *(_disc(x, y, 9 + 3 * len(sign), sign) for x, y, sign in signs),
        "</svg>",
    ]
    return "".join(parts)


def project(lat: float, lon: float) -> Point:
    """Where a place lies on the outline's square."""
    lat = min(max(lat, -POLE), POLE)
    return (lon + 180) * DEGREE, (1 - asinh(tan(radians(lat))) / pi) / 2 * WORLD


def _around(points: Sequence[tuple[float, float, int]]) -> Box:
    spots = [project(lat, lon) for lat, lon, _count in points] or [project(51, 10)]
    xs, ys = [x for x, _y in spots], [y for _x, y in spots]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _box(degrees: tuple[float, float, float, float]) -> Box:
    west, south, east, north = degrees
    return Box(*project(north, west), *project(south, east))


def _view(box: Box, width: int, height: int) -> View:
    """The box with room around it, in the shape of the picture."""
    across = max((box.east - box.west) * MARGIN, (box.south - box.north) * MARGIN * width / height, LEAST)
    half, middle = (across / 2, across / 2 * height / width), ((box.west + box.east) / 2, (box.north + box.south) / 2)
    return View(Box(middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]), width / across)


# ------------------------------------------------------------------------------------------------------------- ground

STROKES = {  # layer: (fill, stroke, width, dashes)
    "land": ("var(--map-land)", "var(--map-border)", 0.8, ""),
    "lakes": ("var(--map-water)", "none", 0, ""),
    "rivers": ("none", "var(--map-water)", 1.6, ""),
    "states": ("none", "var(--map-border)", 0.6, "2 3"),
    "borders": ("none", "var(--map-border)", 1.2, "5 3"),
}


def _ground(view: View) -> list[str]:
    """Land and borders as fine as we have them; a plain grid of degrees where we have none."""
    outline = next((one for one in outlines() if one.box.holds(view.box)), None)
    outline = outline or next((one for one in reversed(outlines()) if one.box.holds(_core(view.box))), None)
    if outline is None:
        return [_grid(view)]
    return [_layer(name, lines, view) for name, lines in outline.layers.items()]


def _core(box: Box) -> Box:
    """The middle of a box: when at least this is on the outline, the outline helps."""
    across, down = (box.east - box.west) / 4, (box.south - box.north) / 4
    return Box(box.west + across, box.north + down, box.east - across, box.south - down)


def _layer(name: str, lines: Iterable[Line], view: View) -> str:
    fill, stroke, width, dashes = STROKES[name]
    near = [line for line in lines if line.box.meets(view.box)]
    path = "".join(_area(line.points, view) if fill != "none" else _run(line.points, view) for line in near)
    if not path:
        return ""
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{stroke}" stroke-width="{width}"{dash} stroke-linejoin="round"/>'


def _area(points: list[Point], view: View) -> str:
    """An area cut to the view (Sutherland and Hodgman: one edge after the other)."""
    room = (view.box.east - view.box.west) / 20  # so that the outline of a cut never shows
    edges = ((0, view.box.west - room, 1), (0, view.box.east + room, -1), (1, view.box.north - room, 1), (1, view.box.south + room, -1))
    for axis, limit, side in edges:
        points = _cut(points, axis, limit, side)
        if not points:
            return ""
    path = _draw(points, view)
    return f"{path}z" if path.count("L") > 1 else ""


def _cut(points: list[Point], axis: int, limit: float, side: int) -> list[Point]:
    kept: list[Point] = []
    for before, here in zip([points[-1], *points[:-1]], points, strict=True):
        was, is_in = (before[axis] - limit) * side >= 0, (here[axis] - limit) * side >= 0
        if was != is_in:
            share = (limit - before[axis]) / (here[axis] - before[axis])
            kept.append((before[0] + (here[0] - before[0]) * share, before[1] + (here[1] - before[1]) * share))
        if is_in:
            kept.append(here)
    return kept


def _run(points: list[Point], view: View) -> str:
    """The parts of a line that come near the view."""
    parts: list[str] = []
    run: list[Point] = []
    for before, here in zip(points, points[1:], strict=False):
        if Box(min(before[0], here[0]), min(before[1], here[1]), max(before[0], here[0]), max(before[1], here[1])).meets(view.box):
            run = [*(run or [before]), here]
        elif run:
            parts.append(_draw(run, view))
            run = []
    return "".join([*parts, _draw(run, view)])


def _draw(points: Iterable[Point], view: View) -> str:
    """Path data in pixels, without what is too fine to be seen."""
    kept: list[Point] = []
    for x, y in (view.at(*point) for point in points):
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > FINE:
            kept.append((x, y))
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in kept) if len(kept) > 1 else ""


def _grid(view: View) -> str:
    """Meridians and parallels, in whole degrees, where there is no outline."""
    step = next((one for one in (1, 5, 10, 30) if view.scale * DEGREE * one > 50), 90)
    across = [view.at(*project(0, lon))[0] for lon in range(-180, 181, step)]
    down = [view.at(*project(lat, 0))[1] for lat in range(-80, 81, step)]
    width, height = view.at(view.box.east, view.box.south)
    lines = [f"M{_short(x)} 0V{height:.0f}" for x in across if 0 <= x <= width] + [
        f"M0 {_short(y)}H{width:.0f}" for y in down if 0 <= y <= height
    ]
    frame = f'<rect width="{width:.0f}" height="{height:.0f}" fill="var(--map-land)"/>'
    return f'{frame}<path d="{"".join(lines)}" fill="none" stroke="var(--map-border)" stroke-width=".8"/>'


@cache
def outlines() -> tuple[Outline, ...]:
    """The two outlines: Germany, Austria and Switzerland in detail, then Europe."""
    data = json.loads((Path(DATA) / "outline.json").read_text(encoding="utf-8"))
    return _outline(data["detail"]), _outline(data)


def _outline(data: dict[str, list[str]]) -> Outline:
    x, y, width, height = (float(number) for number in str(data["viewbox"]).split())
    layers = {name: [line for path in data[name] for line in _lines(path)] for name in STROKES if name in data}
    return Outline(Box(x, y, x + width, y + height), layers)


def _lines(path: str) -> list[Line]:
    """The lines of path data that knows only `M` (to a spot), `l` (by a step) and `z`."""
    found = []
    for part in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        points = [(float(numbers[0]), float(numbers[1]))]
        for right, down in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((points[-1][0] + right, points[-1][1] + down))
        if part.endswith("z"):
            points.append(points[0])
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        found.append(Line(Box(min(xs), min(ys), max(xs), max(ys)), points))
    return found


# ----------------------------------------------------------------------------------------------------- what lies on it


def _mark(x: float, y: float, count: int) -> str:
    if count > 1:
        return _disc(x, y, _radius(count), str(count))
    return _pin(x, y) if count else _ring(x, y)


def _ring(x: float, y: float) -> str:
    """Somewhere around here: the dashes the large map draws around what is not certain."""
    return (
        f'<circle cx="{_short(x)}" cy="{_short(y)}" r="{RING}" fill="var(--wiese-3)" fill-opacity=".2" stroke="var(--ink)" '
        f'stroke-width="2" stroke-dasharray="5 4"/>'
    )


def _pin(x: float, y: float) -> str:
    """The leaf pin of the map; its tip stands on the spot."""
    shape = f"M{_short(x)} {_short(y)}c-4-6-9-9.6-9-15.6a9 9 0 0 1 18 0c0 6-5 9.6-9 15.6z"
    return (
        f'<path d="{shape}" fill="var(--wiese-3)" stroke="var(--ink)" stroke-width="1.5"/>'
        f'<circle cx="{_short(x)}" cy="{_short(y - 15.6)}" r="3" fill="var(--surface)"/>'
    )


def _signs(letters: Sequence[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """What stands on one spot of the picture becomes one sign: `A`, `B`, or `A B`."""
    found: dict[Point, list[str]] = {}
    for x, y, letter in letters:
        near = (spot for spot in found if abs(spot[0] - x) + abs(spot[1] - y) < MIN_DISC * 3)
        found.setdefault(next(near, (x, y)), []).append(letter)
    return [(*spot, " ".join(dict.fromkeys(here))) for spot, here in found.items()]


def _disc(x: float, y: float, radius: float, text: str) -> str:
    size = 13 if radius < 16 else 15
    return (
        f'<circle cx="{_short(x)}" cy="{_short(y)}" r="{_short(radius)}" fill="var(--surface)" stroke="var(--ink)" stroke-width="1.5"/>'
        f'<text x="{_short(x)}" y="{_short(y + size / 3)}" font-size="{size}" font-weight="600" text-anchor="middle" '
        f'font-family="Vollkorn,Georgia,serif" fill="var(--ink)">{_text(text)}</text>'
    )


def _radius(count: int) -> float:
    return min(MIN_DISC + sqrt(count), MAX_DISC)


def _room(x: float, y: float, count: int) -> Box:
    """What a mark covers of the picture."""
    if count == 1:
        return Box(x - 11, y - 27, x + 11, y + 2)
    radius = (_radius(count) if count else RING) + 1
    return Box(x - radius, y - radius, x + radius, y + radius)


@cache
def cities() -> tuple[Town, ...]:
    """Towns worth naming on a small map, largest first."""
    known = towns()
    rows = [row for row, people in enumerate(known.population) if people >= CITY]
    return tuple(known.town(row) for row in sorted(rows, key=lambda row: -known.population[row]))


def _names(view: View, width: int, height: int, spots: Sequence[tuple[float, float, int]]) -> list[str]:
    """The largest towns in view, as far as their names cover neither each other nor a pin; quarters of named towns stay out."""
    frame, taken = Box(4, 4, width - 4, height - 4), [_room(*spot) for spot in spots]
    parts: list[str] = []
    seen: list[Town] = []
    for town in cities():
        x, y = view.at(*project(town.lat, town.lon))
        if not (0 < x < width and 0 < y < height) or any(_is_quarter(town, larger) for larger in seen):
            continue
        seen.append(town)
        dot = Box(x - 2, y - 2, x + 2, y + 2)
        over = next((mark for mark in taken[: len(spots)] if mark.meets(dot)), None)  # the mark on the town stands for its dot
        free = (one for one in _labels(over or dot, town.name) if frame.holds(one) and not any(one.meets(other) for other in taken))
        label = next(free, None)
        if label:
            taken.append(label)
            parts.append(("" if over else _dot(x, y)) + _name(label, town.name))
        if len(parts) == LABELS:
            break
    return parts


def _is_quarter(town: Town, larger: Town) -> bool:
    return distance_km(town.lat, town.lon, larger.lat, larger.lon) < reach_km(larger.population) * 1.5


def _labels(dot: Box, name: str) -> tuple[Box, ...]:
    """Where a name may stand: right of its dot, left of it, below it, above it."""
    wide, high = LETTER * len(name) + 4, SIZE + 2
    x, y = (dot.west + dot.east) / 2, (dot.north + dot.south) / 2
    return (
        Box(dot.east + GAP, y - high / 2, dot.east + GAP + wide, y + high / 2),
        Box(dot.west - GAP - wide, y - high / 2, dot.west - GAP, y + high / 2),
        Box(x - wide / 2, dot.south + 3, x + wide / 2, dot.south + 3 + high),
        Box(x - wide / 2, dot.north - 3 - high, x + wide / 2, dot.north - 3),
    )


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{_short(x)}" cy="{_short(y)}" r="2" fill="var(--map-label)"/>'


def _name(label: Box, name: str) -> str:
    return (
        f'<text x="{_short((label.west + label.east) / 2)}" y="{_short(label.south - 4.5)}" font-size="{SIZE}" text-anchor="middle" '
        f'font-family="Atkinson Next,Verdana,sans-serif" fill="var(--map-label)" stroke="var(--map-halo)" stroke-width="3" '
        f'paint-order="stroke">{_text(name)}</text>'
    )


def _style() -> str:
    def values(ground: dict[str, str], paint: dict[str, str]) -> str:
        return "".join(f"--map-{name}:{value};" for name, value in ground.items()) + "".join(f"--{k}:{v};" for k, v in paint.items())

    light, dark = values(LIGHT, PAINT[0]), values(DARK, PAINT[1])
    return f"<style>:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"


def _text(text: str) -> str:
    """Escaped, and without the control characters XML forbids."""
    return str(escape("".join(letter for letter in text if letter >= " ")))


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
