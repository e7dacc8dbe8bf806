"""What this room answers to the trail: listings follow their entry through merges, members who leave take theirs along."""

from allmende.duplicates.actions import follows_merges
from allmende.exchange import actions
from allmende.exchange.models import Listing
from allmende.ground.models import Entry
from allmende.ground.trail import on

follows_merges(Listing)
follows_merges(Listing.chosen.through, apart_from=("listing_id",))


@on("stewards.stewardship_ended")
def leave(entry: Entry) -> None:
    """Whoever left an organisation has no listings with it as their background any more."""
    actions.end_of_a_member(entry.facts["person"], int(entry.about))
