"""The card of this room. A cooperative at one glance, for its board, its members and everybody."""

from allmende.ground import rooms


class Cockpit(rooms.Room):
    name = "allmende.cockpit"
    label = "cockpit"
