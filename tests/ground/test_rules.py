"""Rules of the background as tables: when something is tried again, how long it is kept, what a delivery report means."""

from datetime import UTC, datetime, timedelta

import pytest

from allmende.ground import rules

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "pause"),
    [
        (1, timedelta(minutes=1)),
        (2, timedelta(minutes=10)),
        (3, timedelta(hours=1)),
        (4, timedelta(hours=6)),
        (5, None),
        (6, None),
        (0, None),
    ],
)
def test_pauses_grow_and_after_the_fifth_failure_a_person_decides(attempts: int, pause: timedelta | None) -> None:
    assert rules.pause_after(attempts) == pause


@pytest.mark.parametrize(("seconds", "dead"), [(0, False), (60, False), (120, False), (121, True)])
def test_a_worker_silent_for_two_minutes_is_dead(seconds: int, dead: bool) -> None:
    assert rules.is_dead(NOW - timedelta(seconds=seconds), NOW) is dead


@pytest.mark.parametrize(
    ("kind", "ago", "refused"),
    [
        ("stewards.invited", timedelta(hours=1), True),
        ("stewards.invited", timedelta(days=89), True),
        ("stewards.invited", timedelta(days=90), False),
        ("", timedelta(days=2), True),
        ("account", timedelta(hours=1), True),
        ("account", timedelta(days=1), False),
        ("account.code", timedelta(days=2), False),
    ],
)
def test_an_address_that_bounced_rests_but_sign_in_is_tried_again_after_a_day(kind: str, ago: timedelta, refused: bool) -> None:
    assert rules.is_refused_after_bounce(kind, NOW - ago, NOW) is refused


@pytest.mark.parametrize(
    ("action", "status", "hard"),
    [
        ("failed", "5.1.1", True),
        ("failed", "5.0.0", True),
        ("failed", "5.2.1", True),
        ("failed", "5.2.2", False),  # the mailbox is full
        ("failed", "5.7.1", False),  # the mail server does not like us
        ("failed", "4.4.7", False),  # given up after days of trying
        ("delayed", "4.4.1", False),
        ("delayed", "5.1.1", False),
        ("delivered", "2.0.0", None),
        ("relayed", "2.0.0", None),
    ],
)
def test_only_a_mailbox_that_is_not_there_is_given_up(action: str, status: str, hard: bool | None) -> None:
    assert rules.bounce_is_hard(action, status) is hard
