"""What following answers to the trail."""

from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.notices import actions


@on("directory.organisations_changed")
def remember(entry: Entry) -> None:
    """What happened is noted in the same transaction; telling comes later."""
    actions.note(entry.facts["organisations"], str(entry.facts.get("what", "")))


@on("duplicates.organisations_merged")
def merged(entry: Entry) -> None:
    """Followers move along."""
    actions.follow_merge(entry.facts["winner"], entry.facts["loser"])


@on("duplicates.organisations_unmerged")
def unmerged(entry: Entry) -> None:
    """And back."""
    actions.follow_unmerge(entry.facts["winner"], entry.facts["loser"])
