"""The dates of a circle as a calendar file."""

from collections.abc import Iterable

from allmende.calendars import export
from allmende.circles.models import Circle, CircleDate
from allmende.ground import outbox


def calendar(circle: Circle, dates: Iterable[CircleDate]) -> str:
    """The whole file."""
    return export.calendar(circle.name, [entry(circle, one) for one in dates])


def entry(circle: Circle, one: CircleDate) -> export.Entry:
    """A date as calendars keep it, with the way back to the circle."""
    about = "\n\n".join(part for part in (one.text, outbox.link(circle.get_absolute_url())) if part)
    return export.Entry(
        uid=str(one.uuid), changed_at=one.changed_at, starts=one.starts, ends=one.ends, title=one.title, place=one.place, text=about,
        revision=one.revision, is_cancelled=bool(one.cancelled_at),
    )  # fmt: skip
