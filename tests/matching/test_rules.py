"""The score, by examples."""

import math

import pytest

from allmende.matching import rules
from allmende.matching.rules import Side, score

HAMBURG = {"lat": 53.5511, "lon": 9.9937}


def _side(**fields: object) -> Side:
    return Side(**{"category": 1, **fields})  # type: ignore[arg-type]


def test_the_example_of_the_specification() -> None:
    """Same category, 1 of 3 keywords, 25 km of 100, 1 of 2 goals, same network."""
    degrees = 25 / (math.pi * 6371.0 / 180)
    need = _side(tags={"rad", "last"}, lat=50.0, lon=10.0, radius=100, goals={7, 12}, networks={5})
    offer = _side(tags={"rad", "miet"}, lat=50.0 + degrees, lon=10.0, radius=40, goals={7}, networks={5, 6})
    found = score(need, offer, 0.0)
    assert (found.category, round(found.text, 2), round(found.nearness, 2), found.goals, found.network) == (40, 6.67, 15, 5, 10)
    assert round(found.total, 2) == 76.67


@pytest.mark.parametrize(
    ("need", "offer", "likeness", "total"),
    [
        (_side(), _side(category=2), 0.0, 0),
        (_side(), _side(), 0.0, 40),
        (_side(is_remote=True), _side(**HAMBURG), 0.0, 60),
        (_side(**HAMBURG), _side(**HAMBURG), 0.0, 60),
        (_side(**HAMBURG), _side(), 0.0, 40),  # no place is no nearness
        (_side(), _side(), 0.25, 50),
        (_side(), _side(), 0.5, 60),
        (_side(), _side(), 3.0, 60),  # never more than all points
        (_side(tags={"a"}), _side(tags={"a"}), 0.0, 60),
        (_side(goals={1}), _side(goals={1}), 0.0, 50),
        (_side(networks={1}), _side(networks={1}), 0.0, 50),
        (_side(networks={1}), _side(networks={2}), 0.0, 40),
        (_side(is_remote=True, tags={"a"}, goals={1}, networks={1}), _side(tags={"a"}, goals={1}, networks={1}), 0.0, 100),
    ],
)
def test_points(need: Side, offer: Side, likeness: float, total: float) -> None:
    assert score(need, offer, likeness).total == total
    assert score(offer, need, likeness).total == total


def test_a_recommendation_counts_as_a_common_network_and_not_beside_it() -> None:
    assert score(_side(), _side(), 0.0, True).network == 10
    assert score(_side(networks={1}), _side(networks={1}), 0.0, True).network == 10


def test_beyond_the_larger_radius_nearness_is_nothing() -> None:
    far = score(_side(lat=50.0, lon=10.0, radius=5), _side(lat=51.0, lon=10.0, radius=111), 0.0)
    assert far.nearness == 0 and round(far.km or 0) == 111
    assert score(_side(lat=50.0, lon=10.0, radius=5), _side(lat=51.0, lon=10.0, radius=222), 0.0).nearness == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize(
    ("likeness", "tags", "same", "is_candidate", "has_words", "is_good"),
    [
        (0.0, False, False, False, False, False),
        (0.0, False, True, True, False, False),
        (0.05, False, False, False, False, False),
        (0.1, False, False, True, True, False),
        (0.0, True, False, True, True, False),
        (0.1, False, True, True, True, True),
        (0.25, False, False, True, True, False),  # 30 points
        (0.5, False, False, True, True, True),  # 40 points, other categories, clear words
        (0.1, True, False, True, True, False),  # 40 points, but only a keyword
    ],
)
def test_what_is_a_candidate_and_what_is_told(
    likeness: float, tags: bool, same: bool, is_candidate: bool, has_words: bool, is_good: bool
) -> None:
    said = {"tags": {"a"} if tags else set(), "is_remote": True}
    found = score(_side(**said), _side(**said, category=1 if same else 2), likeness)
    assert (found.is_candidate, found.has_common_words, found.is_good) == (is_candidate, has_words, is_good)


def test_overlap_is_a_part_of_all_that_is_named() -> None:
    assert [rules.overlap(set("ab"), set("bc")), rules.overlap(set(), set("a")), rules.overlap(set(), set())] == [1 / 3, 0, 0]
