"""What is right for entering, editing and looking back, in plain Python. No database, no clock."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from allmende.directory.rules import hidden
from allmende.stewards.rules import domain_of, host_of, is_own

INVITATION_DAYS = 30
"""So long the link of an invitation to enter an organisation works."""

INVITATIONS_A_DAY = 20
ENTRIES_A_DAY = 20

PAGE = 20  # revisions on one page of the history
SHOWN_PLACES = 8  # place forms on one page: a form has at most 200 fields, and nobody reads more at once

PUBLISHED, DRAFT, STEWARDS = "published", "draft", "stewards"


class Why(StrEnum):
    """Why a new entry is on the map at once; WAITS: a caretaker looks at it first."""

    WAITS = ""
    CARETAKER = "caretaker"
    INVITED = "invited"
    KNOWN = "known"
    DOMAIN = "domain"


def goes_live(*, is_caretaker: bool, is_invited: bool, looks_after_published: bool, website: str, verified: Iterable[str]) -> Why:
    """Whether and why a new entry is published at once.

    The caretakers know what they enter; who invites vouches; who looks after a published entry is known here; and whoever gets mail
    at the website's own host belongs to the organisation. `verified` are the person's e-mail addresses that are confirmed.
    """
    if is_caretaker:
        return Why.CARETAKER
    if is_invited:
        return Why.INVITED
    if looks_after_published:
        return Why.KNOWN
    host = host_of(website)
    return Why.DOMAIN if is_own(host) and host in {domain_of(address) for address in verified} else Why.WAITS


def keeps_point(changed: Iterable[str]) -> bool:
    """Whether a place's point stays when these parts of its address change: another town or postcode is somewhere else."""
    return not {"postcode", "town", "country"} & set(changed)


# ---------------------------------------------------------------------------------------------------------- looking back

# What belongs to a field whose visibility can be chosen. An address is more than one field of a place: its town is always told.
FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "description": ("description", "description_en"),
    "website": ("website",),
    "email": ("email",),
    "phone": ("phone",),
    "founded": ("founded",),
    "register": ("register", "legal_name"),
}
# Old numbers and addresses are often a person's: the history keeps them to the team even where the present ones are public.
NEVER_LOOKED_BACK_AT = frozenset({"email", "phone", "visibility", "is_demo"})


class Step(NamedTuple):
    """What a revision said of state and visibility: before and after, None where it did not touch them; and the rules of its day."""

    pk: int
    is_first: bool
    states: tuple[str | None, str | None]
    visibilities: tuple[dict[str, str] | None, dict[str, str] | None]
    ruled: dict[str, str] | None


class Sight(NamedTuple):
    """What somebody outside the team may read of a revision: without these fields, without streets, or of the state alone."""

    without: frozenset[str]
    hides_addresses: bool
    state_only: bool


def sights(steps: Iterable[Step], *, circle: str, state: str, visibility: dict[str, str], ruled: dict[str, str] | None) -> dict[int, Sight]:
    """The revisions that somebody in this circle may read, by number, and how much of each. `steps` come newest first.

    A field is shown only if it is for this circle today and was so before and after the change: nobody reads in the history what
    was hidden when it was written. What an entry said while it was not published is shown to nobody outside.
    """
    found, always = {}, hidden(circle, visibility, ruled)
    for step in steps:
        before = step.states[0] if step.states[0] is not None else state
        if state == PUBLISHED:
            was = step.visibilities[0] if step.visibilities[0] is not None else visibility
            closed = always | hidden(circle, visibility, step.ruled) | hidden(circle, was, step.ruled)
            names = NEVER_LOOKED_BACK_AT | {name for field in closed if field in FIELDS_OF for name in FIELDS_OF[field]}
            found[step.pk] = Sight(names, "address" in closed, before != PUBLISHED and not step.is_first)
        state = before
        visibility = step.visibilities[0] if step.visibilities[0] is not None else visibility
    return found


def ruled_at(moment: datetime, versions: Iterable[tuple[datetime | None, dict[str, str]]]) -> dict[str, str] | None:
    """The defaults of the data rules that held at that moment; `versions` are (decided, defaults), oldest first."""
    held = None
    for decided_at, defaults in versions:
        if decided_at is not None and decided_at <= moment:
            held = defaults
    return held


def without(fields: Mapping[str, Any], sight: Sight | None) -> dict[str, Any]:
    """What may be read of a revision's fields; None sees all."""
    if sight is None:
        return dict(fields)
    if sight.state_only:
        return {name: value for name, value in fields.items() if name == "state"}
    left = {name: value for name, value in fields.items() if name not in sight.without}
    if sight.hides_addresses:
        left.pop("seat", None)
        if "places" in left:
            left["places"] = [_town(place) for place in left["places"]]
    return left


def _town(place: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: place.get(name, "") for name in ("town", "region", "country")} if place else None


def pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Places side by side; of a new entry there is nothing on the left."""
    new = after.get("places") or []
    old = before.get("places") or [None] * len(new)
    yield from ((one, other) for one, other in zip(old, new, strict=True) if one != other)
