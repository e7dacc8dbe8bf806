"""The card of this room. What a cooperative gives itself: its statute in versions, who holds which office; the frame of all its pages."""

from allmende.ground import rooms


class Constitution(rooms.Room):
    name = "allmende.constitution"
    label = "constitution"
