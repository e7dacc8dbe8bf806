"""The card of this room. The caretakers' desk: everything that waits, in one place."""

from allmende.ground import rooms


class Desk(rooms.Room):
    name = "allmende.desk"
    label = "desk"
