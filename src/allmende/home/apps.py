"""The card of this room."""

from allmende.ground import rooms


class Home(rooms.Room):
    name = "allmende.home"
    label = "home"
