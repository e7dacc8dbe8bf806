"""What the map answers to the trail."""

from allmende.atlas import actions
from allmende.ground.models import Entry
from allmende.ground.trail import on


@on("directory.organisations_changed")
def follow(entry: Entry) -> None:
    """The changed organisations are found, filtered and drawn as they now are, from the same transaction on."""
    actions.index(entry.facts["organisations"])
