"""What the search for duplicates answers to the trail."""

from allmende.duplicates import indexing
from allmende.ground.models import Entry
from allmende.ground.trail import on


@on("directory.organisations_changed")
def follow(entry: Entry) -> None:
    """Changed entries are found as they now are, from the same transaction on."""
    indexing.index(entry.facts["organisations"])
