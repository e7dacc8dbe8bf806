"""What is right for circles, by tables; what changed between two texts; calendar files."""

import time
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from allmende.circles import export, rules
from allmende.ground import differences

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "by_self", "days", "may"),
    [
        (None, False, 0, True),
        ("left", True, 0, True),
        ("left", False, 400, False),  # removed: by invitation only
        ("refused", True, 0, True),
        ("refused", False, 29, False),
        ("refused", False, 30, True),
        ("in", False, 0, False),
        ("invited", False, 0, False),
        ("asked", False, 0, False),
    ],
)
def test_who_may_come_by_themselves(state: str | None, by_self: bool, days: int, may: bool) -> None:
    assert rules.may_come(state, by_self, NOW - timedelta(days=days), NOW) is may


@pytest.mark.parametrize(
    ("state", "by_self", "days", "may"),
    [("in", False, 0, False), ("asked", False, 0, False), ("invited", False, 0, False), ("left", False, 0, True),
     ("refused", True, 89, False), ("refused", True, 90, True), ("refused", False, 0, True)],
)  # fmt: skip
def test_who_may_be_invited(state: str, by_self: bool, days: int, may: bool) -> None:
    assert rules.may_be_invited(state, by_self, NOW - timedelta(days=days), NOW) is may


def test_a_task_is_late_from_the_day_after_its_date() -> None:
    today = date(2026, 11, 22)
    assert [rules.is_overdue(date(2026, 11, day), False, today) for day in (21, 22, 23)] == [True, False, False]
    assert not rules.is_overdue(date(2026, 11, 1), True, today)
    assert not rules.is_overdue(None, False, today)


def test_a_date_without_an_end_is_past_after_two_hours() -> None:
    assert not rules.is_past(NOW - timedelta(minutes=119), None, NOW)
    assert rules.is_past(NOW - timedelta(minutes=121), None, NOW)
    assert rules.is_past(NOW - timedelta(hours=1), NOW - timedelta(minutes=1), NOW)


def test_texts_keep_their_indents_and_lose_what_nobody_sees() -> None:
    assert rules.as_written("- a\r\n    - b \x00\u0007\n\n\n\nc\n") == "- a\n    - b\n\nc"


def text_of(lines: list[differences.Line], kinds: tuple[str, ...]) -> str:
    return "\n".join("".join(piece.text for piece in line.pieces if piece.kind in kinds) for line in lines)


def test_a_difference_shows_words_that_came_and_went() -> None:
    lines = differences.between("Bis Freitag im Plan.", "Bis Donnerstag im Plan.\nUnd pünktlich.")
    pieces = [(piece.kind, piece.text) for line in lines for piece in line.pieces]
    assert pieces == [
        ("same", "Bis "), ("removed", "Freitag"), ("added", "Donnerstag"), ("same", " im Plan."), ("added", "Und pünktlich."),
    ]  # fmt: skip
    assert differences.between("gleich", "gleich") == []


def test_unchanged_stretches_are_folded() -> None:
    before = "\n".join(f"Zeile {n}" for n in range(20))
    lines = differences.between(before, before.replace("Zeile 10", "Absatz zehn"))
    assert [line.skipped for line in lines if line.skipped] == [8, 7]


@pytest.mark.parametrize("old", ["a\nb\n" * 3_000, " ".join(["wort"] * 4_000), "x" * 20_000, "\n".join(f"{n % 150}" for n in range(6_000))])
def test_huge_texts_are_compared_quickly(old: str) -> None:
    began = time.monotonic()
    assert differences.between(old, old[::-1] + " neu")
    assert time.monotonic() - began < 3


def event(**said: Any) -> Any:
    base = {
        "uuid": UUID(int=1), "title": "Treffen", "starts": NOW, "ends": None, "place": "", "text": "", "changed_at": NOW,
        "revision": 0, "cancelled_at": None,
    }  # fmt: skip
    return SimpleNamespace(**base | said)


def written(*events: Any) -> str:
    circle = SimpleNamespace(name="Kreis", get_absolute_url=lambda: "/arbeitskreise/1/kreis/")
    return export.calendar(cast(Any, circle), events)


def test_a_calendar_file_has_lines_of_75_octets_at_most_and_never_cuts_a_letter() -> None:
    ics = written(event(title="Übergrößenträgerschaft ✓ " * 12))
    lines = ics.encode().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() or True for line in lines)
    unfolded = ics.replace("\r\n ", "")
    assert "SUMMARY:" + "Übergrößenträgerschaft ✓ " * 12 in unfolded
    assert ics.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") and ics.endswith("END:VCALENDAR\r\n")


def test_nobody_smuggles_a_second_event_or_an_alarm_into_the_file() -> None:
    evil = "Treffen\r\nEND:VEVENT\nBEGIN:VALARM\rATTACH:file:///etc\x85\u2028x;y,z\\"
    ics = written(event(title=evil, place=evil, text=evil)).replace("\r\n ", "")
    assert ics.count("BEGIN:VEVENT") == ics.count("\r\nEND:VEVENT\r\n") == 1
    assert "\r\nBEGIN:VALARM" not in ics and "\nBEGIN:VALARM" not in ics.replace("\r\n", "")
    assert "\\;y\\,z\\\\" in ics


def test_moments_are_in_utc_and_a_date_called_off_says_so() -> None:
    ics = written(event(ends=NOW + timedelta(hours=1), cancelled_at=NOW, revision=3))
    for line in ("DTSTART:20261122T120000Z", "DTEND:20261122T130000Z", "STATUS:CANCELLED", "SEQUENCE:3", f"UID:{UUID(int=1)}"):
        assert f"\r\n{line}\r\n" in ics
