"""The card of this room."""

from allmende.ground import rooms


class People(rooms.Room):
    name = "allmende.people"
    label = "people"
