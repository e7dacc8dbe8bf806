"""What is drawn for all invented organisations at once, as arrays: places, sources, confirmations. Texts are drawn later, part by part."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allmende.directory.demo.synthetic.towns import every

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]

KM = 111.2  # in a degree of latitude
SEVERAL = 0.02  # have further places, up to three
ONLINE = 0.025  # have no place at all
COUNTRY_ONLY = 0.005  # have a place of which only the country is known
AT_THE_CENTRE = 0.08  # stand in the middle of their town, as when only the town was known
CONFIRMED = 0.3
SECOND_RECORD = 0.1  # of the third source's entries stand in the first as well
RARE_ONE_IN = 30  # the third source has exactly one row for every thirty organisations
ROUNDING = 6
EXACT, TOWN, COUNTRY = 0, 1, 2


class SourceOf(NamedTuple):
    """A source of invented rows."""

    key: str
    name: str
    licence: str
    share: float


SOURCES = (
    SourceOf("synthetic-register", "Invented register", "CC0-1.0", 0.65),
    SourceOf("synthetic-map", "Invented map", "ODbL-1.0", 0.35),
    SourceOf("synthetic-list", "Invented list", "CC-BY-4.0", 0.0),
)
THIRD = 2


@dataclass
class Drawn:
    """One element for each organisation; of `lat`, `lon`, `town`, `precision` one for each place, the seat first.

    `places` counts the places of each organisation. Ages are seconds, NaN where never confirmed.
    """

    number: Ints
    source: NDArray[np.int8]
    second: NDArray[np.bool_]
    changed: Ints
    confirmed: Numbers
    places: Ints
    home: NDArray[np.int32]
    town: NDArray[np.int32]
    lat: Numbers
    lon: Numbers
    precision: NDArray[np.int8]

    def __len__(self) -> int:
        """The number of organisations."""
        return len(self.number)

    @property
    def starts(self) -> Ints:
        """Where the places of each organisation begin, and where the last ones end."""
        return np.concatenate([[0], np.cumsum(self.places)])

    def part(self, low: int, high: int) -> "Drawn":
        """The organisations from `low` up to but without `high`."""
        starts, high = self.starts, min(high, len(self))
        return self._of(slice(low, high), slice(int(starts[low]), int(starts[high])))

    def in_order(self, order: Ints) -> "Drawn":
        """The same organisations in another order."""
        counts = self.places[order]
        begin = np.repeat(self.starts[:-1][order], counts)
        within = np.arange(len(begin)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._of(order, begin + within)

    def _of(self, organisations: "slice | Ints", places: "slice | Ints") -> "Drawn":
        by_place = {"town", "lat", "lon", "precision"}
        return Drawn(**{one.name: getattr(self, one.name)[places if one.name in by_place else organisations] for one in fields(self)})


Order = Callable[[Numbers, Numbers], Ints]
"""Gives the order of points on the map: near ones beside each other, so that they lie beside each other on disk as well."""


def draw(rows: int, seed: int, order: Order | None = None) -> Drawn:
    """Draw so many organisations. Numbers are given after they were put in order, those without a place at the end."""
    chance = np.random.default_rng(seed)
    home = every().reach.searchsorted(chance.random(rows)).astype(np.int32)
    found = _with_places(chance, rows, home)
    found.source, found.second = _sources(chance, rows)
    found.confirmed = np.where(chance.random(rows) < CONFIRMED, chance.exponential(300 * 86_400, rows).round(), np.nan)
    found.changed = chance.exponential(400 * 86_400, rows).astype(np.int64)
    if order:
        found = found.in_order(_seats_in_order(found, order))
    found.number = np.arange(rows)
    return found


def _with_places(chance: np.random.Generator, rows: int, home: NDArray[np.int32]) -> Drawn:
    which = chance.random(rows)
    counts = np.where(which < ONLINE, 0, 1)
    several = which > 1 - SEVERAL
    counts[several] += chance.integers(1, 4, int(several.sum()))
    total = int(counts.sum())
    known = every()
    own = np.repeat(home, counts)
    is_seat = np.ones(total, bool)
    is_seat[1:] = np.repeat(np.arange(rows), counts)[1:] != np.repeat(np.arange(rows), counts)[:-1]
    other = known.first[own] + (chance.random(total) * (known.last[own] - known.first[own])).astype(np.int32)
    town = np.where(is_seat, own, other)
    spread = np.where(chance.random(total) < AT_THE_CENTRE, 0.0, known.spread[town])
    north, east = chance.normal(size=(2, total)) * spread / KM
    lat = np.clip(known.lat[town] + north, -84, 84)
    lon = (known.lon[town] + east / np.cos(np.radians(lat)) + 180) % 360 - 180
    precision = np.where(spread == 0, TOWN, EXACT).astype(np.int8)
    precision[np.repeat((which >= ONLINE) & (which < ONLINE + COUNTRY_ONLY), counts)] = COUNTRY
    empty = np.zeros(rows)
    return Drawn(
        number=np.arange(rows), source=empty.astype(np.int8), second=empty.astype(bool), changed=empty.astype(np.int64), confirmed=empty,
        places=counts.astype(np.int64), home=home, town=town.astype(np.int32), lat=lat.round(ROUNDING), lon=lon.round(ROUNDING),
        precision=precision,
    )  # fmt: skip


def _sources(chance: np.random.Generator, rows: int) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """The source of each, and whether it has a record in the first source beside one in the third."""
    source = np.where(chance.random(rows) < SOURCES[0].share, 0, 1).astype(np.int8)
    third = chance.permutation(rows)[: rows // RARE_ONE_IN]
    source[third] = THIRD
    second = np.zeros(rows, bool)
    second[third[: int(len(third) * SECOND_RECORD)]] = True
    return source, second


def _seats_in_order(found: Drawn, order: Order) -> Ints:
    pinned = found.places > 0
    pinned[pinned] = found.precision[found.starts[:-1][pinned]] != COUNTRY
    where = np.flatnonzero(pinned)
    seats = found.starts[:-1][where]
    return np.concatenate([where[order(found.lat[seats], found.lon[seats])], np.flatnonzero(~pinned)])


def midnight(now: datetime) -> datetime:
    """The moment that all ages count from: the same all day, so that a load that was stopped goes on as it began."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
