"""The card of this room."""

from allmende.ground import rooms


class Web(rooms.Room):
    name = "allmende.web"
    label = "web"
