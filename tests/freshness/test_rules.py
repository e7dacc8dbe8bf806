"""When we ask, whom we spare, until when a link answers, when a website is gone: tables of examples."""

from datetime import UTC, datetime, timedelta

import pytest

from allmende.freshness import rules
from allmende.freshness.rules import Result, Standing

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("confirmed", "edited", "kept", "expected"),
    [
        (400, None, 900, 400),  # the confirmation counts, not how long somebody has been there
        (None, None, 900, 900),  # never confirmed: since somebody looks after it
        (400, 100, 900, 100),  # an edit by the team is a sign of life
        (100, 400, 900, 100),  # an older edit is not
        (None, 100, 900, 100),
        (None, None, None, None),  # nobody there
        (None, 100, None, None),
    ],
)
def test_the_last_sign_of_life(confirmed: int | None, edited: int | None, kept: int | None, expected: int | None) -> None:
    moments = [ago(days) if days is not None else None for days in (confirmed, edited, kept)]
    assert rules.quiet_since(*moments) == (ago(expected) if expected is not None else None)


@pytest.mark.parametrize(
    ("quiet", "first", "second", "joined", "instead", "expected"),
    [
        (364, None, None, 900, False, 0),  # not yet twelve months
        (366, None, None, 900, False, 1),
        (366, None, None, 27, False, 0),  # has just taken over
        (366, None, None, 28, False, 1),
        (366, None, None, 1, True, 1),  # ... but is asked at once where the other cannot be reached
        (414, 48, None, 900, False, 0),  # the second after seven weeks, not before
        (415, 49, None, 900, False, 2),
        (450, 84, 35, 900, False, 0),  # two letters are enough
        (790, 420, 364, 900, False, 0),
        (790, 420, 366, 900, False, 1),  # unanswered for another year: a new round
    ],
)
def test_which_letter_is_due(quiet: int, first: int | None, second: int | None, joined: int, instead: bool, expected: int) -> None:
    first_at, second_at = (ago(days) if days is not None else None for days in (first, second))
    assert rules.next_letter(ago(quiet), first_at, second_at, ago(joined), NOW, instead=instead) == expected


def test_twelve_months_are_told_to_the_day() -> None:
    edge = datetime(2025, 11, 22, 5, tzinfo=UTC)  # 365 days; twelve mean months are 365.25
    assert not rules.is_due(edge, NOW)
    assert rules.is_due(edge - timedelta(hours=6), NOW)


@pytest.mark.parametrize(
    ("quiet", "letters", "expected"),
    [
        (366, [], False),  # the job has not run yet
        (366 + 49 + 27, [], False),
        (366 + 49 + 28, [], True),  # nobody could be asked, for as long as both letters take
        (500, [(1, 76)], False),  # the second is due and has four weeks
        (500, [(1, 77)], True),  # no second came: the person left or wants no mail
        (500, [(1, 70), (2, 27)], False),
        (500, [(1, 90), (2, 28)], True),
        (500, [(1, 90), (2, 28), (1, 3)], False),  # a newcomer has just been asked
        (300, [(1, 90), (2, 28)], False),  # confirmed since
    ],
)
def test_when_caretakers_look(quiet: int, letters: list[tuple[int, int]], expected: bool) -> None:
    assert rules.is_for_caretakers(ago(quiet), [(number, ago(days)) for number, days in letters], NOW) is expected


@pytest.mark.parametrize(
    ("answer", "asked", "confirmed", "theirs", "published", "expected"),
    [
        ("", 10, None, True, True, Standing.OPEN),
        ("", 10, 400, True, True, Standing.OPEN),
        ("edited", 10, 400, True, True, Standing.OPEN),  # changed, but not confirmed yet
        ("", 90, None, True, True, Standing.EXPIRED),
        ("", 89.9, None, True, True, Standing.OPEN),
        ("overtaken", 10, 5, True, True, Standing.OVERTAKEN),
        ("confirmed", 200, 199, True, True, Standing.ANSWERED),  # replayed, however late
        ("gone", 10, None, True, False, Standing.ANSWERED),
        ("confirmed", 10, 5, False, True, Standing.NOT_YOURS),  # no longer theirs: not even what was answered
        ("", 10, None, True, False, Standing.OFF_THE_MAP),
        ("closed", 10, None, True, False, Standing.OFF_THE_MAP),
        ("closed", 10, None, True, True, Standing.OPEN),  # a caretaker left it as it is, or a merge was undone
    ],
)
def test_how_a_link_stands(answer: str, asked: float, confirmed: int | None, theirs: bool, published: bool, expected: Standing) -> None:
    confirmed_at = ago(confirmed) if confirmed else None
    assert rules.standing(answer, ago(asked), confirmed_at, NOW, is_theirs=theirs, is_published=published) == expected


def test_a_link_lives_longer_than_the_pause_between_two_letters() -> None:
    assert rules.LINK_LASTS > rules.AGAIN_AFTER


@pytest.mark.parametrize(
    ("failures", "first", "expected"), [(0, None, False), (2, 30, False), (3, 13.9, False), (3, 14, True), (7, 60, True), (7, None, False)]
)
def test_a_website_is_gone_after_three_checks_over_two_weeks(failures: int, first: float | None, expected: bool) -> None:
    assert rules.is_gone(failures, ago(first) if first else None, NOW) is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Result.OK), (204, Result.OK), (304, Result.OK), (403, Result.SHY), (405, Result.SHY), (429, Result.SHY), (503, Result.SHY),
        (999, Result.SHY), (404, Result.MISSING), (410, Result.MISSING), (400, Result.MISSING), (500, Result.FAULT), (502, Result.FAULT),
    ],
)  # fmt: skip
def test_what_a_status_means(status: int, expected: Result) -> None:
    assert rules.result_of(status) == expected


def test_ten_silent_websites_and_none_that_answers_are_our_own_net() -> None:
    assert rules.is_our_own_net([Result.NO_ANSWER] * 5 + [Result.NO_HOST] * 5)
    assert not rules.is_our_own_net([Result.NO_ANSWER] * 9)
    assert not rules.is_our_own_net([Result.NO_ANSWER] * 12 + [Result.MISSING])
