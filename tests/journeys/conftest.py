"""What the journeys share: a page of somebody who is signed in, and a clock that can be set."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.people.models import Person


class Travels:
    """The house's clock. It runs on from noon of the day to which it was set last."""

    def __init__(self) -> None:
        self.real = timezone.now
        self.to(self.real().date())

    def to(self, day: date) -> None:
        """It is noon of this day."""
        self.noon, self.began = datetime.combine(day, time(12), UTC), self.real()

    def now(self) -> datetime:
        """In place of django.utils.timezone.now."""
        return self.noon + (self.real() - self.began)


@pytest.fixture
def travels(monkeypatch: pytest.MonkeyPatch) -> Travels:
    """`travels.to(day)`: from now on it is this day in the whole house, the live server included."""
    clock = Travels()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture
def sign_in(live_server: Any) -> Callable[..., None]:
    """`sign_in(page, person)`: whoever sits at this page is this person from now on."""

    def signed_in(page: Any, who: Person) -> None:
        client = Client()
        client.force_login(who, backend="allmende.people.adapter.Backend")
        key = client.cookies["allmende_sitzung"].value
        page.context.add_cookies([{"name": "allmende_sitzung", "value": key, "url": live_server.url}])

    return signed_in
