"""The card of this room. Which entries may be one organisation: candidates, verdicts, merging."""

from allmende.ground import rooms


class Duplicates(rooms.Room):
    name = "allmende.duplicates"
    label = "duplicates"
