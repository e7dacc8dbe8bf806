"""The card of this room. Short ideas of co-owners: support, merging, what became of them."""

from allmende.ground import rooms


class Ideas(rooms.Room):
    name = "allmende.ideas"
    label = "ideas"
