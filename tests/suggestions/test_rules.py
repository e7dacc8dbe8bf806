"""Who decides when, what comes out, how long what is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from allmende.suggestions import rules

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("fields", "units"),
    [
        ({}, []),
        ({"name": "Neu"}, ["name"]),
        ({"street": "Weg 1", "name": "Neu", "town": "Ulm"}, ["name", "seat"]),
    ],
)
def test_an_address_is_decided_on_as_a_whole(fields: dict[str, str], units: list[str]) -> None:
    assert list(rules.units(fields)) == units


@pytest.mark.parametrize(("accepted", "of", "state"), [(0, 2, "declined"), (1, 2, "partly"), (2, 2, "accepted"), (1, 1, "accepted")])
def test_what_comes_out(accepted: int, of: int, state: str) -> None:
    assert rules.outcome(accepted, of) == state


@pytest.mark.parametrize(
    ("problem", "has_stewards", "age", "may"),
    [
        ("", True, 13 * DAY, False),
        ("", True, 14 * DAY, True),
        ("", False, 0 * DAY, True),
        ("wrong", True, 0 * DAY, False),
        ("foreign", True, 0 * DAY, True),
    ],
)
def test_when_caretakers_may_decide(problem: str, has_stewards: bool, age: timedelta, may: bool) -> None:
    assert rules.caretakers_may_decide(problem, has_stewards, NOW - age, NOW) is may


@pytest.mark.parametrize(
    ("decided", "sides", "may"),
    [
        (None, [], False),
        (NOW - 184 * DAY, [], True),
        (NOW - 185 * DAY, [], False),
        (NOW - DAY, ["notifier"], False),
        (NOW - DAY, ["steward"], True),
    ],
)
def test_each_side_appeals_once_within_six_months(decided: datetime | None, sides: list[str], may: bool) -> None:
    assert rules.may_appeal(decided, NOW, sides, "notifier") is may


@pytest.mark.parametrize(
    ("decided", "waits", "last", "settled"),
    [
        (None, False, None, False),
        (NOW - 200 * DAY, False, None, True),
        (NOW - 200 * DAY, True, None, False),
        (NOW - 200 * DAY, False, NOW - 20 * DAY, False),
        (NOW - 184 * DAY, False, None, False),
    ],
)
def test_names_go_when_nothing_can_follow(decided: datetime | None, waits: bool, last: datetime | None, settled: bool) -> None:
    assert rules.is_settled(decided, waits, last, NOW) is settled


def test_only_what_differs_is_proposed() -> None:
    assert rules.difference({"name": "Haus", "email": ""}, {"name": "Haus", "email": "a@b.example"}) == {"email": "a@b.example"}


@pytest.mark.parametrize(("hours", "days"), [([], None), ([5], 1), ([24], 1), ([25], 2), ([24, 240], 1), ([24, 48, 720], 2)])
def test_the_middle_waiting_time(hours: list[int], days: int | None) -> None:
    assert rules.median_days(timedelta(hours=one) for one in hours) == days
