"""The card of this room. How one becomes a member: the declaration, the board's desk, further shares, corrections of one's data."""

from allmende.ground import rooms


class Joining(rooms.Room):
    name = "allmende.joining"
    label = "joining"
