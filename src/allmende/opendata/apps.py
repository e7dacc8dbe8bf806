"""The card of this room."""

from allmende.ground import rooms


class Opendata(rooms.Room):
    name = "allmende.opendata"
    label = "opendata"
