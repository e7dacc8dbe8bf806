"""Answers to what happens to offers, needs and entries: portraits follow in the same transaction."""

from allmende.duplicates.actions import follows_merges
from allmende.ground.models import Entry
from allmende.ground.trail import on
from allmende.matching import actions
from allmende.matching.models import Recommendation

follows_merges(Recommendation, apart_from=("need", "offer"))


@on("exchange.listing_opened", "exchange.listing_changed", "exchange.listing_closed")
def listing(entry: Entry) -> None:
    """What a listing says now is what it is found by from now on."""
    actions.draw([entry.facts["listing"]])


@on("directory.organisations_changed")
def organisations(entry: Entry) -> None:
    """Entries leave and come back, join networks, take up goals; what was merged has moved its listings already."""
    actions.draw_of(entry.facts["organisations"])
