"""Invented organisations made ready for all tables at once, in processes of their own that never touch the database.

What an index entry is, is decided where it always is (`directory.lean`, `portrait`, `indexing`); here it is only carried there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allmende.atlas import indexing, portrait
from allmende.atlas.portrait import Portrait
from allmende.atlas.tags import Name
from allmende.atlas.wording import Wording
from allmende.directory import lean
from allmende.directory.demo.synthetic import columns
from allmende.directory.demo.synthetic.columns import House, Rows
from allmende.directory.demo.synthetic.drawing import SOURCES, Drawn
from allmende.directory.models import Term

Facts = dict[str, Any]
NO_WORDS = ("", "", "", "")


class Task(NamedTuple):
    """A part of what was drawn, and the numbers of its first place and record."""

    part: Drawn
    place: int
    record: int


@dataclass
class Prepared:
    """A part, ready to be written. Tags are numbers of `tag_names`, one entry's after the other's, `tag_counts` for each entry.

    `entries` are rows of the index without tags and spots; `points` of all entries one after the other, `point_counts` for each.
    """

    rows: Rows
    entries: list[tuple[Any, ...]]
    points: list[tuple[int, int]]
    point_counts: list[int]
    tag_names: list[Name]
    tags: NDArray[np.uint32]
    tag_counts: list[int]
    texts: list[tuple[str, str]]
    counts: "Counter[str]"
    shown: dict[str, str]


class Preparer:
    """Makes parts ready. `ruled` are the data rules in force: what they hide, the index must not know."""

    def __init__(self, house: House, terms: Sequence[Term], ruled: dict[str, str] | None) -> None:
        self.house, self.ruled = house, ruled
        self.terms = portrait.Terms(terms)
        self.wording = Wording()
        self.term = {term.pk: term for term in terms}

    def prepare(self, task: Task) -> Prepared:
        """All rows of a part."""
        rows = columns.rows(task.part, self.house, task.place, task.record)
        facts = list(self._facts(rows))
        lines = [self.terms.of(one) for one in facts]
        worded = [self.wording.of(portrait.texts(one), portrait.tokens(one, line)) for one, line in zip(facts, lines, strict=True)]
        tags = [portrait.tags(one, line) for one, line in zip(facts, lines, strict=True)]
        points = [portrait.points(one) for one in facts]
        tag_names, tag_numbers = _numbered(tags)
        counts = Counter(chain.from_iterable(one.counted for one in worded))
        return Prepared(
            rows=rows,
            entries=[
                (*indexing.entry(Portrait(one, mine, where, NO_WORDS, {})), words.packed)
                for one, mine, where, words in zip(facts, tags, points, worded, strict=True)
            ],
            points=list(chain.from_iterable(points)),
            point_counts=[len(mine) for mine in points],
            tag_names=tag_names,
            tags=tag_numbers,
            tag_counts=[len(mine) for mine in tags],
            texts=[(words.stems, words.of_name) for words in worded],
            counts=counts,
            shown={word: self.wording.shown[word] for word in counts},
        )

    def _facts(self, rows: Rows) -> Iterator[Facts]:
        """The rows as guests may read them, as if they came from the tables."""
        places, terms, records, confirmed = self._beside(rows)
        reader = lean.Reader()
        for row in self._organisations(rows, confirmed):
            pk = row[0]
            yield lean.told_of(row, self.ruled, reader, places.get(pk, ()), terms.get(pk, ()), records.get(pk, ()), ())

    def _organisations(self, rows: Rows, confirmed: dict[int, str]) -> Iterator[tuple[Any, ...]]:
        names = (
            *("id", "uuid", "slug", "name", "legal_name", "kind", "legal_form_id", "sector_id", "summary", "summary_en", "description"),
            *("description_en", "keywords", "founded", "licence", "visibility", "is_demo", "changed_at"),
        )
        for row in rows.organisations.rows(names):
            form, sector = (self.term[pk].key if pk else None for pk in row[6:8])
            yield (*row[:6], form, sector, *row[8:], confirmed.get(row[0]))

    def _beside(self, rows: Rows) -> tuple[Any, Any, Any, dict[int, str]]:
        places, terms, records = defaultdict(list), defaultdict(list), defaultdict(list)
        for place in rows.places.rows(("organisation_id", "postcode", "town", "region", "country", "lat", "lon", "is_seat")):
            places[place[0]].append(place)
        for pk, term in rows.terms.rows(("organisation_id", "term_id")):
            terms[pk].append((pk, self.term[term].tree, self.term[term].key))
        key = {pk: source.key for pk, source in zip(self.house.sources, SOURCES, strict=True)}
        for pk, source, licence in rows.records.rows(("organisation_id", "source_id", "licence")):
            records[pk].append((pk, key[source], licence))
        confirmed: dict[int, str] = {}
        for pk, at in rows.confirmations.rows(("organisation_id", "at")):
            confirmed[pk] = max(at, confirmed.get(pk, ""))
        return places, terms, records, confirmed


def _numbered(tags: Sequence[Iterable[Name]]) -> tuple[list[Name], NDArray[np.uint32]]:
    numbers: dict[Name, int] = {}
    flat = [numbers.setdefault(name, len(numbers)) for each in tags for name in each]
    return list(numbers), np.array(flat, np.uint32)
