"""Calendar files (RFC 5545). Written by hand: what we need of it is small, and every value is escaped here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

TYPE = "text/calendar; charset=utf-8"
USUAL_LENGTH = timedelta(hours=2)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


@dataclass(frozen=True)
class Entry:
    """One line of a calendar. `uid` stays the same for ever; `revision` counts its changes (SEQUENCE); called off it says so.

    `is_whole_day`: only the day of `starts` counts, in the house's own time zone, for what is due on a day and at no hour.
    """

    uid: str
    changed_at: datetime
    starts: datetime
    ends: datetime | None
    title: str
    place: str = ""
    text: str = ""
    revision: int = 0
    is_cancelled: bool = False
    is_whole_day: bool = False


def calendar(name: str, entries: Iterable[Entry]) -> str:
    """The whole file. Moments are in UTC, so no reader has to know our time zone."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_text(settings.SITE_NAME)}//Allmende//DE", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", f"X-WR-TIMEZONE:{settings.TIME_ZONE}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]  # fmt: skip
    for one in entries:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(one: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT", f"UID:{one.uid}", f"DTSTAMP:{_moment(one.changed_at)}", f"LAST-MODIFIED:{_moment(one.changed_at)}",
        f"SEQUENCE:{one.revision}", *_when(one),
        f"SUMMARY:{_text(one.title)}", f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}",
    ]  # fmt: skip
    if one.place:
        lines.append(f"LOCATION:{_text(one.place)}")
    return [*lines, f"DESCRIPTION:{_text(one.text)}", "END:VEVENT"]


def _when(one: Entry) -> list[str]:
    if one.is_whole_day:
        day = timezone.localtime(one.starts).date()
        return [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}", "TRANSP:TRANSPARENT"]
    return [f"DTSTART:{_moment(one.starts)}", f"DTEND:{_moment(one.ends or one.starts + USUAL_LENGTH)}"]


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
