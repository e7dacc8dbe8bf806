"""Answers to what happens to entries: what was pointed out follows them."""

from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.suggestions import actions


@on("duplicates.organisations_merged")
def merged(entry: Entry) -> None:
    """Open suggestions and reports go along with the entry that was merged."""
    actions.follow_merge(entry.facts["loser"], entry.facts["winner"])


@on("duplicates.organisations_unmerged")
def unmerged(entry: Entry) -> None:
    """They come back with it."""
    actions.follow_unmerge(entry.facts["loser"], entry.facts["winner"])
