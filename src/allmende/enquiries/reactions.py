"""Answers to what happens to entries: conversations and blocks follow them through a merge and back."""

from allmende.duplicates.actions import follows_merges
from allmende.enquiries import actions
from allmende.enquiries.models import Block, Enquiry
from allmende.ground.models import Entry
from allmende.ground.trail import on

follows_merges(Enquiry, "organisation")
follows_merges(Enquiry, "asker")
follows_merges(Block, "organisation", apart_from=("member", "blocked", "person"))
follows_merges(Block, "blocked", apart_from=("organisation", "member"))


@on("duplicates.organisations_merged")
def follow(entry: Entry) -> None:
    """Nobody talks to themselves."""
    actions.follow_merge(entry.facts["winner"])


@on("duplicates.organisations_unmerged")
def go_back(entry: Entry) -> None:
    """What ended by the merge alone goes on."""
    actions.undo_follow(entry.facts["loser"], entry.facts["winner"])
