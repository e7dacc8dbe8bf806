"""The card of this room. Peer feedback about projects: asked for, given, answered, and what became of it."""

from allmende.ground import rooms


class Feedback(rooms.Room):
    name = "allmende.feedback"
    label = "feedback"
