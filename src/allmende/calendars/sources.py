"""What stands in somebody's own calendar: rooms say so of their things, in their `reactions.py` or `panels.py`.

@source("ballots")
def until_when(person: Person) -> list[Entry]: ...
"""

from collections.abc import Callable, Iterable

from allmende.calendars.export import Entry
from allmende.people.models import Person

Source = Callable[[Person], Iterable[Entry]]
_SOURCES: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Register what a room adds to everybody's calendar; it shows a person nothing that its own pages would not show."""

    def register(made: Source) -> Source:
        _SOURCES[name] = made
        return made

    return register


def entries(person: Person) -> list[Entry]:
    """All that stands in this person's calendar, the earliest first."""
    found = [one for made in _SOURCES.values() for one in made(person)]
    return sorted(found, key=lambda one: (one.starts, one.uid))
