"""The rules, by tables."""

from datetime import UTC, datetime, timedelta

import pytest

from allmende.feedback import rules

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("after", "good"),
    [(HOUR, False), (DAY - HOUR, False), (DAY, True), (21 * DAY, True), (180 * DAY, True), (181 * DAY, False), (-DAY, False)],
)
def test_people_get_at_least_a_day_and_at_most_half_a_year(after: timedelta, good: bool) -> None:
    assert rules.is_good_deadline(NOW + after, NOW) is good


@pytest.mark.parametrize(
    ("state", "after", "taking"),
    [(rules.OPEN, HOUR, True), (rules.OPEN, timedelta(0), False), (rules.OPEN, -HOUR, False), (rules.CLOSED, HOUR, False)],
)
def test_the_deadline_closes_a_round_to_the_minute(state: str, after: timedelta, taking: bool) -> None:
    assert rules.is_taking(state, NOW + after, NOW) is taking


@pytest.mark.parametrize(
    ("state", "ago", "can"),
    [(rules.CLOSED, HOUR, True), (rules.CLOSED, 30 * DAY, True), (rules.CLOSED, 31 * DAY, False), (rules.OPEN, HOUR, False)],
)
def test_a_round_can_be_opened_again_for_a_month(state: str, ago: timedelta, can: bool) -> None:
    assert rules.can_reopen(state, NOW - ago, NOW) is can
    assert rules.can_reopen(state, None, NOW) is False


@pytest.mark.parametrize(
    ("taking", "state", "answered", "can"),
    [
        (True, rules.DRAFT, False, True),
        (True, rules.GIVEN, False, True),
        (True, rules.GIVEN, True, False),
        (False, rules.DRAFT, False, False),
        (False, rules.GIVEN, False, False),
    ],
)
def test_what_was_given_can_be_changed_until_the_end_or_the_first_answer(taking: bool, state: str, answered: bool, can: bool) -> None:
    assert rules.can_write(taking, state, answered) is can


@pytest.mark.parametrize(
    ("texts", "ordered"),
    [([], ["", "", ""]), (["", " b ", ""], ["b", "", ""]), (["a", "", "c"], ["a", "c", ""]), (["a", "b", "c", "d"], ["a", "b", "c"])],
)
def test_gaps_between_questions_close(texts: list[str], ordered: list[str]) -> None:
    assert rules.in_order(texts, 3) == ordered


@pytest.mark.parametrize(
    ("words", "says"),
    [(("", "", [], []), False), ((" ", "\n", ["", " "], [" "]), False), (("a", "", [], []), True), (("", "", ["a"], []), True),
     (("", "", [], ["", "a"]), True)],
)  # fmt: skip
def test_an_empty_sheet_says_nothing(words: tuple[str, str, list[str], list[str]], says: bool) -> None:
    assert rules.says_something(*words) is says


@pytest.mark.parametrize(("verdict", "needs"), [(rules.TAKEN_UP, False), (rules.LATER, True), (rules.NO, True), ("", False)])
def test_later_and_no_need_a_reason(verdict: str, needs: bool) -> None:
    assert rules.needs_reason(verdict) is needs


@pytest.mark.parametrize(
    ("left", "since", "due"),
    [
        (4 * DAY, 10 * DAY, False),
        (3 * DAY, 10 * DAY, True),
        (HOUR, 10 * DAY, True),
        (timedelta(0), 10 * DAY, False),
        (DAY, HOUR, False),  # invited an hour ago
    ],
)
def test_a_reminder_comes_three_days_before_the_end(left: timedelta, since: timedelta, due: bool) -> None:
    assert rules.is_reminder_due(NOW + left, NOW - since, NOW) is due


@pytest.mark.parametrize(("ago", "due"), [(None, True), (HOUR, False), (DAY, True)])
def test_news_come_once_a_day(ago: timedelta | None, due: bool) -> None:
    assert rules.is_news_due(NOW - ago if ago else None, NOW) is due
