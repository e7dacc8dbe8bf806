"""What there is to ask about in this house: places, words of every frequency, tags, entries. Drawn with a seed: two runs ask the same."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Max, Min, QuerySet

from allmende.atlas import fulltext, questions, vocabulary
from allmende.atlas.engine.keys import NOWHERE, SPOT, cell_of, centre
from allmende.atlas.models import Entry, Tag, Word
from allmende.atlas.rules import DEEPEST, SIZE, Box, unproject

SCREEN = (1024, 768)  # pixels of the window people look through, on tiles of 256 pixels
# How many of all entries have the word: among three million 30 to 300, 3,000 to 20,000, 100,000 to 500,000.
FREQUENCIES = {"rare": (1e-5, 1e-4), "middling": (1e-3, 7e-3), "common": (3e-2, 1.7e-1)}
WORDS = 40
Point = tuple[int, int]


@dataclass
class Grounds:
    """Drawn once, before anything is measured."""

    entries: int
    places: list[Point]
    slugs: list[str]
    ids: list[int]
    words: dict[str, list[str]]
    holders: dict[str, list[Point]] = field(default_factory=dict)  # word to places of entries that have it
    tags: dict[str, list[str]] = field(default_factory=dict)  # kind to keys, those of most entries first


def draw(times: int, seed: int = 2026) -> Grounds:
    """Everything that is needed to ask each question `times` times."""
    chance = random.Random(seed)  # noqa: S311  # repeatable on purpose
    entries = Entry.objects.count()
    some = _some_entries(chance, 4 * times)
    placed = [(entry, spots[0]) for entry in some if len(spots := np.frombuffer(bytes(entry.spots), SPOT))]
    words = {name: _words(chance, entries, *between) for name, between in FREQUENCIES.items()}
    return Grounds(
        entries=entries,
        places=[(int(spot["x"]), int(spot["y"])) for _, spot in placed],
        slugs=[entry.slug for entry in some],
        ids=[entry.organisation_id for entry in some],
        words=words,
        holders={word: _holders(chance, word) for found in words.values() for word in found},
        tags=_tags(some),
    )


def _some_entries(chance: random.Random, wanted: int) -> list[Entry]:
    """Entries with random numbers; those that are not there are passed over."""
    ends = Entry.objects.aggregate(low=Min("pk"), high=Max("pk"))
    if ends["low"] is None:
        return []
    drawn = {chance.randint(ends["low"], ends["high"]) for _ in range(2 * wanted)}
    found = list(Entry.objects.filter(pk__in=sorted(drawn)[: 2 * wanted]).order_by("pk"))
    chance.shuffle(found)
    return found[:wanted]


def _words(chance: random.Random, entries: int, low: float, high: float) -> list[str]:
    """Words of this frequency; where there are none, those that come nearest."""
    least, most = max(1, round(low * entries)), max(2, round(high * entries))
    plain = Word.objects.filter(word__regex=r"^[a-z]{4,}$")
    found = _first(plain.filter(entries__gte=least, entries__lte=most))
    if not found:
        found = _first(plain.filter(entries__gt=most).order_by("entries")) or _first(plain.filter(entries__gt=0).order_by("-entries"))
        return found[:1]
    chance.shuffle(found)
    return found[:WORDS]


def _first(words: QuerySet[Word]) -> list[str]:
    return list(words.values_list("word", flat=True)[:4_000])


def _holders(chance: random.Random, word: str) -> list[Point]:
    """Where some of the entries lie that have this word."""
    keys = fulltext.hits(questions.exact(word))
    keys = keys[keys < NOWHERE]
    chosen = sorted(int(keys[chance.randrange(len(keys))]) for _ in range(40)) if len(keys) else []
    return [point_of(key) for key in chosen]


def point_of(key: int) -> Point:
    """The middle of a key's cell."""
    return centre(cell_of(key))


def _tags(some: Sequence[Entry]) -> dict[str, list[str]]:
    """The tags of these entries by kind, the most frequent first."""
    numbers, counts = np.unique(
        np.concatenate([np.frombuffer(bytes(one.tags), "<u4") for one in some] or [np.zeros(0, "<u4")]), return_counts=True
    )
    often = dict(zip(numbers.tolist(), counts.tolist(), strict=True))
    found: dict[str, list[str]] = {}
    for tag in sorted(Tag.objects.filter(pk__in=often), key=lambda tag: (-often[tag.pk], tag.pk)):
        found.setdefault(tag.kind, []).append(tag.key)
    return found


def window(point: Point, zoom: int, chance: random.Random) -> Box:
    """What a screen shows at this zoom with the point somewhere near its middle."""
    wide, high = (pixels << (DEEPEST - 8 - zoom) for pixels in SCREEN)
    x = min(max(0, point[0] - wide // 2 + chance.randint(-wide // 4, wide // 4)), max(0, SIZE - wide))
    y = min(max(0, point[1] - high // 2 + chance.randint(-high // 4, high // 4)), max(0, SIZE - high))
    north, west = unproject(x, y)
    south, east = unproject(min(SIZE - 1, x + wide), min(SIZE - 1, y + high))
    return Box(*(round(value, 5) for value in (west, south, east, north)))


def compounds_of(word: str) -> fulltext.Question:
    """The word with the compounds that hold it, as the search asks the text."""
    return questions.wide(word, vocabulary.current())
