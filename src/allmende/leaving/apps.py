"""The card of this room. How membership ends: notice, transfer, exclusion, death; the right date, the settlement, the letters."""

from allmende.ground import rooms


class Leaving(rooms.Room):
    name = "allmende.leaving"
    label = "leaving"
