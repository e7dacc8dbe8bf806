"""What is right about processes, in plain Python: templates, the order of phases, what a started one may still change.

Moments are aware datetimes; `now` is passed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

LONGEST_TITLE = 120
LONGEST_PHASE = 60
LONGEST_REASON = 500
MOST_PHASES = 10
OPENS_AT = time(9, 0)
CLOSES_AT = time(18, 0)
REMIND_BEFORE = timedelta(days=1)
LONGEST = timedelta(days=731)  # of one phase; more is a slip of the pen

DOORS = ("edit", "support", "arguments", "opinions", "amendments", "consent", "vote")
"""What a phase can open: change the text, support, argue, answer statements, propose amendments, consent or object, vote."""


@dataclass(frozen=True)
class Usual:
    """A phase as a template proposes it."""

    kind: str
    doors: tuple[str, ...]
    days: int


TEMPLATES: dict[str, tuple[Usual, ...]] = {
    "advice": (
        Usual("advice", ("edit", "arguments", "opinions"), 14),
        Usual("decision", ("vote",), 7),
    ),
    "consent": (
        Usual("questions", ("arguments",), 7),
        Usual("amendments", ("edit", "arguments", "amendments"), 10),
        Usual("consent", ("consent",), 10),
    ),
    "consultation": (
        Usual("consultation", ("support", "arguments", "opinions"), 28),
        Usual("evaluation", ("edit",), 14),
    ),
    "amendments": (
        Usual("amendments", ("arguments", "amendments"), 21),
        Usual("integration", ("edit",), 7),
        Usual("decision", ("vote",), 7),
    ),
    "decision": (
        Usual("deliberation", ("arguments",), 14),
        Usual("decision", ("vote",), 7),
    ),
}


class Span(NamedTuple):
    """What the rules see of a phase. `number` is its own, None for a new one."""

    number: int | None
    starts_at: datetime
    ends_at: datetime
    kind: str = ""
    title: str = ""
    doors: tuple[str, ...] = ()


def planned(template: str, begins: datetime) -> list[tuple[Usual, datetime, datetime]]:
    """The phases of a template with moments: the first begins then, each ends in the evening, the next begins the morning after."""
    found, start = [], begins
    for usual in TEMPLATES[template]:
        end = datetime.combine(start.astimezone(BERLIN).date() + timedelta(days=usual.days), CLOSES_AT, BERLIN)
        found.append((usual, start, end))
        start = datetime.combine(end.date() + timedelta(days=1), OPENS_AT, BERLIN)
    return found


def usual_beginning(now: datetime) -> datetime:
    """The next morning: nobody is surprised by what begins at once."""
    return datetime.combine(now.astimezone(BERLIN).date() + timedelta(days=1), OPENS_AT, BERLIN)


def faults(phases: Sequence[Span]) -> list[tuple[int, str]]:
    """What is wrong, as (place, word): `none`, `many`, `end` before start, `long`, `overlap` with the one before."""
    if not phases:
        return [(0, "none")]
    found = [(MOST_PHASES, "many")] if len(phases) > MOST_PHASES else []
    for place, one in enumerate(phases):
        if one.ends_at <= one.starts_at:
            found.append((place, "end"))
        elif one.ends_at - one.starts_at > LONGEST:
            found.append((place, "long"))
        elif place and one.starts_at < phases[place - 1].ends_at:
            found.append((place, "overlap"))
    return found


def has_started(phases: Sequence[Span], now: datetime) -> bool:
    """Whether the first phase has begun."""
    return bool(phases) and min(one.starts_at for one in phases) <= now


def change_faults(before: Sequence[Span], after: Sequence[Span], now: datetime) -> list[tuple[int, str]]:
    """What a change of a started process gets wrong: phases that ended stay as they were (`over`), those running keep their beginning
    (`begun`) and none of them goes (`gone`); nothing new begins or ends in the past (`past`).
    """
    if not has_started(before, now):
        return []
    was = {one.number: one for one in before}
    left = {one.number for one in after}
    found = [(0, "gone") for one in before if one.starts_at <= now and one.number not in left]
    for place, one in enumerate(after):
        old = was.get(one.number) if one.number is not None else None
        if old is not None and old.ends_at <= now:
            found += [(place, "over")] if one != old else []
        elif old is not None and old.starts_at <= now:
            found += [(place, "begun")] if (one.starts_at, one.kind) != (old.starts_at, old.kind) else []
            found += [(place, "past")] if one.ends_at <= now else []
        elif one.starts_at < now:
            found.append((place, "past"))
    return found


def present(phases: Sequence[Span], now: datetime) -> int | None:
    """The place of the phase that runs now; closed means closed to the second: the end itself is no longer inside."""
    return next((place for place, one in enumerate(phases) if one.starts_at <= now < one.ends_at), None)


def time_left(ends_at: datetime, now: datetime) -> tuple[int, int, int]:
    """Days, hours and minutes until the end; nothing below zero."""
    seconds = max(0, int((ends_at - now).total_seconds()))
    return seconds // 86_400, seconds % 86_400 // 3_600, seconds % 3_600 // 60
