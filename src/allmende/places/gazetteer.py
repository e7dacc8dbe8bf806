"""Towns, postcodes, states and countries in memory, read once per process from `data/` (see its README for sources and licences).

Lines stay lines and are taken apart when asked for; beside them stand sorted names to search in and coordinates as plain numbers.
It answers with row numbers or a `Town`; what follows from them is decided in `queries.py`.
"""

import gzip
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from math import cos, floor, radians
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from allmende.ground.text import words
from allmende.places.rules import ENDONYMS, HOME, distance_km, reach_km

DATA = Path(__file__).parent / "data"
END = "\U0010ffff"  # sorts after every name
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


class Town(NamedTuple):
    """A town or quarter of GeoNames; `name` is German where it has a German name, `admin1` GeoNames' code of its state."""

    name: str
    name_en: str
    country: str
    admin1: str
    lat: float
    lon: float
    population: int


class Towns:
    """All towns, by name and by place."""

    def __init__(self) -> None:
        with gzip.open(DATA / "towns.tsv.gz", "rt", encoding="utf-8") as file:
            self._lines = file.read().split("\n")[1:-1]
        self.population, self._lat, self._lon = array("I"), array("f"), array("f")
        self._names, self._rows = self._read()
        self.first_abroad = next(row for row, line in enumerate(self._lines) if line.split("\t", 6)[5] not in HOME)
        self._cells: dict[tuple[int, int], array[int]] = {}

    def _read(self) -> tuple[list[str], "array[int]"]:
        found: list[tuple[str, int]] = []
        for row, line in enumerate(self._lines):
            _id, name, folded, english, others, _country, _state, lat, lon, population = line.split("\t")
            self.population.append(int(population))
            self._lat.append(float(lat))
            self._lon.append(float(lon))
            found.append((folded, row))
            if english or others or not name.isascii():
                found += [(key, row) for key in _further_names(name, english, others) if key != folded]
        found.sort(key=itemgetter(0))
        return [name for name, _row in found], array("I", (row for _name, row in found))

    def __len__(self) -> int:
        return len(self._lines)

    def town(self, row: int) -> Town:
        """The town of that row."""
        _id, name, _folded, english, _others, country, state, lat, lon, population = self._lines[row].split("\t")
        return Town(name, english or name, country, state, float(lat), float(lon), int(population))

    def named(self, folded: str) -> list[int]:
        """The rows of exactly this folded name."""
        return self._between(folded, folded + "\0")

    def beginning(self, folded: str) -> list[int]:
        """The rows with a name that begins so; a row may appear twice under two of its names."""
        return self._between(folded, folded + END)

    def names_beginning(self, folded: str) -> Iterator[tuple[str, int]]:
        """Folded names that begin so, with their rows."""
        for at in range(bisect_left(self._names, folded), bisect_left(self._names, folded + END)):
            yield self._names[at], self._rows[at]

    def _between(self, low: str, high: str) -> list[int]:
        return self._rows[bisect_left(self._names, low) : bisect_left(self._names, high)].tolist()

    def around(self, lat: float, lon: float, km: float) -> Iterator[tuple[float, int]]:
        """(distance in km, row) of all towns within `km`, unordered."""
        self._cells = self._cells or self._grid()
        high = km / 111.0
        wide = km / (111.0 * max(cos(radians(min(abs(lat) + high, 89.0))), 0.02))
        for y in range(floor(lat - high), floor(lat + high) + 1):
            for x in range(floor(lon - wide), floor(lon + wide) + 1):
                for row in self._cells.get((y, (x + 180) % 360 - 180), ()):
                    away = distance_km(lat, lon, self._lat[row], self._lon[row])
                    if away <= km:
                        yield away, row

    def _grid(self) -> "dict[tuple[int, int], array[int]]":
        cells: dict[tuple[int, int], array[int]] = defaultdict(lambda: array("I"))
        for row, (lat, lon) in enumerate(zip(self._lat, self._lon, strict=True)):
            cells[floor(lat), floor(lon)].append(row)
        return dict(cells)

    def at(self, lat: float, lon: float, km: float) -> Town | None:
        """The town that a point belongs to most likely: the one in whose reach it lies deepest, within `km` of its middle."""
        found = min(((away / reach_km(self.population[row]), row) for away, row in self.around(lat, lon, km)), default=None)
        return self.town(found[1]) if found else None


def _further_names(name: str, english: str, others: str) -> set[str]:
    """Folded: the English name, other names, and German names as typed without umlauts."""
    written = [text for text in (name, english, *others.split("|")) if text]
    spelled = [text.translate(_SPELLED) for text in written]
    return {" ".join(words(text)) for text in (*written, *spelled)} - {""}


@cache
def towns() -> Towns:
    """The towns; read at the first question."""
    return Towns()


@cache
def postcodes() -> dict[str, tuple[float, float]]:
    """German postcodes with the middle of their area."""
    with gzip.open(DATA / "postcodes_de.tsv.gz", "rt", encoding="ascii") as file:
        rows = (line.rstrip("\n").split("\t") for line in list(file)[1:])
        return {code: (float(lat), float(lon)) for code, lat, lon in rows}


class Countries(NamedTuple):
    """`names`: alpha-2 to (German, English); `codes`: folded name or code to alpha-2."""

    names: dict[str, tuple[str, str]]
    codes: dict[str, str]


@cache
def countries() -> Countries:
    """All countries with what people call them."""
    names: dict[str, tuple[str, str]] = {}
    codes = {" ".join(words(name)): code for name, code in ENDONYMS.items()}
    further: dict[str, str] = {}
    for code, alpha3, german, english, others in _rows("countries.tsv"):
        names[code] = (german, english)
        codes |= dict.fromkeys((code.casefold(), " ".join(words(german)), " ".join(words(english))), code)
        further |= dict.fromkeys((alpha3.casefold(), *(" ".join(words(other)) for other in others.split("|") if other)), code)
    return Countries(names, further | codes)


@cache
def states() -> dict[tuple[str, str], tuple[str, str]]:
    """(country, GeoNames' code) to (German, English) name of the state: Germany, Austria, Switzerland."""
    return {(country, code): (german, english) for country, code, german, english, _iso in _rows("admin1.tsv")}


def _rows(name: str) -> Iterator[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").split("\n")
    return (line.split("\t") for line in lines[1:] if line)
