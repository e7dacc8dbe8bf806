"""The card of this room."""

from allmende.ground import rooms


class Places(rooms.Room):
    name = "allmende.places"
    label = "places"
