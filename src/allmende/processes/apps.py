"""The card of this room. The phases of a matter: what is open to whom and by when, and why that was changed."""

from allmende.ground import rooms


class Processes(rooms.Room):
    name = "allmende.processes"
    label = "processes"
