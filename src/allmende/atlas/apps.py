"""The card of this room."""

from allmende.ground import rooms


class Atlas(rooms.Room):
    name = "allmende.atlas"
    label = "atlas"
