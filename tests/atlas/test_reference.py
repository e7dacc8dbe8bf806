"""Whatever happens to a house, the map answers as the slow map of `reference` does: random lives of random houses, with questions between.

`ALLMENDE_LONG=1` lives much longer lives: an hour's work rather than some seconds.
"""

import os
from collections import Counter
from functools import partial
from math import inf, isclose
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from allmende.atlas import actions, completion, queries, vocabulary
from allmende.atlas.clusters import Pile, clusters, tile
from allmende.atlas.engine import base, choose, listing, piles, rows, segment, snapshot
from allmende.atlas.engine.keys import cover
from allmende.atlas.rules import MAX_ZOOM, Box, Filters
from allmende.ground.text import words
from tests.atlas import reference
from tests.atlas.lives import WHOLE_WORLD, Life, rolled_back

pytestmark = pytest.mark.django_db

LONG = 60 if os.environ.get("ALLMENDE_LONG") else 1
CELL_ZOOM = 20  # no deeper does the map part places
CLOSE = 2e-6  # degrees: a few of the map's own units
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}
SEEDS = st.integers(0, 1_000_000)


# ----------------------------------------------------------------------------------------------------------------- tests


@given(SEEDS, st.integers(1, 12))
@settings(max_examples=8 * LONG, **QUIET)
def test_the_map_answers_as_the_slow_one_does_whatever_happens(seed: int, steps: int) -> None:
    live(Life, seed, steps)


@given(seed=SEEDS, steps=st.integers(1, 12))
@example(seed=2128, steps=14)  # of a cell with more places than are counted at once one was left
@settings(max_examples=8 * LONG, **QUIET)
def test_and_so_it_does_in_many_small_pieces_with_a_base_on_the_disk(in_pieces: None, seed: int, steps: int) -> None:
    live(LifeInPieces, seed, steps)


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read aside: another connection would not see what a life has done."""
    monkeypatch.setattr(vocabulary, "LONG", inf)


@pytest.fixture
def in_pieces(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only happens in a house of millions happens in one of twenty: a base, dead places, pieces that are put together."""
    settings.VAR = tmp_path
    for module, name, value in (
        (base, "BASE_FROM", 1), (snapshot, "TAIL_MOST", 4), (snapshot, "SMALL_MOST", 5), (snapshot, "PARTS_MOST", 3),
        (choose, "cover", partial(cover, most_tiles=30, few=2)), (choose, "FEW_PLACES", 6), (choose, "SMALL", 2),
        (choose, "MOST_RANGES", 2), (listing, "MANY", 8), (piles, "COUNTED_AT_ONCE", 2), (rows, "AT_ONCE", 7),
        (segment, "GROUPS_KEPT", 2), (segment, "TAGS_AT_ONCE", 3),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


class LifeInPieces(Life):
    """A house that is built anew and whose base is written now and then, and whose processes are started anew."""

    def housework(self) -> None:
        if self.dice.random() < 0.1:
            self.told.append(f"built anew {actions.rebuild()}")
        if self.dice.random() < 0.3:
            self.told.append(f"base of {base.write()}")
        if self.dice.random() < 0.4:
            self.told.append("a new process")
            snapshot.forget()


def live(kind: type[Life], seed: int, steps: int) -> None:
    """A house in which so many things happen, asked after each."""
    with rolled_back():
        life = kind(seed)
        try:
            for _ in range(steps):
                life.happen()
                life.housework()
                ask(life)
                if life.dice.random() < 0.2:
                    change_of_mind(life)
        except Exception as fault:
            fault.add_note("\n".join([f"seed {seed}", *life.told]))
            raise


def change_of_mind(life: Life) -> None:
    """Something happens, somebody asks, and it is undone: as if it had never been."""
    items = list(life.items)
    with rolled_back():
        life.happen()
        ask(life)
    life.told.append("... undone")
    life.items = items
    for item in life.items:
        item.refresh_from_db()
    ask(life)


def ask(life: Life) -> None:
    """Some questions of each kind, to an index that agrees with the directory and with itself."""
    slow = reference.read()
    assert actions.verify() == []
    for _ in range(3):
        filters = life.question()
        life.told.append(f"asked { ({name: value for name, value in vars(filters).items() if value != getattr(Filters, name)}) }")
        same_lists(slow, filters)
        same_counts(slow, filters)
        same_piles(slow, filters, life.box() if life.dice.random() < 0.6 else WHOLE_WORLD, life.dice.randint(0, MAX_ZOOM))
        same_tile(slow, filters, life.dice.randint(0, MAX_ZOOM), life.point())
    same_guesses(slow, life.typed())


# -------------------------------------------------------------------------------------------------------- what must agree


def same_lists(slow: reference.Slow, filters: Filters) -> None:
    """Every page holds what it should, in the right order; a corrected word finds what the right one does."""
    now = timezone.now()
    expected = slow.order(filters, now)
    assert queries.count(filters) == len(expected)
    assert queries.matching_ids(filters).tolist() == sorted(expected)
    asked = {*range(30), *list(slow.entries)[::2]}
    assert queries.matching_among(filters, asked) == set(expected) & asked
    if not expected and filters.q:
        corrected = queries.search(filters).corrected
        if corrected is None:
            return
        assert {word for word in words(corrected) if word not in words(filters.q)} <= slow.vocabulary
        filters = filters.but(q=corrected)
        expected = slow.order(filters, now)
        assert expected
    same_pages(slow, filters, expected, per_page=max(2, len(expected) // 9))


def same_pages(slow: reference.Slow, filters: Filters, expected: list[int], per_page: int) -> None:
    """All pages together hold everything once, in this order, and say of each what is true."""
    listed: list[int] = []
    for page in range(1, len(expected) // per_page + 3):
        found = queries.search(filters, page=page, per_page=per_page)
        assert (found.total, found.page, found.per_page) == (len(expected), page, per_page)
        listed += [entry.organisation_id for entry in found.entries]
        points = queries.points_of(found.entries)
        for entry in found.entries:
            known = slow.entries[entry.organisation_id]
            assert (entry.name, entry.slug, entry.town, entry.is_demo) == (known.name, known.slug, known.town, known.is_demo)
            assert (entry.confirmed_at, entry.changed_at, entry.has_place) == (known.confirmed_at, known.changed_at, bool(known.spots))
            far = slow.distance(known, filters)
            assert entry.distance_km is None if far is None else isclose(entry.distance_km or 0, far, abs_tol=0.001)
            same_points(points.get(entry.organisation_id, []), [(spot.lat, spot.lon) for spot in known.spots])
    assert listed == expected


def same_points(given_points: list[tuple[float, float]], expected: list[tuple[float, float]]) -> None:
    """The same places in the same order, as far as five decimals tell."""
    assert len(given_points) == len(expected)
    for one, other in zip(given_points, expected, strict=True):
        assert all(isclose(a, b, abs_tol=1e-5) for a, b in zip(one, other, strict=True))


def same_counts(slow: reference.Slow, filters: Filters) -> None:
    """Tags, facets and the box around everything."""
    now = timezone.now()
    counts = {kind: +Counter(keys) for kind, keys in queries.tag_counts(filters).items()}
    expected = slow.tag_counts(filters, now)
    for kind in {*counts, *expected}:
        assert counts.get(kind, Counter()) == expected.get(kind, Counter()), kind
    facets = {name: {facet.key: facet.count for facet in found} for name, found in queries.facets(filters).items()}
    assert facets == slow.facets(filters, now)
    around, box = slow.extent(filters, now), queries.extent(filters)
    assert (around is None) == (box is None)
    if box and around:
        assert all(isclose(a, b, abs_tol=1e-5) for a, b in zip((box.west, box.south, box.east, box.north), around, strict=True))


def same_piles(slow: reference.Slow, filters: Filters, box: Box, zoom: int) -> None:
    """Every place is in one pile, where it is; single ones and those on one spot are named."""
    now = timezone.now()
    piles = clusters(filters, box, zoom)
    places = [(pk, spot) for pk, spot in slow.spots(filters, now) if reference.lies_in(spot, box)]
    assert sum(pile.count for pile in piles) == len(places)
    drawn = [sum(pile.count * middle(pile)[axis] for pile in piles) for axis in (0, 1)]
    assert all(abs(drawn[axis] - sum((spot.x, spot.y)[axis] for _, spot in places)) <= 2 * len(places) for axis in (0, 1))
    for pile in piles:
        inside = [pk for pk, spot in places if _holds(pile.box, spot)]
        assert len(inside) >= pile.count > 0
        _same_names(slow, pile, inside)


def _same_names(slow: reference.Slow, pile: Pile, inside: list[int]) -> None:
    named = [entry.organisation_id for entry in pile.entries]
    if pile.count == 1:
        assert len(named) == 1 and named[0] in inside
    elif pile.on_one_spot and pile.count <= 20:
        assert named == sorted(set(inside), key=lambda pk: slow.entries[pk].by_name)


def same_tile(slow: reference.Slow, filters: Filters, zoom: int, at: tuple[float, float]) -> None:
    """A tile of the map holds the places of its own cells, no others."""
    x, y = (number // (reference.WORLD // 2**zoom) for number in reference.mercator(*at))
    level = min(zoom + 3, CELL_ZOOM)
    across, side = 2 ** (level - zoom), reference.WORLD // 2**level
    expected = {
        cell: found
        for cell, found in slow.cells(filters, level, timezone.now()).items()
        if (cell[0] // across, cell[1] // across) == (x, y)
    }
    piles = {(int(px) // side, int(py) // side): pile for pile in tile(filters, zoom, x, y, grid=8) for px, py in [middle(pile)]}
    assert {cell: pile.count for cell, pile in piles.items()} == {cell: len(found) for cell, found in expected.items()}
    for cell, pile in piles.items():
        if pile.count == 1:
            assert [entry.organisation_id for entry in pile.entries] == expected[cell]


def same_guesses(slow: reference.Slow, q: str) -> None:
    """What is offered while typing: organisations whose names begin so, then those whose names hold the words."""
    slugs = [one["slug"] for one in completion.suggest(q, limit=60) if one["type"] == "organisation"]
    assert slugs == [slow.entries[pk].slug for pk in slow.suggested(q)]


def middle(pile: Pile) -> tuple[float, float]:
    """A pile's point in the map's units: the middle of a unit is half a unit from where it begins."""
    x, y = reference.mercator_exactly(pile.lat, pile.lon)
    return x - 0.5 + 1e-3, y - 0.5 + 1e-3


def _holds(box: Box, spot: reference.Spot) -> bool:
    return box.west - CLOSE <= spot.lon <= box.east + CLOSE and box.south - CLOSE <= spot.lat <= box.north + CLOSE
