"""The card of this room. Organisations as members of a network: contributions by size, who acts for them, no circles."""

from allmende.ground import rooms


class Networks(rooms.Room):
    name = "allmende.networks"
    label = "networks"
