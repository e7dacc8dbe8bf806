"""What is right for projects. Plain Python; `today` is passed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

IDEA, CONCEPT, PILOT, RUNNING, DONE, PAUSED, TRANSFERRED = "idea", "concept", "pilot", "running", "done", "paused", "transferred"
LEAD, PARTNER, SUPPORTER = "lead", "partner", "supporter"
ASKED, OFFERED, CONFIRMED, DECLINED, LEFT = "asked", "offered", "confirmed", "declined", "left"

WAY = (IDEA, CONCEPT, PILOT, RUNNING, DONE)
"""The usual way; a step back is allowed, because honest projects take them."""

OPEN_PARTS = (ASKED, OFFERED)
"""Somebody still has to say yes: the organisation that was asked, or the project to which one offered itself."""

EARLIEST = date(1900, 1, 1)
CORRECT_WITHIN = timedelta(days=1)  # news and the newest step can be corrected for a day; after that they have been read
MOST_PROJECTS = 200  # of one organisation, drafts included: more is a list of its own
MOST_PARTS = 80
MOST_WANTED = 30
MOST_LINKS = 20
MOST_UPDATES_A_DAY = 10
MOST_ASKED_A_DAY = 40  # organisations asked for one project: each question writes to all who look after one
MOST_ASKED_OF_ONE_A_DAY = 3  # asked, or offering itself, taken back and again: enough to correct a slip
RESERVED = "rechte-vorbehalten"

LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "MIT", "AGPL-3.0-or-later", "EUPL-1.2", RESERVED)

TAKEN_WORDS = frozenset(
    {"bearbeiten", "beteiligte", "entwurf", "gesucht", "mitmachen", "neues", "pitch", "schritt", "uebergeben", "uebernehmen"}
    | {"veroeffentlichen", "verwerfen", "ausblenden"}
)
"""Last parts of addresses that mean something else below /projekte/<number>/."""


@dataclass(frozen=True)
class Mark:
    """One stage of the usual way on the page: `state` is done, now or open; since when, where somebody said so."""

    stage: str
    state: str
    on: date | None


def is_good_day(on: date, today: date) -> bool:
    """A step lies in the past or today: what is planned belongs into the text."""
    return EARLIEST <= on <= today


def stage_at(steps: Iterable[tuple[date, int, str]], on: date) -> str | None:
    """The stage in force on a day; of two steps of one day the later noted counts. Steps are (day, number, stage)."""
    before = [step for step in steps if step[0] <= on]
    return max(before, key=lambda step: step[:2])[2] if before else None


def way(steps: Sequence[tuple[date, int, str]]) -> list[Mark]:
    """The usual way with what has been reached. A pause or a handing over leaves it where it was; a step back is shown as one."""
    ordered = sorted(steps, key=lambda step: step[:2])
    on_the_way = [step for step in ordered if step[2] in WAY]
    now = on_the_way[-1][2] if on_the_way else None
    place = WAY.index(now) if now else -1
    since = {stage: on for on, _number, stage in on_the_way}
    states = ["done" if spot < place else "now" if spot == place else "open" for spot in range(len(WAY))]
    if now == DONE:
        states[-1] = "done"
    return [Mark(stage, state, since.get(stage) if state != "open" else None) for stage, state in zip(WAY, states, strict=True)]


def may_be_corrected(at: datetime, now: datetime) -> bool:
    """News can be corrected for a day, the newest step be taken back."""
    return now - at <= CORRECT_WITHIN


def may_answer(state: str) -> bool:
    """Only what is still open can be confirmed or declined."""
    return state in OPEN_PARTS


def answered_by_project(state: str) -> bool:
    """An organisation that was asked answers itself; where it offered itself, the project answers."""
    return state == OFFERED


def may_ask_again(state: str) -> bool:
    """Whoever declined or left can be asked, and can offer themselves, once more."""
    return state in {DECLINED, LEFT}


def may_copy(licence: str) -> bool:
    """Whether somebody else may go on writing with the texts. Without any word on it, one asks first."""
    return bool(licence) and licence != RESERVED
