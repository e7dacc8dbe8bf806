"""A slow map: what the index must answer, worked out from the directory's own tables by plain loops.

It reads what guests may read (directory.queries, directory.export) and knows nothing of keys, sets, segments or full-text tables; of
the atlas it takes only the question itself (`Filters`, `Box`). What both share on purpose is how words are folded and stemmed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import asin, atan, cos, degrees, dist, log, pi, radians, sin, sinh, tan
from typing import Any

from allmende.atlas.rules import Box, Filters
from allmende.directory import export
from allmende.directory.access import organisations_visible_to
from allmende.directory.models import Term
from allmende.directory.queries import shown_to, whole
from allmende.directory.rules import MONTH, is_share_alike
from allmende.ground.text import fold, stems, words
from allmende.people.queries import GUEST
from allmende.places.queries import country_name
from allmende.places.rules import EARTH_KM

WORLD = 1 << 30  # the map's own units from west to east, and from north to south
NORTHERNMOST = 85.051128
LISTS = {"sector": "sectors", "activity": "activities", "cooperation": "cooperation", "sdg": "sdgs"}
KEYED = ("sector", "activity", "legal_form", "cooperation", "sdg", "country", "source", "network", "licence")
SHORTEST_PART = 4  # letters of a word that is looked for inside others
MOST_WORDS, LONGEST_WORD = 10, 100


def mercator_exactly(lat: float, lon: float) -> tuple[float, float]:
    """Where a point lies on the square map, as it stands in every book: x to the east, y to the south, in the map's units."""
    phi = radians(max(-NORTHERNMOST, min(NORTHERNMOST, lat)))
    return (lon + 180) / 360 * WORLD, (1 - log(tan(phi) + 1 / cos(phi)) / pi) / 2 * WORLD


def mercator(lat: float, lon: float) -> tuple[int, int]:
    """The unit a point lies in."""
    x, y = mercator_exactly(lat, lon)
    return min(WORLD - 1, int(x)), min(WORLD - 1, int(y))


def degrees_of(x: float, y: float) -> tuple[float, float]:
    """Latitude and longitude of a point of the square map."""
    return degrees(atan(sinh(pi * (1 - 2 * y / WORLD)))), x / WORLD * 360 - 180


def apart(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres along the great circle between two points, from the straight line through the earth between them."""
    straight = dist(_in_space(lat, lon), _in_space(other_lat, other_lon))
    return 2 * EARTH_KM * asin(min(1.0, straight / 2))


def _in_space(lat: float, lon: float) -> tuple[float, float, float]:
    phi, along = radians(lat), radians(lon)
    return cos(phi) * cos(along), cos(phi) * sin(along), sin(phi)


@dataclass
class Spot:
    """One place on the map: the unit it lies in, which is less than four centimetres wide, and the middle of that in degrees."""

    x: int
    y: int

    @property
    def lat(self) -> float:
        """Latitude, never north or south of the map's edge."""
        return degrees_of(self.x + 0.5, self.y + 0.5)[0]

    @property
    def lon(self) -> float:
        """Longitude."""
        return degrees_of(self.x + 0.5, self.y + 0.5)[1]


@dataclass
class Known:
    """An entry as every guest may know it."""

    id: int
    name: str
    slug: str
    town: str
    is_demo: bool
    confirmed_at: datetime | None
    changed_at: datetime
    tags: set[tuple[str, str]]
    spots: list[Spot]
    name_stems: set[str]
    text_stems: set[str]
    words: set[str]
    terms: set[int] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)

    @property
    def by_name(self) -> tuple[str, int]:
        """Its turn in an alphabet."""
        return fold(self.name)[:200], self.id

    @property
    def tier(self) -> int:
        """Real and confirmed, real, invented."""
        return 2 if self.is_demo else 1 if self.confirmed_at is None else 0

    def has(self, kind: str, keys: Iterable[str]) -> bool:
        """Whether one of these keys belongs to it."""
        return any((kind, key) in self.tags for key in keys)


@dataclass
class Slow:
    """The whole house as it stands, read once."""

    entries: dict[int, Known]
    term_stems: dict[int, set[str]]
    country_stems: dict[str, set[str]]
    vocabulary: set[str]

    # ------------------------------------------------------------------------------------------------------- which

    def matching(self, filters: Filters, now: datetime) -> dict[int, int]:
        """Which entries match, each with how well it meets the words: 0 in the name, 1 somewhere, 2 through compounds only."""
        found = {entry.id: self.meets(entry, filters.q) for entry in self.entries.values() if self.fits(entry, filters, now)}
        return {pk: class_ for pk, class_ in found.items() if class_ is not None}

    def fits(self, entry: Known, filters: Filters, now: datetime) -> bool:
        """Whether everything but the words holds."""
        return (
            all(entry.has(kind, keys) for kind in KEYED if (keys := getattr(filters, kind)))
            and (filters.share_alike or ("share_alike", "1") not in entry.tags)
            and not (filters.online and entry.spots)
            and not filters.place_unknown
            and (not filters.fresh or _is_fresh(entry.confirmed_at, filters.fresh, now))
            and (bool(self.places(entry, filters)) or not (filters.near or filters.bbox))
        )

    def places(self, entry: Known, filters: Filters) -> list[Spot]:
        """Its places where it was asked for. A section of the map and a circle must both hold the same one."""
        near, box = filters.near, filters.bbox
        return [
            spot
            for spot in entry.spots
            if (near is None or apart(near.lat, near.lon, spot.lat, spot.lon) <= near.km) and (box is None or lies_in(spot, box))
        ]

    def meets(self, entry: Known, q: str) -> int | None:
        """How well an entry meets the words; None if it does not. Without words everything does."""
        asked = [word[:LONGEST_WORD] for word in words(q)[:MOST_WORDS]]
        if not asked:
            return None if q else 0
        if all(set(stems(word)) & entry.name_stems for word in asked):
            return 0
        if all(self.says(entry, word) for word in asked):
            return 1
        return 2 if all(self.says(entry, word) or self.says_within(entry, word) for word in asked) else None

    def says(self, entry: Known, word: str) -> bool:
        """Whether the word, in any inflection, stands in the text, names one of its terms, or its country."""
        asked = set(stems(word))
        return bool(
            asked & entry.text_stems
            or any(asked & self.term_stems[pk] for pk in entry.terms)
            or any(asked & self.country_stems[code] for code in entry.countries)
        )

    def says_within(self, entry: Known, word: str) -> bool:
        """Whether a longer word that holds this one does."""
        return len(word) >= SHORTEST_PART and any(
            self.says(entry, longer) for longer in self.vocabulary if word in longer and word != longer
        )

    def distance(self, entry: Known, filters: Filters) -> float | None:
        """Kilometres to the nearest of its places where it was asked for; None where nothing is near anything."""
        near = filters.near
        return min((apart(near.lat, near.lon, one.lat, one.lon) for one in self.places(entry, filters)), default=None) if near else None

    # ------------------------------------------------------------------------------------------------------- order

    def ranks(self, filters: Filters, now: datetime) -> dict[int, tuple[float, ...]]:
        """What an entry's turn goes by before its name: words, distance, tier. Distances are a kilometre with all decimals."""
        return {pk: self._rank(self.entries[pk], class_, filters) for pk, class_ in self.matching(filters, now).items()}

    def _rank(self, entry: Known, class_: int, filters: Filters) -> tuple[float, ...]:
        far = self.distance(entry, filters) or 0.0
        if filters.sort == "name":
            return (0, 0, 0)
        if filters.sort == "new":
            return (-entry.changed_at.timestamp(), 0, 0)
        if filters.sort == "near" and filters.near:
            return (0, far, entry.tier)
        return (class_, far, entry.tier)

    def order(self, filters: Filters, now: datetime) -> list[int]:
        """All that match in their order; what is equally far to the centimetre goes by tier and name."""
        turns = {
            pk: (class_, round(far, 5), tier, *((0, pk) if filters.sort == "new" else self.entries[pk].by_name))
            for pk, (class_, far, tier) in self.ranks(filters, now).items()
        }
        return sorted(turns, key=lambda pk: turns[pk])

    # ------------------------------------------------------------------------------------------------------ counts

    def tag_counts(self, filters: Filters, now: datetime) -> dict[str, Counter[str]]:
        """Kind to key to the number of entries."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for pk in self.matching(filters, now):
            for kind, key in self.entries[pk].tags:
                counts[kind][key] += 1
        return dict(counts)

    def facets(self, filters: Filters, now: datetime) -> dict[str, dict[str, int]]:
        """For each filter what every value would leave under the other filters."""
        return {
            kind: dict(self.tag_counts(filters.but(**{kind: ()}) if kind in KEYED else filters, now).get(kind, {}))
            for kind in (*KEYED, "region")
        }

    # -------------------------------------------------------------------------------------------------------- map

    def spots(self, filters: Filters, now: datetime) -> Iterator[tuple[int, Spot]]:
        """The places of everything that matches, wherever the map looks."""
        filters = filters.but(bbox=None)
        for pk in self.matching(filters, now):
            for spot in self.places(self.entries[pk], filters):
                yield pk, spot

    def cells(self, filters: Filters, zoom: int, now: datetime) -> dict[tuple[int, int], list[int]]:
        """Cells of the map at a zoom, 2**zoom from side to side, and the entries of each, once for every place there."""
        side = WORLD // 2**zoom
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        for pk, spot in self.spots(filters, now):
            found[spot.x // side, spot.y // side].append(pk)
        return dict(found)

    def in_box(self, filters: Filters, box: Box, now: datetime) -> list[int]:
        """The entries inside a box, once for every place there."""
        return [pk for pk, spot in self.spots(filters, now) if lies_in(spot, box)]

    def extent(self, filters: Filters, now: datetime) -> tuple[float, float, float, float] | None:
        """West, south, east and north of the places of what matches."""
        found = [spot for pk in self.matching(filters, now) for spot in self.places(self.entries[pk], filters)]
        if not found:
            return None
        lats, lons = [spot.lat for spot in found], [spot.lon for spot in found]
        return min(lons), min(lats), max(lons), max(lats)

    # ---------------------------------------------------------------------------------------------------- suggestions

    def suggested(self, q: str) -> list[int]:
        """Entries whose name begins so, by name; then those whose name holds all words, the last as a beginning."""
        asked = [word[:LONGEST_WORD] for word in words(q)[:MOST_WORDS]]
        turns = {
            entry.id: (0 if begins else 1, *entry.by_name)
            for entry in self.entries.values()
            if (begins := entry.by_name[0].startswith(fold(q).strip())) or _is_begun(entry, asked)
        }
        return sorted(turns, key=lambda pk: turns[pk]) if asked else []


def _is_begun(entry: Known, asked: list[str]) -> bool:
    if not asked:
        return False
    *whole_words, last = asked
    begun = any(stem.startswith(last) for stem in entry.name_stems) or bool(set(stems(last)) & entry.name_stems)
    return begun and all(set(stems(word)) & entry.name_stems for word in whole_words)


def _is_fresh(confirmed_at: datetime | None, choice: str, now: datetime) -> bool:
    if confirmed_at is None or choice == "never":
        return confirmed_at is None and choice == "never"
    if choice == "older":
        return confirmed_at < now - 12 * MONTH
    return confirmed_at >= now - int(choice) * MONTH


def lies_in(spot: Spot, box: Box) -> bool:
    """Whether a place lies in a box, edges included; a box whose west lies east of its east crosses the date line."""
    (west, top), (east, bottom) = mercator(box.north, box.west), mercator(box.south, box.east)
    across = west <= spot.x <= east if box.west <= box.east else spot.x >= west or spot.x <= east
    return across and top <= spot.y <= bottom


# ---------------------------------------------------------------------------------------------------------------- reading


def read() -> Slow:
    """The house as guests may read it now."""
    terms = {term.pk: term for term in Term.objects.all()}
    entries = {item.pk: _known(item, terms) for item in whole(organisations_visible_to(GUEST))}
    named = {pk: " ".join((term.name_de, term.name_en, *term.synonyms)) for pk, term in terms.items()}
    codes = {code for entry in entries.values() for code in entry.countries}
    countries = {code: f"{country_name(code, 'de')} {country_name(code, 'en')}" for code in codes}
    said = {word for text in (*named.values(), *countries.values()) for word in words(text)}
    return Slow(
        entries,
        {pk: _stems(text) for pk, text in named.items()},
        {code: _stems(text) for code, text in countries.items()},
        said.union(*(entry.words for entry in entries.values())),
    )


def _stems(text: str) -> set[str]:
    return {stem for word in words(text) for stem in stems(word)}


def _known(item: Any, terms: dict[int, Term]) -> Known:
    data = export.organisation(shown_to(item))
    lines = set(_lines(data, terms))
    name = f"{data['name']} {data['legal_name']}"
    places = " ".join(f"{place['town']} {place['postcode']} {place['region']}" for place in data["places"])
    body = " ".join((*(data[key] for key in ("summary", "summary_en", "description", "description_en")), *data["keywords"]))
    spots = [Spot(*mercator(place["lat"], place["lon"])) for place in data["places"] if place["lat"] is not None]
    text = f"{name} {places} {body}"
    return Known(
        id=item.pk,
        name=data["name"],
        slug=data["slug"],
        town=data["places"][0]["town"] if data["places"] else "",
        is_demo=data["is_demo"],
        confirmed_at=item.confirmed_at,
        changed_at=item.changed_at,
        tags=_tags(data, {terms[pk] for pk in lines}),
        spots=spots,
        name_stems=_stems(name),
        text_stems=_stems(text),
        words=set(words(text)),
        terms=lines,
        countries={place["country"] for place in data["places"] if place["country"]},
    )


def _lines(data: dict[str, Any], terms: dict[int, Term]) -> Iterator[int]:
    """Every word of the taxonomy that holds for an entry: those said of it, and all above them."""
    said = {(tree, str(key)) for tree, many in LISTS.items() for key in data[many]}
    said |= {(tree, data[tree]) for tree in ("sector", "legal_form") if data[tree]}
    for pk, term in terms.items():
        if (term.tree, term.key) in said:
            above: int | None = pk
            while above:
                yield above
                above = terms[above].parent_id


def _tags(data: dict[str, Any], lines: set[Term]) -> set[tuple[str, str]]:
    tags = {(term.tree, term.key) for term in lines}
    tags |= {("country", place["country"]) for place in data["places"] if place["country"]}
    tags |= {("region", f"{place['country']}:{place['region']}") for place in data["places"] if place["region"]}
    tags |= {("source", source["source"]) for source in data["sources"]} | {("network", slug) for slug in data["networks"]}
    tags |= {("licence", data["licence"])} if data["licence"] else set()
    tags |= {("decade", str(data["founded"] // 10 * 10))} if data["founded"] else set()
    tags |= {("demo", "1")} if data["is_demo"] else set()
    return tags | ({("share_alike", "1")} if is_share_alike(data["licence"]) else set())
