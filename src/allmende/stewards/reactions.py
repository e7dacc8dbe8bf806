"""What this room answers to the trail: claims and invitations go with their entry when it is merged, and back when that is undone."""

from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.stewards import actions


@on("duplicates.organisations_merged")
def follow(entry: Entry) -> None:
    """What was open for the entry that is gone is now open for the one that stays."""
    actions.follow_merge(loser=entry.facts["loser"], winner=entry.facts["winner"])


@on("duplicates.organisations_unmerged")
def go_back(entry: Entry) -> None:
    """What came along and is still open returns."""
    actions.undo_follow(loser=entry.facts["loser"], winner=entry.facts["winner"])
