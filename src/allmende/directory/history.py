"""What an entry said at any time, and how two people's changes come together.

A revision holds the fields that changed, before and after; places side by side. Walking back from today through the revisions gives
the entry as it was after any of them.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.directory.importers import undoing
from allmende.directory.importers.base import BLANK, TERM_LISTS
from allmende.directory.importers.merging import key
from allmende.directory.models import Revision
from allmende.directory.queries import newest_revision
from allmende.ground.refusals import Refused

State = dict[str, Any]
# What a restored revision does not bring back: whether it is published is decided on its own.
NOT_RESTORED = frozenset({"state", "is_demo"})
WORD_LISTS = frozenset({*TERM_LISTS, "keywords", "languages", "same_as"})


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
        found["places"] = _seated(found["places"], revision.before["seat"])
    return found


def _seated(places: list[State], seat: Any) -> list[State]:
    """The places with the one that says this as their seat."""
    return [{**place, "is_seat": list(key(place)) == seat} for place in places]


def _swapped(places: list[State], pairs: list[tuple[State | None, State | None]]) -> list[State]:
    """The places with each `new` put back to its `old`; what is not found any more is left alone.

    Which of them is the seat a revision says on its own: an import notes a place as its file had it, not as it stood here.
    """
    found = list(places)
    for new, old in pairs:
        at = next((number for number, place in enumerate(found) if new and key(place) == key(new)), None)
        if at is not None:
            found[at : at + 1] = [{**old, "is_seat": found[at]["is_seat"]}] if old else []
        elif old:
            found.append({**old, "is_seat": old["is_seat"] and not any(place["is_seat"] for place in found)})
    return found


def merged(pk: int, said: State, base: int) -> Merged:
    """Bring a form filled in at revision `base` together with what the entry says today.

    Changed by one side only: that side's value. Changed by both alike: fine. Changed by both differently: a conflict.
    """
    now, then = undoing.said(pk), state_at(pk, base)
    found = Merged(theirs=now, base=then, newest=newest_revision(pk))
    for name, mine in said.items():
        if _same(name, mine, then[name]):
            continue
        if _same(name, now[name], then[name]) or _same(name, mine, now[name]):
            found.fields[name] = mine
        elif (both := _both(name, mine, now[name], then[name])) is not None:
            found.fields[name] = both
        else:
            found.conflicts[name] = (mine, now[name])
    return found


def _same(name: str, one: Any, other: Any) -> bool:
    if name != "places":
        return bool(one == other)
    return Counter(map(key, one)) == Counter(map(key, other)) and undoing.seat(one) == undoing.seat(other)


def _both(name: str, mine: Any, theirs: Any, base: Any) -> Any:
    """What holds when both changed a field that has parts; None where they contradict each other, and for fields without parts."""
    if name in WORD_LISTS:  # sets of words cannot contradict each other
        found = [word for word in theirs if word in mine or word not in base] + [w for w in mine if w not in theirs and w not in base]
        return sorted(found) if name in TERM_LISTS else found
    if name == "visibility":
        ours = {field: mine.get(field) for field in {*mine, *base} if mine.get(field) != base.get(field)}
        if any(theirs.get(field) not in {base.get(field), value} for field, value in ours.items()):
            return None
        return {field: value for field, value in {**theirs, **ours}.items() if value}
    return _both_places(mine, theirs, base) if name == "places" else None


def _both_places(mine: list[State], theirs: list[State], base: list[State]) -> list[State] | None:
    """Places are known by all they say: who changes one takes it away and adds another. The same one taken by both must become the same."""
    here, there, then = (Counter(map(key, places)) for places in (mine, theirs, base))
    seats = undoing.seat(mine), undoing.seat(theirs), undoing.seat(base)
    if (then - here) & (then - there) and here - then != there - then:
        return None
    if seats[0] != seats[1] and seats[2] not in seats[:2]:
        return None
    gone, new, found = then - here, (here - then) - (there - then), []
    for place in theirs:
        if gone[key(place)]:
            gone[key(place)] -= 1
        else:
            found.append(place)
    for place in mine:
        if new[key(place)]:
            new[key(place)] -= 1
            found.append(place)
    return _seated(found, seats[1] if seats[0] == seats[2] else seats[0])
