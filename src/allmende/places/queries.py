"""Questions about places, answered from local data alone. What is not known stays None; no point is claimed finer than its source.

There are no streets in the data, so a guess is never "exact": it is the middle of a postcode area (Germany) or of a town.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from django.urls import reverse

from allmende.ground.text import clean, words
from allmende.places import basemap
from allmende.places.gazetteer import Town, countries, postcodes, states, towns
from allmende.places.rules import (
    HOME,
    NEARBY_KM,
    REGION_KM,
    abbreviates,
    before_quarter,
    distance_km,
    is_earthly,
    may_be_part_of,
    names_to_try,
    read_address,
    read_point,
    trusts_town,
    without_abbreviations,
)

HOME_WEIGHT = 10  # a town around here is meant rather than one up to ten times its size far away: Freiburg, but Rom in Italy
LONGEST = 200  # characters; longer texts are no place names


@dataclass(frozen=True, slots=True)
class Guess:
    """Where something lies: a point, how exact it is (`postcode`, `town`, or `exact` only for a point typed in), and what is there."""

    lat: float
    lon: float
    precision: str
    town: str = ""
    region: str = ""
    country: str = ""


def country_code(text: str | None) -> str:
    """`Deutschland`, `Germany`, `D`, `DEU` or `de` as `DE`; an empty string for what is no country."""
    return countries().codes.get(" ".join(words((text or "")[:LONGEST])), "")


def country_name(code: str, language: str) -> str:
    """The country's name in German or English; an unknown code comes back as it is."""
    names = countries().names.get(code)
    if names is None:
        return code
    return names[1] if language.startswith("en") else names[0]


def region_name(country: str, admin1: str, language: str) -> str:
    """The state's name in German or English (Germany, Austria, Switzerland); empty elsewhere."""
    names = states().get((country, admin1))
    if names is None:
        return ""
    return names[1] if language.startswith("en") else names[0]


def region_at(lat: float, lon: float) -> tuple[str, str]:
    """(country, state in German) of the town nearest to a point within 15 km: approximate near borders; empty where nobody lives."""
    town = towns().at(lat, lon, REGION_KM) if is_earthly(lat, lon) else None
    return (town.country, region_name(town.country, town.admin1, "de")) if town else ("", "")


def locate(street: str, postcode: str, town: str, country: str) -> Guess | None:
    """The most honest point for an address. `country` is a code or a name; `street` is not used, for want of street data.

    German postcodes give the middle of their area, everything else the middle of the town. Without a country the town decides;
    towns in Germany, Austria and Switzerland are meant before larger ones elsewhere.
    """
    code = country_code(country)
    if country.strip() and not code:
        return None
    area = postcodes().get(_digits(postcode, code)) if code in {"", "DE"} else None
    found = _town(town, code, area)
    if area is None:
        return _at_town(found)
    if found is None:
        return _at_area(area) if code == "DE" else None
    apart = distance_km(*area, found.lat, found.lon)
    if found.country != "DE" or trusts_town(found.population, apart):
        return _at_town(found)
    return _at_area(area, found if apart <= NEARBY_KM else None)


def find_place(text: str) -> Guess | None:
    """What people type to search around: `Hamburg`, `20095`, `20095 Hamburg`, `Wien, AT`, `53.55, 9.99`."""
    text = clean(text[:LONGEST])
    if point := read_point(text):
        return Guess(*point, precision="exact")
    postcode, town, country = read_address(text)
    code = country_code(country)
    if country and not code:  # `Neustadt, Weinstraße`: the comma did not part off a country
        return locate("", postcode, f"{town} {country}", "") or locate("", postcode, town, "")
    if not town:
        return locate("", postcode, "", code or "DE")
    return locate("", postcode, town, code) or (_of_country(town) if not postcode else None)


def suggest_places(prefix: str, limit: int = 8) -> list[Town]:
    """Towns whose name begins so, large ones and those around here first; each only once."""
    folded = " ".join(words(prefix[:LONGEST]))
    if len(folded) < 2:
        return []
    known = towns()
    rows = {row for name in names_to_try(prefix) for row in known.beginning(name)}
    return [known.town(row) for row in nlargest(limit, rows, key=lambda row: (_weight(row), -row))]


def tile_template() -> str:
    """The address of the basemap's tiles with `{z}/{x}/{y}` to fill in."""
    sample: str = reverse("places-api:tile", args=[basemap.version(), 0, 0, 0])
    return sample.replace("/0/0/0.mvt", "/{z}/{x}/{y}.mvt")


def _weight(row: int) -> int:
    known = towns()
    return known.population[row] * (HOME_WEIGHT if row < known.first_abroad else 1)


def _digits(postcode: str, country: str) -> str:
    """`D-20095` or `20095` as `20095`; in Germany a leading zero lost in a spreadsheet comes back."""
    digits = "".join(letter for letter in postcode if letter.isascii() and letter.isdigit())
    return digits.zfill(5) if country == "DE" and len(digits) == 4 else digits


def _town(name: str, country: str, near: tuple[float, float] | None) -> Town | None:
    """The town of that name: by exact name, by abbreviation, then the town before a quarter; of several the nearest or largest."""
    names = names_to_try(name[:LONGEST])
    exact = _meant((row for one in names for row in towns().named(one)), country, near)
    if exact or not names:
        return exact
    first = names[0].split()[0]
    longer = {row for full, row in towns().names_beginning(f"{first} ") for one in names if abbreviates(one, full)}
    if short := _meant(longer, country, near):
        return short
    if (bare := without_abbreviations(names[0])) and (found := _town(bare, country, near)):
        return found
    head = before_quarter(name[:LONGEST])
    whole = _town(head, country, near) if head else None
    return whole if whole and may_be_part_of(whole.population) else None


def _meant(rows: Iterable[int], country: str, near: tuple[float, float] | None) -> Town | None:
    found = [towns().town(row) for row in dict.fromkeys(rows)]
    found = [town for town in found if town.country == country] if country else found
    if not found:
        return None
    if near:
        close = min(found, key=lambda town: distance_km(*near, town.lat, town.lon))
        if distance_km(*near, close.lat, close.lon) <= NEARBY_KM:
            return close
    return max(found, key=lambda town: (town.population + 1) * (HOME_WEIGHT if town.country in HOME else 1))


def _at_town(town: Town | None) -> Guess | None:
    if town is None:
        return None
    return Guess(town.lat, town.lon, "town", town.name, region_name(town.country, town.admin1, "de"), town.country)


def _at_area(area: tuple[float, float], town: Town | None = None) -> Guess:
    """The middle of a German postcode area, named after the town given or the one it lies in."""
    around = town or towns().at(*area, REGION_KM)
    name, state = (around.name, around.admin1) if around and around.country == "DE" else ("", "")
    return Guess(*area, "postcode", name, region_name("DE", state, "de"), "DE")


def _of_country(town: str) -> Guess | None:
    """`Wien AT` or `London England` without a comma: the last word is a country."""
    before, _blank, last = town.rpartition(" ")
    code = country_code(last) if before else ""
    return locate("", "", before, code) if code else None
