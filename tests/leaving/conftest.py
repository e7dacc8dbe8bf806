"""A day that the tests choose, and letters that are made only where they are looked at."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from allmende.web import paper

Clock = Callable[[date], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """`clock(date(2026, 9, 30))`: from now on it is noon of that day."""

    def set_to(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """What the letters would say; setting them takes a second each and has a test of its own."""
    said: list[dict[str, Any]] = []
    if "papers" not in request.node.nodeid:

        def note(_room: str, _name: str, data: dict[str, Any], **_more: Any) -> bytes:
            said.append(data)
            return b"%PDF-1.7 of a test"

        monkeypatch.setattr(paper, "pdf", note)
    return said
