"""A part of the invented organisations as rows of the tables. The same part is always the same, whoever asks for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from allmende.directory.bulk import Table
from allmende.directory.demo.synthetic.drawing import COUNTRY, SOURCES, THIRD, Drawn, Ints
from allmende.directory.demo.synthetic.texts import Texts, texts
from allmende.directory.demo.synthetic.towns import LANGUAGES, every
from allmende.directory.models import Confirmation, Kind, Organisation, Place, Precision, Record, Term, Tree

PART = 5_000  # organisations whose texts are drawn together: another number would give other texts
# Legal forms by country, else by language, and how names end with them.
FORMS = {
    "DE": "eg=eG eg=eG eg=eG ev=e.V. gmbh=GmbH ug=UG",
    "AT": "gen_at=eGen gen_at=eGen ev=Verein gmbh=GmbH",
    "CH": "coop_ch=Genossenschaft coop_ch=Genossenschaft ev=Verein gmbh=GmbH",
    "IT": "coop_it=Soc.Coop. coop_it=Cooperativa",
    "BE": "cooperative_be=SCRL cooperative_be=CVBA",
    "GB": "society_uk=Society society_uk=Co-operative company_uk=Limited",
    "US": "cooperative=Cooperative llc=LLC cooperative=Co-op",
    "de": "eg=eG coop_ch=Genossenschaft other=Verbund",
    "fr": "scop=SCOP scic=SCIC ass_fr=Association",
    "es": "coop_es=S.Coop. coop_es=Cooperativa other=Unión",
    "en": "cooperative=Co-operative cooperative=Cooperative other=Union none=Collective",
}
KINDS = (Kind.COOPERATIVE,) * 14 + (Kind.ASSOCIATION,) * 3 + (Kind.COMPANY,) * 2 + (Kind.INITIATIVE,)
PRECISIONS = (Precision.EXACT, Precision.TOWN, Precision.COUNTRY)


@dataclass(frozen=True)
class House:
    """What of the house the rows refer to: numbers of sources and terms, the first free numbers of tables, the load itself."""

    rows: int
    seed: int
    midnight: datetime
    sources: tuple[int, ...]
    sectors: tuple[int, ...]
    activities: tuple[tuple[int, ...], ...]  # of each sector
    cooperation: tuple[int, ...]
    sdgs: tuple[int, ...]
    forms: dict[str, int]
    organisation: int
    place: int
    record: int


def words_of_the_house() -> dict[str, Any]:
    """The terms by number, for `House`."""
    by_tree: dict[str, list[Term]] = {tree: [] for tree in Tree.values}
    for term in Term.objects.order_by("pk"):
        by_tree[term.tree].append(term)
    sectors = [term for term in by_tree[Tree.SECTOR] if term.parent_id is None]
    of = [tuple(term.pk for term in by_tree[Tree.ACTIVITY] if term.parent_id == sector.pk) for sector in sectors]
    every = tuple(term.pk for term in by_tree[Tree.ACTIVITY])
    return {
        "sectors": tuple(term.pk for term in sectors),
        "activities": tuple(pks or every for pks in of),
        "cooperation": tuple(term.pk for term in by_tree[Tree.COOPERATION]),
        "sdgs": tuple(term.pk for term in by_tree[Tree.SDG]),
        "forms": {term.key: term.pk for term in by_tree[Tree.LEGAL_FORM]},
    }


@dataclass(frozen=True)
class Rows:
    """The rows of a part: of organisations, places, the link to terms, records and confirmations."""

    organisations: Table
    places: Table
    terms: Table
    records: Table
    confirmations: Table

    def __iter__(self) -> Iterator[Table]:
        """In the order in which they refer to each other."""
        yield from (self.organisations, self.places, self.terms, self.records, self.confirmations)


def rows(part: Drawn, house: House, place: int, record: int) -> Rows:
    """The rows of a part whose first place and record have these numbers."""
    chance = np.random.default_rng((house.seed, int(part.number[0])))
    forms, spoken = _forms(part, house, chance)
    said = texts(part, spoken, chance)
    terms, sectors = _terms(part, house, chance)
    pks = part.number + house.organisation
    return Rows(
        _organisations(part, house, said, forms, sectors, chance),
        _places(part, pks, place),
        Table(Organisation.terms.through, {"organisation_id": np.repeat(pks, [len(one) for one in terms]), "term_id": _flat(terms)}),
        _records(part, house, pks, record),
        _confirmations(part, house, pks),
    )


def _forms(part: Drawn, house: House, chance: np.random.Generator) -> tuple[list[int], list[str]]:
    """The legal form of each, and how it is spoken in a name."""
    known = every()
    countries, languages = known.countries[part.home].tolist(), known.language[part.home].tolist()
    choices_of = {name: [(house.forms[key], word) for key, word in _pairs(row)] for name, row in FORMS.items()}
    drawn = chance.integers(0, 1 << 20, len(part)).tolist()
    found = []
    for country, number, which in zip(countries, languages, drawn, strict=True):
        choices = choices_of.get(country) or choices_of[LANGUAGES[number]]
        found.append(choices[which % len(choices)])
    return [form for form, _spoken in found], [spoken for _form, spoken in found]


def _pairs(row: str) -> Iterator[tuple[str, str]]:
    for pair in row.split():
        key, _is, spoken = pair.partition("=")
        yield key, spoken


def _terms(part: Drawn, house: House, chance: np.random.Generator) -> tuple[list[tuple[int, ...]], list[int]]:
    """Three to five terms of each, the sector first; a few sectors have most of them."""
    size = len(part)
    sector = (chance.random(size) ** 1.7 * len(house.sectors)).astype(int).tolist()
    counts = chance.choice((3, 4, 5), size, p=(0.4, 0.35, 0.25)).tolist()
    which = chance.integers(0, 1 << 20, (4, size)).tolist()
    found = []
    for place, count, a, b, c, d in zip(sector, counts, *which, strict=True):
        activities = house.activities[place]
        first = c % len(house.sdgs)
        second = (first + 1 + d % (len(house.sdgs) - 1)) % len(house.sdgs)
        every = (
            house.sectors[place],
            activities[a % len(activities)],
            house.cooperation[b % len(house.cooperation)],
            house.sdgs[first],
            house.sdgs[second],
        )
        found.append(every[:count])
    return found, [house.sectors[place] for place in sector]


def _flat(terms: list[tuple[int, ...]]) -> list[int]:
    return [pk for each in terms for pk in each]


def _organisations(part: Drawn, house: House, said: Texts, forms: list[int], sectors: list[int], chance: np.random.Generator) -> Table:
    size, known = len(part), every()
    numbers = part.number.tolist()
    founded = np.where(chance.random(size) < 0.8, 2026 - (chance.random(size) ** 2 * 140).astype(int), 0).tolist()
    has_website = (chance.random(size) < 0.6).tolist()
    kinds = [str(KINDS[one]) for one in chance.integers(0, len(KINDS), size).tolist()]
    changed = [_moment(house.midnight, seconds) for seconds in part.changed.tolist()]
    return Table(
        Organisation,
        {
            "id": part.number + house.organisation,
            "uuid": _uuids(part.number, house.rows, chance),
            "slug": [f"synthetisch-{house.seed}-{number:07d}" for number in numbers],
            "name": said.names,
            "legal_name": "",
            "kind": kinds,
            "summary": said.summaries,
            "summary_en": said.in_english,
            "description": said.descriptions,
            "description_en": "",
            "keywords": "[]",
            "languages": [f'["{LANGUAGES[one]}"]' for one in known.language[part.home].tolist()],
            "founded": [year or None for year in founded],
            "website": [
                f"https://{name.lower()}-{number}.example" if has else ""
                for name, number, has in zip(said.coined, numbers, has_website, strict=True)
            ],
            "licence": [SOURCES[one].licence for one in part.source.tolist()],
            "visibility": "{}",
            "legal_form_id": forms,
            "sector_id": sectors,
            "is_demo": True,
            "created_at": changed,
            "changed_at": changed,
        },
    )


def _uuids(numbers: Ints, rows: int, chance: np.random.Generator) -> list[str]:
    """Version 4, but ascending: their index is then written from one end to the other."""
    size = len(numbers)
    high = ((numbers + chance.random(size)) * (1 << 32) / rows).astype(np.uint64)
    middle = chance.integers(0, 1 << 32, size, np.uint64) & np.uint64(0xFFFF0FFF) | np.uint64(0x4000)
    low = chance.integers(0, 1 << 62, size, np.uint64) | np.uint64(1 << 63)
    return [f"{a:08x}{b:08x}{c:016x}" for a, b, c in zip(high.tolist(), middle.tolist(), low.tolist(), strict=True)]


def _places(part: Drawn, pks: Ints, first: int) -> Table:
    known = every()
    is_pinned = (part.precision != COUNTRY).tolist()
    starts = part.starts[:-1]
    total = len(part.town)
    position = np.arange(total) - np.repeat(starts, part.places)
    towns, regions = known.names[part.town].tolist(), known.regions[part.town].tolist()
    return Table(
        Place,
        {
            "id": np.arange(first, first + total),
            "organisation_id": np.repeat(pks, part.places),
            "postcode": "",
            "town": [town if pinned else "" for town, pinned in zip(towns, is_pinned, strict=True)],
            "region": [region if pinned else "" for region, pinned in zip(regions, is_pinned, strict=True)],
            "country": known.countries[part.town].tolist(),
            "lat": [value if pinned else None for value, pinned in zip(part.lat.tolist(), is_pinned, strict=True)],
            "lon": [value if pinned else None for value, pinned in zip(part.lon.tolist(), is_pinned, strict=True)],
            "precision": [str(PRECISIONS[one]) if pinned else "" for one, pinned in zip(part.precision.tolist(), is_pinned, strict=True)],
            "is_seat": (position == 0).tolist(),
            "position": position,
        },
    )


def _records(part: Drawn, house: House, pks: Ints, first: int) -> Table:
    """One record each; some of the third source have a second one in the first source."""
    of = np.repeat(np.arange(len(part)), 1 + part.second)
    is_own = np.ones(len(of), bool)
    is_own[1:] = of[1:] != of[:-1]
    source = np.where(is_own, part.source[of], 0)
    return Table(
        Record,
        {
            "id": np.arange(first, first + len(of)),
            "source_id": np.array(house.sources)[source],
            "remote_id": [f"{house.seed}-{number:07d}" for number in part.number[of].tolist()],
            "organisation_id": pks[of],
            "licence": [SOURCES[one].licence for one in source.tolist()],
            "retrieved_at": _moment(house.midnight, 0),
            "seen_at": _moment(house.midnight, 0),
        },
    )


def _confirmations(part: Drawn, house: House, pks: Ints) -> Table:
    said = np.isfinite(part.confirmed)
    moments = [_moment(house.midnight, seconds) for seconds in part.confirmed[said].tolist()]
    return Table(Confirmation, {"organisation_id": pks[said], "at": moments})


def _moment(midnight: datetime, seconds: float) -> str:
    """So many seconds before, as both databases read it: UTC without saying so."""
    return (midnight - timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")


assert SOURCES[THIRD].share == 0  # noqa: S101  # its number of rows is exact, not a matter of chance
