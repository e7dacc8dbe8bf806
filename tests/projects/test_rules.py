"""How far a project is, what may be said when: tables of examples."""

from datetime import UTC, date, datetime, timedelta

import pytest

from allmende.projects import rules
from allmende.projects.models import Licence

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
WAY = [(JAN, 1, "idea"), (FEB, 2, "concept"), (MAR, 3, "pilot")]


@pytest.mark.parametrize(
    ("steps", "on", "stage"),
    [
        ([], MAR, None),
        (WAY, JAN - timedelta(days=1), None),
        (WAY, JAN, "idea"),
        (WAY, FEB + timedelta(days=3), "concept"),
        (WAY, APR, "pilot"),
        ([*WAY, (FEB, 4, "paused")], FEB, "paused"),  # of one day, what was noted later
        ([*WAY, (FEB, 4, "paused")], APR, "pilot"),  # an earlier day noted afterwards does not change where it is now
    ],
)
def test_the_stage_is_that_of_the_latest_day(steps: list[tuple[date, int, str]], on: date, stage: str | None) -> None:
    assert rules.stage_at(steps, on) == stage


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        ([], ["open"] * 5),
        (WAY, ["done", "done", "now", "open", "open"]),
        ([*WAY, (APR, 4, "paused")], ["done", "done", "now", "open", "open"]),
        ([*WAY, (APR, 4, "concept")], ["done", "now", "open", "open", "open"]),
        ([(JAN, 1, "done")], ["done"] * 5),
        ([(JAN, 1, "transferred")], ["open"] * 5),
    ],
)
def test_the_way_shows_what_has_been_reached(steps: list[tuple[date, int, str]], states: list[str]) -> None:
    assert [mark.state for mark in rules.way(steps)] == states


def test_a_stage_that_lies_ahead_again_has_no_day() -> None:
    assert [mark.on for mark in rules.way([*WAY, (APR, 4, "concept")])] == [JAN, APR, None, None, None]


@pytest.mark.parametrize(
    ("on", "good"), [(APR, True), (APR + timedelta(days=1), False), (date(1899, 12, 31), False), (date(1900, 1, 1), True)]
)
def test_a_step_lies_in_the_past_or_today(on: date, good: bool) -> None:
    assert rules.is_good_day(on, APR) is good


@pytest.mark.parametrize(("hours", "may"), [(0, True), (24, True), (25, False)])
def test_news_can_be_corrected_for_a_day(hours: int, may: bool) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert rules.may_be_corrected(at, at + timedelta(hours=hours)) is may


@pytest.mark.parametrize(("licence", "may"), [("", False), ("rechte-vorbehalten", False), ("CC0-1.0", True), ("CC-BY-SA-4.0", True)])
def test_texts_are_copied_only_where_their_licence_says_so(licence: str, may: bool) -> None:
    assert rules.may_copy(licence) is may


def test_the_rules_and_the_tables_know_the_same_licences() -> None:
    assert set(rules.LICENCES) == set(Licence.values)
