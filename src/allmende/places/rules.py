"""What is right for places, in plain Python: distances, when a town is meant, how its name may be written. No files, no database."""

import re
from math import asin, cos, radians, sin, sqrt

from allmende.ground.text import words

HOME = ("DE", "AT", "CH", "LI", "LU")  # without a country these are meant first
EARTH_KM = 6_371.0
CITY = 100_000  # people
NEARBY_KM = 40.0  # a postcode's centre and its town's centre are never further apart
REGION_KM = 15.0  # how far the nearest town may lie to lend its state to a point
NAMED_AFTER = {"st": ("sankt", "saint"), "sankt": ("st", "saint"), "saint": ("st",), "ste": ("sainte",)}

_POINT = re.compile(r"^\s*([+-]?\d{1,2}(?:\.\d+)?)\s*[,;]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$")
_POSTCODE = re.compile(r"^(?:(?P<country>[A-Z]{1,2})[- ])?(?P<code>\d{4,5})\b\s*,?\s*(?P<rest>.*)$", re.IGNORECASE)

# Country names as they are written at home, where the tables of the other languages do not know them.
ENDONYMS = {
    "Ελλάδα": "GR", "Ελλάς": "GR", "Κύπρος": "CY", "Eesti": "EE", "Latvija": "LV", "Lietuva": "LT", "Slovenija": "SI", "Hrvatska": "HR",
    "Magyarország": "HU", "Slovensko": "SK", "Česká republika": "CZ", "Česko": "CZ", "Srbija": "RS", "Србија": "RS", "България": "BG",
    "Suomi": "FI", "Sverige": "SE", "Norge": "NO", "Danmark": "DK", "Ísland": "IS", "Éire": "IE", "Україна": "UA", "Shqipëria": "AL",
    "Cymru": "GB", "Alba": "GB", "Catalunya": "ES", "Euskadi": "ES",
}  # fmt: skip


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres along the great circle (haversine, mean radius of the earth)."""
    phi, other_phi = radians(lat), radians(other_lat)
    half = sin((other_phi - phi) / 2) ** 2 + cos(phi) * cos(other_phi) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def reach_km(population: int) -> float:
    """About how far a town stretches from its middle: half a kilometre for a hamlet, 13 for Hamburg, 19 for Berlin."""
    return 0.5 + sqrt(max(population, 0)) * 0.01


def trusts_town(population: int, apart_km: float) -> bool:
    """Whether the town counts when postcode and town contradict each other.

    The name of a city is hardly mistyped into another city's, one digit of a postcode is; the name of a small place may stand for a
    quarter of the same name near the postcode.
    """
    return apart_km > NEARBY_KM and population >= CITY


def may_be_part_of(population: int) -> bool:
    """Whether `Town-Quarter` may be read as a quarter of `Town`: only for towns large enough to have quarters."""
    return population >= 20_000


def is_earthly(lat: float, lon: float) -> bool:
    """Whether these are coordinates of our planet."""
    return -90 <= lat <= 90 and -180 <= lon <= 180


def read_point(text: str) -> tuple[float, float] | None:
    """`53.55, 9.99` as (lat, lon); None if it is something else."""
    found = _POINT.match(text)
    if not found:
        return None
    lat, lon = float(found[1]), float(found[2])
    return (lat, lon) if is_earthly(lat, lon) else None


def read_address(text: str) -> tuple[str, str, str]:
    """Postcode, town and country word of what people type: `20095 Hamburg`, `D-20095`, `Wien, AT`, `Hamburg`."""
    before, _comma, country = text.strip().rpartition(",")
    town, country = (before.strip(), country.strip()) if before.strip() else (text.strip(), "")
    found = _POSTCODE.match(town)
    if not found:
        return "", town, country
    return found["code"], found["rest"].strip(), country or found["country"] or ""


def names_to_try(town: str) -> list[str]:
    """The folded spellings a town may stand under: as written, then with `St.` as `Sankt` and the like."""
    parts = words(town)
    if not parts:
        return []
    folded = " ".join(parts)
    return [folded, *(" ".join((saint, *parts[1:])) for saint in NAMED_AFTER.get(parts[0], ()))]


def abbreviates(short: str, long: str) -> bool:
    """Whether folded `short` leaves letters or little words out of `long`: `frankfurt a m` or `halle saale`; the first word is whole.

    >>> abbreviates("frankfurt main", "frankfurt am main")
    True
    """
    wanted, given = short.split(), long.split()
    if len(wanted) < 2 or wanted[0] != given[0]:
        return False
    rest = iter(given[1:])
    return all(any(word.startswith(part) for word in rest) for part in wanted[1:])


def without_abbreviations(folded: str) -> str:
    """`oldenburg` of `oldenburg i o`: where GeoNames leaves out what the name adds in short; empty if nothing is to leave out."""
    first, *rest = folded.split()
    return first if rest and len(first) > 3 and all(len(word) <= 2 for word in rest) else ""


def before_quarter(town: str) -> str:
    """`Berlin` of `Berlin-Kreuzberg`, `Hamburg` of `Hamburg (Altona)` or `Hamburg / Altona`; empty if there is no such part."""
    head, mark, quarter = re.sub(r"[-/(,–]", "\0", town, count=1).partition("\0")
    return head.strip() if mark and len(quarter.strip(" )")) > 2 and len(head.strip()) > 3 else ""
