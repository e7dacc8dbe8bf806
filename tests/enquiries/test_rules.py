"""When what both sides say counts, and what figures tell: tables of examples."""

from datetime import UTC, datetime, timedelta

import pytest

from allmende.enquiries import rules
from allmende.enquiries.rules import AGREED, ANSWERED, NOT_AGREED, OPEN, STILL_OPEN, Begun, Said, Share

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ([], ""),
        ([(AGREED, 0)], ""),
        ([(AGREED, 13.9)], ""),
        ([(AGREED, 14)], AGREED),
        ([(NOT_AGREED, 14)], NOT_AGREED),
        ([(STILL_OPEN, 100)], ""),
        ([(AGREED, 3), (AGREED, 0)], AGREED),
        ([(NOT_AGREED, 3), (NOT_AGREED, 0)], NOT_AGREED),
        ([(STILL_OPEN, 3), (STILL_OPEN, 0)], ""),
        ([(AGREED, 20), (NOT_AGREED, 10)], ""),  # an objection
        ([(AGREED, 200), (NOT_AGREED, 100)], ""),  # and it stays one
        ([(AGREED, 20), (STILL_OPEN, 10)], ""),
        ([(STILL_OPEN, 30), (AGREED, 5)], ""),  # said before, so it is no objection: but 14 days are not over
        ([(STILL_OPEN, 30), (AGREED, 15)], AGREED),
    ],
)
def test_what_counts(words: list[tuple[str, float]], outcome: str) -> None:
    said = [Said(what, ago(days)) for what, days in words]
    assert rules.settled(said, NOW) == outcome
    assert rules.settled(said[::-1], NOW) == outcome


@pytest.mark.parametrize(("is_answered", "state"), [(True, ANSWERED), (False, OPEN)])
def test_where_nothing_counts_it_is_open_or_answered(is_answered: bool, state: str) -> None:
    assert rules.state_of([Said(AGREED, ago(1))], is_answered, NOW) == state
    assert rules.state_of([Said(AGREED, ago(14))], is_answered, NOW) == AGREED


@pytest.mark.parametrize(("days", "silent"), [(20.9, False), (21, True), (400, True)])
def test_silence_is_three_weeks(days: float, silent: bool) -> None:
    assert rules.is_silent(ago(days), NOW) is silent


@pytest.mark.parametrize(
    ("today", "alone", "may"), [(0, False, True), (19, False, True), (20, False, False), (4, True, True), (5, True, False)]
)
def test_how_many_may_begin_a_day(today: int, alone: bool, may: bool) -> None:
    assert rules.may_ask_today(today, alone=alone) is may


@pytest.mark.parametrize(("part", "whole", "told"), [(4, 4, Share(None, None)), (0, 0, Share(None, None)), (3, 5, Share(3, 5))])
def test_nothing_is_told_of_fewer_than_five(part: int, whole: int, told: Share) -> None:
    assert rules.share(part, whole) == told


@pytest.mark.parametrize(
    ("hours", "told"),
    [((1, 2, 3, 4), None), ((1, 2, 3, 4, None), None), ((1, 2, 3, 4, 500), 3.0), ((1, 2, 3, 4, 5, 6, None), 3.5), ((0.26,) * 5, 0.3)],
)
def test_hours_to_the_first_answer_are_the_median_of_at_least_five(hours: tuple[float | None, ...], told: float | None) -> None:
    begun = [Begun("offer", ANSWERED, NOW, NOW + timedelta(hours=one) if one is not None else None) for one in hours]
    assert rules.hours_to_answer(begun) == told


def test_the_sides_face_each_other() -> None:
    assert (rules.other("asker"), rules.other("owner")) == ("owner", "asker")


@pytest.mark.parametrize(
    ("parts", "may"),
    [((0, 0), False), ((4, 0), False), ((5, 0), True), ((5, 4), False), ((3, 4), False), ((100, 1), False), ((5, 5), True)],
)
def test_parts_stand_beside_a_whole_only_if_all_do(parts: tuple[int, int], may: bool) -> None:
    assert rules.are_tellable(parts) is may
