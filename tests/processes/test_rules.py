"""Phases and their dates, by tables."""

from datetime import UTC, datetime, timedelta

import pytest

from allmende.processes import rules
from allmende.processes.rules import Span

T = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def span(start: float, end: float, number: int | None = None, **more: object) -> Span:
    return Span(number, T + start * DAY, T + end * DAY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("phases", "faults"),
    [
        ([], [(0, "none")]),
        ([span(0, 7)], []),
        ([span(0, 7), span(7, 9)], []),
        ([span(0, 0)], [(0, "end")]),
        ([span(3, 1)], [(0, "end")]),
        ([span(0, 7), span(6, 9)], [(1, "overlap")]),
        ([span(0, 800)], [(0, "long")]),
        ([span(one, one + 1) for one in range(11)], [(10, "many")]),
    ],
)
def test_what_is_wrong_with_phases(phases: list[Span], faults: list[tuple[int, str]]) -> None:
    assert rules.faults(phases) == faults


BEFORE = [span(-9, -5, 1), span(-2, 5, 2), span(6, 9, 3)]


@pytest.mark.parametrize(
    ("after", "faults"),
    [
        (BEFORE, []),
        ([BEFORE[0], span(-2, 6, 2), span(7, 10, 3)], []),
        ([BEFORE[0], BEFORE[1]], []),
        ([*BEFORE, span(9, 12)], []),
        ([span(-9, -4, 1), *BEFORE[1:]], [(0, "over")]),
        ([BEFORE[0], span(-1, 5, 2), BEFORE[2]], [(1, "begun")]),
        ([BEFORE[0], span(-2, -1, 2), BEFORE[2]], [(1, "past")]),
        (BEFORE[1:], [(0, "gone")]),
        ([BEFORE[0], BEFORE[2]], [(0, "gone")]),
        ([BEFORE[0], span(-4, -3), *BEFORE[1:]], [(1, "past")]),
    ],
)
def test_what_a_started_process_may_still_change(after: list[Span], faults: list[tuple[int, str]]) -> None:
    assert rules.change_faults(BEFORE, after, T) == faults


def test_before_the_start_everything_may_change() -> None:
    assert rules.change_faults([span(1, 2, 1)], [span(3, 4)], T) == []


@pytest.mark.parametrize(("at", "place"), [(-1, None), (0, 0), (6.9999, 0), (7, 1), (8, None), (9, 2), (10, None)])
def test_closed_means_closed_to_the_second(at: float, place: int | None) -> None:
    assert rules.present([span(0, 7), span(7, 8), span(9, 10)], T + at * DAY) == place


def test_every_template_is_without_faults_over_the_change_of_clocks() -> None:
    for template in rules.TEMPLATES:
        begins = datetime(2026, 3, 25, 9, 0, tzinfo=rules.BERLIN)
        planned = rules.planned(template, begins)
        assert rules.faults([Span(None, start.astimezone(UTC), end.astimezone(UTC)) for _usual, start, end in planned]) == []
        assert all(end.hour == 18 for _usual, _start, end in planned)
        assert all(set(usual.doors) <= set(rules.DOORS) for usual, _start, _end in planned)


@pytest.mark.parametrize(("left", "said"), [(6.5, (6, 12, 0)), (0.5, (0, 12, 0)), (-1, (0, 0, 0))])
def test_time_left(left: float, said: tuple[int, int, int]) -> None:
    assert rules.time_left(T + left * DAY, T) == said
