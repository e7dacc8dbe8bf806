"""The card of this room. Working groups of people from several organisations with one shared page."""

from allmende.ground import rooms


class Circles(rooms.Room):
    name = "allmende.circles"
    label = "circles"
