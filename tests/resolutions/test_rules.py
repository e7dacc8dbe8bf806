"""Numbers, what is overdue, when to remind."""

from datetime import date

import pytest

from allmende.resolutions import rules

TODAY = date(2026, 6, 15)
BEFORE, AFTER = date(2026, 6, 14), date(2026, 6, 16)


@pytest.mark.parametrize(("last", "number"), [(None, 1), (0, 1), (7, 8)])
def test_numbers_follow_each_other(last: int | None, number: int) -> None:
    assert rules.next_serial(last) == number


@pytest.mark.parametrize(
    ("state", "due_on", "open_until", "standing"),
    [
        ("in_work", None, [], "in_work"),
        ("in_work", TODAY, [], "in_work"),
        ("in_work", BEFORE, [], "overdue"),
        ("in_work", AFTER, [BEFORE], "overdue"),
        ("in_work", None, [None, AFTER], "in_work"),
        ("done", BEFORE, [BEFORE], "done"),
        ("revoked", BEFORE, [], "revoked"),
    ],
)
def test_overdue_is_what_is_in_progress_and_should_be_done(
    state: str, due_on: date | None, open_until: list[date | None], standing: str
) -> None:
    assert rules.standing(state, due_on, open_until, TODAY) == standing


@pytest.mark.parametrize(
    ("due_on", "reminded_on", "says"),
    [
        (None, None, False),
        (date(2026, 6, 22), None, True),
        (date(2026, 6, 23), None, False),
        (BEFORE, None, True),
        (BEFORE, BEFORE, False),
        (date(2026, 6, 20), BEFORE, True),  # the date was moved
    ],
)
def test_a_date_is_reminded_of_once_a_week_before(due_on: date | None, reminded_on: date | None, says: bool) -> None:
    assert rules.is_to_remind(due_on, reminded_on, TODAY) is says


@pytest.mark.parametrize(("is_adopted", "is_done", "state"), [(True, False, "in_work"), (True, True, "done"), (False, False, "rejected")])
def test_what_was_not_adopted_leads_to_nothing(is_adopted: bool, is_done: bool, state: str) -> None:
    assert rules.state_when_entered(is_adopted, is_done) == state


def test_the_bar_is_as_wide_as_the_numbers() -> None:
    assert rules.parts({"done": 3, "overdue": 1}) == [("done", 3, 0.0, 74.65), ("overdue", 1, 75.0, 24.65)]
    assert rules.parts({}) == []
