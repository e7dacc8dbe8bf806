"""The dates of a circle as a calendar file (RFC 5545). Written by hand: what we need of it is small, and every value is escaped here."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings

from allmende.circles.models import Circle, CircleDate
from allmende.ground import outbox

TYPE = "text/calendar; charset=utf-8"
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def calendar(circle: Circle, dates: Iterable[CircleDate]) -> str:
    """The whole file. Moments are in UTC, so no reader has to know our time zone."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_text(settings.SITE_NAME)}//Allmende//DE", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"NAME:{_text(circle.name)}", f"X-WR-CALNAME:{_text(circle.name)}", f"X-WR-TIMEZONE:{settings.TIME_ZONE}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]  # fmt: skip
    for one in dates:
        lines += _event(circle, one)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(circle: Circle, one: CircleDate) -> list[str]:
    lines = [
        "BEGIN:VEVENT", f"UID:{one.uuid}", f"DTSTAMP:{_moment(one.changed_at)}", f"LAST-MODIFIED:{_moment(one.changed_at)}",
        f"SEQUENCE:{one.revision}", f"DTSTART:{_moment(one.starts)}", f"DTEND:{_moment(one.ends or one.starts + timedelta(hours=2))}",
        f"SUMMARY:{_text(one.title)}", f"STATUS:{'CANCELLED' if one.cancelled_at else 'CONFIRMED'}",
    ]  # fmt: skip
    if one.place:
        lines.append(f"LOCATION:{_text(one.place)}")
    about = "\n\n".join(part for part in (one.text, outbox.link(circle.get_absolute_url())) if part)
    return [*lines, f"DESCRIPTION:{_text(about)}", "END:VEVENT"]


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """A TEXT value (3.3.11): backslash, semicolon, comma and line break are escaped, other control characters left out."""
    return "".join(letter for letter in text.translate(_ESCAPED) if letter >= " " and letter != "\x7f")


def folded(line: str) -> str:
    """At most 75 octets a line (3.1); what is longer goes on behind a blank, never within a letter."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > 75:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + octets
    return "\r\n".join([*parts, part])
