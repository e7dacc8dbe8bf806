"""Comparing the index with the directory and with itself, a few thousand entries at a time. Writes nothing."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import Max

from allmende.atlas import fulltext, spots
from allmende.atlas.indexing import Writer
from allmende.atlas.models import Entry, Spot, Tag, Word
from allmende.atlas.portrait import counted, unpack
from allmende.directory.access import organisations_visible_to
from allmende.people.queries import GUEST

Say = Callable[[str], None]
AT_ONCE = 5_000  # entries
SAMPLE = 300  # entries that are made anew and compared whole
SAMPLE_WORDS = 2_000  # words whose entries are counted
MOST_FAULTS = 200


def verify(say: Say = lambda line: None) -> list[str]:
    """Sentences about what differs; empty when all is well. `say` gets a line from time to time. At most a few hundred sentences."""
    faults: list[str] = []
    check = _Whole()
    for number, span in enumerate(_spans()):
        faults += _ids_and_moments(*span)
        check.look(*span)
        if number % 20 == 19:
            say(f"up to entry {span[1]:,}")
        if len(faults) > MOST_FAULTS:
            return [*faults[:MOST_FAULTS], "and more"]
    say("full text and words")
    return [*faults, *check.faults(), *(f"differs from the directory: {pk}" for pk in _differing(check.sample))]


def _spans() -> Iterator[tuple[int, int]]:
    """Ranges of numbers (from, up to but without) that hold about as many entries each, of index and directory together."""
    first = 0
    visible = organisations_visible_to(GUEST).order_by("pk").values_list("pk", flat=True)
    while edge := list(visible.filter(pk__gte=first)[AT_ONCE : AT_ONCE + 1]):
        yield first, edge[0]
        first = edge[0]
    last = max(visible.aggregate(last=Max("pk"))["last"] or 0, Entry.objects.aggregate(last=Max("pk"))["last"] or 0)
    yield first, last + 1


def _ids_and_moments(low: int, high: int) -> list[str]:
    asked = {"pk__gte": low, "pk__lt": high}
    source: dict[int, datetime] = dict(organisations_visible_to(GUEST).filter(**asked).values_list("pk", "changed_at"))
    indexed: dict[int, datetime] = dict(Entry.objects.filter(**asked).values_list("pk", "changed_at"))
    expected, held = set(source), set(indexed)
    return [
        *(f"missing in the index: {pk}" for pk in sorted(expected - held)),
        *(f"not public any more: {pk}" for pk in sorted(held - expected)),
        *(f"stale: {pk}" for pk in sorted(expected & held) if source[pk] != indexed[pk]),
    ]


class _Whole:
    """What can be said only when all entries were seen: places, full text, vocabulary, tags."""

    def __init__(self) -> None:
        self.keys = array("q")
        self.sample: list[int] = []
        self.seen = 0
        self.every = max(1, Entry.objects.count() // SAMPLE)
        self.spots = 0
        self.wrong: list[str] = []
        self.tags = set(Tag.objects.values_list("pk", flat=True))
        words = Word.objects.filter(entries__gt=0).order_by("word").values_list("word", "entries")
        self.words = dict(islice(words.iterator(), 0, None, max(1, words.count() // SAMPLE_WORDS)))
        self.counts: Counter[str] = Counter()

    def look(self, low: int, high: int) -> None:
        """Take in the entries of a range."""
        expected: dict[int, tuple[int, int, int]] = {}
        rows = Entry.objects.filter(pk__gte=low, pk__lt=high).values_list("pk", "spots", "tags", "words", "has_place")
        for pk, packed, tags, words, has_place in rows:
            mine = spots.unpack(packed)
            expected.update((key, (pk, x, y)) for key, x, y in mine)
            self.keys.extend(spots.text_keys(pk, mine))
            self.counts.update(self.words.keys() & {word[:80] for word in counted(unpack(words))})
            if bool(mine) != has_place:
                self.wrong.append(f"its places are wrong: {pk}")
            if not self.tags.issuperset(np.frombuffer(bytes(tags), "<u4").tolist()):
                self.wrong.append(f"has tags nobody knows: {pk}")
            self.seen += 1
            if self.seen % self.every == 0:
                self.sample.append(pk)
        self._compare_spots(expected)

    def _compare_spots(self, expected: dict[int, tuple[int, int, int]]) -> None:
        self.spots += len(expected)
        held: dict[int, tuple[int, int, int]] = {}
        keys = sorted(expected)
        for start in range(0, len(keys), 10_000):
            rows = Spot.objects.filter(key__in=keys[start : start + 10_000]).values_list("key", "entry_id", "x", "y")
            held.update((key, (entry, x, y)) for key, entry, x, y in rows)
        wrong = {entry for key, (entry, _x, _y) in expected.items() if held.get(key) != expected[key]}
        self.wrong += [f"not on the map where it says: {pk}" for pk in sorted(wrong)]

    def faults(self) -> list[str]:
        """What is wrong with all of it."""
        found = list(self.wrong)
        if (extra := Spot.objects.count() - self.spots) > 0:
            found.append(f"places of entries that are gone: {extra}")
        expected, held = np.sort(np.frombuffer(self.keys, np.int64)), fulltext.every_key()
        found += [f"not in the full text: {key}" for key in np.setdiff1d(expected, held)[:MOST_FAULTS]]
        found += [f"left over in the full text: {key}" for key in np.setdiff1d(held, expected)[:MOST_FAULTS]]
        return found + [f"counted wrongly: {word}" for word, n in self.words.items() if self.counts[word] != n]


def _differing(pks: Sequence[int]) -> list[int]:
    """Which of these would read otherwise if made anew: what their moment of change does not tell (a word, a source, the rules)."""
    writer = Writer()
    portraits = {one.facts["pk"]: one for one in writer.portraits(pks)}
    numbers = {(kind, key): pk for pk, kind, key in Tag.objects.values_list("pk", "kind", "key")}
    columns = ("pk", "tags", "spots", "words", "slug", "name", "confirmed_at")
    held = {pk: row for pk, *row in Entry.objects.filter(pk__in=pks).values_list(*columns)}
    wrong = []
    for pk, one in sorted(portraits.items()):
        if pk not in held:
            continue
        tags, packed, words, *told = held[pk]
        same: list[Any] = [
            sorted(numbers.get(tag, 0) for tag in one.tags) == np.frombuffer(bytes(tags), "<u4").tolist(),
            len(one.points) == len(spots.unpack(packed)),
            one.words == unpack(words),
            told == [one.facts["slug"], one.facts["name"], one.facts["confirmed_at"]],
            _is_found(one.words, spots.text_keys(pk, spots.unpack(packed))),
        ]
        wrong += [] if all(same) else [pk]
    return wrong


def _is_found(words: fulltext.Words, keys: Sequence[int]) -> bool:
    """Whether the full text has all the words of an entry under its keys, and those of the name as a name."""
    everywhere, named = (tuple((stem,) for stem in text.split()) for text in fulltext.stems_of(words))
    return all(
        len(fulltext.hits(question, names_only=names_only, low=key, high=key + 1)) == 1
        for key in keys[:1]
        for question, names_only in ((everywhere[:100], False), (named[:100], True))
        if question
    )
