"""The questions put to the engine in this process, each with the raw query for the same rows and the number it must arrive at."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import cycle, islice
from typing import Any

from allmende.atlas import clusters, completion, queries, questions
from allmende.atlas.rules import DEEPEST, Filters
from allmende.directory import queries as directory
from allmende.home.measuring import raw
from allmende.home.measuring.grounds import Grounds, compounds_of, window
from allmende.home.measuring.raw import Plain
from allmende.people.queries import GUEST

PER_PAGE = 50
ZOOMS = (4, 6, 9, 12)
TEXT_ZOOMS = (6, 9, 12)
TILE_ZOOMS = (0, 2, 4, 6, 8, 10, 12, 14, 16, 18)
WORLD = ((0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 2, 1))
TAG_KINDS = (
    "sdg",
    "cooperation",
    "activity",
    "legal_form",
    "country",
    "region",
)  # a filter that is no sector: the first of these the house has


@dataclass(frozen=True)
class Ask:
    """One question: through the engine, which returns how many match, and to the plain database.

    `raw` reads the same number of rows, `whole` answers as the engine does (counted, in order), `total` checks the number.
    """

    engine: Callable[[], int]
    raw: Callable[[Plain], int] | None = None
    total: Callable[[Plain], int] | None = None
    whole: Callable[[Plain], int] | None = None


@dataclass
class Row:
    """A line of the table: questions of one kind. `group` names the target it belongs to; without one it is told only."""

    name: str
    group: str
    asks: list[Ask] = field(default_factory=list)


class Asking:
    """Puts the questions together from what there is to ask about."""

    def __init__(self, grounds: Grounds, times: int, seed: int = 2026) -> None:
        self.grounds, self.times = grounds, times
        self.chance = random.Random(seed)  # noqa: S311  # repeatable on purpose
        self.kind = next((kind for kind in TAG_KINDS if len(grounds.tags.get(kind, [])) > 1), "country")

    def rows(self) -> Iterator[Row]:
        """All lines, in the order of the issue's targets."""
        for zoom in ZOOMS:
            yield self._line(f"window z{zoom}", "window", (self._window(place, zoom) for place in cycle(self.grounds.places)))
        for name in ("rare", "middling", "common"):
            for zoom in TEXT_ZOOMS:
                yield self._line(f"window z{zoom} + {name} word", "window_word", self._window_words(name, zoom))
        for name in ("rare", "middling", "common"):
            yield self._line(f"{name} word, world, ranked", "world_word", map(self._world_word, self._words(name)))
        yield from self._tagged()
        yield self._line("suggestion, 3 letters and more", "suggest", map(self._suggestion, self._typed()))
        for zoom in TILE_ZOOMS:
            yield self._line(f"tile z{zoom}", "tile", (self._tile(Filters(), *tile) for tile in self._tiles(zoom)))
        yield from self._world_tiles()
        yield from self._told()

    def _line(self, name: str, group: str, asks: Iterator[Ask]) -> Row:
        return Row(name, group, list(islice(asks, self.times)))

    # ---------------------------------------------------------------------------------------------------- windows

    def _window(self, place: tuple[int, int], zoom: int) -> Ask:
        box = window(place, zoom, self.chance)
        within = raw.ranges(box)
        return Ask(
            lambda: searched(Filters(bbox=box)),
            lambda plain: plain.window(within),
            lambda plain: len(plain.ids_within(within)),
            lambda plain: plain.whole(within),
        )

    def _words(self, name: str) -> Iterator[str]:
        return cycle(self.grounds.words[name])

    def _window_words(self, name: str, zoom: int) -> Iterator[Ask]:
        """Windows in which the word is: around places of entries that have it."""
        for number, word in enumerate(self._words(name)):
            holders = self.grounds.holders[word] or self.grounds.places
            yield self._window_word(word, holders[number // len(self.grounds.words[name]) % len(holders)], zoom)

    def _window_word(self, word: str, place: tuple[int, int], zoom: int) -> Ask:
        box = window(place, zoom, self.chance)
        within, question = raw.ranges(box, raw.TILES_WITH_TEXT), compounds_of(word)
        return Ask(
            lambda: searched(Filters(q=word, bbox=box)),
            lambda plain: plain.text(question, within),
            lambda plain: len(plain.ids_with(question) & plain.ids_within(within)),
            lambda plain: plain.whole(within, question),
        )

    def _world_word(self, word: str) -> Ask:
        question, exact = compounds_of(word), questions.exact(word)
        return Ask(
            lambda: searched(Filters(q=word)),
            lambda plain: plain.text(exact),
            lambda plain: len(plain.ids_with(question)),
            lambda plain: plain.whole((), question),
        )

    # ------------------------------------------------------------------------------------------------------- tags

    def _tagged(self) -> Iterator[Row]:
        grounds, kind = self.grounds, self.kind
        for name, one in (("tag", kind), ("sector", "sector")):
            keys, places, zooms = cycle(grounds.tags.get(one, [""])), cycle(grounds.places), cycle(ZOOMS)
            yield self._line(
                f"window + {name}" + (f" ({kind})" if name == "tag" else ""),
                "tags",
                (self._tag_window(one, key, place, zoom) for key, place, zoom in zip(keys, places, zooms, strict=False)),
            )
        words = (word for pair in zip(self._words("middling"), self._words("common"), strict=False) for word in pair)
        keys = cycle(grounds.tags.get(kind, [""]))
        yield self._line("word + tag, world", "tags", (self._word_tag(word, kind, key) for word, key in zip(words, keys, strict=False)))

    def _tag_window(self, kind: str, key: str, place: tuple[int, int], zoom: int) -> Ask:
        box = window(place, zoom, self.chance)
        within = raw.ranges(box)
        filters = tagged(kind, key).but(bbox=box)
        ids = lru_cache(1)(lambda: some_ids(filters))
        return Ask(
            lambda: searched(filters),
            lambda plain: plain.rows(ids()),
            lambda plain: len(plain.ids_tagged(kind, key) & plain.ids_within(within)),
        )

    def _word_tag(self, word: str, kind: str, key: str) -> Ask:
        filters, question = tagged(kind, key).but(q=word), compounds_of(word)
        ids = lru_cache(1)(lambda: some_ids(filters))
        return Ask(
            lambda: searched(filters),
            lambda plain: plain.rows(ids()),
            lambda plain: len(plain.ids_with(question) & plain.ids_tagged(kind, key)),
        )

    # ------------------------------------------------------------------------------------------------------ tiles

    def _tiles(self, zoom: int) -> Iterator[tuple[int, int, int]]:
        for x, y in cycle(self.grounds.places):
            yield zoom, x >> (DEEPEST - zoom), y >> (DEEPEST - zoom)

    def _tile(self, filters: Filters, zoom: int, x: int, y: int) -> Ask:
        return Ask(
            lambda: counted(filters, zoom, x, y),
            lambda plain: plain.tile(zoom, x, y),
            (lambda plain: plain.tile(zoom, x, y)) if filters == Filters() else None,
        )

    def _world_tiles(self) -> Iterator[Row]:
        """Filters over the whole world; every question another filter as long as there are others."""
        kind = self.kind
        for name, filters in (
            (f"a tag ({kind})", [tagged(kind, key) for key in self.grounds.tags.get(kind, [""])]),
            ("a sector", [tagged("sector", key) for key in self.grounds.tags.get("sector", [""])]),
            ("a common word", [Filters(q=word) for word in self.grounds.words["common"]]),
            ("a sector and a common word", list(self._pairs())),
        ):
            asks = (self._filtered_tile(one, tile) for tile, one in zip(cycle(WORLD), cycle(filters), strict=False))
            yield self._line(f"world tile + {name}", "tile_filter", asks)

    def _pairs(self) -> Iterator[Filters]:
        sectors = cycle(self.grounds.tags.get("sector", [""]))
        yield from (tagged("sector", sector).but(q=word) for word, sector in zip(self.grounds.words["common"], sectors, strict=False))

    def _filtered_tile(self, filters: Filters, tile: tuple[int, int, int]) -> Ask:
        return Ask(lambda: counted(filters, *tile))

    # ------------------------------------------------------------------------------------- without a target, but told

    def _typed(self) -> Iterator[str]:
        words = [word for name in ("common", "middling", "rare") for word in self.grounds.words[name]]
        return (word[: 3 + number % 3] for number, word in enumerate(cycle(words)))

    def _suggestion(self, letters: str) -> Ask:
        return Ask(lambda: len(completion.suggest(letters, 8)), lambda plain: plain.beginning(letters))

    def _told(self) -> Iterator[Row]:
        places, words = cycle(self.grounds.places), self._words("middling")
        yield self._line("facets of a window z9", "", (self._facets(place) for place in places))
        yield self._line("facets of a word", "", (Ask(lambda word=word: faceted(Filters(q=word))) for word in words))  # type: ignore[misc]
        yield self._line("typing error, world", "", (Ask(lambda word=word: searched(Filters(q=misspelt(word)))) for word in words))  # type: ignore[misc]
        yield self._line("by name, world", "", iter([Ask(lambda: searched(Filters(sort="name")))] * self.times))
        yield self._line("entry, as its page reads it", "", map(self._entry, cycle(self.grounds.slugs)))

    def _facets(self, place: tuple[int, int]) -> Ask:
        box = window(place, 9, self.chance)
        return Ask(lambda: faceted(Filters(bbox=box)))

    def _entry(self, slug: str) -> Ask:
        return Ask(lambda: int(directory.organisation(GUEST, slug) is not None), lambda plain: plain.entry(slug))


def tagged(kind: str, key: str) -> Filters:
    """A filter by one tag."""
    chosen: dict[str, Any] = {kind: (key,)} if key else {}
    return Filters(**chosen)


def searched(filters: Filters) -> int:
    """A page of the list, as people see it."""
    return queries.search(filters, per_page=PER_PAGE).total


def some_ids(filters: Filters) -> list[int]:
    """The entries of that page."""
    return [entry.pk for entry in queries.search(filters, per_page=PER_PAGE).entries]


def counted(filters: Filters, zoom: int, x: int, y: int) -> int:
    """The places of a tile."""
    return sum(pile.count for pile in clusters.tile(filters, zoom, x, y))


def faceted(filters: Filters) -> int:
    """What each value of each filter would leave."""
    return sum(len(values) for values in queries.facets(filters).values())


def misspelt(word: str) -> str:
    """Two neighbours swapped in the middle."""
    half = len(word) // 2
    return word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :]
