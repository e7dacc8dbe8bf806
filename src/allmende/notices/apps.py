"""The card of this room. Following entries, areas and searches; what happened reaches those who want to hear of it."""

from allmende.ground import rooms


class Notices(rooms.Room):
    name = "allmende.notices"
    label = "notices"
