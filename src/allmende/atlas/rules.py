"""The geometry of the map and what a filter is. Plain Python: no database, no request, no clock.

Points are web-mercator integers at zoom 30: x grows to the east, y to the south, both 0 .. 2**30 - 1 (EPSG:3857 cut at
85.0511 degrees). A cluster cell at zoom z is a square of 64 screen pixels, a quarter of a 256-pixel tile.
"""

from dataclasses import dataclass, replace
from math import asin, atan, cos, degrees, log, pi, radians, sin, sinh, tan
from typing import Any

from allmende.places.rules import EARTH_KM

DEEPEST = 30
SIZE = 1 << DEEPEST
MAX_LAT = 85.051128
MAX_ZOOM = 18
REACH = 10_000  # entries: so far lists can be turned page by page; further on, each page would cost more than the one before


@dataclass(frozen=True)
class Box:
    """West, south, east, north in degrees. West may be greater than east: then the box crosses the date line."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Near:
    """A point with a radius in kilometres."""

    lat: float
    lon: float
    km: float


@dataclass(frozen=True)
class Filters:
    """What is asked of the map: all parts must hold, several keys of one part are alternatives."""

    q: str = ""
    sector: tuple[str, ...] = ()
    legal_form: tuple[str, ...] = ()
    cooperation: tuple[str, ...] = ()
    sdg: tuple[str, ...] = ()
    activity: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    fresh: str = ""
    place: str = ""
    radius: float = 25.0
    near: Near | None = None
    bbox: Box | None = None
    share_alike: bool = True
    online: bool = False
    sort: str = ""

    def but(self, **changes: Any) -> "Filters":
        """The same with changes."""
        return replace(self, **changes)

    @property
    def place_unknown(self) -> bool:
        """A place was asked for that nobody knows: then nothing is near it."""
        return bool(self.place) and self.near is None

    @property
    def is_empty(self) -> bool:
        """Nothing narrows the map."""
        return self == Filters(sort=self.sort, radius=self.radius)


def project(lat: float, lon: float) -> tuple[int, int]:
    """Degrees to web-mercator integers at zoom 30.

    >>> project(0, 0) == (SIZE // 2, SIZE // 2)
    True
    """
    lat = max(-MAX_LAT, min(MAX_LAT, lat))
    x = (lon + 180) / 360
    y = 0.5 - log(tan(pi / 4 + radians(lat) / 2)) / (2 * pi)
    return min(SIZE - 1, max(0, int(x * SIZE))), min(SIZE - 1, max(0, int(y * SIZE)))


def unproject(x: float, y: float) -> tuple[float, float]:
    """Web-mercator numbers at zoom 30 back to (lat, lon) degrees."""
    return degrees(atan(sinh(pi * (1 - 2 * y / SIZE)))), x / SIZE * 360 - 180


def unit(lat: float, lon: float) -> tuple[float, float, float]:
    """A point as a unit vector from the centre of the Earth (ADR 0006)."""
    phi, lam = radians(lat), radians(lon)
    return cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)


def cell_shift(zoom: int) -> int:
    """By how many bits a coordinate is shifted to get its cluster cell at a zoom: 4 x 4 cells a 256-pixel tile."""
    return DEEPEST - min(zoom, MAX_ZOOM) - 2


def box_around(near: Near) -> Box:
    """The smallest box that holds the circle; near a pole it goes around the world."""
    dlat = degrees(near.km / EARTH_KM)
    south, north = max(-90.0, near.lat - dlat), min(90.0, near.lat + dlat)
    if south <= -90 or north >= 90:
        return Box(-180, south, 180, north)
    dlon = degrees(asin(min(1.0, sin(radians(dlat)) / cos(radians(near.lat)))))
    if dlon >= 180:
        return Box(-180, south, 180, north)
    west, east = near.lon - dlon, near.lon + dlon
    return Box(west + 360 if west < -180 else west, south, east - 360 if east > 180 else east, north)


def holds(box: Box, lat: float, lon: float) -> bool:
    """Whether a point lies in a box, as the map counts."""
    x, y = project(lat, lon)
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, x1, y0, y1 in columns(box))


def columns(box: Box) -> list[tuple[int, int, int, int]]:
    """A box as one or two ranges (x from, x to, y from, y to), both ends included; two when it crosses the date line."""
    _, top = project(box.north, 0)
    _, bottom = project(box.south, 0)
    west, east = project(0, box.west)[0], project(0, box.east)[0]
    if box.west <= box.east:
        return [(west, east, top, bottom)]
    return [(west, SIZE - 1, top, bottom), (0, east, top, bottom)]


# How a sector is drawn: shape before colour, so that nobody needs to see colours to tell pins apart. Mohn is kept for warnings.
SYMBOLS = {
    "energy": "raute raps",
    "food": "blatt wiese",
    "housing": "quadrat korn",
    "digital": "kreis korn",
    "finance": "kreis raps",
    "retail": "quadrat raps",
    "work": "quadrat wiese",
    "health": "kreis wiese",
    "education_culture": "dreieck korn",
    "media": "dreieck raps",
    "mobility": "raute korn",
    "crafts": "sechseck raps",
    "community": "raute wiese",
    "network": "sechseck korn",
    "other": "sechseck wiese",
}


def page_window(page: int, pages: int, around: int = 2) -> list[int]:
    """Which page numbers a pager shows: first, last, and those around the current one; 0 stands for a gap.

    >>> page_window(1, 9)
    [1, 2, 3, 0, 9]
    """
    shown = sorted({1, pages, *range(max(1, page - around), min(pages, page + around) + 1)})
    window: list[int] = []
    for number in shown:
        if window and number - window[-1] > 1:
            window.append(0)
        window.append(number)
    return window
