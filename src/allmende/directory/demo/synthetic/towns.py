"""Where invented organisations are: the towns of the gazetteer, all over the world, most of them around here.

A town is drawn by its population, damped so that small ones have their share; Germany, Austria and Switzerland get a third of all,
the rest of Europe a quarter, so that a map of the world is populated everywhere and one of a small town is, too.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from allmende.places.gazetteer import towns
from allmende.places.queries import region_name
from allmende.places.rules import HOME

Numbers = NDArray[np.float64]

EUROPE = frozenset(
    "AD AL BA BE BG BY CY CZ DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LT LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM UA "
    "VA XK".split()
)
SHARES = (0.33, 0.25, 0.42)  # around here, the rest of Europe, the rest of the world
DAMPED = 0.75
GERMAN = frozenset(HOME)
FRENCH = frozenset("FR BE MC CI SN ML BF NE TG BJ GN CM GA CG CD CF TD DJ KM MG HT MA DZ TN RE GP MQ GF PF NC".split())
SPANISH = frozenset("ES MX CO AR PE VE CL EC GT CU BO DO HN PY SV NI CR PA UY GQ PR AD".split())
LANGUAGES = ("de", "en", "fr", "es")


@dataclass(frozen=True)
class Towns:
    """All towns as columns. `reach` says how far each reaches on a line from 0 to 1, `first` and `last` which are of its country."""

    names: NDArray[np.object_]
    countries: NDArray[np.object_]
    regions: NDArray[np.object_]
    lat: Numbers
    lon: Numbers
    spread: Numbers  # kilometres
    language: NDArray[np.int8]  # of LANGUAGES
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    reach: Numbers


@cache
def every() -> Towns:
    """The towns; read at the first question."""
    known = towns()
    rows = [known.town(row) for row in range(len(known))]
    countries = _objects([row.country for row in rows])
    population = np.array([row.population for row in rows], np.float64)
    weight = (population + 300) ** DAMPED
    part = np.array([_part(row.country) for row in rows])
    for number, share in enumerate(SHARES):
        weight[part == number] *= share / weight[part == number].sum()
    borders = np.flatnonzero(countries[1:] != countries[:-1]) + 1  # the gazetteer has its towns country by country
    first = np.concatenate([[0], borders])
    sizes = np.diff(np.concatenate([first, [len(rows)]]))
    return Towns(
        names=_objects([row.name for row in rows]),
        countries=countries,
        regions=_objects([region_name(row.country, row.admin1, "de") for row in rows]),
        lat=np.array([row.lat for row in rows]),
        lon=np.array([row.lon for row in rows]),
        spread=0.3 + np.sqrt(population) * 0.005,
        language=np.array([_language(row.country) for row in rows], np.int8),
        first=np.repeat(first, sizes).astype(np.int32),
        last=np.repeat(first + sizes, sizes).astype(np.int32),
        reach=np.cumsum(weight) / weight.sum(),
    )


def _objects(values: list[str]) -> NDArray[np.object_]:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _part(country: str) -> int:
    return 0 if country in GERMAN else 1 if country in EUROPE else 2


def _language(country: str) -> int:
    spoken = "de" if country in GERMAN else "fr" if country in FRENCH else "es" if country in SPANISH else "en"
    return LANGUAGES.index(spoken)
