"""All open offers and needs in memory, so that a new one meets a hundred thousand others in a few milliseconds.

Portraits lie in the database; each process reads them once and then only what has changed (Clock). A shelf never changes: the large one
holds what was there at the beginning, the small one what came since; when that has grown, both become one.

What comes out are candidates, by a score that reads the texts from one side only; `queries.matches` asks again, exactly and with
what the viewer may see.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allmende.exchange.rules import NEED
from allmende.matching import rules
from allmende.matching.models import Clock, Portrait
from allmende.matching.portraits import length, widened
from allmende.matching.rules import Side

Floats = NDArray[np.float32]
SMALL = 2_000  # portraits that may wait on the small shelf
KEPT = 60  # candidates looked at exactly
ELSEWHERE = 20  # and so many that say the same under another category
EARTH = 6_371.0


def number_of(root: str) -> int:
    """A root as a number of 64 bits, the same in every process."""
    return int.from_bytes(blake2b(root.encode(), digest_size=8).digest(), "little")


def pack(known: Mapping[str, float]) -> bytes:
    """A portrait for the table: numbers of its roots, then weights as halves of precision."""
    numbers = np.fromiter((number_of(root) for root in known), np.uint64, len(known))
    return numbers.tobytes() + np.fromiter(known.values(), np.float16, len(known)).tobytes()


def unpack(packed: bytes) -> tuple[NDArray[np.uint64], NDArray[np.float16]]:
    """Numbers and weights, as `pack` wrote them."""
    count = len(packed) // 10
    return np.frombuffer(packed, np.uint64, count), np.frombuffer(packed, np.float16, count, 8 * count)


@dataclass(frozen=True)
class Row:
    """One portrait as the index reads it: `facts` as `actions.facts` writes them."""

    listing: int
    words: bytes
    facts: Mapping[str, Any]


class Shelf:
    """Portraits that do not change, turned so that each word knows its listings."""

    def __init__(self, rows: Sequence[Row]) -> None:
        facts = [row.facts for row in rows]
        self.ids = np.fromiter((row.listing for row in rows), np.int64, len(rows))
        self.is_need = np.fromiter((one["direction"] == NEED for one in facts), np.bool_, len(rows))
        self.category = self._column(facts, "category", np.int64)
        self.opened = self._column(facts, "opened", np.float64)
        self.until = self._column(facts, "until", np.int32)
        self.is_remote = self._column(facts, "is_remote", np.bool_)
        self.lat = np.array([np.nan if one["lat"] is None else one["lat"] for one in facts], np.float32)
        self.lon = np.array([np.nan if one["lon"] is None else one["lon"] for one in facts], np.float32)
        self.radius = self._column(facts, "radius", np.float32)
        self.organisation = self._column(facts, "organisation", np.int64)
        self.goals = _Lists([one["goals"] for one in facts])
        self.networks = _Lists([one["networks"] for one in facts])
        self.tags = _Lists([[number_of(tag) for tag in one["tags"]] for one in facts])
        self._turn(rows)

    @staticmethod
    def _column(facts: Sequence[Mapping[str, Any]], name: str, kind: Any) -> NDArray[Any]:
        return np.array([one[name] for one in facts], kind)

    def _turn(self, rows: Sequence[Row]) -> None:
        packed = [unpack(row.words) for row in rows]
        counts = np.array([len(numbers) for numbers, _weights in packed], np.int64)
        words = np.concatenate([numbers for numbers, _weights in packed]) if rows else np.zeros(0, np.uint64)
        weights = np.concatenate([halves for _numbers, halves in packed]).astype(np.float32) if rows else np.zeros(0, np.float32)
        listings = np.repeat(np.arange(len(rows), dtype=np.int32), counts)
        squares = np.bincount(listings, weights * weights, len(rows))
        self.length = np.where(squares > 0, np.sqrt(squares), 1.0).astype(np.float32)
        order = np.argsort(words, kind="stable")
        self._listings, self._weights = listings[order], weights[order]
        self._words, starts = np.unique(words[order], return_index=True)
        self._starts = np.append(starts, len(words))

    def likeness(self, wanted: Mapping[str, float], size: float) -> Floats:
        """How much of what is wanted each listing says, as a part of what both say."""
        total = np.zeros(len(self.ids), np.float32)
        if not wanted or not len(self._words):
            return total
        numbers = np.fromiter((number_of(root) for root in wanted), np.uint64, len(wanted))
        at = np.searchsorted(self._words, numbers)
        for place, number, weight in zip(at.tolist(), numbers.tolist(), wanted.values(), strict=True):
            if place < len(self._words) and int(self._words[place]) == number:
                here = slice(self._starts[place], self._starts[place + 1])
                total[self._listings[here]] += weight * self._weights[here]  # a word names each listing once
        return (total / (self.length * np.float32(size))).astype(np.float32)

    def best(self, side: Side, wanted: Mapping[str, float], size: float, direction: str, today: int, but: Sequence[int]) -> list["Hit"]:
        """The candidates among the listings of this direction, the best first; `but` are places on the shelf that are out of date."""
        alike = self.likeness(wanted, size)
        same = self.category == side.category
        tags = self.tags.overlap({number_of(tag) for tag in side.tags})
        text = np.maximum(tags, np.minimum(1.0, alike / rules.FULL_LIKENESS))
        has_words = (alike >= rules.COMMON_WORDS * 0.6) | (tags > 0)
        total = rules.CATEGORY * same + rules.TEXT * text + rules.NEARNESS * self._nearness(side)
        total += rules.GOALS * self.goals.overlap(set(side.goals)) + rules.NETWORK * self.networks.touches(set(side.networks))
        fits = (self.is_need == (direction == NEED)) & (self.until >= today) & (same | has_words)
        fits[list(but)] = False
        total[~fits] = -1.0
        places = self._first(total, np.where(fits & ~same, alike, -1.0))
        return [Hit(int(self.ids[one]), float(total[one]), bool(has_words[one]), float(self.opened[one])) for one in places]

    @staticmethod
    def _first(total: NDArray[Any], elsewhere: NDArray[Any]) -> list[int]:
        """The best by score, and those that say the same under another category, which the score alone would bury."""
        chosen: set[int] = set()
        for order, most in ((total, KEPT), (elsewhere, ELSEWHERE)):
            if count := min(most, len(order)):
                chosen.update(np.argpartition(-order, count - 1)[:count].tolist())
        return [one for one in chosen if total[one] >= 0]

    def _nearness(self, side: Side) -> Floats:
        if side.is_remote:
            return np.ones(len(self.ids), np.float32)
        if side.lat is None or side.lon is None:
            return self.is_remote.astype(np.float32)
        lat, lon = np.radians(self.lat), np.radians(self.lon)
        here, there = np.float32(np.radians(side.lat)), np.float32(np.radians(side.lon))
        half = np.sin((lat - here) / 2) ** 2 + np.cos(here) * np.cos(lat) * np.sin((lon - there) / 2) ** 2
        km = 2 * EARTH * np.arcsin(np.minimum(1, np.sqrt(half)))
        near = np.nan_to_num(np.maximum(0, 1 - km / np.maximum(1.0, np.maximum(self.radius, side.radius))))
        return np.where(self.is_remote, 1.0, near).astype(np.float32)


@dataclass(frozen=True)
class Hit:
    """A candidate: its listing, its points as far as the index knows them, when it was opened."""

    listing: int
    points: float
    has_words: bool
    opened: float


class _Lists:
    """A short list of numbers for each listing, turned: each number knows its listings."""

    def __init__(self, lists: Sequence[Sequence[int]]) -> None:
        self.sizes = np.array([len(set(one)) for one in lists], np.float32)
        turned: dict[int, list[int]] = {}
        for place, numbers in enumerate(lists):
            for number in set(numbers):
                turned.setdefault(number, []).append(place)
        self._turned = {number: np.array(places, np.int32) for number, places in turned.items()}

    def _common(self, wanted: set[int]) -> Floats:
        common: Floats = np.zeros(len(self.sizes), np.float32)
        for number in wanted:
            if number in self._turned:
                common[self._turned[number]] += 1
        return common

    def overlap(self, wanted: set[int]) -> Floats:
        """Common numbers as a part of all that either has (rules.overlap)."""
        common = self._common(wanted)
        part: Floats = common / np.maximum(np.float32(1), self.sizes + np.float32(len(wanted)) - common)
        return part

    def touches(self, wanted: set[int]) -> NDArray[np.bool_]:
        """Whether there is a common one."""
        return self._common(wanted) > 0


@dataclass
class Index:
    """Both shelves, and which places of the large one are out of date."""

    number: int = -1
    mark: int = 0
    large: Shelf = field(default_factory=lambda: Shelf([]))
    small: Shelf = field(default_factory=lambda: Shelf([]))
    waiting: dict[int, Row] = field(default_factory=dict)  # what lies on the small shelf
    stale: frozenset[int] = frozenset()

    def candidates(self, side: Side, known: Mapping[str, float], direction: str, today: int, least: float = 0.0) -> list[int]:
        """The listings of this direction that may fit, the best first; with `least` only those with common words and so many points."""
        wanted, size = widened(known), length(known)
        hits = self.large.best(side, wanted, size, direction, today, tuple(self.stale))
        hits += self.small.best(side, wanted, size, direction, today, ())
        wanted_hits = [hit for hit in hits if not least or (hit.has_words and hit.points >= least)]
        return [hit.listing for hit in sorted(wanted_hits, key=lambda hit: (-hit.points, -hit.opened))]


_lock = threading.Lock()
_held: dict[str, Index] = {}


def current() -> Index:
    """The index as of now."""
    with _lock:
        index, (number, mark) = _held.get("index", Index()), _moment()
        if number >= index.number and (number, mark) != (index.number, index.mark):
            index = _held["index"] = _renewed(index, number, mark)
        return index  # newer than what is asked now: a replica lags; `queries` looks at the rows themselves anyway


def forget() -> None:
    """Read everything anew when next asked."""
    with _lock:
        _held.clear()


def _moment() -> tuple[int, int]:
    return Clock.objects.filter(pk=1).values_list("number", "mark").first() or (0, 0)


def _renewed(index: Index, number: int, mark: int) -> Index:
    """With everything up to this change; all anew where too much has changed or what was read has been taken back since."""
    changed = Portrait.objects.filter(number__gt=index.number)
    if not _goes_on(index, number) or changed.count() + len(index.waiting) > SMALL:
        return Index(number, mark, Shelf(_rows()))
    waiting, touched = dict(index.waiting), []
    for portrait in changed.iterator():
        touched.append(portrait.pk)
        waiting.pop(portrait.pk, None)
        if portrait.is_open:
            waiting[portrait.pk] = Row(portrait.pk, bytes(portrait.words), portrait.facts)
    stale = index.stale | frozenset(np.flatnonzero(np.isin(index.large.ids, np.array(touched, np.int64))).tolist())
    return Index(number, mark, index.large, Shelf(list(waiting.values())), waiting, stale)


def _goes_on(index: Index, number: int) -> bool:
    """Whether the present comes after what was read: not where the last change was rolled back and its number given again."""
    if not 0 <= index.number < number:
        return False
    return not Portrait.objects.filter(number=index.number).exclude(mark=index.mark).exists()


def _rows() -> list[Row]:
    """All open portraits."""
    found = Portrait.objects.filter(is_open=True).order_by("pk").values_list("pk", "words", "facts")
    return [Row(pk, bytes(packed), facts) for pk, packed, facts in found.iterator(chunk_size=2_000)]
