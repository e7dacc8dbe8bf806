"""The words of processes: what is wrong with phases, what changed, how long is left, what templates are for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allmende.processes import rules
from allmende.processes.models import Kind

TEMPLATES: dict[str, str | Promise] = {
    "advice": gettext_lazy("Who brings it in asks those it concerns and those who know, and decides then."),
    "consent": gettext_lazy("Questions, improvements, then consent: it holds when nobody has an objection with reasons."),
    "consultation": gettext_lazy("Everybody says what they think of it; afterwards it is evaluated. Nothing is decided yet."),
    "amendments": gettext_lazy("Members propose other words for single paragraphs; then the text is made final and voted on."),
    "decision": gettext_lazy("Deliberate, then vote."),
}

_FAULTS: dict[str, str | Promise] = {
    "none": gettext_lazy("A process needs at least one phase."),
    "many": gettext_lazy("A process has at most %(most)d phases."),
    "end": gettext_lazy("“%(name)s” has to end after it begins."),
    "long": gettext_lazy("“%(name)s” would last more than two years. Please look at the dates."),
    "overlap": gettext_lazy("“%(name)s” begins before the phase before it ends."),
    "over": gettext_lazy("“%(name)s” is over and stays as it was."),
    "begun": gettext_lazy("“%(name)s” has begun: its beginning and its purpose stay."),
    "gone": gettext_lazy("A phase that has begun cannot be removed. You can let it end."),
    "past": gettext_lazy("“%(name)s” would lie in the past. Please choose a later moment."),
}


def fault(phases: Sequence[rules.Span], place: int, word: str) -> str:
    """What is wrong with the phase at this place, as a sentence."""
    name = called(phases[place].kind, phases[place].title) if place < len(phases) else ""
    return str(_FAULTS[word]) % {"name": name, "most": rules.MOST_PHASES}


def called(kind: str, title: str) -> str:
    """The name of a phase: what it was given, or what it is for."""
    return title or (str(Kind(kind).label) if kind in Kind.values else "")


def left(ends_at: datetime, now: datetime) -> str:
    """How long something is open yet: `6 days and 8 hours`, in the last day hours and minutes."""
    days, hours, minutes = rules.time_left(ends_at, now)
    in_days = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    in_hours = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    in_minutes = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    parts = [in_days, in_hours] if days and hours else [in_days] if days else [in_hours, in_minutes] if hours else [in_minutes]
    return _(" and ").join(parts)


def moment(at: datetime) -> str:
    """Day and time as they are written in a sentence."""
    return date_format(localtime(at, rules.BERLIN), "DATETIME_FORMAT")


def differences(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a change did, one sentence per phase that is new, gone or different."""
    was = {one["number"]: one for one in before}
    found = []
    for one in after:
        old = was.pop(one["number"], None)
        if old is None:
            found.append(_("New: %(name)s, %(start)s to %(end)s") % _said(one))
        elif old != one:
            found.append(_changed(old, one))
    return found + [_("Removed: %(name)s") % _said(one) for one in was.values()]


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    words = _said(new) | {"was": _said(old)["end"], "began": _said(old)["start"]}
    if old["starts_at"] != new["starts_at"]:
        return _("%(name)s: now %(start)s to %(end)s, before %(began)s to %(was)s") % words
    if old["ends_at"] != new["ends_at"]:
        return _("%(name)s: ends %(end)s instead of %(was)s") % words
    return _("%(name)s: what is open in it has changed") % words


def _said(one: Mapping[str, Any]) -> dict[str, str]:
    starts, ends = parse_datetime(one["starts_at"]), parse_datetime(one["ends_at"])
    return {
        "name": called(one["kind"], one["title"]),
        "start": moment(starts) if starts else "",
        "end": moment(ends) if ends else "",
    }
