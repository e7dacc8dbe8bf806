"""What an entry said at any time, and how two people's changes come together.

A revision holds the fields that changed, before and after; places side by side. Walking back from today through the revisions gives
the entry as it was after any of them.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.directory.importers import undoing
from allmende.directory.importers.base import BLANK
from allmende.directory.importers.merging import key
from allmende.directory.models import Revision
from allmende.ground.refusals import Refused

State = dict[str, Any]
# What a restored revision does not bring back: whether it is published is decided on its own.
NOT_RESTORED = frozenset({"state", "is_demo"})


@dataclass
class Merged:
    """Three states brought together: `fields` can be written; `conflicts` are fields that both changed: (mine, theirs)."""

    fields: State = field(default_factory=dict)
    conflicts: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    theirs: State = field(default_factory=dict)
    base: State = field(default_factory=dict)
    newest: int = 0


class EditConflict(Refused):
    """Somebody else changed the same fields meanwhile. `merged` says what both say; nothing was written."""

    def __init__(self, merged: Merged) -> None:
        super().__init__(_("Somebody else has changed the same fields meanwhile. Please choose what holds."))
        self.merged = merged


def state_at(pk: int, revision: int) -> State:
    """What the entry said right after this revision (its number), in the shape of a draft with `places`."""
    state = undoing.said(pk)
    for later in Revision.objects.filter(organisation=pk, pk__gt=revision).order_by("-pk"):
        state = before(state, later)
    return state


def before(state: State, revision: Revision) -> State:
    """One step back: the entry before this revision. Before the first one nothing was said."""
    if not revision.before:
        return {**BLANK, "places": []}
    found = {**state, **{name: value for name, value in revision.before.items() if name in BLANK}}
    if "places" in revision.before:
        pairs = zip(revision.after["places"], revision.before["places"], strict=True)
        found["places"] = _swapped(state["places"], list(pairs))
    if "seat" in revision.before:
        found["places"] = [{**place, "is_seat": list(key(place)) == revision.before["seat"]} for place in found["places"]]
    return found


def _swapped(places: list[State], pairs: list[tuple[State | None, State | None]]) -> list[State]:
    """The places with each `new` put back to its `old`; what is not found any more is left alone."""
    found = list(places)
    for new, old in pairs:
        at = next((number for number, place in enumerate(found) if new and key(place) == key(new)), None)
        if at is not None:
            found[at : at + 1] = [old] if old else []
        elif old:
            found.append(old)
    return found


def merged(pk: int, said: State, base: int) -> Merged:
    """Bring a form filled in at revision `base` together with what the entry says today.

    Changed by one side only: that side's value. Changed by both alike: fine. Changed by both differently: a conflict.
    """
    now, then = undoing.said(pk), state_at(pk, base)
    found = Merged(theirs=now, base=then, newest=_newest(pk))
    for name, mine in said.items():
        if _same(name, mine, then[name]):
            continue
        if _same(name, now[name], then[name]) or _same(name, mine, now[name]):
            found.fields[name] = mine
        else:
            found.conflicts[name] = (mine, now[name])
    return found


def _same(name: str, one: Any, other: Any) -> bool:
    if name != "places":
        return bool(one == other)
    return [(key(place), place["is_seat"]) for place in one] == [(key(place), place["is_seat"]) for place in other]


def _newest(pk: int) -> int:
    return Revision.objects.filter(organisation=pk).order_by("-pk").values_list("pk", flat=True).first() or 0
