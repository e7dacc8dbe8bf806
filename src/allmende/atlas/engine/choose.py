"""Which places match: every filter is a set of places in each part of the snapshot, and what matches is in all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray
from pyroaring import BitMap

from allmende.atlas import fulltext
from allmende.atlas.engine.keys import Area, Keys, Ranges, cover
from allmende.atlas.engine.rows import Ints, micros
from allmende.atlas.engine.segment import Segment, as_ordinals, as_set, stretch, union
from allmende.atlas.engine.snapshot import Part, Snapshot
from allmende.atlas.fulltext import Question
from allmende.atlas.rules import SIZE, Box, Filters, Near, box_around, columns
from allmende.directory.rules import MONTH
from allmende.places.rules import EARTH_KM

TAG_FILTERS = ("sector", "activity", "legal_form", "cooperation", "sdg", "country", "source", "network", "licence")
SHARE_ALIKE = ("share_alike", "1")
FEW_PLACES = 20_000  # in a section of the map: then the full text is asked for the section only
SMALL = 5_000  # places: all are looked at sooner than an area is covered
MOST_RANGES = 8  # of keys for one question to the full text
Sets = list[BitMap]
"""One set of ordinals for each part of the snapshot."""
Floats = NDArray[np.float64]


@dataclass
class Words:
    """What is asked of the text: the words themselves, and the same with the compounds that hold them."""

    exact: Question
    wide: Question


def places(snapshot: Snapshot, filters: Filters, words: Words | None, among: Ints | None = None) -> Sets:
    """The places of everything that matches, text included; only of these entries, where some are named."""
    found = unworded(snapshot, filters, among)
    return worded(snapshot, found, words.wide) if words else found


def unworded(snapshot: Snapshot, filters: Filters, among: Ints | None = None) -> Sets:
    """The same without the text."""
    if filters.place_unknown:
        return nothing(snapshot)
    return [_narrowed(snapshot, part, filters, among) for part in snapshot.parts]


def nothing(snapshot: Snapshot) -> Sets:
    """No place at all."""
    return [BitMap() for _ in snapshot.parts]


def _narrowed(snapshot: Snapshot, part: Part, filters: Filters, among: Ints | None) -> BitMap:
    found, segment = part.alive, part.segment
    if among is not None:
        found = found & as_set(segment.ordinals_of(among))
    for kind in TAG_FILTERS:
        if keys := getattr(filters, kind):
            numbers = [snapshot.tags.get((kind, key)) for key in keys]
            found = found & union(segment.tags.get(number) for number in numbers if number is not None)
    if not filters.share_alike:
        found = found - segment.tags.get(snapshot.tags.get(SHARE_ALIKE, -1), BitMap())
    if filters.online:
        found = found & stretch(segment.placed, len(segment))
    if filters.bbox:
        found = found & inside(segment, filters.bbox)
    if filters.near:
        found = found & around(segment, filters.near)
    return _fresh(segment, found, filters.fresh) if filters.fresh else found


def _fresh(segment: Segment, found: BitMap, choice: str) -> BitMap:
    """Those of a set that were confirmed so lately, so long ago, or never."""
    if choice == "never":
        return found - segment.sets["confirmed"]
    at = as_ordinals(found & segment.sets["confirmed"])
    since = micros(timezone.now() - (12 if choice == "older" else int(choice)) * MONTH)
    is_later = segment.confirmed[at] >= since
    return as_set(at[~is_later if choice == "older" else is_later])


def inside(segment: Segment, box: Box) -> BitMap:
    """The places in a box; a box across the date line has two halves."""
    areas = columns(box)
    if len(segment) <= SMALL:
        everywhere = np.arange(segment.placed)
        return union(as_set(everywhere[is_in(segment, everywhere, area)]) for area in areas)
    found = BitMap()
    for area in areas:
        whole, edge = cover(area, segment.keys)
        for low, high in whole:
            found.add_range(*_between(segment, low, high))
        at = _in_ranges(segment, edge)
        found.update(as_set(at[is_in(segment, at, area)]))
    return found


def _in_ranges(segment: Segment, ranges: Ranges) -> NDArray[np.int64]:
    """The ordinals of several ranges of keys."""
    stretches = [np.arange(*_between(segment, low, high)) for low, high in ranges]
    return np.concatenate(stretches) if stretches else np.zeros(0, np.int64)


def is_in(segment: Segment, at: NDArray[Any], area: Area) -> NDArray[np.bool_]:
    """Which of these places lie in an area."""
    x, y = segment.x[at], segment.y[at]
    return np.asarray((x >= area[0]) & (x <= area[1]) & (y >= area[2]) & (y <= area[3]))


def _between(segment: Segment, low: int, high: int) -> tuple[int, int]:
    """The ordinals of a range of keys."""
    return int(segment.keys.searchsorted(low)), int(segment.keys.searchsorted(high))


def around(segment: Segment, near: Near) -> BitMap:
    """The places in a circle."""
    at = as_ordinals(inside(segment, box_around(near)))
    return as_set(at[distances(segment, at, near) <= near.km])


def distances(segment: Segment, at: NDArray[np.uint32], near: Near) -> Floats:
    """Kilometres from a point to these places (haversine)."""
    lat = np.arctan(np.sinh(np.pi * (1 - 2 * (segment.y[at] + 0.5) / SIZE)))
    lon = (segment.x[at] + 0.5) * (2 * np.pi / SIZE) - np.pi
    half = np.sin((lat - radians(near.lat)) / 2) ** 2 + cos(radians(near.lat)) * np.cos(lat) * np.sin((lon - radians(near.lon)) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, half))))


def worded(snapshot: Snapshot, found: Sets, question: Question, names_only: bool = False) -> Sets:
    """Those of these places whose entries meet the question; a question without words is met by all."""
    if not question or not any(found):
        return found
    unknown = [
        number
        for number, part in enumerate(snapshot.parts)
        if found[number] and any(snapshot.held(part.segment, group, names_only) is None for group in question)
    ]
    hits: dict[int, BitMap] = {}
    if unknown and sum(len(found[number]) for number in unknown) <= FEW_PLACES:
        segments = [snapshot.parts[number].segment for number in unknown]
        hits = dict(zip(unknown, _hits_among(segments, [found[number] for number in unknown], question, names_only), strict=True))
    else:
        _learn(snapshot, unknown, question, names_only)
    return [
        found[number] & hits[number] if number in hits else _meeting(snapshot, part.segment, found[number], question, names_only)
        for number, part in enumerate(snapshot.parts)
    ]


def _meeting(snapshot: Snapshot, segment: Segment, found: BitMap, question: Question, names_only: bool) -> BitMap:
    for group in question if found else ():
        found = found & (snapshot.held(segment, group, names_only) or BitMap())
    return found


def _hits_among(segments: Sequence[Segment], found: Sets, question: Question, names_only: bool) -> Sets:
    """What the full text says of few places: it is asked for the ranges of keys they lie in."""
    given = [segment.keys[as_ordinals(places)] for segment, places in zip(segments, found, strict=True)]
    ranges = _ranges(np.sort(np.concatenate(given)))
    keys = fulltext.hits_within(question, ranges, names_only=names_only)
    return [segment.ordinals_at(keys) for segment in segments]


def _ranges(keys: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Few ranges, from the first up to but without the last, that hold all these sorted keys: parted at the widest gaps."""
    gaps = np.diff(keys)
    cuts = np.sort(np.argsort(gaps)[-(MOST_RANGES - 1) :]) if len(gaps) else np.zeros(0, np.int64)
    lows = [int(keys[0]), *(int(keys[cut + 1]) for cut in cuts)]
    highs = [*(int(keys[cut]) + 1 for cut in cuts), int(keys[-1]) + 1]
    return list(zip(lows, highs, strict=True))


def _learn(snapshot: Snapshot, unknown: list[int], question: Question, names_only: bool) -> None:
    """Ask the full text for every group of words that is not known in all parts yet."""
    for group in question:
        segments = [snapshot.parts[number].segment for number in unknown]
        missing = [segment for segment in segments if snapshot.held(segment, group, names_only) is None]
        asked: dict[Question, Keys] = {}
        for segment in missing:
            stored, rest = segment.stored(group, names_only)
            if (rest,) not in asked:
                asked[(rest,)] = fulltext.hits((rest,), names_only=names_only)
            places = union([*stored, segment.ordinals_at(asked[(rest,)])])
            snapshot.learn(segment, group, names_only, places)


def distinct(snapshot: Snapshot, found: Sets, filters: Filters) -> Sets:
    """One place for each entry: its first, or the first of those that lie where it was asked for."""
    if not (filters.bbox or filters.near):
        return [places & part.segment.first for part, places in zip(snapshot.parts, found, strict=True)]
    return [_once(part.segment, places) for part, places in zip(snapshot.parts, found, strict=True)]


def _once(segment: Segment, found: BitMap) -> BitMap:
    several = found & segment.multi
    if not several:
        return found
    at = as_ordinals(several)
    chain_places, which, number_of_chains = segment.chains
    chain = which[chain_places.searchsorted(at)]
    first = np.zeros(number_of_chains, np.uint32)
    first[chain[::-1]] = at[::-1]  # the last one written is the first place
    return (found - several) | as_set(at[first[chain] == at])


def number(sets: Sets) -> int:
    """How many there are in all parts."""
    return sum(map(len, sets))


def edges(segment: Segment, found: BitMap) -> tuple[int, int, int, int] | None:
    """The smallest x and y and the greatest x and y of these places, as zoom-30 integers; None where none is on the map."""
    if len(found) == len(segment) and segment.pyramid:
        top = segment.pyramid.levels[1]
        return (int(top["x0"].min()), int(top["y0"].min()), int(top["x1"].max()), int(top["y1"].max())) if len(top) else None
    at = as_ordinals(found)
    at = at[: at.searchsorted(segment.placed)]
    x, y = segment.x[at], segment.y[at]
    return (int(x.min()), int(y.min()), int(x.max()), int(y.max())) if len(at) else None
