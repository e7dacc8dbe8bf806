"""Who plays, and the small tools of the parts: the story files, days counted from today, what people were told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from allmende.directory.models import Organisation, Role
from allmende.exchange.models import Listing
from allmende.home.demo.people import STEWARDS
from allmende.people.models import Notice, Person
from allmende.projects.models import Project

FOLDER = Path(__file__).parent
MORNING, AWAKE = timedelta(hours=8), 0.5  # the whole day is drawn together to 8 to 20 o'clock, so everything keeps its order
READ_AFTER = timedelta(days=7)  # what is older the demo people have read: a hundred new lines would hide the few that matter

Row = dict[str, Any]


@dataclass
class Cast:
    """The demo people by their first names, the invented entries by their addresses, and what was made so far, by the story's own words."""

    people: dict[str, Person]
    entries: dict[str, Organisation]
    now: datetime
    listings: dict[str, Listing] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)

    def home(self, name: str) -> Organisation:
        """The organisation somebody belongs to."""
        return self.entries[STEWARDS[name][0]]

    def is_member(self, name: str) -> bool:
        """Whether they only belong to it, and so speak in their own name."""
        return STEWARDS[name][1] == Role.MEMBER

    def keeper(self, slug: str) -> Person:
        """Who speaks for an entry."""
        return next(self.people[name] for name, (entry, role) in STEWARDS.items() if entry == slug and role != Role.MEMBER)

    def named(self, slugs: list[str]) -> list[Organisation]:
        """The entries with these addresses."""
        return [self.entries[slug] for slug in slugs]

    def ago(self, days: float) -> datetime:
        """So many days ago, by day: people sleep at night. What lies ahead has a minus."""
        moment = timezone.localtime(self.now - timedelta(days=days))
        if days < 1:
            return moment
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + MORNING + (moment - midnight) * AWAKE

    def day(self, days: float) -> date:
        """The day so many days from today; the past has a minus."""
        return timezone.localdate(self.now) + timedelta(days=days)

    def at(self, days: float, hour: int) -> datetime:
        """The full hour of the day so many days from today."""
        return timezone.localtime(self.now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)

    @contextmanager
    def told(self, days: float) -> Iterator[None]:
        """What people are told inside is dated so many days ago, and was read if that is long enough."""
        newest = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        yield
        at = self.ago(days)
        read_at = at + timedelta(hours=5) if self.now - at > READ_AFTER else None
        Notice.objects.filter(pk__gt=newest).update(created_at=at, read_at=read_at)

    def knows(self, name: str, path: str, days: float) -> None:
        """Whoever answers has read what they were told about it."""
        Notice.objects.filter(person=self.people[name], path=path, read_at=None).update(read_at=self.ago(days))


def story(name: str) -> list[Row]:
    """One of the files beside."""
    rows: list[Row] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return rows
