"""What this room answers to the trail: confirmations settle questions, edits let them rest, letters that come back are noted."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils import timezone

from allmende.freshness import actions
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.people.models import Person

FOLLOWS: dict[str, Callable[[Sequence[int], Person | None, datetime], None]] = {
    "confirmed": actions.note_confirmed,
    "edited": actions.note_edited,
    "restored": actions.note_edited,
    "archived": actions.note_off_the_map,
}


@on("directory.organisations_changed")
def follow(entry: Entry) -> None:
    """What the change of an entry means for the questions about it; imports mean nothing."""
    if note := FOLLOWS.get(entry.facts.get("what", "")):
        note(entry.facts["organisations"], entry.by, timezone.now())


@on("duplicates.organisations_merged")
def merged(entry: Entry) -> None:
    """The entry that was merged into another is not asked about any more."""
    actions.note_off_the_map([entry.facts["loser"]], entry.by, timezone.now())


@on("ground.letter_bounced")
def came_back(entry: Entry) -> None:
    """Only letters that came back for good; full mailboxes empty themselves."""
    if entry.facts.get("hard"):
        actions.note_bounce(entry.facts["letter"], timezone.now())
